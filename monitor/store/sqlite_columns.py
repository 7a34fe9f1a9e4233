"""The few columns of a SQLite file that facets are made of, as arrays in memory, kept up with what is written."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from sqlite3 import Connection
from types import MappingProxyType

import numpy as np
import orjson
from numpy.typing import NDArray

from monitor.query import By

Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]

VALUED = (By.SOURCE, By.PUBLISHER, By.KIND, By.TOPIC, By.TONE)
"""What every document has at most one of."""

# SQLite joins and Python splits a column some ten times faster than rows are made of it.  Seventeen digits are exact.
_READ = """SELECT group_concat(seq), group_concat(published_at),
    group_concat(coalesce(printf('%!.17g', concern), 'nan')), json_group_array(source_id), json_group_array(publisher),
    json_group_array(kind), json_group_array(topic), json_group_array(tone) FROM documents {}"""
_PLACED = "SELECT group_concat(seq), json_group_array(place) FROM places {}"
_SINCE = "WHERE seq IN (SELECT seq FROM documents WHERE seq > ? UNION SELECT seq FROM changes WHERE number > ?)"


@dataclass(frozen=True, kw_only=True, slots=True)
class Coded:
    """Numbers of values (-1: none), and the values in the order of their numbers."""

    codes: Ints
    names: tuple[str, ...]

    def among(self, wanted: tuple[str, ...]) -> Mask:
        """Return which have one of the values."""
        numbers = [self.names.index(name) for name in set(wanted) if name in self.names]
        return np.isin(self.codes, numbers)

    def tally(self, chosen: Mask) -> list[tuple[str, int]]:
        """Return each value and how many of the chosen have it, most first, then by name."""
        counts = np.bincount(self.codes[chosen] + 1, minlength=len(self.names) + 1)[1:].tolist()
        found = [(name, count) for name, count in zip(self.names, counts, strict=True) if count]
        return sorted(found, key=lambda pair: (-pair[1], pair[0]))


@dataclass(frozen=True, kw_only=True, slots=True)
class Columns:
    """A document at each index of the arrays, in order of `seq`; times in microseconds; NaN: nothing was annotated.

    A document may have several `places`: `placed` is the `seq` of each, `placed_at` its index.  `number` is that of the
    last change known.
    """

    seq: Ints
    published_at: Ints
    concern: NDArray[np.float64]
    values: Mapping[By, Coded]
    placed: Ints
    placed_at: Ints
    places: Coded
    number: int

    def having(self, numbers: Ints) -> Mask:
        """Return which documents have a `seq` among the numbers, all of which are known."""
        return _marked(np.searchsorted(self.seq, numbers), len(self.seq))

    def in_places(self, wanted: tuple[str, ...]) -> Mask:
        """Return which documents have one of the places."""
        return _marked(self.placed_at[self.places.among(wanted)], len(self.seq))


_NONE: Ints = np.zeros(0, np.int64)
_NO_VALUES = Coded(codes=_NONE, names=())
EMPTY = Columns(
    seq=_NONE,
    published_at=_NONE,
    concern=np.zeros(0),
    values=MappingProxyType(dict.fromkeys(VALUED, _NO_VALUES)),
    placed=_NONE,
    placed_at=_NONE,
    places=_NO_VALUES,
    number=0,
)


def renewed(connection: Connection, known: Columns) -> Columns:
    """Return the columns of all documents, of which only what has changed since is read."""
    last = int(known.seq[-1]) if len(known.seq) else 0
    where, since = (_SINCE, (last, known.number)) if last else ("", ())
    seq, published, concern, *values = connection.execute(_READ.format(where), since).fetchone()
    placed, places = connection.execute(_PLACED.format(where), since).fetchone()
    (number,) = connection.execute("SELECT coalesce(max(number), 0) FROM changes").fetchone()
    fresh = Columns(
        seq=ints(seq),
        published_at=ints(published),
        concern=np.fromstring(concern, np.float64, sep=",") if concern else np.zeros(0),
        values={by: _coded(found) for by, found in zip(VALUED, values, strict=True)},
        placed=ints(placed),
        placed_at=_NONE,
        places=_coded(places),
        number=number,
    )
    return _sorted(_joined(known, fresh) if last else fresh)


def ints(joined: str | None) -> Ints:
    """Return the numbers that group_concat joined."""
    return np.fromstring(joined, np.int64, sep=",") if joined else _NONE


def _coded(values: str) -> Coded:
    found: list[str | None] = orjson.loads(values)
    numbers: dict[str | None, int] = {None: -1}
    codes = np.array([numbers.setdefault(value, len(numbers) - 1) for value in found], np.int64)
    return Coded(codes=codes, names=tuple(name for name in numbers if name is not None))


def _joined(known: Columns, fresh: Columns) -> Columns:
    """What is known without what is fresher, then the fresh."""
    stays, placed = ~np.isin(known.seq, fresh.seq), ~np.isin(known.placed, fresh.seq)
    return replace(
        fresh,
        seq=np.concatenate([known.seq[stays], fresh.seq]),
        published_at=np.concatenate([known.published_at[stays], fresh.published_at]),
        concern=np.concatenate([known.concern[stays], fresh.concern]),
        values={by: _appended(coded, stays, fresh.values[by]) for by, coded in known.values.items()},
        placed=np.concatenate([known.placed[placed], fresh.placed]),
        places=_appended(known.places, placed, fresh.places),
    )


def _appended(known: Coded, stays: Mask, fresh: Coded) -> Coded:
    names = tuple(dict.fromkeys((*known.names, *fresh.names)))
    codes = np.array([*(names.index(name) for name in fresh.names), -1], np.int64)[fresh.codes]
    return Coded(codes=np.concatenate([known.codes[stays], codes]), names=names)


def _sorted(columns: Columns) -> Columns:
    order = np.argsort(columns.seq, kind="stable")
    seq = columns.seq[order]
    return replace(
        columns,
        seq=seq,
        published_at=columns.published_at[order],
        concern=columns.concern[order],
        values={by: replace(coded, codes=coded.codes[order]) for by, coded in columns.values.items()},
        placed_at=np.searchsorted(seq, columns.placed),
    )


def _marked(indices: Ints, size: int) -> Mask:
    mask = np.zeros(size, bool)
    mask[indices] = True
    return mask
