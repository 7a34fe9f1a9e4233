"""The file of the SQLite store: how it is opened, brought to the present schema, and what its errors mean."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from monitor.errors import StoreError, StoreUnavailable

# "LANG": tells a store from any other SQLite file.
APPLICATION_ID = 0x4C414E47

# `documents` is narrow, so that facets and order read little; `seq` is the order of first arrival, never used twice.
MIGRATIONS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "documents, annotations, issues, state",
        (
            """CREATE TABLE documents (
                seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, published_at INTEGER NOT NULL,
                source_id TEXT NOT NULL, publisher TEXT NOT NULL, kind TEXT NOT NULL, version INTEGER NOT NULL,
                model TEXT NOT NULL DEFAULT '', topic TEXT, tone TEXT, concern REAL)""",
            "CREATE INDEX documents_published_at ON documents (published_at DESC, id)",
            "CREATE INDEX documents_model ON documents (model, seq)",
            """CREATE TABLE texts (
                seq INTEGER PRIMARY KEY, url TEXT NOT NULL, title TEXT NOT NULL, lead TEXT NOT NULL, text TEXT NOT NULL,
                section TEXT NOT NULL, fetched_at INTEGER NOT NULL, changed_at INTEGER NOT NULL, parent_id TEXT,
                voice TEXT, reactions TEXT NOT NULL)""",
            """CREATE TABLE versions (
                seq INTEGER, version INTEGER, title TEXT NOT NULL, lead TEXT NOT NULL, text TEXT NOT NULL,
                published_at INTEGER NOT NULL, fetched_at INTEGER NOT NULL,
                PRIMARY KEY (seq, version)) WITHOUT ROWID""",
            """CREATE TABLE annotations (
                seq INTEGER PRIMARY KEY, version INTEGER, topics TEXT NOT NULL, tone_score REAL NOT NULL,
                places TEXT NOT NULL, wards TEXT NOT NULL, keywords TEXT NOT NULL, story_id TEXT, copy_of TEXT)""",
            "CREATE TABLE places (seq INTEGER, place TEXT, PRIMARY KEY (seq, place)) WITHOUT ROWID",
            "CREATE INDEX places_place ON places (place, seq)",
            """CREATE VIRTUAL TABLE words USING fts5 (
                title, lead, text, exact, content='', tokenize='unicode61 remove_diacritics 0')""",
            "CREATE TABLE issues (id TEXT PRIMARY KEY, level TEXT NOT NULL, score REAL NOT NULL, record TEXT NOT NULL)",
            "CREATE INDEX issues_score ON issues (score DESC, id)",
            "CREATE TABLE state (name TEXT PRIMARY KEY, value BLOB NOT NULL)",
        ),
    ),
    (
        "changes of documents, numbered",
        (
            "CREATE TABLE changes (seq INTEGER PRIMARY KEY, number INTEGER NOT NULL)",
            "CREATE UNIQUE INDEX changes_number ON changes (number)",
            """CREATE TRIGGER documents_changed AFTER UPDATE ON documents BEGIN
                REPLACE INTO changes VALUES (new.seq, (SELECT coalesce(max(number), 0) + 1 FROM changes));
            END""",
        ),
    ),
)


def connect(path: str, patience: float) -> sqlite3.Connection:
    """Return a connection to the file at the present schema; a writer waits `patience` seconds for another one.

    An acknowledged batch survives a kill in any mode of WAL; synchronous=FULL lets it survive a loss of power too,
    which matters because its spool file is deleted then, and costs one sync a batch.
    """
    with spoken(path):
        connection = sqlite3.connect(path, timeout=patience, isolation_level=None, check_same_thread=False)
        connection.row_factory = sqlite3.Row
        try:
            _check_identity(connection, path)
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA synchronous=FULL")
            connection.execute("PRAGMA cache_size=-32768")
            migrate(connection, path)
        except BaseException:
            connection.close()
            raise
    return connection


def migrate(
    connection: sqlite3.Connection, path: str, migrations: tuple[tuple[str, tuple[str, ...]], ...] = MIGRATIONS
) -> None:
    """Apply the migrations that the file does not have yet, each in a transaction with its record."""
    while (done := _applied(connection, path, migrations)) < len(migrations):
        with transaction(connection):
            if done == _applied(connection, path, migrations):
                _apply(connection, *migrations[done])


def applied(connection: sqlite3.Connection) -> list[str]:
    """Return the names of the migrations that the file has, in order."""
    known = connection.execute("SELECT 1 FROM sqlite_schema WHERE name = 'migrations'").fetchone()
    return [r[0] for r in connection.execute("SELECT name FROM migrations ORDER BY rowid")] if known else []


@contextmanager
def transaction(connection: sqlite3.Connection, kind: str = "IMMEDIATE") -> Iterator[None]:
    """Make what is done inside one transaction: all of it is written, or nothing; DEFERRED only reads."""
    connection.execute(f"BEGIN {kind}")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


@contextmanager
def spoken(path: str) -> Iterator[None]:
    """Turn every error of sqlite3 into a StoreError of one line that names the file and what to do."""
    try:
        yield
    except sqlite3.Error as error:
        name = getattr(error, "sqlite_errorname", "")
        found = (m for code, m in _MEANINGS.items() if name.startswith(code))
        kind, advice = next(found, (StoreError, str(error)))
        raise kind(f"{path}: {advice}") from error
    except UnicodeEncodeError as error:
        raise StoreError(f"{path}: a text holds half of a surrogate pair; clean it before it is kept") from error


_MEANINGS: dict[str, tuple[type[StoreError], str]] = {
    "SQLITE_BUSY": (StoreUnavailable, "another process is writing; try again"),
    "SQLITE_LOCKED": (StoreUnavailable, "another process is writing; try again"),
    "SQLITE_FULL": (StoreUnavailable, "the disk is full; free some space and try again"),
    "SQLITE_IOERR": (StoreUnavailable, "the disk does not read or write; check it and its free space, then try again"),
    "SQLITE_READONLY": (StoreError, "may not be written; allow this user to write the file and its folder"),
    "SQLITE_CANTOPEN": (StoreError, "cannot be opened; check that the folder is there and may be written"),
    "SQLITE_PERM": (StoreError, "may not be opened; allow this user to read and write it"),
    "SQLITE_NOTADB": (StoreError, "is not a SQLite file; name another file, or move this one away"),
    "SQLITE_CORRUPT": (StoreError, "is damaged; restore it from a backup"),
}


def _check_identity(connection: sqlite3.Connection, path: str) -> None:
    if connection.execute("PRAGMA application_id").fetchone()[0] == APPLICATION_ID:
        return
    if connection.execute("SELECT 1 FROM sqlite_schema WHERE name <> 'migrations' LIMIT 1").fetchone():
        raise StoreError(f"{path}: is a SQLite file of another program; name another file")


def _applied(connection: sqlite3.Connection, path: str, migrations: tuple[tuple[str, tuple[str, ...]], ...]) -> int:
    done, known = applied(connection), [name for name, _ in migrations]
    if done != known[: len(done)]:
        raise StoreError(f"{path}: was written by a newer version of langnghe; upgrade langnghe")
    return len(done)


def _apply(connection: sqlite3.Connection, name: str, statements: tuple[str, ...]) -> None:
    connection.execute("CREATE TABLE IF NOT EXISTS migrations (name TEXT NOT NULL, applied_at TEXT NOT NULL)")
    for statement in statements:
        connection.execute(statement)
    connection.execute("INSERT INTO migrations VALUES (?, ?)", (name, datetime.now(UTC).isoformat()))
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
