"""Topics and places: all of them with their trend, and one with its days, issues and newest concerns."""

from datetime import timedelta

from dashboard.contexts import DocumentLine, IssueLine, PlacePage, Places, TopicPage, Topics
from dashboard.errors import NotFound
from dashboard.given import Now, TheCounts, TheDesk, TheStore
from dashboard.lines import document_line, issue_line
from dashboard.overview import OPEN, alerts_by_issue
from dashboard.trends import WEEK, trend_of, trends
from monitor.provinces import PROVINCES
from monitor.query import By, Query
from monitor.records import TOPICS, Issue
from monitor.store import Store

_DAYS = timedelta(days=30)
_CONCERN = 0.5
_SHOWN = 10


def topics(store: TheStore, counted: TheCounts, now: Now) -> Topics:
    """Return all topics."""
    return Topics(since=now - WEEK, trends=trends(counted, By.TOPIC, now, store.issues(OPEN, 500)))


def places(store: TheStore, counted: TheCounts, now: Now) -> Places:
    """Return the 34 provinces."""
    return Places(since=now - WEEK, trends=trends(counted, By.PLACE, now, store.issues(OPEN, 500)))


def topic_page(store: TheStore, counted: TheCounts, desk: TheDesk, now: Now, topic: str) -> TopicPage:
    """Return one topic.  Raises NotFound."""
    if topic not in TOPICS:
        raise NotFound("topic")
    issues = store.issues(OPEN, 500)
    month = Query(topics=(topic,), since=now - _DAYS, until=now)
    return TopicPage(
        topic=topic,
        days=counted.count(month, By.DAY),
        trend=trend_of(trends(counted, By.TOPIC, now, issues), topic),
        places=counted.count(month, By.PLACE)[:_SHOWN],
        publishers=counted.count(month, By.PUBLISHER)[:_SHOWN],
        issues=_lines(desk, [issue for issue in issues if issue.topic == topic]),
        documents=_concerns(store, month),
    )


def place_page(store: TheStore, counted: TheCounts, desk: TheDesk, now: Now, code: str) -> PlacePage:
    """Return one province.  Raises NotFound."""
    if code not in PROVINCES:
        raise NotFound("province")
    issues = store.issues(OPEN, 500)
    month = Query(places=(code,), since=now - _DAYS, until=now)
    return PlacePage(
        code=code,
        name=PROVINCES[code].name,
        region=PROVINCES[code].region,
        former=PROVINCES[code].former,
        days=counted.count(month, By.DAY),
        trend=trend_of(trends(counted, By.PLACE, now, issues), code),
        topics=counted.count(month, By.TOPIC)[:_SHOWN],
        issues=_lines(desk, [issue for issue in issues if code in issue.places]),
        documents=_concerns(store, month),
    )


def _lines(desk: TheDesk, issues: list[Issue]) -> tuple[IssueLine, ...]:
    alerted = alerts_by_issue(desk)
    return tuple(issue_line(issue, alerted) for issue in issues[:_SHOWN])


def _concerns(store: Store, month: Query) -> tuple[DocumentLine, ...]:
    """The newest documents in which residents probably report a problem."""
    query = Query(topics=month.topics, places=month.places, concern=_CONCERN, since=month.since, until=month.until)
    return tuple(document_line(hit) for hit in store.search(query, _SHOWN).hits)
