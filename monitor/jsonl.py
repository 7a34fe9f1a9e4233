"""Records as JSON Lines, plain or gzipped: what crosses between processes and what users bring."""

import gzip
import json
import re
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from enum import StrEnum
from functools import cache, partial
from pathlib import Path
from typing import Any, TypeVar, get_args, get_type_hints

import orjson

from monitor.errors import InputError
from monitor.records import VIETNAM, Document, Kind, digest
from monitor.text import clean

Record = TypeVar("Record")

LONGEST = 64 << 20

_hints: Callable[[type], dict[str, Any]] = cache(get_type_hints)
_ID = re.compile("[0-9a-f]{16}")
_ALIASES = {"summary": "lead", "source": "source_id", "first_seen_at": "fetched_at"}


def to_line(record: Any) -> str:
    """Return the record as one line of JSON, without the line end; times are ISO with offset."""
    return orjson.dumps(to_dict(record)).decode()


def to_dict(record: Any) -> dict[str, Any]:
    """Return the fields of a record, mappings and tuples as plain JSON values."""
    return {f.name: _plain(getattr(record, f.name)) for f in fields(record)}


def from_dict(kind: type[Record], values: Mapping[str, Any]) -> Record:
    """Return the record that `to_dict` was given; unknown keys are left out, missing ones take the default."""
    hints = _hints(kind)
    return kind(**{k: _typed(hints[k], v) for k, v in values.items() if k in hints})


def read_lines(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield the number and the object of each line that is not blank.  Raises InputError naming file and line."""
    number = 0
    try:
        with gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb") as lines:
            for number, line in enumerate(iter(partial(lines.readline, LONGEST + 1), b""), 1):
                if line.strip():
                    yield number, _object(path, number, line)
    except (OSError, EOFError, zlib.error) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise InputError(f"{path}: cannot be read after line {number}: {reason}") from error


def read_documents(path: Path, now: datetime) -> Iterator[Document]:
    """Yield the documents of a file; see `document_of` for what a line may hold."""
    for number, values in read_lines(path):
        try:
            yield document_of(values, now)
        except (ValueError, TypeError) as error:
            raise InputError(f"{path}, line {number}: {error}") from error


def document_of(values: Mapping[str, Any], now: datetime) -> Document:
    """Return the Document for one object in which only `title` or `text` is required.

    `summary` stands for lead, `source` for source_id, `first_seen_at` for fetched_at, and `context` for the title of
    the article that a comment answers.  An `id` of 16 hex digits is kept, any other is of the file and not of the
    document.  Raises ValueError that says which key is wrong.
    """
    values = {_ALIASES.get(k, k): v for k, v in values.items() if v is not None}
    comment = "context" in values
    title, lead, text = (_text(values, key) for key in ("context" if comment else "title", "lead", "text"))
    if not (title or text):
        raise ValueError("needs a title or a text")
    url, source = _text(values, "url"), _text(values, "source_id") or "unknown"
    fetched = _time(values, "fetched_at") or _time(values, "published_at") or now.astimezone(UTC)
    return Document(
        id=_given_id(values) or (document_id(url) if url else digest(source, title, lead, text)),
        url=url,
        source_id=source,
        publisher=_text(values, "publisher") or source,
        kind=_kind(values, Kind.COMMENT if comment else Kind.ARTICLE),
        title=title,
        lead=lead,
        text=text,
        section=_section(values),
        published_at=_time(values, "published_at") or fetched,
        fetched_at=fetched,
        parent_id=_text(values, "parent_id") or None,
        voice=_text(values, "voice") or None,
        reactions=_reactions(values),
        version=_whole("version", values.get("version", 1)),
    )


def document_id(url: str) -> str:
    """Return the id of the document at a canonical URL."""
    return digest(url)


def _object(path: Path, number: int, line: bytes) -> dict[str, Any]:
    if len(line) > LONGEST:
        raise InputError(f"{path}, line {number}: longer than {LONGEST >> 20} MB")
    try:
        value = orjson.loads(line)
    except orjson.JSONDecodeError:
        value = _lenient(line)
    if not isinstance(value, dict):
        raise InputError(f"{path}, line {number}: not a JSON object")
    return value


def _lenient(line: bytes) -> Any:
    """Lone surrogates and bytes that are not UTF-8 are normal in what people bring; the standard parser takes them."""
    try:
        return json.loads(line.decode("utf-8", "replace"))
    except (ValueError, RecursionError):
        return None


def _given_id(values: Mapping[str, Any]) -> str:
    given = values.get("id")
    return given if isinstance(given, str) and _ID.fullmatch(given) else ""


def _text(values: Mapping[str, Any], key: str) -> str:
    value = values.get(key, "")
    if not isinstance(value, str):
        raise ValueError(f"{key} is not a text")
    return clean(value)


def _section(values: Mapping[str, Any]) -> str:
    sections = values.get("sections") or [""]
    if not isinstance(sections, list):
        raise ValueError("sections is not a list")
    return _text(values, "section") or _text({"sections": sections[0]}, "sections")


def _kind(values: Mapping[str, Any], usual: Kind) -> Kind:
    value = _text(values, "kind") or usual
    if value not in tuple(Kind):
        raise ValueError(f"kind {value[:40]!r} is not one of {', '.join(Kind)}")
    return Kind(value)


def _reactions(values: Mapping[str, Any]) -> dict[str, int]:
    value = values.get("reactions") or {}
    if not isinstance(value, dict):
        raise ValueError("reactions is not an object of counts")
    return {clean(key): _whole(f"reactions.{key}", count) for key, count in value.items()}


def _whole(key: str, value: object) -> int:
    if not isinstance(value, int) or not 0 <= value < 1 << 53:
        raise ValueError(f"{key} is not a whole number")
    return value


def _time(values: Mapping[str, Any], key: str) -> datetime | None:
    value = values.get(key)
    if value is None or value == "":
        return None
    try:
        moment = datetime.fromisoformat(value)
        return (moment if moment.tzinfo else moment.replace(tzinfo=VIETNAM)).astimezone(UTC)
    except (TypeError, ValueError, OverflowError):
        raise ValueError(f"{key} {str(value)[:40]!r} is not an ISO time") from None


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {k: _plain(v) for k, v in value.items()}
    if isinstance(value, tuple):
        return [_plain(v) for v in value]
    if isinstance(value, datetime):
        return value.isoformat()
    return to_dict(value) if is_dataclass(value) else value


def _typed(hint: Any, value: Any) -> Any:
    if value is None:
        return None
    options = [h for h in get_args(hint) or (hint,) if h is not type(None)]
    if datetime in options:
        return datetime.fromisoformat(value)
    if isinstance(value, list):
        inner = options[0]
        return tuple(from_dict(inner, v) if isinstance(v, dict) else v for v in value)
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return hint(value)
    return value
