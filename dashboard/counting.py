"""Counts of the store, remembered for a minute: many people look at the same numbers."""

from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from threading import Lock
from typing import TypeAlias

from monitor.query import By, Query
from monitor.store import Bucket, Store

MINUTE = timedelta(minutes=1)
_REMEMBERED = 1000

_Key: TypeAlias = tuple[datetime, Query, By]
_Counted: TypeAlias = Future[tuple[Bucket, ...]]


@dataclass(kw_only=True, slots=True)
class Counts:
    """Counts by query, to the whole minute; whoever asks for what is being counted waits for it."""

    store: Store
    clock: Callable[[], datetime]
    _known: OrderedDict[_Key, _Counted] = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)

    def count(self, query: Query, by: By) -> tuple[Bucket, ...]:
        """Return the buckets as the store does, at most a minute old, its times taken to the minute."""
        asked = replace(query, since=query.since and _floor(query.since), until=query.until and _ceiling(query.until))
        key = (_floor(self.clock()), asked, by)
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


def _floor(moment: datetime) -> datetime:
    return moment.replace(second=0, microsecond=0)


def _ceiling(moment: datetime) -> datetime:
    return moment if moment == _floor(moment) else _floor(moment) + MINUTE
