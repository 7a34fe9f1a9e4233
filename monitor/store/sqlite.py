"""The store in one SQLite file, safe for several processes at once."""

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from itertools import takewhile
from threading import RLock
from types import TracebackType
from typing import Self

from monitor.errors import InputError
from monitor.query import By, Query, required
from monitor.records import Annotation, Document, Issue, Level, digest
from monitor.store import MOST_HITS, Added, Bucket, Hit, Page
from monitor.store.cursor import arrival_cursor, arrival_position, from_cursor, to_cursor
from monitor.store.kept import Kept
from monitor.store.snippets import snippet
from monitor.store.sqlite_documents import VERSIONS, add, annotate, earlier, rebuild_words
from monitor.store.sqlite_kept import keep, kept
from monitor.store.sqlite_rows import (
    HIT,
    annotation_of,
    document_of,
    issue_of,
    issue_row,
)
from monitor.store.sqlite_schema import connect, spoken, transaction
from monitor.store.sqlite_search import found
from monitor.store.sqlite_tallies import Tallies
from monitor.store.times import WIDTHS, from_micros, slot_name, slots

_MODELS = """WITH RECURSIVE m(model) AS (SELECT min(model) FROM documents UNION ALL
    SELECT (SELECT min(model) FROM documents WHERE model > m.model) FROM m WHERE m.model IS NOT NULL)
    SELECT model FROM m WHERE model IS NOT NULL AND model <> ?"""


class SQLiteStore:
    """A Store over FTS5 and WAL.  One batch is one transaction; a writer waits `patience` for the others."""

    def __init__(self, path: str, patience: timedelta = timedelta(seconds=30)) -> None:
        self._path = path
        self._lock = RLock()
        self._connection = connect(path, patience.total_seconds())
        self._tallies = Tallies()

    def add(self, documents: Iterable[Document]) -> list[Added]:
        batch = list(documents)
        with self._writing() as connection:
            return [add(connection, d) for d in batch]

    def annotate(self, annotations: Iterable[Annotation]) -> None:
        batch = list(annotations)
        with self._writing() as connection:
            for annotation in batch:
                annotate(connection, annotation)

    def unannotated(self, model: str, limit: int) -> list[Document]:
        with self._reading() as connection:
            names = [r["model"] for r in connection.execute(_MODELS, (model,))]
            sql = "SELECT seq FROM documents WHERE model = ? ORDER BY seq LIMIT ?"
            waiting = sorted(r["seq"] for name in names for r in connection.execute(sql, (name, limit)))
            rows = (connection.execute(f"{HIT} WHERE d.seq = ?", (seq,)).fetchone() for seq in waiting[:limit])
            return [document_of(row) for row in rows]

    def arrivals(self, after: str | None, limit: int) -> Page:
        last = arrival_position(after)
        rows = self._rows(f"{HIT} WHERE d.seq > ? ORDER BY d.seq LIMIT ?", last[0], limit)
        rows = list(takewhile(lambda row: row["model"], rows))
        reached = (rows[-1]["seq"], rows[-1]["id"]) if rows else last
        return Page(hits=tuple(map(_hit, rows)), after=arrival_cursor(*reached))

    def get(self, document_id: str) -> Hit | None:
        return next(map(_hit, self._rows(f"{HIT} WHERE d.id = ?", document_id)), None)

    def versions(self, document_id: str) -> list[Document]:
        with self._reading() as connection:
            row = connection.execute(f"{HIT} WHERE d.id = ?", (document_id,)).fetchone()
            if row is None:
                return []
            present = document_of(row)
            before = earlier(present, connection.execute(VERSIONS, (row["seq"],)))
            return [*before, replace(present, fetched_at=from_micros(row["changed_at"]))]

    def search(self, query: Query, limit: int, after: str | None = None) -> Page:
        if not 0 < limit <= MOST_HITS:
            raise InputError(f"limit {limit}: ask for 1 to {MOST_HITS} hits a page")
        phrases, name = required(query), digest("search", repr(query))
        keys = from_cursor(name, after, int, int, str) if after else []
        with self._reading() as connection:
            rows = found(connection, query, limit + 1, keys)
        hits = tuple(replace(_hit(row), snippet=snippet(document_of(row), phrases)) for row in rows[:limit])
        last = rows[limit - 1] if len(rows) > limit else None
        return Page(hits=hits, after=to_cursor(name, last["rank"], last["published_at"], last["id"]) if last else None)

    def total(self, query: Query) -> int:
        with self._reading() as connection:
            return self._tallies.total(connection, query)

    def count(self, query: Query, by: By) -> list[Bucket]:
        with self._reading() as connection:
            if by not in WIDTHS:
                return [Bucket(key=key, count=number) for key, number in self._tallies.values(connection, query, by)]
            times = self._tallies.times(connection, query, by)
        return [Bucket(key=slot_name(slot, by), count=times.get(slot, 0)) for slot in slots(query, by, times)]

    def save_issues(self, issues: Iterable[Issue]) -> None:
        rows = [issue_row(issue) for issue in issues]
        with self._writing() as connection:
            connection.executemany("INSERT OR REPLACE INTO issues (id, level, score, record) VALUES (?, ?, ?, ?)", rows)

    def issues(self, levels: Sequence[Level] = (), limit: int = 100) -> list[Issue]:
        wanted = tuple(map(str, levels or tuple(Level)))
        places = ", ".join("?" * len(wanted))
        sql = f"SELECT record FROM issues WHERE level IN ({places}) ORDER BY score DESC, id LIMIT ?"
        return [issue_of(row["record"]) for row in self._rows(sql, *wanted, limit)]

    def issue(self, issue_id: str) -> Issue | None:
        rows = self._rows("SELECT record FROM issues WHERE id = ?", issue_id)
        return issue_of(rows[0]["record"]) if rows else None

    def save_state(self, name: str, value: bytes) -> None:
        with self._writing() as connection:
            connection.execute("INSERT OR REPLACE INTO state (name, value) VALUES (?, ?)", (name, value))

    def state(self, name: str) -> bytes | None:
        rows = self._rows("SELECT value FROM state WHERE name = ?", name)
        return bytes(rows[0]["value"]) if rows else None

    def states(self) -> list[str]:
        return [row["name"] for row in self._rows("SELECT name FROM state ORDER BY name")]

    def kept(self, after: tuple[int, str] = (0, "")) -> Iterator[Kept]:
        return kept(self._rows, after[0])

    def keep(self, batch: Iterable[Kept]) -> None:
        some = list(batch)
        with self._writing() as connection:
            for one in some:
                keep(connection, one)

    def reindex(self, seen: Callable[[int], None] = lambda n: None) -> list[str]:
        with self._writing() as connection:
            number = rebuild_words(connection)
        seen(number)
        return [f"{self._path}: the words of {number} documents were cut and folded anew"]

    def check(self) -> list[str]:
        return [f"{self._path}: {row[0]}" for row in self._rows("PRAGMA quick_check") if row[0] != "ok"]

    def close(self) -> None:
        with self._lock, spoken(self._path):
            self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _rows(self, sql: str, *values: object) -> list[sqlite3.Row]:
        with self._reading() as connection:
            return connection.execute(sql, values).fetchall()

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        with self._lock, spoken(self._path), transaction(self._connection, "DEFERRED"):
            yield self._connection

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with self._lock, spoken(self._path), transaction(self._connection):
            yield self._connection


def _hit(row: sqlite3.Row) -> Hit:
    return Hit(document=document_of(row), annotation=annotation_of(row))
