"""Whole documents out of Elasticsearch, as they were at one moment, and into it, for copies."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from monitor.errors import StoreError
from monitor.jsonl import to_dict
from monitor.records import Document
from monitor.store.elastic_birth import began
from monitor.store.elastic_bulk import Action, Fate, write
from monitor.store.elastic_client import Cluster, patiently, spoken
from monitor.store.elastic_homes import home_of, newest_parts
from monitor.store.elastic_reading import ARRIVAL, refresh, rows, walk
from monitor.store.elastic_rows import UNREAD, Present, annotation_of, document_row, present_of, version_of, version_row
from monitor.store.kept import Belonging, Kept
from monitor.store.times import from_micros, to_micros

_MOST_VERSIONS = 1_000_000


def kept(cluster: Cluster, after: tuple[int, str]) -> Iterator[Kept]:
    """Yield what arrived after, in order."""
    refresh(cluster, "documents", "versions")
    with spoken(cluster):
        there = bool(cluster.client.indices.exists_alias(name=cluster.index("documents")))
    for page in walk(cluster, cluster.index("documents"), ARRIVAL, after) if there else ():
        presents = [present_of(row) for row in page]
        earlier = _earlier(cluster, presents)
        for present in presents:
            yield _kept(present, earlier[present.document.id])


def keep(cluster: Cluster, batch: Iterable[Kept]) -> None:
    """Put in documents as they are, replacing those of the same id."""
    some = list(batch)
    ready = newest_parts(cluster)
    months = {one.document.id: home_of(one.document.fetched_at, {}) for one in some}
    homes = patiently(cluster, lambda: began(cluster, months, ready))
    actions = [action for one in some for action in _actions(cluster, one, homes[one.document.id])]
    for action, result in zip(actions, write(cluster, actions), strict=True):
        if result.fate is not Fate.DONE:
            raise StoreError(f"{cluster.name}: {action.where['_index']}: {action.where['_id']}: {result.reason}")


def _earlier(cluster: Cluster, presents: Sequence[Present]) -> dict[str, list[Document]]:
    documents = {p.document.id: p.document for p in presents}
    edited = {"terms": {"document_id": [id_ for id_, d in documents.items() if d.version > 1]}}
    found: dict[str, list[Document]] = defaultdict(list)
    for row in rows(cluster, "versions", edited, [{"document_id": "asc"}, {"version": "asc"}], _MOST_VERSIONS):
        present = documents[row["_source"]["document_id"]]
        if row["_source"]["version"] < present.version:
            found[present.id].append(version_of(row["_source"], present))
    return found


def _kept(present: Present, earlier: Sequence[Document]) -> Kept:
    row = present.annotation[0]
    belonging = Belonging(story_id=row["story_id"], copy_of=row["copy_of"]) if present.was_read else None
    return Kept(
        document=present.document,
        changed_at=from_micros(present.changed),
        arrived=present.arrived,
        earlier=tuple(earlier),
        annotation=annotation_of(present.annotation),
        belonging=belonging,
    )


def _actions(cluster: Cluster, one: Kept, home: str) -> Iterator[Action]:
    id_ = one.document.id
    yield Action("index", {"_index": cluster.index("homes"), "_id": id_, "require_alias": True}, {"home": home})
    for version in one.earlier:
        where = {"_index": cluster.index("versions", home), "_id": f"{id_}-{version.version}"}
        yield Action("index", where, version_row(version, to_micros(version.fetched_at)))
    belonging: dict[str, Any] = to_dict(one.belonging) if one.belonging else {}
    annotation = to_dict(one.annotation) if one.annotation else {}
    row = document_row(
        one.document,
        changed=to_micros(one.changed_at),
        arrived=one.arrived,
        annotation=[UNREAD[0] | annotation | belonging],
    )
    yield Action("index", {"_index": cluster.index("documents", home), "_id": id_}, row)
