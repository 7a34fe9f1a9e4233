"""Documents in, Annotations out, as JSON Lines in the same order."""

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson

from monitor.batches import batches
from monitor.errors import InputError
from monitor.jsonl import document_of, read_lines
from monitor.provinces import PROVINCES
from monitor.records import Annotation, Document
from nlp.annotate import Annotator

BATCH = 200


def annotate_lines(path: Path, now: datetime, seen: Callable[[int], None] = lambda n: None) -> Iterator[str]:
    """Yield one line of JSON for each document of the file; `seen` is told how many each batch held.

    Raises InputError naming file and line.
    """
    annotator = Annotator.load()
    for batch in batches(_documents(path, now), BATCH):
        annotations = annotator.annotate([document for _, document in batch])
        for (name, _), annotation in zip(batch, annotations, strict=True):
            yield orjson.dumps(_line(name, annotation)).decode()
        seen(len(batch))


def _documents(path: Path, now: datetime) -> Iterator[tuple[str, Document]]:
    for number, values in read_lines(path):
        try:
            document = document_of(values, now)
        except (ValueError, TypeError) as error:
            raise InputError(f"{path}, line {number}: {error}") from error
        yield str(values.get("id") or document.id), document


def _line(name: str, annotation: Annotation) -> dict[str, Any]:
    return {
        "id": name,
        "topic": annotation.topic,
        "topics": dict(annotation.topics),
        "tone": annotation.tone,
        "tone_score": annotation.tone_score,
        "concern": annotation.concern,
        "places": [PROVINCES[code].name for code in annotation.places],
        "place_codes": list(annotation.places),
        "keywords": list(annotation.keywords),
    }
