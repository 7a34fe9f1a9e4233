"""Annotate the stream once for all measurements: python -m tests.bench.prepare STREAM... --to FOLDER.

STREAM are the monthly files in order of time.  Writes one file of items for each, with what the product itself says of
each document: topic, concern, places, what it copies, and the story that the product's clustering joins it to.
Annotations of a file are kept in FOLDER by the name of the model, so that a second run only groups anew.
"""

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import orjson

from monitor.detect.detector import entry_of
from monitor.detect.stories import Stories
from monitor.jsonl import from_dict, read_documents, read_lines, to_line
from monitor.records import Annotation, Document
from monitor.store import Hit
from nlp.annotate import Annotator
from nlp.duplicates import Recent
from nlp.stories.joins import Unread

NOW = datetime(2026, 3, 1, tzinfo=UTC)


def annotated(path: Path, folder: Path, annotator: Annotator) -> Iterator[tuple[Document, Annotation]]:
    """Yield the documents of a file with their annotations, from what was kept if it was."""
    documents = list(read_documents(path, NOW))
    kept = folder / f"{path.name.split('.')[0]}-{annotator.model.replace('/', '-')}.annotations"
    if not kept.exists():
        kept.write_text("".join(f"{to_line(a)}\n" for a in annotator.annotate(documents)), encoding="utf-8")
    yield from zip(documents, (from_dict(Annotation, values) for _, values in read_lines(kept)), strict=True)


class Grouping:
    """The product's copies and stories, over the files in order."""

    def __init__(self) -> None:
        self.recent, self.stories, self.urls, self.number = Recent(), Stories(), dict[str, str](), 0

    def item(self, document: Document, annotation: Annotation) -> dict[str, object]:
        """Return the item of a document that was not there before."""
        self.urls[document.id] = document.url
        root = self.recent.add(document) or document.id
        hit = Hit(document=document, annotation=annotation)
        entry = replace(entry_of(hit, document.fetched_at.timestamp(), Unread()), number=self.number)
        self.number += 1
        self.stories.expire(entry.at)
        return {
            "url": document.url,
            "at": document.fetched_at.isoformat(),
            "publisher": document.publisher,
            "topic": annotation.topic,
            "concern": annotation.concern,
            "places": annotation.places,
            "root": self.urls.get(root, document.url),
            "story": str(self.stories.add(entry).story),
        }


def prepare(paths: Sequence[Path], folder: Path) -> None:
    """Write the items of the files."""
    folder.mkdir(parents=True, exist_ok=True)
    annotator, grouping = Annotator.load(), Grouping()
    for path in paths:
        lines = [
            orjson.dumps(grouping.item(document, annotation))
            for document, annotation in annotated(path, folder, annotator)
            if document.id not in grouping.urls
        ]
        (folder / f"{path.name.split('.')[0]}.jsonl").write_bytes(b"\n".join(lines) + b"\n")


def main() -> None:
    """Write the items."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("stream", nargs="+", type=Path)
    parser.add_argument("--to", required=True, type=Path)
    args = parser.parse_args()
    prepare(args.stream, args.to)


if __name__ == "__main__":
    main()
