"""Counts of the store, remembered for a while: many people look at the same numbers."""

from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from threading import Lock
from typing import TypeAlias

from monitor.query import By, Query
from monitor.store import Bucket, Store

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
_REMEMBERED = 1000

_Key: TypeAlias = tuple[datetime, Query, By]
_Counted: TypeAlias = Future[tuple[Bucket, ...]]


@dataclass(kw_only=True, slots=True)
class Counts:
    """Counts by query, remembered to the end of the minute, and those of times that are over for a day to that of the
    hour; whoever asks for what is being counted waits for it."""

    store: Store
    clock: Callable[[], datetime]
    _known: OrderedDict[_Key, _Counted] = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)

    def count(self, query: Query, by: By) -> tuple[Bucket, ...]:
        """Return the buckets as the store does, its times taken to the minute, or to the hour where they are over."""
        now = self.clock()
        over = query.until is not None and query.until <= now - DAY
        step, end = (HOUR, _floor) if over else (MINUTE, _ceiling)
        since, until = query.since and _floor(query.since, step), query.until and end(query.until, step)
        key = (_floor(now, step), replace(query, since=since, until=until), by)
        with self._lock:
            known = self._known.get(key)
            mine = known or self._expect(key)
        if known is None:
            self._find(key, mine)
        return mine.result()

    def _expect(self, key: _Key) -> _Counted:
        expected = self._known[key] = Future()
        while len(self._known) > _REMEMBERED:
            self._known.popitem(last=False)
        return expected

    def _find(self, key: _Key, expected: _Counted) -> None:
        try:
            expected.set_result(tuple(self.store.count(key[1], key[2])))
        except Exception as error:
            with self._lock:
                self._known.pop(key, None)
            expected.set_exception(error)


def _floor(moment: datetime, step: timedelta) -> datetime:
    return moment.replace(minute=0 if step == HOUR else moment.minute, second=0, microsecond=0)


def _ceiling(moment: datetime, step: timedelta) -> datetime:
    floor = _floor(moment, step)
    return moment if moment == floor else floor + step
