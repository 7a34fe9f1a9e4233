"""The briefing on a period: what was hot, since when, why, where to read on, and what agencies made of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from briefing.charts import issue_buckets
from monitor.errors import InputError
from monitor.query import By, Query
from monitor.records import VIETNAM, Case, CaseStatus, Issue
from monitor.store import Bucket, Hit, Store

MOST_ISSUES = 20
MOST_CHARTS = 5

_EVIDENCE = 3


@dataclass(frozen=True, kw_only=True, slots=True)
class Section:
    """One issue with the documents it rests on, its cases, and for the first few the documents by day."""

    issue: Issue
    hits: tuple[Hit, ...]
    cases: tuple[Case, ...] = ()
    days: tuple[Bucket, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Briefing:
    """What a leader reads of a period of whole days, both included; `late` are the cases without their final result."""

    since: date
    until: date
    documents: int
    publishers: int
    topics: tuple[Bucket, ...]
    sections: tuple[Section, ...]
    late: tuple[Case, ...] = ()


def brief(store: Store, since: date, until: date, cases: Sequence[Case] = ()) -> Briefing:
    """Return the briefing on the days from `since` to `until`, with what is known of cases.

    Raises InputError when the days are the wrong way round.
    """
    if until < since:
        raise InputError(f"--to {until} is before --from {since}")
    start = datetime.combine(since, time(), VIETNAM)
    end = datetime.combine(until, time(), VIETNAM) + timedelta(days=1)
    query = Query(since=start, until=end)
    issues = [i for i in store.issues(limit=1000) if i.first_seen_at < end and i.last_seen_at >= start]
    return Briefing(
        since=since,
        until=until,
        documents=store.total(query),
        publishers=len(store.count(query, By.PUBLISHER)),
        topics=tuple(store.count(query, By.TOPIC)[:5]),
        sections=tuple(_section(store, issue, n, cases) for n, issue in enumerate(issues[:MOST_ISSUES])),
        late=tuple(case for case in cases if case.status == CaseStatus.OVERDUE),
    )


def _section(store: Store, issue: Issue, number: int, cases: Sequence[Case]) -> Section:
    hits = (store.get(document_id) for document_id in issue.evidence[:_EVIDENCE])
    return Section(
        issue=issue,
        hits=tuple(hit for hit in hits if hit),
        cases=tuple(case for case in cases if case.issue_id in (issue.id, issue.continues)),
        days=tuple(issue_buckets(store, issue)) if number < MOST_CHARTS else (),
    )
