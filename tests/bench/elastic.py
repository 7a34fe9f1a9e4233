"""Prints what the Elasticsearch store costs beside the client alone: python tests/bench/elastic.py --store URL.

In one run: documents a second of `store.add` beside `helpers.parallel_bulk` with the same documents and mapping, in
turns; milliseconds of `store.search` beside the same query through the client, in turns; bytes a document.  Documents
are those of tests/bench/store.py.  URL is one with a prefix that is used for nothing else: its indices are deleted.
"""

import argparse
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from random import Random
from statistics import median

from elasticsearch import Elasticsearch, helpers
from store import BATCH, QUERIES, START, annotation, document, say, seconds

from monitor.query import Order, Query, parse_query
from monitor.records import Document
from monitor.store.elastic import ElasticStore
from monitor.store.elastic_query import matching, order_of, ranked
from monitor.store.elastic_rows import UNREAD, document_row
from monitor.store.times import to_micros

ROUND = 5_000
TURNS = 20


def main() -> None:
    """Load, ask, and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--store", required=True)
    parser.add_argument("--documents", type=int, default=200_000)
    parser.add_argument(
        "--rounds", type=int, default=12, help=f"of {ROUND} documents each, for the comparison of writing"
    )
    parser.add_argument("--words", type=int, default=50, help="words of a document")
    chosen = parser.parse_args()
    server, _, prefix = chosen.store.rpartition("/")
    with Elasticsearch(server, request_timeout=60) as client:
        forget(client, prefix)
        with ElasticStore(chosen.store) as store:
            compare_writing(store, client, chosen.rounds, chosen.words)
            load(store, chosen.documents, chosen.words)
            compare_searching(store, client)
            compare_annotating(store)
            print_size(store, client)
        forget(client, prefix)


def compare_writing(store: ElasticStore, client: Elasticsearch, rounds: int, words: int) -> None:
    """Print documents a second of both and the ratio of the sums; what warms the node up is not counted.

    Each has indices of its own, which are there before.
    """
    rng = Random(1)
    raw_index = store._cluster.index("documents", "1999.01-000001")
    client.indices.create(index=raw_index)
    raw = ready = ours = 0.0
    for turn in range(rounds + 1):
        documents = [document(rng, words, START) for _ in range(ROUND)]
        rows = [row(d) for d in documents]
        first = seconds(lambda rows=rows: bulk(client, raw_index, rows))
        second = seconds(lambda some=documents: store.add(some))
        others = [document(rng, words, START) for _ in range(ROUND)]
        third = seconds(lambda some=others: bulk(client, raw_index, map(row, some)))
        if turn:
            ready, ours, raw = ready + first, ours + second, raw + third
    client.indices.delete(index=raw_index)
    for name, took in (("parallel_bulk of rows made before", ready), ("parallel_bulk, rows made on the way", raw)):
        say(f"documents a second, {name}", rounds * ROUND / took)
        say(f"percent of it by store.add ({rounds * ROUND} documents of {words} words)", 100 * took / ours)
    say("documents a second, store.add", rounds * ROUND / ours)


def bulk(client: Elasticsearch, index: str, rows: object) -> None:
    """Write the rows as the client's own helper does, four threads and 500 a request unless told."""
    actions = ({"_op_type": "create", "_index": index, "_id": r["id"], "_source": r} for r in rows)  # type: ignore[attr-defined]
    for ok, _ in helpers.parallel_bulk(client, actions):
        assert ok


def row(document: Document) -> dict[str, object]:
    """Return the source of a document as the store writes it."""
    at = to_micros(document.fetched_at)
    return document_row(document, changed=at, arrived=at, annotation=UNREAD)


def load(store: ElasticStore, number: int, words: int) -> None:
    """Fill the store over thirty days."""
    rng = Random(20251101)
    for start in range(0, number, ROUND):
        seen = START + start / number * timedelta(days=30)
        store.add(document(rng, words, seen) for _ in range(min(ROUND, number - start)))


def compare_searching(store: ElasticStore, client: Elasticsearch) -> None:
    """Print milliseconds of both for each question, and the ratio of the sums."""
    index, totals = store._cluster.index("documents"), [0.0, 0.0]
    same = {"index": index, "timeout": "10s", "source_excludes": ["terms"], "allow_partial_search_results": True}
    store.total(Query())
    client.indices.refresh(index=index)
    for name, text in QUERIES.items():
        for order in Order:
            query = replace(parse_query(text), order=order)
            asked = ranked(query) if order is Order.RELEVANCE else matching(query)
            body = {"query": asked, "sort": order_of(query), "size": 21, "track_total_hits": False}
            raw, ours = in_turns(lambda b=body: client.search(**same, **b), lambda q=query: store.search(q, 20))
            totals = [totals[0] + raw, totals[1] + ours]
            say(f"ms, {name}, {order}: the client alone", raw * 1000)
            say(f"ms, {name}, {order}: the store", ours * 1000)
    say("percent, time of the store's searches of the client's", 100 * totals[1] / totals[0])


def in_turns(first: Callable[[], object], second: Callable[[], object]) -> tuple[float, float]:
    """Return the least seconds of both, each done before the other as often as after: what others do is left out."""
    took: tuple[list[float], list[float]] = ([], [])
    for turn in range(TURNS):
        for n in (0, 1) if turn % 2 else (1, 0):
            took[n].append(seconds((first, second)[n]))
    return min(took[0]), min(took[1])


def compare_annotating(store: ElasticStore) -> None:
    """Print documents annotated a second and what the pages of a stage cost."""
    rng = Random(2)
    waiting = store.unannotated("bench", 4 * BATCH)
    labels = [annotation(rng, d) for d in waiting]
    say("documents annotated a second", len(labels) / seconds(lambda: store.annotate(labels)))
    say("ms, 100 of those that wait", 1000 * median(seconds(lambda: store.unannotated("bench", 100)) for _ in range(5)))
    say("ms, 100 arrivals", 1000 * median(seconds(lambda: store.arrivals(None, 100)) for _ in range(5)))


def print_size(store: ElasticStore, client: Elasticsearch) -> None:
    """Print bytes a document, merged, of the documents and of their homes."""
    number = store.total(Query())
    for noun in ("documents", "homes"):
        index = store._cluster.index(noun)
        client.options(request_timeout=600).indices.forcemerge(index=index, max_num_segments=1)
        size = client.indices.stats(index=index, metric="store")["_all"]["primaries"]["store"]["size_in_bytes"]
        say(f"bytes a document, {noun}", size / number)


def forget(client: Elasticsearch, prefix: str) -> None:
    """Delete every index of the prefix."""
    if found := list(client.indices.get(index=f"{prefix}-*", features="aliases")):
        client.indices.delete(index=found)


if __name__ == "__main__":
    main()
