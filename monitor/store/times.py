"""Times as both stores keep them: microseconds since 1970 in UTC, cut into hours and days of Viet Nam."""

from collections.abc import Collection
from datetime import UTC, datetime, timedelta

from monitor.errors import InputError
from monitor.query import By, Query
from monitor.records import VIETNAM
from monitor.store import MOST_BUCKETS

ZONE = 7 * 3_600_000_000
WIDTHS = {By.HOUR: 3_600_000_000, By.DAY: 86_400_000_000}

_NAMES = {By.HOUR: "%Y-%m-%dT%H", By.DAY: "%Y-%m-%d"}
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def to_micros(moment: datetime) -> int:
    """Return the microseconds since 1970 of an aware time."""
    return (moment - _EPOCH) // _MICROSECOND


def from_micros(micros: int) -> datetime:
    """Return the time in UTC."""
    return _EPOCH + timedelta(microseconds=micros)


def slot_of(micros: int, by: By) -> int:
    """Return the number of the hour or day of Viet Nam in which the time lies."""
    return (micros + ZONE) // WIDTHS[by]


def slots(query: Query, by: By, found: Collection[int]) -> range:
    """Return the hours or days of the answer without gaps.  Raises InputError beyond MOST_BUCKETS."""
    first = slot_of(to_micros(query.since), by) if query.since else min(found, default=None)
    last = slot_of(to_micros(query.until) - 1, by) if query.until else max(found, default=None)
    if first is None or last is None:
        return range(0)
    if last - first >= MOST_BUCKETS:
        raise InputError(f"{last - first + 1} {by}s are too many; narrow them with since: and until:")
    return range(first, last + 1)


def slot_name(slot: int, by: By) -> str:
    """Return the day as `2025-11-03`, the hour as `2025-11-03T14`."""
    return from_micros(slot * WIDTHS[by] - ZONE).astimezone(VIETNAM).strftime(_NAMES[by])
