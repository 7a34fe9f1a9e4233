"""Where documents, annotations and issues are kept: one protocol, one implementation a URL scheme."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Protocol, Self

from monitor.errors import ConfigError
from monitor.query import By, Query
from monitor.records import Annotation, Document, Issue, Level, Outcome
from monitor.store.kept import Kept

MOST_HITS = 10_000
MOST_BUCKETS = 20_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Added:
    """What became of one document offered to `add`; `document` is as it is stored now."""

    document: Document
    outcome: Outcome


@dataclass(frozen=True, kw_only=True, slots=True)
class Hit:
    """One document found, with its annotation if it has one; `snippet` marks what matched with ⟦ and ⟧."""

    document: Document
    annotation: Annotation | None = None
    snippet: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    """Some hits; `after` opens the next page and is None on the last.  `partial` says that a part did not answer."""

    hits: tuple[Hit, ...]
    after: str | None = None
    partial: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Bucket:
    """How many documents have `key`: a value, a day `2025-11-03` or an hour `2025-11-03T14` of Viet Nam."""

    key: str
    count: int


class Store(Protocol):
    """Adding twice is adding once.  Backend errors leave as StoreError, StoreUnavailable when trying again may help."""

    def add(self, documents: Iterable[Document]) -> list[Added]:
        """Keep the documents, all or none: stored, updated (same id, other title, lead or text) or duplicate.

        An update is a new version without annotation, though still of its story; `fetched_at` stays that of first
        sight, all else follows it.
        What was fetched before the present version is a duplicate.  The same content again changes nothing.
        """

    def annotate(self, annotations: Iterable[Annotation]) -> None:
        """Replace the annotations of their documents; one of an unknown document or an earlier version is left out.

        `story_id` and `copy_of` stay as they were, through edits too, until an annotation names others.
        """

    def unannotated(self, model: str, limit: int) -> list[Document]:
        """Documents whose present version `model` has not annotated, oldest arrival first."""

    def arrivals(self, after: str | None, limit: int) -> Page:
        """Annotated documents in order of first arrival, each once for ever, up to the first not annotated yet.

        `after` is the `after` of the page before; it is given even on the last page, to go on from later.
        """

    def get(self, document_id: str) -> Hit | None:
        """The document of that id."""

    def versions(self, document_id: str) -> list[Document]:
        """All versions of a document, oldest first, each with the `fetched_at` at which it was first seen."""

    def search(self, query: Query, limit: int, after: str | None = None) -> Page:
        """Hits, newest first, ties by id; by relevance, in this order before the newest: the marks as typed anywhere
        in the document (counts 4), the words side by side as typed (2), all of them in the title (1).

        Raises InputError for a limit beyond MOST_HITS and a cursor that is not of this query.
        """

    def total(self, query: Query) -> int:
        """How many documents match."""

    def count(self, query: Query, by: By) -> list[Bucket]:
        """Buckets of what matches: times in order without gaps, values by count and then name.

        Times run from `since`, else the first hit, to `until`, else the last; more than MOST_BUCKETS of them raise
        InputError.  Documents without a value are in no bucket; one with several places is in each.
        """

    def save_issues(self, issues: Iterable[Issue]) -> None:
        """Keep the issues, replacing those of the same id."""

    def issues(self, levels: Sequence[Level] = (), limit: int = 100) -> list[Issue]:
        """Issues of those levels (all when none is named), highest score first."""

    def issue(self, issue_id: str) -> Issue | None:
        """The issue of that id."""

    def save_state(self, name: str, value: bytes) -> None:
        """Keep what a stage must remember between runs."""

    def state(self, name: str) -> bytes | None:
        """What was kept under that name."""

    def states(self) -> list[str]:
        """Names under which something is kept, in order."""

    def kept(self, after: tuple[int, str] = (0, "")) -> Iterator[Kept]:
        """Everything known of each document, in order of arrival, those after that arrival and id."""

    def keep(self, batch: Iterable[Kept]) -> None:
        """Put in what `kept` of another store gave, arrivals included; the same again changes nothing."""

    def check(self) -> list[str]:
        """What is wrong with the store and what to do, a line each; empty when all is well."""

    def reindex(self, seen: Callable[[int], None] = lambda n: None) -> list[str]:
        """Cut and fold the words of every document anew, and return what was done; readers go on meanwhile."""

    def close(self) -> None:
        """Let go of files and connections."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


def open_store(url: str) -> Store:
    """Return the store at the URL: `sqlite:///PATH`, `sqlite://` (in memory), or `http(s)://HOST` for Elasticsearch."""
    scheme, _, rest = url.partition("://")
    match scheme:
        case "sqlite":
            from monitor.store.sqlite import SQLiteStore

            return SQLiteStore(rest.removeprefix("/") or ":memory:")
        case "http" | "https":
            from monitor.store.elastic import ElasticStore

            return ElasticStore(url)
        case _:
            raise ConfigError(f"store URL {url!r}: use sqlite:///PATH or http(s)://HOST:9200")
