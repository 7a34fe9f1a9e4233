"""The Elasticsearch store alone: homes, arrivals, migrations, and what goes wrong with a cluster."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from conftest import NOW, make_annotation, make_document, make_issue
from elasticsearch import Elasticsearch
from proxy import Proxy, proxy

from monitor.errors import ConfigError, StoreError, StoreUnavailable
from monitor.query import Order, Query, parse_query
from monitor.records import Outcome
from monitor.store import Store, open_store
from monitor.store.elastic import ElasticStore
from monitor.store.elastic_client import connect
from monitor.store.elastic_documents import LONGEST_TEXT, add_documents
from monitor.store.elastic_homes import homes_of
from monitor.store.elastic_setup import setup
from monitor.store.upkeep import migrate

pytestmark = pytest.mark.elasticsearch

HOUR = timedelta(hours=1)
MONTH = timedelta(days=31)
SOON = timedelta(seconds=1)


@pytest.fixture
def store(elastic_url: str) -> Iterator[ElasticStore]:
    with ElasticStore(elastic_url, {}, patience=SOON) as opened:
        yield opened


@pytest.fixture
def node(elastic_server: str) -> Iterator[Elasticsearch]:
    with Elasticsearch(elastic_server, request_timeout=60) as client:
        yield client


@pytest.fixture
def between(elastic_server: str) -> Iterator[Proxy]:
    with proxy(elastic_server) as made:
        yield made


@pytest.fixture
def disturbed(between: Proxy, elastic_url: str) -> Iterator[ElasticStore]:
    """A store behind a proxy that may lose answers."""
    prefix = elastic_url.rpartition("/")[2]
    with ElasticStore(f"http://127.0.0.1:{between.port}/{prefix}", {}, patience=3 * SOON) as opened:
        yield opened


def refusal(work: Callable[[], object], kind: type[Exception] = StoreError) -> str:
    """Return the one line with which the store refuses the work."""
    with pytest.raises(kind) as caught:
        work()
    assert type(caught.value) is kind
    assert "\n" not in str(caught.value)
    return str(caught.value)


def late_add(store: ElasticStore, title: str, stamp: int) -> None:
    """Add as a writer that stamped the document long before Elasticsearch took it."""
    document = make_document(title)
    add_documents(store._cluster, {document.id: [document]}, {document.id: stamp}, {})


def once(between: Proxy, fault: int | str, part: str = "_bulk", after: int = 0) -> None:
    """Let the fault befall one request."""
    left = [None] * after + [fault]
    between.fault = lambda method, path: left.pop(0) if left and part in path else None


def test_a_document_has_one_home_for_ever(store: ElasticStore, node: Elasticsearch) -> None:
    document = make_document(fetched_at=NOW)
    store.add([document])
    (added,) = store.add([replace(document, text="Đã sửa", fetched_at=NOW + MONTH)])
    assert added.outcome is Outcome.UPDATED
    node.indices.refresh(index=store._cluster.index("documents"))
    found = node.search(index=store._cluster.index("documents"))["hits"]["hits"]
    assert [(hit["_index"], hit["_id"]) for hit in found] == [
        (store._cluster.index("documents", "2025.11-000001"), document.id)
    ]


def test_months_are_months_of_viet_nam(store: ElasticStore) -> None:
    late = make_document(fetched_at=NOW.replace(month=11, day=30, hour=17))
    store.add([late])
    assert homes_of(store._cluster, [late.id]) == {late.id: "2025.12-000001"}


def test_writers_that_see_a_document_first_in_two_months_make_one(elastic_url: str, node: Elasticsearch) -> None:
    documents = [make_document(f"tin {n}") for n in range(40)]

    def offer(month: int) -> list[Outcome]:
        with open_store(elastic_url) as opened:
            return [a.outcome for d in documents for a in opened.add([replace(d, fetched_at=NOW + month * MONTH)])]

    with ThreadPoolExecutor(4) as pool:
        outcomes = [outcome for some in pool.map(offer, range(4)) for outcome in some]
    node.indices.refresh()
    with open_store(elastic_url) as opened:
        assert opened.total(Query()) == 40
    assert outcomes.count(Outcome.STORED) == 40


def test_a_killed_writer_that_left_a_home_alone_loses_nothing(store: ElasticStore) -> None:
    document = make_document()
    index = store._cluster.index("homes")
    store._cluster.client.index(index=index, id=document.id, document={"home": "2025.09-000001"})
    assert store.add([document])[0].outcome is Outcome.STORED
    assert store.get(document.id)


@pytest.mark.parametrize("after", range(2))
def test_an_answer_that_was_lost_counts_nothing_twice(between: Proxy, disturbed: ElasticStore, after: int) -> None:
    documents = [make_document(f"tin {n}") for n in range(3)]
    once(between, "cut", after=after)
    assert [a.outcome for a in disturbed.add(documents)] == [Outcome.STORED] * 3
    assert disturbed.total(Query()) == 3


@pytest.mark.parametrize("after", range(3))
def test_an_edit_whose_answer_was_lost_is_one_edit(between: Proxy, disturbed: ElasticStore, after: int) -> None:
    document = make_document()
    disturbed.add([document])
    once(between, "cut", after=after)
    (added,) = disturbed.add([replace(document, text="Đã sửa")])
    assert (added.outcome, added.document.version) == (Outcome.UPDATED, 2)
    assert [d.version for d in disturbed.versions(document.id)] == [1, 2]


@pytest.mark.parametrize("fault", [429, 503, "cut"])
def test_a_busy_cluster_is_asked_again(between: Proxy, disturbed: ElasticStore, fault: int | str) -> None:
    document = make_document()
    once(between, fault)
    disturbed.add([document])
    once(between, fault)
    disturbed.annotate([make_annotation(document)])
    hit = disturbed.get(document.id)
    assert hit is not None
    assert hit.annotation == make_annotation(document)


def test_a_cluster_that_stays_busy_is_worth_trying_again_later(between: Proxy, disturbed: ElasticStore) -> None:
    between.fault = lambda method, path: 429 if "_bulk" in path else None
    assert "too busy" in refusal(lambda: disturbed.add([make_document()]), StoreUnavailable)
    between.fault = lambda method, path: None
    assert disturbed.add([make_document()])[0].outcome is Outcome.STORED


def test_a_cluster_that_does_not_answer_is_worth_trying_again_later() -> None:
    assert "does not answer" in refusal(lambda: open_store("http://127.0.0.1:9"), StoreUnavailable)


def test_what_is_no_elasticsearch_says_so() -> None:
    from http.server import BaseHTTPRequestHandler, HTTPServer
    from threading import Thread

    with HTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler) as server:
        Thread(target=server.handle_request, daemon=True).start()
        assert "Elasticsearch" in refusal(lambda: open_store(f"http://127.0.0.1:{server.server_address[1]}"))


@pytest.mark.parametrize("block", ["read_only_allow_delete", "write"])
def test_a_full_disk_stops_writing_and_loses_nothing(store: ElasticStore, node: Elasticsearch, block: str) -> None:
    documents = [make_document(f"tin {n}") for n in range(4)]
    store.add(documents[:2])
    every = f"{store._cluster.prefix}-*"
    node.indices.put_settings(index=every, settings={f"index.blocks.{block}": True})
    try:
        assert "may only be read" in refusal(lambda: store.add(documents), StoreUnavailable)
        assert "may only be read" in refusal(lambda: store.save_state("watch", b""), StoreUnavailable)
        assert store.total(Query()) == 2
        assert any("may only be read" in line for line in store.check())
    finally:
        node.indices.put_settings(index=every, settings={f"index.blocks.{block}": None})
    store.add(documents)
    assert store.total(Query()) == 4


def test_a_document_that_is_refused_is_set_aside_and_named(store: ElasticStore) -> None:
    huge = make_document("lớn", version=1 << 63)
    outcomes = [a.outcome for a in store.add([make_document("một"), huge, make_document("hai")])]
    assert outcomes == [Outcome.STORED, Outcome.FAILED, Outcome.STORED]
    assert any("1 documents were not kept" in line for line in store.check())
    assert store.total(Query()) == 2


def test_a_document_too_long_to_be_sent_is_set_aside(store: ElasticStore) -> None:
    long = make_document("dài", text="ngập " * (LONGEST_TEXT // 5 + 1))
    assert [a.outcome for a in store.add([long, make_document()])] == [Outcome.FAILED, Outcome.STORED]


def test_half_of_a_surrogate_pair_is_one_line_of_error(store: ElasticStore) -> None:
    assert "surrogate" in refusal(lambda: store.add([make_document(text="\ud800")]))


def test_a_document_that_lands_late_is_still_read(store: ElasticStore) -> None:
    first, second = make_document("một"), make_document("hai")
    store.add([first])
    stamp = store._now()
    store.add([second])
    store.annotate([make_annotation(first), make_annotation(second)])
    page = store.arrivals(None, 10)
    late_add(store, "trễ", stamp)
    assert store.arrivals(page.after, 10).hits == ()
    store.annotate(map(make_annotation, store.unannotated("m1", 10)))
    rest = store.arrivals(page.after, 10)
    assert [h.document.title for h in rest.hits] == ["trễ"]
    assert store.arrivals(rest.after, 10).hits == ()


def test_a_new_model_lets_no_document_arrive_again(store: ElasticStore) -> None:
    document = make_document()
    store.add([document])
    store.annotate([make_annotation(document)])
    page = store.arrivals(None, 10)
    store.add([replace(document, text="Đã sửa")])
    store.annotate([make_annotation(document, model="m2")])
    assert store.arrivals(page.after, 10).hits == ()


def test_an_issue_that_somebody_else_changed_is_not_written_over(store: ElasticStore, elastic_url: str) -> None:
    store.save_issues([make_issue()])
    with open_store(elastic_url) as other:
        assert store.issue("i1") == other.issue("i1")
        other.save_issues([make_issue(score=9.0)])
    assert "another process changed issue i1" in refusal(
        lambda: store.save_issues([make_issue(score=1.0)]), StoreUnavailable
    )
    assert store.issue("i1") == make_issue(score=9.0)
    store.save_issues([make_issue(score=1.0)])
    assert store.issue("i1") == make_issue(score=1.0)


def test_a_part_that_does_not_answer_shows(store: ElasticStore, node: Elasticsearch) -> None:
    store.add([make_document()])
    lost = store._cluster.index("documents", "2019.01-000001")
    settings = {"index.routing.allocation.require._name": "nowhere"}
    assert store.total(Query()) == 1
    alias = {store._cluster.index("documents"): {}}
    node.indices.create(index=lost, settings=settings, aliases=alias, wait_for_active_shards="0")
    try:
        page = store.search(Query(), 10)
        assert (len(page.hits), page.partial) == (1, True)
        assert "does not answer" in refusal(lambda: store.total(Query()), StoreUnavailable)
        assert "does not answer" in refusal(lambda: store.unannotated("m1", 10), StoreUnavailable)
    finally:
        node.indices.delete(index=lost)


def test_words_longer_than_any_token_are_found_whole(store: ElasticStore) -> None:
    store.add([make_document("a" * 300), make_document("a" * 299)])
    assert store.total(Query(words=("a" * 300,))) == 1
    assert store.total(Query(words=("a" * 255,))) == 0


def test_no_field_but_ours_is_taken(store: ElasticStore, node: Elasticsearch) -> None:
    where = store._cluster.index("documents", "2025.11-000001")
    answer = node.bulk(operations=[{"index": {"_index": where, "_id": "x"}}, {"author": "ai đó"}])
    assert answer["items"][0]["index"]["error"]["type"] == "strict_dynamic_mapping_exception"


def test_setting_up_again_changes_nothing(new_elastic_url: str) -> None:
    with open_store(new_elastic_url) as opened:
        opened.add([make_document()])
        assert not any("made" in line for line in setup(connect(new_elastic_url, {})))
        assert opened.total(Query()) == 1


def test_a_month_that_grew_too_large_goes_on_in_a_next_index(new_elastic_url: str) -> None:
    first, second = make_document("một"), make_document("hai")
    with ElasticStore(new_elastic_url, {}) as opened:
        opened.add([first])
        setup(opened._cluster, largest=0)
        opened.add([replace(first, text="Đã sửa"), second])
        homes = {
            id_: opened._cluster.client.get(index=opened._cluster.index("homes"), id=id_)["_source"]["home"]
            for id_ in (first.id, second.id)
        }
        assert (homes[first.id], homes[second.id]) == ("2025.11-000001", "2025.11-000002")
        assert opened.total(Query()) == 2


def age(url: str, version: int) -> None:
    """Let the store look as if another version of the mappings had made it."""
    cluster = connect(url, {})
    cluster.client.indices.put_mapping(index=f"{cluster.prefix}-*", meta={"version": version})
    cluster.client.close()


def test_a_store_of_a_newer_version_is_refused(new_elastic_url: str) -> None:
    open_store(new_elastic_url).close()
    age(new_elastic_url, 99)
    assert "upgrade langnghe" in refusal(lambda: open_store(new_elastic_url))


def filled(url: str) -> tuple[Store, object]:
    opened = open_store(url)
    opened.add([make_document(f"Ngập {n}", fetched_at=NOW + n * MONTH) for n in range(3)])
    opened.annotate(map(make_annotation, opened.unannotated("m1", 10)))
    opened.add([make_document("Ngập 0", text="Đã sửa", fetched_at=NOW + HOUR)])
    opened.save_issues([make_issue()])
    opened.save_state("watch", b"x")
    return opened, answers(opened)


def answers(store: Store) -> object:
    hits = store.search(replace(parse_query("ngập"), order=Order.RELEVANCE), 10).hits
    return hits, store.versions(hits[0].document.id), store.issues(), store.state("watch"), store.unannotated("m1", 9)


def test_migrating_keeps_every_answer_and_readers_go_on(new_elastic_url: str) -> None:
    opened, before = filled(new_elastic_url)
    age(new_elastic_url, 0)
    assert "run langnghe store migrate" in refusal(lambda: open_store(new_elastic_url))
    seen = []
    done = migrate(new_elastic_url, lambda n: seen.append(opened.total(Query())), {})
    assert set(seen) == {3}
    assert len(done) > 7
    with open_store(new_elastic_url) as again:
        assert answers(again) == before
        again.add([make_document("Ngập 2", text="Đã sửa", fetched_at=NOW + 3 * MONTH), make_document("mới")])
        assert again.total(Query()) == 4
    opened.close()


def test_a_migration_that_was_broken_off_goes_on(new_elastic_url: str) -> None:
    opened, before = filled(new_elastic_url)
    age(new_elastic_url, 0)

    def stop(number: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        migrate(new_elastic_url, stop, {})
    assert opened.total(Query()) == 3
    migrate(new_elastic_url, lambda n: None, {})
    assert answers(opened) == before
    opened.close()


def test_migrating_twice_is_migrating_once(new_elastic_url: str) -> None:
    opened, before = filled(new_elastic_url)
    for _ in range(2):
        age(new_elastic_url, 0)
        migrate(new_elastic_url, lambda n: None, {})
    assert answers(opened) == before
    assert not any("written anew" in line for line in migrate(new_elastic_url, lambda n: None, {}))
    opened.close()


@pytest.mark.parametrize("url", ["http://", "http://a:9200/Über", "http://a:9200/x?y=1", "https://u:p@a:9200"])
def test_a_url_that_cannot_be_is_one_line_of_error(url: str) -> None:
    assert "store URL" in refusal(lambda: open_store(url), ConfigError)
