"""Counts over a SQLite file: documents by words come from FTS5, all else from columns in memory."""

from collections.abc import Iterator, Sequence
from sqlite3 import Connection

import numpy as np

from monitor.query import By, Phrase, Query, excluded, required
from monitor.store.sqlite_columns import EMPTY, VALUED, Columns, Ints, Mask, ints, renewed
from monitor.store.sqlite_search import match
from monitor.store.times import WIDTHS, ZONE, to_micros

_WITH = "SELECT group_concat(rowid) FROM words WHERE words MATCH ? AND rowid BETWEEN ? AND ?"
# A page asks for the total and some facets of one query; what was chosen is a byte a document.
_REMEMBERED = 8


class Tallies:
    """Counts over one connection, inside transactions of the caller, who lets in one at a time."""

    def __init__(self) -> None:
        self._columns = EMPTY
        self._version: tuple[int, int] | None = None
        self._chosen: dict[Query, Mask] = {}

    def total(self, connection: Connection, query: Query) -> int:
        """Return how many documents match."""
        return int(self._choose(connection, query).sum())

    def values(self, connection: Connection, query: Query, by: By) -> list[tuple[str, int]]:
        """Return value and count, most first; documents without a value are left out."""
        chosen = self._choose(connection, query)
        if by is By.PLACE:
            return self._columns.places.tally(chosen[self._columns.placed_at])
        return self._columns.values[by].tally(chosen)

    def times(self, connection: Connection, query: Query, by: By) -> dict[int, int]:
        """Return slot and count of the documents that match."""
        chosen = self._choose(connection, query)
        slots, counts = np.unique((self._columns.published_at[chosen] + ZONE) // WIDTHS[by], return_counts=True)
        return dict(zip(slots.tolist(), counts.tolist(), strict=True))

    def _choose(self, connection: Connection, query: Query) -> Mask:
        self._renew(connection)
        if query not in self._chosen:
            while len(self._chosen) >= _REMEMBERED:
                del self._chosen[next(iter(self._chosen))]
            self._chosen[query] = _matching(connection, self._columns, query)
        return self._chosen[query]

    def _renew(self, connection: Connection) -> None:
        """Others' commits change the version of the data, and one's own the number of changes."""
        version = (connection.execute("PRAGMA data_version").fetchone()[0], connection.total_changes)
        if version != self._version:
            self._chosen.clear()
            self._columns = renewed(connection, self._columns)
            self._version = version


def _matching(connection: Connection, columns: Columns, query: Query) -> Mask:
    mask = np.ones(len(columns.seq), bool)
    for condition in _conditions(columns, query):
        mask &= condition
    among = columns.seq[mask]
    if len(among) and (phrases := required(query)):
        mask &= _with(connection, columns, phrases, among)
    for phrase in excluded(query):
        if len(among):
            mask &= ~_with(connection, columns, (phrase,), among)
    return mask


def _with(connection: Connection, columns: Columns, phrases: Sequence[Phrase], among: Ints) -> Mask:
    """Documents with all phrases, from the first to the last of those that are asked for."""
    asked = (match("title lead text", phrases), int(among[0]), int(among[-1]))
    return columns.having(ints(connection.execute(_WITH, asked).fetchone()[0]))


def _conditions(columns: Columns, query: Query) -> Iterator[Mask]:
    asked = (query.sources, query.publishers, query.kinds, query.topics, query.tones)
    for by, wanted in zip(VALUED, asked, strict=True):
        if wanted:
            yield columns.values[by].among(wanted)
    if query.places:
        yield columns.in_places(query.places)
    if query.concern is not None:
        yield columns.concern >= query.concern
    if query.since:
        yield columns.published_at >= to_micros(query.since)
    if query.until:
        yield columns.published_at < to_micros(query.until)
