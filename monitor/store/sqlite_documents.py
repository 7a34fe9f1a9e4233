"""Documents and annotations as they are written to a SQLite file, inside a transaction of the caller."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from sqlite3 import Connection, Row

from monitor.records import Annotation, Document, Outcome
from monitor.store import Added
from monitor.store.offers import content, taken
from monitor.store.sqlite_rows import HIT, annotation_row, document_of, document_row, text_row
from monitor.store.times import from_micros, to_micros
from monitor.text import term_pairs

VERSIONS = "SELECT * FROM versions WHERE seq = ? ORDER BY version"

_INSERT_WORDS = "INSERT INTO words (rowid, title, lead, text, exact) VALUES (?, ?, ?, ?, ?)"
_DELETE_WORDS = "INSERT INTO words (words, rowid, title, lead, text, exact) VALUES ('delete', ?, ?, ?, ?, ?)"
# What the document belongs to outlives the text that was read.
_FORGET = """UPDATE annotations SET version = NULL, topics = '{}', tone_score = 0, places = '[]', wards = '[]',
    keywords = '[]' WHERE seq = ?"""
_ANNOTATE = """INSERT INTO annotations VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (seq) DO UPDATE SET
    version = excluded.version, topics = excluded.topics, tone_score = excluded.tone_score, places = excluded.places,
    wards = excluded.wards, keywords = excluded.keywords, story_id = coalesce(excluded.story_id, story_id),
    copy_of = coalesce(excluded.copy_of, copy_of)"""


def add(connection: Connection, offer: Document) -> Added:
    """Take one offer and return what became of it."""
    row = connection.execute(f"{HIT} WHERE d.id = ?", (offer.id,)).fetchone()
    if row is None:
        insert(connection, offer, to_micros(offer.fetched_at))
        return Added(document=offer, outcome=Outcome.STORED)
    added = taken(offer, document_of(row), from_micros(row["changed_at"]))
    if added.outcome is Outcome.UPDATED:
        _update(connection, row, added.document, to_micros(offer.fetched_at))
    return added


def insert(connection: Connection, document: Document, changed_at: int, seq: int | None = None) -> int:
    """Put in a document that is not there and return its `seq`, the next one when none is given."""
    sql = """INSERT INTO documents (seq, id, published_at, source_id, publisher, kind, version)
        VALUES (?, ?, ?, ?, ?, ?, ?)"""
    seq = connection.execute(sql, (seq, *document_row(document))).lastrowid or 0
    row = text_row(seq, document, changed_at)
    connection.execute("INSERT INTO texts VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
    connection.execute(_INSERT_WORDS, (seq, *_words(document)))
    return seq


def insert_version(connection: Connection, seq: int, document: Document, seen: int) -> None:
    """Put in an earlier version, first seen at `seen`."""
    row = (seq, document.version, *content(document), to_micros(document.published_at), seen)
    connection.execute("INSERT INTO versions VALUES (?, ?, ?, ?, ?, ?, ?)", row)


def earlier(present: Document, rows: Iterable[Row]) -> Iterator[Document]:
    """Yield the documents of rows of `versions`."""
    for row in rows:
        yield replace(
            present,
            version=row["version"],
            title=row["title"],
            lead=row["lead"],
            text=row["text"],
            published_at=from_micros(row["published_at"]),
            fetched_at=from_micros(row["fetched_at"]),
        )


def annotate(connection: Connection, annotation: Annotation) -> None:
    """Replace the annotation of its document, unless it read an earlier version."""
    a = annotation
    sql = """UPDATE documents SET model = ?, topic = ?, tone = ?, concern = ? WHERE id = ?
        AND version = coalesce(?, version) RETURNING seq"""
    labels = (a.model, a.topic, str(a.tone), a.concern, a.document_id, a.version)
    for row in connection.execute(sql, labels).fetchall():
        connection.execute(_ANNOTATE, annotation_row(row["seq"], a))
        connection.execute("DELETE FROM places WHERE seq = ?", (row["seq"],))
        places = [(row["seq"], place) for place in dict.fromkeys(a.places)]
        connection.executemany("INSERT INTO places (seq, place) VALUES (?, ?)", places)


def rebuild_words(connection: Connection) -> int:
    """Cut and fold every document anew and return how many there are."""
    connection.execute("INSERT INTO words (words) VALUES ('delete-all')")
    number = 0
    for row in connection.execute(HIT):
        connection.execute(_INSERT_WORDS, (row["seq"], *_words(document_of(row))))
        number += 1
    return number


def _update(connection: Connection, row: Row, edited: Document, changed_at: int) -> None:
    seq, before = row["seq"], document_of(row)
    insert_version(connection, seq, before, row["changed_at"])
    connection.execute(_DELETE_WORDS, (seq, *_words(before)))
    connection.execute(_INSERT_WORDS, (seq, *_words(edited)))
    sql = """UPDATE documents SET published_at = ?, source_id = ?, publisher = ?, kind = ?, version = ?,
        model = '', topic = NULL, tone = NULL, concern = NULL WHERE seq = ?"""
    connection.execute(sql, (*document_row(edited)[1:], seq))
    connection.execute("REPLACE INTO texts VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", text_row(seq, edited, changed_at))
    connection.execute("DELETE FROM places WHERE seq = ?", (seq,))
    connection.execute(_FORGET, (seq,))


def _words(document: Document) -> tuple[str, str, str, str]:
    parts = [term_pairs(part) for part in content(document)]
    title, lead, text = (" ".join(plain for _, plain in part if plain) for part in parts)
    return title, lead, text, " ".join(word for part in parts for word, _ in part)
