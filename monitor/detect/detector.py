"""One pass of detection: documents in order of arrival in; issues that changed and issues to tell out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from monitor.detect import kinship
from monitor.detect.asks import asks
from monitor.detect.baseline import learn
from monitor.detect.choice import Choice, features, shipped
from monitor.detect.counts import day_of, mention_of, series_key
from monitor.detect.entry import Entry
from monitor.detect.issues import OpenIssue, heard, issue_places, issue_topic, join, opened, record, turn
from monitor.detect.series import Evidence, surprise
from monitor.detect.state import Settings, State
from monitor.detect.terms import is_digest, terms, vector
from monitor.detect.worth import Judgement, Worth
from monitor.records import TOPICS, Issue, Level, Tone
from monitor.store import Hit

TICK = 600.0
"""Seconds between looks, on the clock of the stream: what is found does not depend on how documents are batched."""

LEAST = 2
_HOUR = 3600.0
# Stories with a smaller chance are neither told nor made parts of an issue.
_WORTH_A_LOOK = 0.3
# A story is part of an open issue from the first chance on, and told of its own below the second; between them it is
# looked at again when it grows.  On judged months left out, 3 % of alerts then tell an event again.
PART = 0.4
PERHAPS = 0.2
# How much a story that may be part of an issue must be surer to be told.
DISCOUNT = 0.5
CONTINUED = 0.5


@dataclass(frozen=True, kw_only=True, slots=True)
class Raised:
    """An issue to tell people of: when, and the URLs that it rests on, strongest first."""

    at: datetime
    issue: Issue
    urls: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """What a pass found: issues that are new or changed as they stand now, and those to tell, in order of time."""

    issues: tuple[Issue, ...]
    raised: tuple[Raised, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Candidate:
    story: int
    entries: Sequence[Entry]
    judgement: Judgement
    chance: float


@dataclass(kw_only=True, slots=True)
class _Pass:
    """What does not change during a pass, and what it has found so far."""

    worth: Worth
    settings: Settings
    choice: Choice
    issues: dict[str, Issue] = field(default_factory=dict)
    raised: list[Raised] = field(default_factory=list)


def detect(
    state: State,
    hits: Iterable[Hit],
    *,
    worth: Worth,
    settings: Settings,
    until: datetime | None = None,
    choice: Choice | None = None,
) -> Found:
    """Take annotated documents in order of arrival, and look at each tick that they, or `until`, show to be over.

    Changes the state.  The same documents give the same issues in whatever batches they come.
    """
    run = _Pass(worth=worth, settings=settings, choice=choice or shipped())
    for hit in hits:
        if hit.annotation is None:
            continue
        at = max(hit.document.fetched_at.timestamp(), state.clock + 1)
        _catch_up(state, at, run)
        state.waiting.append(entry_of(hit, at, worth))
        # Keywords are many, and no issue is held against them.
        state.counts.add(mention_of(hit.document, replace(hit.annotation, keywords=())))
    if until is not None:
        _catch_up(state, until.timestamp(), run)
    return Found(issues=tuple(run.issues.values()), raised=tuple(run.raised))


def _catch_up(state: State, now: float, run: _Pass) -> None:
    if state.waiting and now > (tick := -(-state.waiting[0].at // TICK) * TICK):
        _look(state, tick, run)


def _look(state: State, now: float, run: _Pass) -> None:
    hour = now // _HOUR > state.clock // _HOUR
    state.advance(now, run.settings.budget)
    changed = _take(state)
    touched = {state.part_of[story] for story in changed if story in state.part_of}
    fresh = dict.fromkeys([*state.ready, *(story for story in changed if story not in state.part_of)])
    state.ready = []
    found = [c for story in fresh if (c := _candidate(state, story, now, run))]
    for candidate in sorted(found, key=lambda c: (-c.chance * c.judgement.severity, c.story)):
        touched.update(_place(state, candidate, now, run))
    for issue in list(state.issues.values()) if hour else [state.issues[id] for id in sorted(touched)]:
        if turn(issue, now) or issue.id in touched:
            run.issues[issue.id] = record(issue, _evidence(state, issue, now), now)
        if issue.level == Level.CLOSED:
            state.close(issue, now)


def _take(state: State) -> list[int]:
    """Give the waiting documents their stories; return the stories that grew, in order."""
    grown: dict[int, None] = {}
    for waiting in sorted(state.waiting, key=lambda e: (e.at, e.id)):
        entry = replace(waiting, number=state.number)
        state.number += 1
        joined = state.stories.add(entry, state.part_of)
        grown[joined.story] = None
        if joined.story in state.part_of:
            for told in (*joined.brought, entry):
                state.issues[state.part_of[joined.story]].add(told)
    state.waiting = []
    return list(grown)


def _candidate(state: State, story: int, now: float, run: _Pass) -> _Candidate | None:
    entries = state.stories.of(story)
    if len(entries) < LEAST or not heard(entries, run.settings.voices):
        return None
    hours = (entries[-1].at - entries[0].at) / _HOUR
    judgement = run.worth.judge([e.reading for e in entries], [e.publisher for e in entries], hours)
    links = [state.stories.links[e.number] for e in entries]
    chance = run.choice.chance(judgement.probability, features(entries, links, now))
    if chance < _WORTH_A_LOOK:
        return None
    return _Candidate(story=story, entries=entries, judgement=judgement, chance=chance)


def _place(state: State, candidate: _Candidate, now: float, run: _Pass) -> list[str]:
    """Make the story part of an open issue, or tell it, or keep it for later; return the issue that changed."""
    gist = state.stories.gists[candidate.story]
    kin = [(kinship.chance(kinship.features(gist, i.gist, now)), i.id) for i in state.issues.values()]
    nearest, whose = max(kin, default=(0.0, ""))
    bar = max(run.settings.sure, run.choice.bar(run.settings.budget))
    new = candidate.chance * (1 - DISCOUNT * nearest)
    if nearest >= PART:
        join(state.issues[whose], candidate.story, candidate.entries)
        state.part_of[candidate.story] = whose
        return [whose]
    if nearest >= PERHAPS:
        return []
    if new < bar:
        return []
    issue = opened(candidate.story, candidate.entries, candidate.judgement, candidate.chance, now)
    if not _ours(issue, run.settings):
        return []
    if state.tokens is None or state.tokens < 1:
        state.ready.append(candidate.story)
        return []
    state.tokens -= 1
    _tell(state, issue, candidate.story, now, run)
    return [issue.id]


def _tell(state: State, issue: OpenIssue, story: int, now: float, run: _Pass) -> None:
    past = [(kinship.chance(kinship.features(issue.gist, p.gist, now)), p.id) for p in state.past]
    nearest, whose = max(past, default=(0.0, ""))
    issue.continues = whose if nearest >= CONTINUED else None
    state.issues[issue.id] = issue
    state.part_of[story] = issue.id
    turn(issue, now)
    told = record(issue, _evidence(state, issue, now), now)
    run.raised.append(Raised(at=datetime.fromtimestamp(now, UTC), issue=told, urls=tuple(issue.urls)))


def _ours(issue: OpenIssue, settings: Settings) -> bool:
    """The office answers for the topic, and for a place; what names no place may be anywhere."""
    places = issue_places(issue)
    there = not settings.places or not places or bool(set(places) & set(settings.places))
    return there and (not settings.topics or issue_topic(issue) in settings.topics)


def _evidence(state: State, issue: OpenIssue, now: float) -> Evidence | None:
    at = datetime.fromtimestamp(now, UTC)
    key = series_key(issue_topic(issue), next(iter(issue_places(issue)), None))
    known = state.baselines.get(key)
    if known is None or known.day != day_of(at):
        known = state.baselines[key] = learn(state.counts, day_of(at), [key])
    return surprise(state.counts, known, key, at) if known.publishers else None


def entry_of(hit: Hit, at: float, worth: Worth) -> Entry:
    """Return what detection keeps of a document, not numbered yet; one without annotation says nothing of a topic."""
    document, annotation = hit.document, hit.annotation
    found = terms(document)
    weights = vector(found)
    return Entry(
        number=-1,
        id=document.id,
        url=document.url,
        title=document.title,
        publisher=document.publisher,
        kind=document.kind,
        voice=document.voice,
        at=at,
        vector=weights,
        topics=tuple(annotation.topics.get(topic, 0.0) if annotation else 0.0 for topic in TOPICS),
        tone=annotation.tone if annotation else Tone.NEUTRAL,
        concern=annotation.concern if annotation else 0.0,
        places=annotation.places if annotation else (),
        reading=worth.read(hit, weights, found),
        alone=is_digest(document.title),
        asks=asks(document),
    )
