"""The candidates that every rule sees alike, what a rule says of each as its texts arrive, and the alerts it gives."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby, islice, takewhile

import numpy as np
from numpy.typing import NDArray

from monitor.detect.counts import NOWHERE
from tests.bench.baselines import HOURS, Array, Table
from tests.bench.items import Item
from tests.bench.score import Told

PAUSE = timedelta(hours=72)
"""A series tells again only after it was below the threshold that long; a story is told once."""

SHOWN = 20
CONCERN = 0.5


@dataclass(frozen=True, kw_only=True, slots=True)
class Candidate:
    """A story or a series with its texts in order of arrival, copies of a publisher counted once.

    A text counts 1, or its probability of concern.
    """

    id: str
    is_story: bool
    weighed: bool
    items: tuple[Item, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Saying:
    """What the rules say of a candidate at one arrival: scores by rule, and the texts that an alert would show."""

    at: datetime
    candidate: str
    is_story: bool
    scores: Array
    urls: tuple[str, ...]


def stories(items: Sequence[Item], weighed: bool) -> list[Candidate]:
    """Return each story of three texts or more."""
    return _candidates(((item.story, item) for item in items), is_story=True, weighed=weighed)


def series(items: Sequence[Item], weighed: bool) -> list[Candidate]:
    """Return each topic and each topic in a place."""
    return _candidates(((key, item) for item in items for key in keys_of(item)), is_story=False, weighed=weighed)


def keys_of(item: Item) -> tuple[str, ...]:
    """Return the series that an item counts for."""
    return item.topic, *(f"{item.topic}|{place}" for place in item.places or (NOWHERE,))


def sayings(
    candidates: Iterable[Candidate],
    rules: Sequence[Callable[[Table], float]],
    everything: Mapping[int, int],
    first: datetime,
    last: datetime,
) -> list[Saying]:
    """Return what the rules say at every arrival from `first` to `last`, in order of time and then of candidate."""
    publishers = sorted({item.publisher for candidate in candidates for item in candidate.items})
    volume = _volume(everything)
    result = [
        Saying(
            at=at,
            candidate=candidate.id,
            is_story=candidate.is_story,
            scores=np.array([rule(table) for rule in rules]),
            urls=urls,
        )
        for candidate in candidates
        for at, table, urls in _tables(candidate, publishers, volume, first, last)
    ]
    return sorted(result, key=lambda saying: (saying.at, saying.candidate))


def at_rate(said: Sequence[Saying], rule: int, count: int) -> list[Told]:
    """Return the alerts at the lowest threshold that gives no more than `count`."""
    return _alerts(said, _scores(said, rule) >= threshold_at(said, rule, count))


def threshold_at(said: Sequence[Saying], rule: int, count: int) -> float:
    """Return the lowest threshold at which a rule gives no more than `count` alerts."""
    scores = _scores(said, rule)
    levels = np.unique(scores)
    low, high = 0, len(levels)
    while low < high:
        middle = (low + high) // 2
        if len(_alerts(said, scores >= levels[middle])) > count:
            low = middle + 1
        else:
            high = middle
    return float(levels[low]) if low < len(levels) else float("inf")


def _scores(said: Sequence[Saying], rule: int) -> Array:
    return np.array([saying.scores[rule] for saying in said])


def _alerts(said: Sequence[Saying], above: NDArray[np.bool_]) -> list[Told]:
    """A story is told once, a series once an episode."""
    last: dict[str, datetime] = {}
    told = []
    for saying in (said[place] for place in np.flatnonzero(above).tolist()):
        before = last.get(saying.candidate)
        if before is None or (not saying.is_story and saying.at - before > PAUSE):
            told.append(Told(at=saying.at, issue=f"{saying.candidate} {saying.at.isoformat()}", urls=saying.urls))
        last[saying.candidate] = saying.at
    return told


def _candidates(pairs: Iterable[tuple[str, Item]], *, is_story: bool, weighed: bool) -> list[Candidate]:
    texts: defaultdict[str, dict[tuple[str, str], Item]] = defaultdict(dict)
    for key, item in pairs:
        texts[key].setdefault((item.publisher, item.root), item)
    found = ((key, tuple(items.values())) for key, items in sorted(texts.items()) if len(items) >= 3)
    return [Candidate(id=key, is_story=is_story, weighed=weighed, items=items) for key, items in found]


def _tables(
    candidate: Candidate, publishers: Sequence[str], volume: "_Volume", first: datetime, last: datetime
) -> Iterable[tuple[datetime, Table, tuple[str, ...]]]:
    """The table at each arrival from the third text on, and what an alert would show."""
    hours = np.array([hour(item.at) for item in candidate.items])
    columns = np.array([publishers.index(item.publisher) for item in candidate.items])
    weights = np.array([item.concern if candidate.weighed else 1.0 for item in candidate.items])
    known = 0
    for at, batch in groupby(candidate.items, key=lambda item: item.at):
        known += len(list(batch))
        if known < 3 or not first <= at <= last:
            continue
        since = int(np.searchsorted(hours, hour(at) - HOURS + 1))
        texts = np.zeros((HOURS, len(publishers)))
        row = hours[since:known] - hour(at) + HOURS - 1
        np.add.at(texts, (row, columns[since:known]), weights[since:known])
        table = Table(texts=texts.sum(axis=1), day=texts[-24:], everything=volume.until(hour(at)))
        yield at, table, _shown(candidate, known)


def _shown(candidate: Candidate, known: int) -> tuple[str, ...]:
    """The newest of the known texts of a story; those of a day of a series, of concern where concern is counted."""
    newest = (candidate.items[place] for place in range(known - 1, -1, -1))
    if candidate.is_story:
        return tuple(item.url for item in islice(newest, SHOWN))
    since = candidate.items[known - 1].at - timedelta(hours=24)
    day = list(takewhile(lambda item: item.at > since, newest))
    concerned = [item for item in day if item.concern >= CONCERN] if candidate.weighed else []
    return tuple(item.url for item in (concerned if len(concerned) > 1 else day)[:SHOWN])


@dataclass(frozen=True, kw_only=True, slots=True)
class _Volume:
    start: int
    texts: Array

    def until(self, last: int) -> Array:
        end = last - self.start + 1
        return self.texts[end - HOURS : end]


def _volume(everything: Mapping[int, int]) -> _Volume:
    start = min(everything) - HOURS
    texts = np.zeros(max(everything) - start + 1)
    for at, count in everything.items():
        texts[at - start] = count
    return _Volume(start=start, texts=texts)


def hour(at: datetime) -> int:
    """Return the number of the hour."""
    return int(at.timestamp() // 3600)
