"""Records as documents of Elasticsearch and back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from monitor.jsonl import to_dict
from monitor.query import Phrase
from monitor.records import Annotation, Document, Kind, Tone, digest
from monitor.store import Hit
from monitor.store.offers import content
from monitor.store.snippets import snippet
from monitor.store.times import from_micros, to_micros
from monitor.text import term_pairs

Source = dict[str, Any]

_BELONGING = ("story_id", "copy_of")

# Longer ones are kept by their digest: the tokenizer would cut them at 255, and find the pieces.
LONGEST_WORD = 100

# An empty name rather than none: what waits for an annotator is found by a term, and not by what is not there.
UNREAD: list[Source] = [{"model": ""}]


@dataclass(frozen=True, kw_only=True, slots=True)
class Present:
    """A document as the index holds it; `annotation` is a list of one."""

    document: Document
    changed: int
    arrived: int
    annotation: list[Source]
    seq_no: int
    primary_term: int

    @property
    def was_read(self) -> bool:
        """Return whether any version was ever annotated."""
        return "story_id" in self.annotation[0]

    @property
    def unchanged(self) -> dict[str, int]:
        """What lets a write through only while nobody else has written."""
        return {"if_seq_no": self.seq_no, "if_primary_term": self.primary_term}


def present_of(found: Mapping[str, Any]) -> Present:
    """Return the document of an answer that holds `_source`, `_seq_no` and `_primary_term`."""
    source = found["_source"]
    return Present(
        document=document_of(source),
        changed=source["order"]["changed"],
        arrived=source["order"]["arrived"],
        annotation=source["annotation"],
        seq_no=found["_seq_no"],
        primary_term=found["_primary_term"],
    )


def document_row(document: Document, *, changed: int, arrived: int, annotation: list[Source]) -> Source:
    """Return the whole source of a document; times in `order` are microseconds since 1970."""
    d = document
    return {
        "id": d.id,
        "url": d.url,
        "source_id": d.source_id,
        "publisher": d.publisher,
        "kind": d.kind,
        "title": d.title,
        "lead": d.lead,
        "text": d.text,
        "section": d.section,
        "published_at": d.published_at.isoformat(),
        "fetched_at": d.fetched_at.isoformat(),
        "parent_id": d.parent_id,
        "voice": d.voice,
        "reactions": dict(d.reactions),
        "version": d.version,
        "annotation": annotation,
        "order": {"arrived": arrived, "published": to_micros(d.published_at), "changed": changed},
        "terms": _terms(d),
    }


def version_row(document: Document, seen: int) -> Source:
    """Return the source of an earlier version, first seen at `seen`."""
    row = to_dict(document)
    kept = {name: row[name] for name in ("version", "title", "lead", "text", "published_at")}
    return {"document_id": document.id, **kept, "fetched_at": from_micros(seen).isoformat()}


def annotation_row(annotation: Annotation, before: list[Source]) -> list[Source]:
    """Return what replaces `before`.  A list of one, because an update would merge objects and not replace them."""
    row, belonging = to_dict(annotation), before[0]
    return [row | {name: row[name] or belonging.get(name) for name in _BELONGING}]


def forgotten(annotation: list[Source]) -> list[Source]:
    """Return what an edit leaves of an annotation: what the document belongs to."""
    belonging = {name: annotation[0][name] for name in _BELONGING if name in annotation[0]}
    return [UNREAD[0] | belonging]


def document_of(source: Mapping[str, Any]) -> Document:
    """Return the Document of a source."""
    return Document(
        id=source["id"],
        url=source["url"],
        source_id=source["source_id"],
        publisher=source["publisher"],
        kind=Kind(source["kind"]),
        title=source["title"],
        lead=source["lead"],
        text=source["text"],
        section=source["section"],
        published_at=datetime.fromisoformat(source["published_at"]),
        fetched_at=datetime.fromisoformat(source["fetched_at"]),
        parent_id=source["parent_id"],
        voice=source["voice"],
        reactions=source["reactions"],
        version=source["version"],
    )


def hit_of(source: Mapping[str, Any], phrases: Sequence[Phrase] = ()) -> Hit:
    """Return the Hit of a source, with a snippet of what the phrases match."""
    document = document_of(source)
    annotation = annotation_of(source["annotation"])
    return Hit(document=document, annotation=annotation, snippet=snippet(document, phrases))


def annotation_of(annotation: list[Source]) -> Annotation | None:
    """Return the Annotation, None when the present version has none."""
    row = annotation[0]
    if not row["model"]:
        return None
    lists = {name: tuple(row[name]) for name in ("places", "wards", "keywords")}
    return Annotation(**row | lists | {"tone": Tone(row["tone"])})


def version_of(source: Source, present: Document) -> Document:
    """Return the Document of an earlier version."""
    return replace(
        present,
        version=source["version"],
        title=source["title"],
        lead=source["lead"],
        text=source["text"],
        published_at=datetime.fromisoformat(source["published_at"]),
        fetched_at=datetime.fromisoformat(source["fetched_at"]),
    )


def words_of(text: str) -> str:
    """Return words that are joined by spaces, as the index keeps them."""
    return " ".join(map(_short, text.split(" ")))


def _terms(document: Document) -> Source:
    pairs = [term_pairs(part) for part in content(document)]
    title, lead, text = (_joined([plain for _, plain in part if plain]) for part in pairs)
    return {
        "parts": [title, lead, text],
        "title": title,
        "exact": _joined([word for part in pairs for word, _ in part]),
    }


def _joined(words: Sequence[str]) -> str:
    return " ".join(words if len(max(words, key=len, default="")) <= LONGEST_WORD else map(_short, words))


def _short(word: str) -> str:
    return word if len(word) <= LONGEST_WORD else digest("word", word)
