"""Reading Elasticsearch: one answer, the first of many, or all there is."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from monitor.errors import StoreUnavailable
from monitor.store import MOST_HITS
from monitor.store.elastic_client import Cluster, spoken, whole

Body = Mapping[str, Any]

ARRIVAL: tuple[Body, ...] = ({"order.arrived": "asc"}, {"id": "asc"})

_TIMEOUT = "10s"
_PAGE = 500
_KEPT = "5m"
_REFRESHED = 5.0


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
    """Let searches see what was written.  Raises StoreUnavailable when a shard does not answer."""
    indices = [cluster.index(noun) for noun in nouns]
    with spoken(cluster):
        client = cluster.client.options(request_timeout=_REFRESHED)
        done = client.indices.refresh(index=indices, ignore_unavailable=True).body
    if done["_shards"]["failed"]:
        raise StoreUnavailable(f"{cluster.name}: a part of the indices does not answer; try again")


def _searched(cluster: Cluster, body: Body) -> Body:
    with spoken(cluster):
        found: Body = cluster.client.search(timeout=_TIMEOUT, source_excludes=["terms"], **body).body
    return found


def _from(after: Sequence[Any]) -> Body:
    return {"search_after": [*after]} if after else {}
