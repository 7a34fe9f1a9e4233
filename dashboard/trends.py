"""Topics and places in the last seven days beside the seven before."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from dashboard.contexts import Trend
from dashboard.counting import Counts
from dashboard.lines import counts
from monitor.provinces import PROVINCES
from monitor.query import By, Query
from monitor.records import TOPICS, Issue, Tone

WEEK = timedelta(days=7)


def trends(counted: Counts, by: By, now: datetime, issues: Sequence[Issue]) -> tuple[Trend, ...]:
    """Return the trend of every topic or province, most documents first."""
    this, last = Query(since=now - WEEK, until=now), Query(since=now - 2 * WEEK, until=now - WEEK)
    negative = Query(since=now - WEEK, until=now, tones=(Tone.NEGATIVE,))
    present, before, bad = (counts(counted.count(query, by)) for query in (this, last, negative))
    open_issues = [key for issue in issues for key in (issue.topic, *issue.places)]
    found = [
        Trend(
            key=key,
            now=present.get(key, 0),
            before=before.get(key, 0),
            negative=bad.get(key, 0),
            issues=open_issues.count(key),
        )
        for key in (TOPICS if by is By.TOPIC else PROVINCES)
    ]
    return tuple(sorted(found, key=lambda trend: -trend.now))


def trend_of(trends: Sequence[Trend], key: str) -> Trend:
    """Return the trend of one key."""
    return next(trend for trend in trends if trend.key == key)
