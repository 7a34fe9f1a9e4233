"""The sources of `sources.toml`, checked: what may be collected, where, and how slowly."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from datetime import timedelta
from difflib import get_close_matches
from pathlib import Path
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit

from cssselect import HTMLTranslator, SelectorError

from crawlers.extract import SELECTOR_KEYS
from monitor.errors import ConfigError
from monitor.records import Source, SourceKind

SHIPPED = Path(__file__).with_name("sources.toml")
PACE = timedelta(seconds=2)
FASTEST = timedelta(seconds=1)

_TEXTS = ("id", "name", "home", "kind", "publisher", "region", "pace")
_ADDRESSES = ("feeds", "sitemaps", "lists")
_KEYS = (*_TEXTS, *_ADDRESSES, "selectors", "local")
_REQUIRED = ("id", "name", "home")
SELECTORS = (
    "links",
    *SELECTOR_KEYS,
    *("thread", "thread_link", "thread_time", "next_page", "last_page", "thread_title", "post"),
    *("post_text", "post_time", "post_writer", "post_reactions", "post_remove"),
)
_ID = re.compile(r"[a-z0-9][a-z0-9-]*")
_DURATION = re.compile(r"(\d+(?:\.\d+)?)(ms|s|m|h)")
_UNITS = {"ms": 0.001, "s": 1, "m": 60, "h": 3600}


def load(path: Path = SHIPPED) -> tuple[Source, ...]:
    """Return the sources of a file.  Raises ConfigError in one line that names the file, the source and the key."""
    try:
        tables = tomllib.loads(path.read_text("utf-8"))
        return _sources(tables)
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise ConfigError(f"{path}: {error}") from error


def pick(sources: Sequence[Source], ids: Sequence[str]) -> tuple[Source, ...]:
    """Return the sources of those ids, all when none is named.  Raises ConfigError for an unknown id."""
    known = {s.id for s in sources}
    for wanted in ids:
        if wanted not in known:
            raise ConfigError(f"no source {wanted!r}{_near(wanted, tuple(known))}")
    return tuple(s for s in sources if not ids or s.id in ids)


def places(source: Source) -> frozenset[str]:
    """Return the `host` or `host:port` of every address that the source names."""
    return frozenset(urlsplit(a).netloc.lower() for a in (source.home, *source.feeds, *source.sitemaps, *source.lists))


def belongs(url: str, source: Source) -> bool:
    """Return whether the URL is on the source's own hosts or below its home's domain."""
    parts = urlsplit(url)
    if parts.netloc.lower() in places(source):
        return True
    domain = (urlsplit(source.home).hostname or "").removeprefix("www.")
    host = (parts.hostname or "").lower()
    return not source.local and (host == domain or host.endswith(f".{domain}"))


def _sources(tables: Mapping[str, Any]) -> tuple[Source, ...]:
    for key in tables:
        if key != "source":
            raise ValueError(f"unknown key {key!r}{_near(key, ('source',))}; a source starts with [[source]]")
    rows = tables.get("source", [])
    if not isinstance(rows, list) or not rows:
        raise ValueError("holds no source; each starts with [[source]]")
    sources = tuple(_named(row, number) for number, row in enumerate(rows, 1))
    ids = [s.id for s in sources]
    for source_id in ids:
        if ids.count(source_id) > 1:
            raise ValueError(f"source {source_id!r} is there twice; ids must differ")
    return sources


def _named(row: Mapping[str, Any], number: int) -> Source:
    try:
        return _source(row)
    except ValueError as error:
        raise ValueError(f"source {row.get('id') or f'number {number}'!r}: {error}") from error


def _source(row: Mapping[str, Any]) -> Source:
    for key in row:
        if key not in _KEYS:
            raise ValueError(f"unknown key {key!r}{_near(key, _KEYS)}")
    for key in _REQUIRED:
        if key not in row:
            raise ValueError(f"{key} is missing")
    texts = {key: _text(row, key) for key in _TEXTS}
    if not _ID.fullmatch(texts["id"]):
        raise ValueError(f"id {texts['id']!r} may hold only small letters, digits and hyphens")
    local = row.get("local", False)
    if not isinstance(local, bool):
        raise ValueError("local must be true or false")
    source = Source(
        id=texts["id"],
        name=texts["name"],
        home=_address("home", texts["home"], local),
        kind=_kind(texts["kind"]),
        publisher=texts["publisher"] or texts["id"],
        region=texts["region"],
        selectors=_selectors(row.get("selectors", {})),
        pace=_pace(texts["pace"], local),
        local=local,
        **{key: _addresses(row, key, local) for key in _ADDRESSES},
    )
    return _complete(source)


def _complete(source: Source) -> Source:
    if not (source.feeds or source.sitemaps or source.lists):
        raise ValueError("names no feeds, sitemaps or lists: nothing could be collected")
    if source.kind is SourceKind.FORUM and not source.lists:
        raise ValueError("lists is missing: a forum is read from its lists of threads")
    if source.kind is SourceKind.NEWS and source.lists and "links" not in source.selectors:
        raise ValueError("selectors.links is missing: it picks the article links of a list page")
    return source


def _text(row: Mapping[str, Any], key: str) -> str:
    value = row.get(key, "")
    if not isinstance(value, str) or (key in row and not value.strip()):
        raise ValueError(f"{key} must be a text that is not empty")
    return value.strip()


def _kind(value: str) -> SourceKind:
    try:
        return SourceKind(value or SourceKind.NEWS)
    except ValueError:
        raise ValueError(f"kind {value!r} is not one of {', '.join(SourceKind)}") from None


def _addresses(row: Mapping[str, Any], key: str, local: bool) -> tuple[str, ...]:
    values = row.get(key, [])
    if not isinstance(values, list) or not all(isinstance(v, str) for v in values):
        raise ValueError(f"{key} must be a list of addresses")
    if len(set(values)) < len(values):
        raise ValueError(f"{key} names an address twice")
    return tuple(_address(key, value, local) for value in values)


def _address(key: str, value: str, local: bool) -> str:
    try:
        parts = urlsplit(value)
        port = parts.port
    except ValueError as error:
        raise ValueError(f"{key} {value!r} is not an address: {error}") from None
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or " " in value:
        raise ValueError(f"{key} {value!r} is not an http or https address")
    if port is not None and not local:
        raise ValueError(f"{key} {value!r} names a port, allowed only with local = true")
    return value


def _selectors(value: Any) -> Mapping[str, str]:
    if not isinstance(value, dict):
        raise ValueError("selectors must be a table")
    for key, selector in value.items():
        if key not in SELECTORS:
            raise ValueError(f"unknown key 'selectors.{key}'{_near(key, SELECTORS)}")
        if not isinstance(selector, str) or not _is_css(selector):
            raise ValueError(f"selectors.{key} {selector!r} is not a CSS selector")
    return MappingProxyType(value)


def _is_css(selector: str) -> bool:
    try:
        return bool(HTMLTranslator().css_to_xpath(selector))
    except SelectorError:
        return False


def _pace(value: str, local: bool) -> timedelta:
    if not value:
        return PACE
    match = _DURATION.fullmatch(value)
    if not match:
        raise ValueError(f"pace {value!r} is not a duration; write '2s', '500ms' or '1m'")
    pace = timedelta(seconds=float(match[1]) * _UNITS[match[2]])
    if pace < FASTEST and not local:
        raise ValueError(f"pace {value!r} is under 1s, allowed only with local = true")
    return pace


def _near(key: str, known: Sequence[str]) -> str:
    close = get_close_matches(key, known, 1)
    return f"; did you mean {close[0]!r}?" if close else ""
