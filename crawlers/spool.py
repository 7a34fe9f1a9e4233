"""The hand-over from crawl to store: JSON Lines files that are whole or not there.

A file grows as `.NAME.part`, is synced, and is renamed to `NAME.jsonl`; a reader takes whole files only, and deletes
one only after the store acknowledged its documents.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO

from monitor.errors import StoreUnavailable
from monitor.jsonl import read_documents, to_line
from monitor.records import Document

ROWS = 200
AGE = timedelta(seconds=30)


class Spool:
    """Writes documents into whole files of a folder; one writer a folder."""

    def __init__(self, folder: Path, rows: int = ROWS, age: timedelta = AGE) -> None:
        self._folder, self._rows, self._age = folder, rows, age
        self._part: Path | None = None
        self._file: BinaryIO | None = None
        self._written = 0
        self._began: datetime | None = None
        with writing(folder):
            folder.mkdir(parents=True, exist_ok=True)
            for torn in folder.glob(".*.part"):
                torn.unlink()

    def write(self, document: Document, now: datetime) -> None:
        """Add one document to the file that is growing.  Raises StoreUnavailable."""
        with writing(self._folder):
            if self._file is None:
                self._open(now)
            assert self._file is not None
            self._file.write(to_line(document).encode() + b"\n")
            self._written += 1

    def full(self, now: datetime) -> bool:
        """Return whether the growing file is to be handed over: enough rows, or old enough."""
        return self._began is not None and (self._written >= self._rows or now - self._began >= self._age)

    def hand_over(self) -> Path | None:
        """Make the growing file whole and return it, None when there is none.  Raises StoreUnavailable."""
        if self._file is None or self._part is None:
            return None
        whole = self._part.with_name(self._part.name.removeprefix(".").removesuffix(".part") + ".jsonl")
        with writing(self._folder):
            self._file.flush()
            os.fsync(self._file.fileno())
            self._file.close()
            self._part.rename(whole)
            sync_folder(self._folder)
        self._file = self._part = self._began = None
        return whole

    def discard(self) -> None:
        """Drop the growing file, as after an error; whole files stay."""
        if self._file is None or self._part is None:
            return
        with suppress(OSError):  # what was buffered may not fit on the disk
            self._file.close()
        self._part.unlink(missing_ok=True)
        self._file = self._part = self._began = None

    def _open(self, now: datetime) -> None:
        name = f"{now:%Y%m%dT%H%M%S%f}-{os.getpid()}"
        self._part = self._folder / f".{name}.part"
        self._file = self._part.open("xb")
        self._began, self._written = now, 0


def whole_files(folder: Path) -> list[Path]:
    """Return the whole files of a spool, oldest first; an absent folder has none."""
    return sorted(folder.glob("*.jsonl"))


def take(path: Path, now: datetime) -> Iterator[Document]:
    """Yield the documents of a whole file.  Raises InputError naming file and line."""
    return read_documents(path, now)


def done(path: Path) -> None:
    """Delete a file whose documents the store acknowledged."""
    with writing(path):
        path.unlink(missing_ok=True)
        sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make renames and deletions in the folder last through a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Turn an OSError into a StoreUnavailable of one line that names the path."""
    try:
        yield
    except OSError as error:
        raise StoreUnavailable(f"{path}: cannot be written: {error.strerror}") from error
