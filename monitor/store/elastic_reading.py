"""Reading Elasticsearch: pages, long walks, and the order in which documents arrive."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import takewhile
from typing import Any

from monitor.errors import StoreUnavailable
from monitor.store import MOST_HITS, Page
from monitor.store.cursor import arrival_cursor, arrival_position
from monitor.store.elastic_client import Cluster, spoken, whole
from monitor.store.elastic_rows import annotation_of, hit_of
from monitor.store.elastic_state import floor_of, set_floor

Body = Mapping[str, Any]

ARRIVAL: tuple[Body, ...] = ({"order.arrived": "asc"}, {"id": "asc"})

_TIMEOUT = "10s"
_PAGE = 500
_KEPT = "5m"


def answer(cluster: Cluster, noun: str, body: Body) -> Body:
    """Return what a search of the noun's indices answers; shards that do not answer are left out, see `is_partial`."""
    where = {"index": cluster.index(noun), "ignore_unavailable": True, "allow_partial_search_results": True}
    return _searched(cluster, {**where, **body})


def rows(
    cluster: Cluster, noun: str, query: Body, sort: Sequence[Body], limit: int, after: Sequence[Any] = ()
) -> Iterator[Body]:
    """Yield up to `limit` hits in the order of `sort`, however many, those after the sort values `after`.

    Raises StoreUnavailable when a part does not answer.
    """
    body = {"query": query, "sort": [*sort], "track_total_hits": False, "seq_no_primary_term": True}
    while limit > 0:
        size = min(limit, MOST_HITS)
        found = whole(cluster, answer(cluster, noun, {**body, "size": size, **_from(after)}))
        yield from (hits := found["hits"]["hits"])
        if len(hits) < size:
            return
        limit, after = limit - size, hits[-1]["sort"]


def walk(
    cluster: Cluster, index: str, sort: Sequence[Body], after: Sequence[Any] = (), size: int = _PAGE
) -> Iterator[list[Body]]:
    """Yield every hit of an index or alias in pages, as they were when the walk began: through a point in time."""
    with spoken(cluster):
        pit = cluster.client.open_point_in_time(index=index, keep_alive=_KEPT)["id"]
    try:
        while True:
            body = {"pit": {"id": pit, "keep_alive": _KEPT}, "sort": [*sort], "track_total_hits": False}
            wanted = {"size": size, "seq_no_primary_term": True, **_from(after)}
            found = whole(cluster, _searched(cluster, {**body, **wanted}))
            pit, hits = found["pit_id"], found["hits"]["hits"]
            if hits:
                yield hits
            if len(hits) < size:
                return
            after = hits[-1]["sort"]
    finally:
        with spoken(cluster):
            cluster.client.close_point_in_time(id=pit)


def refresh(cluster: Cluster, *nouns: str) -> None:
    """Let searches see what was written."""
    indices = [cluster.index(noun) for noun in nouns]
    with spoken(cluster):
        done = cluster.client.indices.refresh(index=indices, ignore_unavailable=True).body
    if done["_shards"]["failed"]:
        raise StoreUnavailable(f"{cluster.name}: a part of the indices does not answer; try again")


def arrivals(cluster: Cluster, after: str | None, limit: int, now: int) -> Page:
    """Return the page of `Store.arrivals`; `now` is not earlier than any arrival that this process stamped.

    A document counts as arrived when its writer stamped it, and can be seen only later.  So the page first says up to
    where it may read, the floor; what is annotated for the first time and lies below the floor then is stamped anew by
    `annotate`.  What was there before the floor was written is seen after the refresh, and stops the page if it is not
    annotated.  So nothing is passed over, however late a writer is.
    """
    last = arrival_position(after)
    before = floor_of(cluster)
    set_floor(cluster, now)
    refresh(cluster, "documents")
    span = {"range": {"order.arrived": {"gte": last[0], "lte": now}}}
    arrived = rows(cluster, "documents", span, ARRIVAL, limit, last)
    found = list(takewhile(lambda row: annotation_of(row["_source"]["annotation"]), arrived))
    position = found[-1]["sort"] if found else last
    set_floor(cluster, max(before, position[0]))
    return Page(hits=tuple(hit_of(row["_source"]) for row in found), after=arrival_cursor(*position))


def _searched(cluster: Cluster, body: Body) -> Body:
    with spoken(cluster):
        found: Body = cluster.client.search(timeout=_TIMEOUT, source_excludes=["terms"], **body).body
    return found


def _from(after: Sequence[Any]) -> Body:
    return {"search_after": [*after]} if after else {}
