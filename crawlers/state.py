"""What the crawler remembers between runs: pages seen, feeds as last read, threads, hosts that said wait.

A journal of JSON Lines: the last line of a key counts, a torn last line is left out, and old pages are forgotten when
it is opened.  A line is written only after the spool file with the page's document is whole.
"""

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import TypeAlias

import orjson

from crawlers.spool import writing
from monitor.errors import StoreUnavailable
from monitor.jsonl import from_dict, to_dict

MEMORY = timedelta(days=30)
RECHECKS = (timedelta(hours=6), timedelta(hours=24))
TRIES = 3
FETCHES = 12


@dataclass(frozen=True, kw_only=True, slots=True)
class PageState:
    """A page that was asked for; `marks` is what each feed last said of it.

    `outcome` is "" for a document; `again` says that it failed in a way that may pass.
    """

    key: str
    url: str
    marks: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    first_at: datetime
    fetched_at: datetime
    fetches: int = 1
    outcome: str = ""
    again: bool = False

    def due(self, feed: str, mark: str, now: datetime) -> bool:
        """Return whether to fetch again: the feed says it changed, it failed, or it is 6 or 24 hours old."""
        if self.fetches >= FETCHES:
            return False
        changed = self.marks.get(feed, mark) != mark
        failed = self.again and self.fetches < TRIES
        return changed or failed or any(self.fetched_at < self.first_at + wait <= now for wait in RECHECKS)


@dataclass(frozen=True, kw_only=True, slots=True)
class FeedState:
    """A feed as last read: its validators and the keys of its pages."""

    key: str
    etag: str = ""
    modified: str = ""
    pages: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class ThreadState:
    """A forum thread: the page to go on from, the highest post number, when it was last written in and last read."""

    key: str
    page: str
    last_post: int
    latest_at: datetime
    read_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class HostState:
    """A host that asks for more than its sources' pace: seconds between requests, and no request before a time."""

    key: str
    delay: float = 0.0
    not_before: datetime | None = None


Known: TypeAlias = PageState | FeedState | ThreadState | HostState
_KINDS: Mapping[str, type[Known]] = {"page": PageState, "feed": FeedState, "thread": ThreadState, "host": HostState}
_NAMES = {kind: name for name, kind in _KINDS.items()}


class State:
    """The journal, and what it says now."""

    def __init__(self, path: Path, now: datetime) -> None:
        self.path = path
        self.pages: dict[str, PageState] = {}
        self.feeds: dict[str, FeedState] = {}
        self.threads: dict[str, ThreadState] = {}
        self.hosts: dict[str, HostState] = {}
        for known in _read(path):
            self._keep(known)
        self._forget(now - MEMORY)
        self._rewrite()

    def save(self, known: Iterable[Known]) -> None:
        """Keep the lines; they are on the disk when this returns.  Raises StoreUnavailable."""
        lines = list(known)
        if not lines:
            return
        with writing(self.path), self.path.open("ab") as journal:
            journal.write(b"".join(map(_line, lines)))
            journal.flush()
            os.fsync(journal.fileno())
        for line in lines:
            self._keep(line)

    def _keep(self, known: Known) -> None:
        match known:
            case PageState():
                self.pages[known.key] = known
            case FeedState():
                self.feeds[known.key] = known
            case ThreadState():
                self.threads[known.key] = known
            case HostState():
                self.hosts[known.key] = known

    def _forget(self, before: datetime) -> None:
        listed = {key for feed in self.feeds.values() for key in feed.pages}
        self.pages = {k: p for k, p in self.pages.items() if k in listed or p.fetched_at > before}
        self.threads = {k: t for k, t in self.threads.items() if t.read_at > before}

    def _rewrite(self) -> None:
        part = self.path.with_suffix(".part")
        tables = (self.pages, self.feeds, self.threads, self.hosts)
        with writing(self.path):
            with part.open("wb") as journal:
                journal.writelines(_line(known) for table in tables for known in table.values())
                journal.flush()
                os.fsync(journal.fileno())
            part.replace(self.path)


def _line(known: Known) -> bytes:
    return orjson.dumps({"kind": _NAMES[type(known)], **to_dict(known)}) + b"\n"


def _read(path: Path) -> Iterable[Known]:
    try:
        lines = path.read_bytes().splitlines()
    except FileNotFoundError:
        return
    except OSError as error:
        raise StoreUnavailable(f"{path}: cannot be read: {error.strerror}") from error
    for line in lines:
        try:
            values = orjson.loads(line)
            yield from_dict(_KINDS[values["kind"]], values)
        except (orjson.JSONDecodeError, KeyError, TypeError, ValueError):
            continue
