"""Article pages as they were received, in WARC 1.1; pages of posts never come here."""

import os
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from scrapy.http import Response
from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from crawlers.extract import extract, source_for
from crawlers.redacting import Redact, redacted
from crawlers.sources import belongs
from crawlers.spool import sync_folder, writing
from monitor.errors import InputError
from monitor.records import Document, Outcome, Source

SIZE = 256 << 20
_PIECE = 64 << 10
# Scrapy has unpacked the body; cookies are a visitor's, and the rest is of the connection.
_LEFT_OUT = frozenset(("set-cookie", "set-cookie2", "content-encoding", "transfer-encoding", "content-length"))


@dataclass(frozen=True, kw_only=True, slots=True)
class ArchivedPage:
    """One page of an archive."""

    url: str
    body: bytes
    content_type: str
    fetched_at: datetime


class Archive:
    """Writes answers into WARC files of a folder, a gzip member each; one writer a folder."""

    def __init__(self, folder: Path, size: int = SIZE) -> None:
        self._folder, self._size = folder, size
        self._part: Path | None = None
        self._file: BinaryIO | None = None
        with writing(folder):
            folder.mkdir(parents=True, exist_ok=True)
            for torn in folder.glob(".*.part"):
                _close_torn(torn)

    def write(self, response: Response, now: datetime) -> None:
        """Add one answer.  Raises StoreUnavailable."""
        with writing(self._folder):
            if self._file is None:
                self._open(now)
            assert self._file is not None
            writer = WARCWriter(self._file, gzip=True, warc_version="1.1")
            writer.write_record(_record(writer, response, now))
            self._file.flush()
            if self._file.tell() >= self._size:
                self.close()

    def close(self) -> None:
        """Make the growing file whole.  Raises StoreUnavailable."""
        if self._file is None or self._part is None:
            return
        with writing(self._folder):
            os.fsync(self._file.fileno())
            self._file.close()
            _rename(self._part)
        self._file = self._part = None

    def _open(self, now: datetime) -> None:
        name = f"{now:%Y%m%dT%H%M%S%f}-{os.getpid()}.warc.gz"
        self._part = self._folder / f".{name}.part"
        self._file = self._part.open("xb")
        writer = WARCWriter(self._file, gzip=True, warc_version="1.1")
        writer.write_record(
            writer.create_warcinfo_record(name, {"software": "LangNghe", "format": "WARC File Format 1.1"})
        )


def read_archive(path: Path) -> Iterator[ArchivedPage]:
    """Yield the pages of a WARC file that answered 200.  Raises InputError naming the file."""
    try:
        with path.open("rb") as file:
            for record in ArchiveIterator(file):
                if record.rec_type == "response" and record.http_headers.get_statuscode() == "200":
                    yield _page(record)
    except (OSError, ArchiveLoadFailed, ValueError, EOFError) as error:
        raise InputError(f"{path}: cannot be read as WARC: {error}") from error


def documents_in(path: Path, sources: Sequence[Source], redact: Redact) -> Iterator[Document | Outcome]:
    """Yield what each page of a WARC file is, redacted; pages of no source are of the source that their host makes."""
    for page in read_archive(path):
        source = next((s for s in sources if belongs(page.url, s)), None) or source_for(page.url)
        found = extract(
            page.body, url=page.url, source=source, fetched_at=page.fetched_at, content_type=page.content_type
        )
        yield redacted(found, redact) if isinstance(found, Document) else found


def _record(writer: WARCWriter, response: Response, now: datetime) -> object:
    headers = [
        (name.decode("latin-1"), value.decode("latin-1"))
        for name, values in response.headers.items()
        for value in values
        if name.decode("latin-1").lower() not in _LEFT_OUT
    ]
    headers.append(("Content-Length", str(len(response.body))))
    return writer.create_warc_record(
        response.url,
        "response",
        payload=BytesIO(response.body),
        length=len(response.body),  # without it warcio buffers in a temporary file that it forgets to close
        http_headers=StatusAndHeaders(f"{response.status} OK", headers, protocol="HTTP/1.1"),
        warc_headers_dict={"WARC-Date": now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")},
    )


def _page(record: object) -> ArchivedPage:
    headers = record.rec_headers  # type: ignore[attr-defined]
    return ArchivedPage(
        url=headers.get_header("WARC-Target-URI"),
        body=record.content_stream().read(),  # type: ignore[attr-defined]
        content_type=record.http_headers.get_header("Content-Type") or "",  # type: ignore[attr-defined]
        fetched_at=datetime.fromisoformat(headers.get_header("WARC-Date")),
    )


def _close_torn(part: Path) -> None:
    """Keep the whole records that a killed crawl left, and cut off the one it was writing."""
    whole = _whole_members(part.read_bytes())
    if not whole:
        part.unlink()
        return
    os.truncate(part, whole)
    _rename(part)


def _whole_members(data: bytes) -> int:
    """Return how many bytes the complete gzip members at the start take."""
    view, whole, at = memoryview(data), 0, 0
    member = zlib.decompressobj(zlib.MAX_WBITS | 16)
    while at < len(data):
        piece = view[at : at + _PIECE]
        try:
            member.decompress(piece)
        except zlib.error:
            break
        at += len(piece) - len(member.unused_data)
        if member.eof:
            whole, member = at, zlib.decompressobj(zlib.MAX_WBITS | 16)
    return whole


def _rename(part: Path) -> None:
    part.rename(part.with_name(part.name.removeprefix(".").removesuffix(".part")))
    sync_folder(part.parent)
