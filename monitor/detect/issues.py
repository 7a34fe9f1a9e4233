"""Open issues: one happening each, with all its stories as parts, and the record that people see of it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from monitor.detect.entry import Entry
from monitor.detect.explain import Reasons, explanation
from monitor.detect.gist import Gist
from monitor.detect.levels import level, volume
from monitor.detect.series import Evidence
from monitor.detect.stories import core
from monitor.detect.worth import Judgement
from monitor.records import TOPICS, Issue, Kind, Level, Tone, digest

SHOWN = 6
"""Documents that an issue rests on: those nearest to the middle of its story."""

_NEWEST = 4
_PLACED = 0.25
_POSTED = (Kind.POST, Kind.COMMENT)


@dataclass(kw_only=True, slots=True)
class OpenIssue:
    """What detection remembers of an issue; times in seconds since 1970, `urls` those that it rests on.

    `numbers` are observed, expected, p-value and window in hours of its series when that surprised most.
    """

    id: str
    key: str
    opened: float
    title: str
    stories: list[int] = field(default_factory=list)
    gist: Gist = field(default_factory=Gist)
    level: Level = Level.EMERGING
    arrivals: list[float] = field(default_factory=list)
    publishers: list[str] = field(default_factory=list)
    newest: list[str] = field(default_factory=list)
    strongest: list[str] = field(default_factory=list)
    urls: list[str] = field(default_factory=list)
    first: tuple[str, str] = ("", "")
    lead: tuple[str, str] = ("", "")
    asked: tuple[str, str] = ("", "")
    negative: int = 0
    peak: int = 0
    probability: float = 0.0
    severity: float = 0.0
    chance: float = 0.0
    raises: tuple[str, ...] = ()
    lowers: tuple[str, ...] = ()
    continues: str | None = None
    numbers: tuple[float, float, float, int] | None = None

    def add(self, entry: Entry) -> None:
        """Count a document of one of its stories in."""
        self.gist.add(entry)
        self.arrivals.append(entry.at)
        self.publishers.append(entry.publisher)
        self.newest = [*self.newest, entry.id][-_NEWEST:]
        self.negative += entry.tone == Tone.NEGATIVE
        if entry.asks and not self.asked[1]:
            self.asked = (entry.publisher, entry.asks)


def opened(story: int, entries: Sequence[Entry], judgement: Judgement, chance: float, now: float) -> OpenIssue:
    """Return the issue that a story opens."""
    middle = core(entries[-2 * SHOWN :], SHOWN)
    key = entries[0].id
    issue = OpenIssue(id=digest("issue", key, str(int(now))), key=key, opened=now, title=middle[0].title)
    issue.strongest = [entry.id for entry in middle]
    issue.urls = [entry.url for entry in middle]
    issue.first = (entries[0].publisher, entries[0].title)
    issue.lead = (middle[0].publisher, middle[0].title)
    issue.asked = next(((entry.publisher, entry.asks) for entry in middle if entry.asks), ("", ""))
    issue.probability, issue.severity, issue.chance = judgement.probability, judgement.severity, chance
    issue.raises = _telling([entry.reading.raises for entry in middle])
    issue.lowers = _telling([entry.reading.lowers for entry in middle])
    join(issue, story, entries)
    return issue


def join(issue: OpenIssue, story: int, entries: Sequence[Entry]) -> None:
    """Make a story part of an issue."""
    issue.stories.append(story)
    for entry in entries:
        issue.add(entry)


def turn(issue: OpenIssue, now: float) -> bool:
    """Bring the level up to date; True when it changed."""
    seen = volume(issue.arrivals, issue.publishers, now, issue.peak)
    issue.peak = seen.peak_24h
    before, issue.level = issue.level, level(issue.level, seen, issue.severity)
    return issue.level != before


def record(issue: OpenIssue, evidence: Evidence | None, now: float) -> Issue:
    """Return the issue as it is stored and shown, its series as it was when it surprised most."""
    last = sum(now - at < 86_400 for at in issue.arrivals)
    issue.numbers = min(issue.numbers or _numbers(None, last), _numbers(evidence, last), key=lambda n: n[2])
    reasons = _reasons(issue, issue.numbers, last)
    return Issue(
        id=issue.id,
        key=f"story:{issue.key}",
        title=issue.title,
        topic=reasons.topic,
        places=tuple(reasons.places),
        level=issue.level,
        score=round(issue.chance * issue.severity, 4),
        observed=reasons.observed,
        expected=reasons.expected,
        p_value=reasons.p_value,
        publishers=tuple(reasons.publishers),
        negative_share=reasons.negative_share,
        first_seen_at=reasons.since,
        last_seen_at=_time(max(issue.arrivals)),
        evidence=tuple(dict.fromkeys([*issue.strongest, *reversed(issue.newest)])),
        explanation=explanation(reasons),
        continues=issue.continues,
    )


def _reasons(issue: OpenIssue, numbers: tuple[float, float, float, int], last: int) -> Reasons:
    observed, expected, p_value, window = numbers
    return Reasons(
        topic=issue_topic(issue),
        places=issue_places(issue),
        since=_time(min(issue.arrivals)),
        texts=len(issue.arrivals),
        last_24h=last,
        publishers=tuple(sorted(set(issue.publishers))),
        negative_share=issue.negative / len(issue.arrivals),
        probability=issue.probability,
        severity=issue.severity,
        observed=observed,
        expected=expected,
        p_value=p_value,
        window=window,
        first=issue.first,
        strongest=issue.lead,
        asked=issue.asked,
        raises=issue.raises,
        lowers=issue.lowers,
    )


def issue_topic(issue: OpenIssue) -> str:
    """Return the topic that most of an issue is about."""
    return max(TOPICS, key=lambda topic: issue.gist.topics[TOPICS.index(topic)])


def issue_places(issue: OpenIssue) -> tuple[str, ...]:
    """Return the provinces that at least a quarter of the recent documents are about, the commonest first."""
    places = issue.gist.places
    most = max(places.values(), default=0.0)
    kept = [p for p, weight in places.items() if weight >= _PLACED * most and weight >= 0.1 * issue.gist.mass]
    return tuple(sorted(kept, key=lambda p: (-places[p], p)))


def heard(entries: Sequence[Entry], voices: int) -> bool:
    """Return whether a story may be shown: a newsroom told it, or enough distinct people wrote of it."""
    if any(entry.kind not in _POSTED for entry in entries):
        return True
    return len({entry.voice for entry in entries if entry.voice}) >= voices


def _telling(words: Sequence[Sequence[str]]) -> tuple[str, ...]:
    counted = Counter(word for row in words for word in row)
    return tuple(word for word, _ in sorted(counted.items(), key=lambda item: (-item[1], item[0]))[:3])


def _numbers(evidence: Evidence | None, last: int) -> tuple[float, float, float, int]:
    if evidence is None:
        return float(last), 0.0, 1.0, 24
    return evidence.observed, round(evidence.expected, 3), evidence.p_value, evidence.window


def _time(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
