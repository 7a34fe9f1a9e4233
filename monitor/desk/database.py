"""The database of the desk: SQLite by default, PostgreSQL by URL; writers take turns in both."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from monitor.desk.migrations import upgrade
from monitor.errors import StoreError, StoreUnavailable

_PATIENCE_MS = 15_000
_LOCK = 0x6C6E


class Desk:
    """People's state; the functions of the modules beside this one read and write it, each in one transaction."""

    def __init__(self, url: str) -> None:
        """Open the desk at `sqlite:///PATH`, `sqlite://` (in memory) or `postgresql://...` and bring its schema up."""
        self._engine = _engine(url)
        try:
            with self.write() as connection:
                upgrade(connection)
        except StoreError:
            self.close()
            raise

    @contextmanager
    def read(self) -> Iterator[sa.Connection]:
        """A connection that sees one state of the desk."""
        with self._connection(writes=False) as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[sa.Connection]:
        """A connection whose changes are kept together or not at all; writers take turns."""
        with self._connection(writes=True) as connection:
            yield connection

    @contextmanager
    def _connection(self, writes: bool) -> Iterator[sa.Connection]:
        try:
            with self._engine.connect().execution_options(writes=writes) as connection, connection.begin():
                if writes and connection.dialect.name == "postgresql":
                    connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))
                yield connection
        except sa.exc.OperationalError as error:
            raise StoreUnavailable(f"desk {self._engine.url!r}: {_line(error)}") from error
        except sa.exc.SQLAlchemyError as error:
            raise StoreError(f"desk {self._engine.url!r}: {_line(error)}") from error

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()


def upsert(connection: sa.Connection, table: sa.Table, **values: Any) -> None:
    """Insert a row, or replace the values of the row with the same primary key."""
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    keys = [column.name for column in table.primary_key]
    rest = {name: value for name, value in values.items() if name not in keys}
    connection.execute(dialect.insert(table).values(**values).on_conflict_do_update(index_elements=keys, set_=rest))


def stamp(moment: datetime) -> str:
    """Return the moment as the desk keeps it."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def maybe_stamp(moment: datetime | None) -> str | None:
    """Return the moment as the desk keeps it, None for none."""
    return None if moment is None else stamp(moment)


def moment(text: str | None) -> datetime | None:
    """Return the moment that was kept, None for none."""
    return None if text is None else datetime.fromisoformat(text)


def _engine(url: str) -> sa.Engine:
    try:
        engine = sa.create_engine(_with_driver(url), hide_parameters=True)
    except (sa.exc.ArgumentError, ModuleNotFoundError) as error:
        raise StoreError(f"desk {url.partition('://')[0]}://...: {_line(error)}; use sqlite:///PATH") from None
    if engine.dialect.name == "sqlite":
        sa.event.listen(engine, "connect", _prepare)
        sa.event.listen(engine, "begin", _begin)
    return engine


def _with_driver(url: str) -> str:
    scheme, mark, rest = url.partition("://")
    return f"postgresql+psycopg{mark}{rest}" if scheme in ("postgresql", "postgres") else url


def _prepare(connection: Any, _record: object) -> None:
    """The driver's own transactions begin late and cannot wait for a writer; `_begin` begins them instead."""
    connection.isolation_level = None
    for pragma in (f"busy_timeout={_PATIENCE_MS}", "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: sa.Connection) -> None:
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _line(error: Exception) -> str:
    return " ".join(str(getattr(error, "orig", None) or error).split())
