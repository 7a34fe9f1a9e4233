"""A document with all that a store knows of it: what a copy from one store to another carries."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import blake2b
from typing import Any

import orjson

from monitor.jsonl import to_dict
from monitor.records import Annotation, Document


@dataclass(frozen=True, kw_only=True, slots=True)
class Belonging:
    """What outlives the annotation of a document that was read at least once."""

    story_id: str | None = None
    copy_of: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Kept:
    """The present version, first seen at `changed_at`; earlier ones, oldest first; `arrived` orders arrivals.

    `annotation` is that of the present version, `belonging` None for a document that was never read.
    """

    document: Document
    changed_at: datetime
    arrived: int
    earlier: tuple[Document, ...] = ()
    annotation: Annotation | None = None
    belonging: Belonging | None = None


def fingerprint(kept: Iterable[Kept]) -> tuple[int, str]:
    """Return how many there are and a digest of them in this order, the same for every store that holds the same."""
    number, digest = 0, blake2b(digest_size=16)
    for one in kept:
        digest.update(orjson.dumps(_plain(one), option=orjson.OPT_SORT_KEYS))
        number += 1
    return number, digest.hexdigest()


def _plain(one: Kept) -> list[Any]:
    parts = (one.document, *one.earlier, one.annotation, one.belonging)
    return [one.changed_at.astimezone(UTC).isoformat(), *(_utc(to_dict(part)) if part else None for part in parts)]


def _utc(row: dict[str, Any]) -> dict[str, Any]:
    times = (name for name in ("published_at", "fetched_at") if name in row)
    return row | {name: datetime.fromisoformat(row[name]).astimezone(UTC).isoformat() for name in times}
