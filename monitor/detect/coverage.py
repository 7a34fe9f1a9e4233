"""Whether each publisher publishes as usual: a dead feed is a warning about a source, never news about a topic."""

import statistics
from dataclasses import dataclass
from datetime import datetime

from monitor.detect.baseline import tail
from monitor.detect.counts import ALL, Counts, hour_of

_SIZE = 8.0
"""Of the negative binomial of a publisher's day: 35 % coefficient of variation, that of a working feed."""

_DAYS = 8
_LEAST_DAYS = 3


@dataclass(frozen=True, kw_only=True, slots=True)
class Coverage:
    """What a publisher published in the last `window` hours beside the median of those hours on the days before.

    `p_value` is the chance that a working feed brings as little.
    """

    publisher: str
    at: datetime
    window: int
    published: int
    usual: float
    p_value: float

    @property
    def silent(self) -> bool:
        """Nearly nothing came where a working feed brings something: a source warning."""
        return self.p_value < 0.001


def coverage(counts: Counts, at: datetime, window: int = 24) -> list[Coverage]:
    """Return the coverage of each publisher seen in the time kept, in order of name.

    One with fewer than three days of history, or that is silent on most days, is not judged: its p-value is 1.
    """
    hour = hour_of(at)
    now = counts.window(ALL, hour, window)
    whole = -(-window // 24)
    before = [counts.window(ALL, hour - 24 * day, window) for day in range(whole, _DAYS + 1)]
    daily = _daily(counts, hour // 24)
    return [
        _judged(name, at, window, now.get(name, 0), [row.get(name, 0) for row in before], daily.get(name, []))
        for name in counts.publishers()
    ]


def _daily(counts: Counts, today: int) -> dict[str, list[int]]:
    """What each publisher published on every day from its first to yesterday."""
    rows: dict[str, dict[int, int]] = {}
    for day, publisher, texts in counts.daily(ALL):
        if day < today:
            rows.setdefault(publisher, {})[day] = texts
    return {publisher: [row.get(day, 0) for day in range(min(row), today)] for publisher, row in rows.items()}


def _judged(name: str, at: datetime, window: int, published: int, before: list[int], daily: list[int]) -> Coverage:
    """The days of weeks stand in for the hours of the last days where a feed has been dead for most of those."""
    usual = statistics.median(before)
    if usual == 0 and daily:
        usual = statistics.median(daily) * window / 24
    known = len(daily) >= _LEAST_DAYS and usual > 0
    chance = float(1 - tail(published + 1, usual, _SIZE)) if known else 1.0
    return Coverage(publisher=name, at=at, window=window, published=published, usual=usual, p_value=chance)
