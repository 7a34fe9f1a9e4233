"""Nodes killed in the middle of ingest: nothing lost, nothing doubled, no manual step."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from random import Random
from threading import Thread

import elastic_node
import pytest
from conftest import NOW, make_annotation, make_document

from monitor.errors import StoreUnavailable
from monitor.query import Query
from monitor.records import Document
from monitor.store import Store
from monitor.store.elastic import ElasticStore

pytestmark = [pytest.mark.elasticsearch, pytest.mark.slow]

# All twenty take minutes: LANGNGHE_KILLS=20.
KILLS = int(os.environ.get("LANGNGHE_KILLS", "2"))


@pytest.fixture(autouse=True)
def _needs_a_node() -> None:
    if lacking := elastic_node.missing():
        pytest.skip(lacking)


def ingest(store: Store, batches: list[list[Document]], acknowledged: list[Document]) -> None:
    """Offer each batch until it is taken, as a spool does."""
    for batch in batches:
        while True:
            try:
                store.add(batch)
            except StoreUnavailable:
                continue
            break
        acknowledged += batch


@contextmanager
def ingesting(url: str, seed: int) -> Iterator[list[list[Document]]]:
    """Batches that a thread puts into the store meanwhile, all of them when the block ends."""
    documents = [make_document(f"tin {seed} {n}", fetched_at=NOW + n % 3 * timedelta(days=31)) for n in range(600)]
    batches = [documents[n : n + 20] for n in range(0, 600, 20)]
    with ElasticStore(url, {}, patience=timedelta(seconds=2)) as store:
        thread = Thread(target=ingest, args=(store, batches, []), daemon=True)
        thread.start()
        yield batches
        thread.join(180)
        assert not thread.is_alive()


def everything_is_there_once(url: str, documents: list[Document]) -> None:
    with ElasticStore(url, {}) as store:
        found = [kept.document for kept in store.kept()]
        assert sorted(d.id for d in found) == sorted(d.id for d in documents)
        while waiting := store.unannotated("m1", 400):
            store.annotate(map(make_annotation, waiting))
        arrived = [hit.document.id for hit in store.arrivals(None, 10_000).hits]
        assert sorted(arrived) == sorted(d.id for d in documents)
        assert store.total(Query()) == len(documents)


def test_a_node_killed_and_restarted_in_the_middle_loses_nothing(tmp_path: Path) -> None:
    with elastic_node.running(tmp_path / "data") as node:
        for seed in range(KILLS):
            url = f"{node.url}/kill{seed}"
            ElasticStore(url, {}).close()
            with ingesting(url, seed) as batches:
                elastic_node.sleep(Random(seed).uniform(0.05, 1.5))
                node.kill()
                node.start()
            everything_is_there_once(url, [d for batch in batches for d in batch])


@pytest.mark.parametrize("seed", range(KILLS if KILLS >= 20 else 1))
def test_one_of_three_nodes_killed_for_good_loses_nothing(tmp_path: Path, seed: int) -> None:
    with elastic_node.three(tmp_path) as nodes:
        url = "http://" + ",".join(f"127.0.0.1:{node.port}" for node in nodes) + "/kill"
        ElasticStore(url, {}).close()
        with ingesting(url, seed) as batches:
            rng = Random(seed)
            elastic_node.sleep(rng.uniform(0.05, 1.5))
            rng.choice(nodes).kill()
        everything_is_there_once(url, [d for batch in batches for d in batch])
