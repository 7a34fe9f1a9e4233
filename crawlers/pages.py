"""Single pages from files to Documents."""

import gzip
from datetime import datetime
from pathlib import Path

from crawlers.extract import extract, source_for
from monitor.errors import InputError
from monitor.jsonl import to_line
from monitor.records import Document

MOST_BYTES = 64 << 20


def extract_file(path: Path, url: str, now: datetime) -> str:
    """Return the Document of a page as one line of JSON.  Raises InputError that names the file and the outcome."""
    found = extract(_read(path), url=url, source=source_for(url), fetched_at=now)
    if not isinstance(found, Document):
        raise InputError(f"{path}: no document: {found.value}")
    return to_line(found)


def _read(path: Path) -> bytes:
    """A page larger than any real one, or one that unpacks to that, is cut there."""
    try:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
            return file.read(MOST_BYTES)
    except (OSError, EOFError) as error:
        raise InputError(f"{path}: cannot be read: {getattr(error, 'strerror', None) or error}") from error
