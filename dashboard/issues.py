"""Issues: the list, and one issue with all that people need to judge it and to act on it."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Annotated

from fastapi import Query as Asked

from briefing.letter import ANY_AGENCY, letter
from dashboard.alerting import alert_view, silence_lines
from dashboard.contexts import DocumentLine, IssueLine, IssueList
from dashboard.contexts_desk import IssuePage
from dashboard.counting import Counts
from dashboard.errors import NotFound
from dashboard.given import Now, TheCounts, TheDesk, TheStore
from dashboard.lines import document_line, issue_line
from dashboard.overview import OPEN, alerts_by_issue
from dashboard.visitor import TheUser
from monitor.desk import Desk, agencies, cases, saved, silences, users
from monitor.desk.alerts import Headline
from monitor.desk.silences import in_force
from monitor.desk.users import Role, may
from monitor.provinces import PROVINCES
from monitor.query import By, Query
from monitor.records import TOPICS, VIETNAM, Issue, Level
from monitor.store import Bucket, Store

_BEFORE = timedelta(days=14)
_LONGEST = timedelta(days=60)
_ANSWERED_WITHIN = timedelta(days=15)
_CITED = 6
_NEAR = 200

PAGE = 50
"""Issues of one page of the list."""


def issue_list(
    store: TheStore,
    desk: TheDesk,
    user: TheUser,
    level: str = "",
    topic: str = "",
    place: str = "",
    after: Annotated[str, Asked(max_length=64)] = "",
) -> IssueList:
    """Return the issues of a level (open ones when none is named), a topic and a place, highest score first."""
    wanted = Level(level) if level in tuple(Level) else None
    every = [i for i in every_issue(store) if topic in ("", i.topic) and (not place or place in i.places)]
    shown = [issue for issue in every if (issue.level is wanted if wanted else issue.level in OPEN)]
    start = next((n for n, issue in enumerate(shown, 1) if issue.id == after), 0)
    page, rest = shown[start : start + PAGE], shown[start + PAGE :]
    alerted, since = alerts_by_issue(desk), saved.last_look(desk, user.name)
    return IssueList(
        issues=tuple(issue_line(issue, alerted, since) for issue in page),
        after=page[-1].id if rest else None,
        first=start == 0,
        levels=tuple(Bucket(key=key, count=sum(issue.level is key for issue in every)) for key in Level),
        level=wanted,
        topic=topic if topic in TOPICS else "",
        place=place if place in PROVINCES else "",
    )


def every_issue(store: Store, most: int = 1000) -> list[Issue]:
    """Return open issues and closed ones, each by score: the closed of many months must not crowd out the open."""
    return [*store.issues(OPEN, most), *store.issues((Level.CLOSED,), most)]


def issue_page(store: TheStore, counted: TheCounts, desk: TheDesk, user: TheUser, now: Now, issue_id: str) -> IssuePage:
    """Return one issue.  Raises NotFound."""
    issue = found_issue(store, issue_id)
    before = store.issue(issue.continues) if issue.continues else None
    held = [k for k in silences.silences(desk) if k.silence.matcher.get("issue") == issue.id and in_force(k, now)]
    due_at = now + _ANSWERED_WITHIN
    evidence = [hit for hit in map(store.get, issue.evidence) if hit]
    headlines = [_headline(document_line(hit)) for hit in evidence[:_CITED]]
    return IssuePage(
        issue=issue_line(issue, alerts_by_issue(desk), saved.last_look(desk, user.name)),
        explanation=issue.explanation,
        p_value=issue.p_value,
        publishers=issue.publishers,
        days=timeline(counted, issue, now),
        evidence=tuple(map(document_line, evidence)),
        related=related(every_issue(store, _NEAR), issue),
        continues=issue_line(before, {}) if before else None,
        alert=alert_view(desk, issue.id, user.name),
        silences=silence_lines(store, held),
        cases=tuple(cases.cases(desk, now, issue_id=issue.id)),
        agencies=tuple(agencies.suggest(agencies.agencies(desk), issue.topic, issue.places, 8)),
        letter=letter(issue, headlines, ANY_AGENCY, due_at, now),
        due=f"{due_at.astimezone(VIETNAM):%Y-%m-%d}",
        staff=staff(desk),
    )


def staff(desk: Desk) -> tuple[str, ...]:
    """Return the names of those whom an alert may be given to."""
    return tuple(one.name for one in users.users(desk) if one.active and may(one.role, Role.ANALYST))


def timeline(counted: Counts, issue: Issue, now: datetime) -> tuple[Bucket, ...]:
    """Return how many documents of the issue's topic and places each day had, from two weeks before it began."""
    until = min(now, issue.last_seen_at + timedelta(days=7))
    since = max(issue.first_seen_at - _BEFORE, until - _LONGEST)
    return counted.count(Query(topics=(issue.topic,), places=issue.places, since=since, until=until), By.DAY)


def related(issues: Iterable[Issue], issue: Issue, limit: int = 6) -> tuple[IssueLine, ...]:
    """Return other issues of its topic or places, those of both first, then by score."""

    def nearness(other: Issue) -> int:
        return 2 * (other.topic == issue.topic) + bool(set(other.places) & set(issue.places))

    others = [other for other in issues if other.id != issue.id and nearness(other)]
    others.sort(key=lambda other: (-nearness(other), other.level is Level.CLOSED, -other.score, other.id))
    return tuple(issue_line(other, {}) for other in others[:limit])


def found_issue(store: Store, issue_id: str) -> Issue:
    """Return the issue.  Raises NotFound."""
    issue = store.issue(issue_id)
    if issue is None:
        raise NotFound("issue")
    return issue


def _headline(line: DocumentLine) -> Headline:
    return Headline(title=line.title, publisher=line.publisher, url=line.url, at=line.published_at)
