"""The store in Elasticsearch 9 (or 8.19), for an office that outgrew one machine."""

import os
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Lock
from types import TracebackType
from typing import Any, Self, TypeVar

from monitor.errors import InputError, StoreError, StoreUnavailable
from monitor.query import By, Query, required
from monitor.records import Annotation, Document, Issue, Level, digest
from monitor.store import MOST_HITS, Added, Bucket, Hit, Page
from monitor.store.cursor import from_cursor, to_cursor
from monitor.store.elastic_arrivals import arrivals
from monitor.store.elastic_client import connect, is_partial, whole
from monitor.store.elastic_documents import add_documents, annotate_documents
from monitor.store.elastic_homes import homes_of, newest_parts, presents_of
from monitor.store.elastic_issues import IssueBook
from monitor.store.elastic_kept import keep, kept
from monitor.store.elastic_query import counted, matching, order_of, ranked
from monitor.store.elastic_reading import ARRIVAL, answer, refresh, rows
from monitor.store.elastic_renewal import renew
from monitor.store.elastic_rows import annotation_of, document_of, hit_of, version_of
from monitor.store.elastic_setup import check, prepare
from monitor.store.elastic_state import floor_of, read_state, state_names, write_state
from monitor.store.kept import Kept
from monitor.store.times import WIDTHS, from_micros, slot_name, slot_of, slots, to_micros

Item = TypeVar("Item")

CHUNK = 500
THREADS = 4

MOST_VERSIONS = 100_000

_MOST_CHARACTERS = 2 << 20
_TYPES = (int, int, str)
_NOTHING: Mapping[str, Any] = {"by": {"buckets": []}}


class ElasticStore:
    """A Store over the indices of one prefix, made when they are not there; see index_mappings/README.md.

    A batch that fails halfway is kept in part: offered again, it is kept whole and nothing twice.  What this object
    wrote it also finds; others find it a second later.
    """

    def __init__(
        self, url: str, environ: Mapping[str, str] = os.environ, patience: timedelta = timedelta(seconds=30)
    ) -> None:
        self._cluster = connect(url, environ, patience)
        self._stamp, self._lock = 0, Lock()
        self._unseen: set[str] = set()
        self._pool = ThreadPoolExecutor(THREADS, thread_name_prefix="store")
        self._book = IssueBook(self._cluster)
        prepare(self._cluster)

    def add(self, documents: Iterable[Document]) -> list[Added]:
        batch = list(documents)
        offers = _by_id(batch, lambda d: d.id)
        stamps = self._stamps(offers)
        newest = newest_parts(self._cluster) if offers else {}

        def keep(chunk: Mapping[str, Sequence[Document]]) -> dict[str, Sequence[Added]]:
            return add_documents(self._cluster, chunk, stamps, newest)

        done = self._in_chunks(offers, keep)
        self._unseen |= {"documents", "versions"}
        answers = {id_: iter(added) for id_, added in done.items()}
        return [next(answers[document.id]) for document in batch]

    def annotate(self, annotations: Iterable[Annotation]) -> None:
        some = _by_id(annotations, lambda a: a.document_id)
        floor = floor_of(self._cluster) if some else 0
        stamps = self._stamps(some, floor)

        def label(chunk: Mapping[str, Sequence[Annotation]]) -> dict[str, None]:
            annotate_documents(self._cluster, chunk, stamps, floor)
            return {}

        self._in_chunks(some, label)
        self._unseen.add("documents")

    def unannotated(self, model: str, limit: int) -> list[Document]:
        refresh(self._cluster, "documents")
        others = [{"range": {"annotation.model": {side: model}}} for side in ("lt", "gt")]
        query = {"bool": {"filter": {"bool": {"should": others}}}}
        found = rows(self._cluster, "documents", query, ARRIVAL, limit)
        return [document_of(row["_source"]) for row in found]

    def arrivals(self, after: str | None, limit: int) -> Page:
        return arrivals(self._cluster, after, limit, self._now())

    def get(self, document_id: str) -> Hit | None:
        found = presents_of(self._cluster, homes_of(self._cluster, [document_id]))
        return next((Hit(document=p.document, annotation=annotation_of(p.annotation)) for p in found.values()), None)

    def versions(self, document_id: str) -> list[Document]:
        found = presents_of(self._cluster, homes_of(self._cluster, [document_id]))
        if not found:
            return []
        present = found[document_id]
        self._see("versions")
        span = {"range": {"version": {"lt": present.document.version}}}
        query = {"bool": {"filter": [{"term": {"document_id": document_id}}, span]}}
        kept = rows(self._cluster, "versions", query, [{"version": "asc"}], MOST_VERSIONS)
        earlier = [version_of(row["_source"], present.document) for row in kept]
        return [*earlier, replace(present.document, fetched_at=from_micros(present.changed))]

    def search(self, query: Query, limit: int, after: str | None = None) -> Page:
        if not 0 < limit <= MOST_HITS:
            raise InputError(f"limit {limit}: ask for 1 to {MOST_HITS} hits a page")
        phrases, name, order = required(query), digest("search", repr(query)), order_of(query)
        start = {"search_after": from_cursor(name, after, *_TYPES[-len(order) :])} if after else {}
        asked = ranked(query) if len(order) == len(_TYPES) else matching(query)
        found = self._answer({"query": asked, "sort": order, "size": limit + 1, "track_total_hits": False, **start})
        rows = found["hits"]["hits"]
        return Page(
            hits=tuple(hit_of(row["_source"], phrases) for row in rows[:limit]),
            after=to_cursor(name, *map(_whole, rows[limit - 1]["sort"])) if len(rows) > limit else None,
            partial=is_partial(found),
        )

    def total(self, query: Query) -> int:
        found = self._answer({"query": matching(query), "size": 0, "track_total_hits": True})
        return int(whole(self._cluster, found)["hits"]["total"]["value"])

    def count(self, query: Query, by: By) -> list[Bucket]:
        asked = {"query": matching(query), "aggregations": {"by": counted(by)}, "size": 0, "track_total_hits": False}
        found = whole(self._cluster, self._answer(asked))
        buckets = found.get("aggregations", _NOTHING)["by"]["buckets"]
        if by not in WIDTHS:
            return [Bucket(key=b["key"], count=b["doc_count"]) for b in buckets]
        counts = {slot_of(b["key"] * 1000, by): b["doc_count"] for b in buckets}
        return [Bucket(key=slot_name(n, by), count=counts.get(n, 0)) for n in slots(query, by, counts)]

    def save_issues(self, issues: Iterable[Issue]) -> None:
        self._book.save(issues)
        self._unseen.add("issues")

    def issues(self, levels: Sequence[Level] = (), limit: int = 100) -> list[Issue]:
        self._see("issues")
        return self._book.of(levels, limit)

    def issue(self, issue_id: str) -> Issue | None:
        return self._book.get(issue_id)

    def save_state(self, name: str, value: bytes) -> None:
        write_state(self._cluster, name, value)

    def state(self, name: str) -> bytes | None:
        return read_state(self._cluster, name)

    def states(self) -> list[str]:
        return state_names(self._cluster)

    def kept(self, after: tuple[int, str] = (0, "")) -> Iterator[Kept]:
        return kept(self._cluster, after)

    def keep(self, batch: Iterable[Kept]) -> None:
        keep(self._cluster, batch)
        self._unseen |= {"documents", "versions"}

    def check(self) -> list[str]:
        return check(self._cluster)

    def reindex(self, seen: Callable[[int], None] = lambda n: None) -> list[str]:
        return renew(self._cluster, seen)

    def close(self) -> None:
        """Show what was written to whoever reads next, and let go of the connections."""
        with suppress(StoreError):  # what is not shown now is in a second
            for noun in tuple(self._unseen):
                self._see(noun)
        self._pool.shutdown()
        self._cluster.client.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _answer(self, body: Mapping[str, Any]) -> Mapping[str, Any]:
        with suppress(StoreUnavailable):  # The answer itself says whether a part is missing.
            self._see("documents")
        return answer(self._cluster, "documents", body)

    def _see(self, noun: str) -> None:
        if noun in self._unseen:
            refresh(self._cluster, noun)
            self._unseen.discard(noun)

    def _now(self) -> int:
        with self._lock:
            return max(to_micros(datetime.now(UTC)), self._stamp)

    def _stamps(self, ids: Iterable[str], floor: int = 0) -> dict[str, int]:
        """Times of arrival, later than all that this object gave before and than `floor`."""
        with self._lock:
            first = max(to_micros(datetime.now(UTC)), self._stamp + 1, floor + 1)
            stamps = {id_: first + n for n, id_ in enumerate(ids)}
            self._stamp = first + len(stamps)
        return stamps

    def _in_chunks(
        self, items: Mapping[str, Sequence[Any]], work: Callable[[Mapping[str, Sequence[Any]]], Mapping[str, Item]]
    ) -> dict[str, Item]:
        done: dict[str, Item] = {}
        for part in self._pool.map(work, _chunks(items)):
            done |= part
        return done


def _by_id(items: Iterable[Item], id_of: Callable[[Item], str]) -> dict[str, list[Item]]:
    grouped: dict[str, list[Item]] = defaultdict(list)
    for item in items:
        grouped[id_of(item)].append(item)
    return grouped


def _chunks(items: Mapping[str, Sequence[Any]]) -> Iterator[dict[str, Sequence[Any]]]:
    """Parts of CHUNK ids, fewer where texts are long, so that a request stays small."""
    chunk: dict[str, Sequence[Any]] = {}
    size = 0
    for id_, some in items.items():
        length = sum(len(getattr(item, "text", "")) for item in some)
        if chunk and (len(chunk) == CHUNK or size + length > _MOST_CHARACTERS):
            yield chunk
            chunk, size = {}, 0
        chunk[id_], size = some, size + length
    if chunk:
        yield chunk


def _whole(value: Any) -> str | int:
    return int(value) if isinstance(value, float) else value
