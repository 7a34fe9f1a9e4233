"""Versions of the desk's schema: a table of steps, each run once, in order, in one transaction."""

from collections.abc import Callable, Mapping

import sqlalchemy as sa

from monitor.desk.schema import metadata, schema_version
from monitor.errors import StoreError

Step = Callable[[sa.Connection], None]


def _create(connection: sa.Connection) -> None:
    if set(sa.inspect(connection).get_table_names()) & {"alerts", "outbox"}:
        raise StoreError("the desk is of a version before 0.1; move its file away and start anew")
    metadata.create_all(connection)


STEPS: Mapping[int, Step] = {1: _create}
"""From the version before to the key; later steps alter what the first has made."""


def upgrade(connection: sa.Connection, steps: Mapping[int, Step] = STEPS) -> int:
    """Bring the schema to the newest version and return it.  Raises StoreError when it is newer than this program."""
    schema_version.create(connection, checkfirst=True)
    present = connection.scalar(sa.select(sa.func.max(schema_version.c.version))) or 0
    newest = max(steps)
    if present > newest:
        raise StoreError(f"the desk has schema version {present}, this program knows {newest}: update the program")
    for version in range(present + 1, newest + 1):
        steps[version](connection)
        connection.execute(sa.insert(schema_version).values(version=version))
    return newest
