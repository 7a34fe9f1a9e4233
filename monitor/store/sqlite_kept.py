"""Whole documents out of a SQLite file and into one, for copies."""

from collections.abc import Callable, Iterator
from sqlite3 import Connection, Row

from monitor.store.kept import Belonging, Kept
from monitor.store.sqlite_documents import VERSIONS, annotate, earlier, insert, insert_version
from monitor.store.sqlite_rows import HIT, annotation_of, document_of
from monitor.store.times import from_micros, to_micros

_PAGE = 500

# A row of annotations without content: the document was read, then edited.
_BELONGS = "INSERT INTO annotations VALUES (?, NULL, '{}', 0, '[]', '[]', '[]', ?, ?)"


def kept(rows: Callable[..., list[Row]], after: int) -> Iterator[Kept]:
    """Yield what arrived after, in order; `rows` runs a SELECT."""
    while page := rows(f"{HIT} WHERE d.seq > ? ORDER BY d.seq LIMIT {_PAGE}", after):
        for row in page:
            yield _kept(row, rows(VERSIONS, row["seq"]))
        after = page[-1]["seq"]


def keep(connection: Connection, one: Kept) -> None:
    """Put in a document at its arrival, or the next free one; one that is there already stays as it is."""
    if connection.execute("SELECT 1 FROM documents WHERE id = ?", (one.document.id,)).fetchone():
        return
    (last,) = connection.execute("SELECT coalesce(max(seq), 0) FROM documents").fetchone()
    seq = insert(connection, one.document, to_micros(one.changed_at), max(one.arrived, last + 1))
    for version in one.earlier:
        insert_version(connection, seq, version, to_micros(version.fetched_at))
    if one.belonging:
        connection.execute(_BELONGS, (seq, one.belonging.story_id, one.belonging.copy_of))
    if one.annotation:
        annotate(connection, one.annotation)


def _kept(row: Row, versions: list[Row]) -> Kept:
    document = document_of(row)
    was_read = row["topics"] is not None
    return Kept(
        document=document,
        changed_at=from_micros(row["changed_at"]),
        arrived=row["seq"],
        earlier=tuple(earlier(document, versions)),
        annotation=annotation_of(row),
        belonging=Belonging(story_id=row["story_id"], copy_of=row["copy_of"]) if was_read else None,
    )
