"""Records as rows of the SQLite store and back."""

import sqlite3
from typing import Any

import orjson

from monitor.jsonl import from_dict, to_dict
from monitor.records import Annotation, Document, Issue, Kind, Tone
from monitor.store.times import from_micros, to_micros

HIT = """SELECT d.*, t.url, t.title, t.lead, t.text, t.section, t.fetched_at, t.changed_at, t.parent_id, t.voice,
    t.reactions, a.topics, a.tone_score, a.places, a.wards, a.keywords, a.story_id, a.copy_of, a.version AS read_version
    FROM documents d JOIN texts t USING (seq) LEFT JOIN annotations a USING (seq)"""


def document_row(document: Document) -> tuple[Any, ...]:
    """Return id, published_at, source_id, publisher, kind, version."""
    d = document
    return d.id, to_micros(d.published_at), d.source_id, d.publisher, str(d.kind), d.version


def text_row(seq: int, document: Document, changed_at: int) -> tuple[Any, ...]:
    """Return a row of `texts`."""
    d = document
    reactions = orjson.dumps(dict(d.reactions)).decode()
    head = (seq, d.url, d.title, d.lead, d.text, d.section)
    return (*head, to_micros(d.fetched_at), changed_at, d.parent_id, d.voice, reactions)


def document_of(row: sqlite3.Row) -> Document:
    """Return the Document of a row of HIT."""
    return Document(
        id=row["id"],
        url=row["url"],
        source_id=row["source_id"],
        publisher=row["publisher"],
        kind=Kind(row["kind"]),
        title=row["title"],
        lead=row["lead"],
        text=row["text"],
        section=row["section"],
        published_at=from_micros(row["published_at"]),
        fetched_at=from_micros(row["fetched_at"]),
        parent_id=row["parent_id"],
        voice=row["voice"],
        reactions=orjson.loads(row["reactions"]),
        version=row["version"],
    )


def annotation_row(seq: int, annotation: Annotation) -> tuple[Any, ...]:
    """Return a row of `annotations`."""
    a = annotation
    lists = (orjson.dumps(v).decode() for v in (dict(a.topics), a.places, a.wards, a.keywords))
    topics, places, wards, keywords = lists
    return seq, a.version, topics, a.tone_score, places, wards, keywords, a.story_id, a.copy_of


def annotation_of(row: sqlite3.Row) -> Annotation | None:
    """Return the Annotation of a row of HIT, None when there is none."""
    if not row["model"]:
        return None
    return Annotation(
        document_id=row["id"],
        model=row["model"],
        topic=row["topic"],
        topics=orjson.loads(row["topics"]),
        tone=Tone(row["tone"]),
        tone_score=row["tone_score"],
        concern=row["concern"],
        places=tuple(orjson.loads(row["places"])),
        wards=tuple(orjson.loads(row["wards"])),
        keywords=tuple(orjson.loads(row["keywords"])),
        story_id=row["story_id"],
        copy_of=row["copy_of"],
        version=row["read_version"],
    )


def issue_row(issue: Issue) -> tuple[Any, ...]:
    """Return a row of `issues`."""
    return issue.id, str(issue.level), issue.score, orjson.dumps(to_dict(issue)).decode()


def issue_of(record: str) -> Issue:
    """Return the Issue of the column `record`."""
    return from_dict(Issue, orjson.loads(record))
