"""Copies from one store to another, reindexing, checks: over both stores."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from conftest import NOW, make_annotation, make_document, make_issue
from typer.testing import CliRunner

from cli_store import app
from monitor.errors import StoreError
from monitor.query import By, Order, Query, parse_query
from monitor.records import Level
from monitor.store import Store, open_store
from monitor.store.copy import copy
from monitor.store.kept import fingerprint

HOUR = timedelta(hours=1)
DAYS = 24 * HOUR


def fill(store: Store, number: int = 30) -> None:
    """Documents of three months: some edited, some annotated, one in a story and edited since."""
    documents = [make_document(f"Ngập {n}", text="nước lên", fetched_at=NOW + 3 * n * DAYS) for n in range(number)]
    store.add(documents)
    store.annotate(make_annotation(d, story_id="s1" if d is documents[2] else None) for d in documents[:20])
    edits = (replace(d, text="nước rút", fetched_at=d.fetched_at + 40 * DAYS) for d in documents[::2])
    store.add(edits)
    store.annotate(make_annotation(d, version=2, model="m2") for d in documents[10:20])
    store.save_issues([make_issue(), make_issue(id="i2", level=Level.CLOSED)])
    store.save_state("watch", store.arrivals(None, 1).after.encode())  # type: ignore[union-attr]


def answers(store: Store) -> list[object]:
    """What an office asks."""
    queries = [Query(), parse_query("nước rút"), parse_query('"nước lên" topic:environment')]
    counts = [store.count(q, by) for q in queries for by in By]
    hits = [store.search(replace(q, order=order), 100).hits for q in queries for order in Order]
    waiting = [store.unannotated(model, 100) for model in ("m1", "m2")]
    return [counts, hits, waiting, store.issues(), store.versions(hits[0][0].document.id)]


@pytest.fixture
def other_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/other.db"


@pytest.fixture
def other(other_url: str) -> Iterator[Store]:
    with open_store(other_url) as opened:
        yield opened


def test_a_copy_answers_as_the_store_it_was_copied_from(store: Store, other: Store) -> None:
    fill(other)
    copied = copy(other, store)
    assert (copied.documents, copied.issues, copied.states) == (30, 2, 1)
    assert answers(store) == answers(other)


def test_a_copy_and_back_answers_the_same(store: Store, other: Store) -> None:
    fill(store)
    copied = copy(store, other)
    assert copied.digest == fingerprint(store.kept())[1]
    assert answers(store) == answers(other)


def test_who_reads_arrivals_goes_on_in_the_copy_where_it_was(store: Store, other: Store) -> None:
    fill(other)
    cursor = other.state("watch").decode()  # type: ignore[union-attr]
    copy(other, store)
    assert store.arrivals(cursor, 100).hits == other.arrivals(cursor, 100).hits


def test_what_arrives_after_a_copy_comes_after_what_was_copied(store: Store, other: Store) -> None:
    other.add([make_document(f"cũ {n}") for n in range(3)])
    copy(other, store)
    store.add([make_document("mới")])
    assert [d.title for d in store.unannotated("m1", 10)] == ["cũ 0", "cũ 1", "cũ 2", "mới"]


def test_a_copy_that_was_broken_off_goes_on(store: Store, other: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(other)
    monkeypatch.setattr("monitor.store.copy.BATCH", 7)

    def stop(number: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        copy(other, store, stop)
    copied: list[int] = []
    copy(other, store, copied.append)
    assert sum(copied) == 23
    assert answers(store) == answers(other)


def test_a_copy_into_a_store_with_documents_is_refused(store: Store, other: Store) -> None:
    fill(other)
    store.add([make_document()])
    with pytest.raises(StoreError, match="is not empty"):
        copy(other, store)


def test_a_copy_while_a_writer_goes_on_is_found_out(store: Store, other: Store) -> None:
    other.add([make_document()])
    with pytest.raises(StoreError, match="stop the writers"):
        copy(other, store, lambda n: other.add([make_document("mới")]) and None)


def test_reindexing_changes_no_answer(store: Store) -> None:
    fill(store)
    before = answers(store)
    assert store.reindex()
    assert answers(store) == before
    store.add([make_document("Mới")])
    assert store.total(Query()) == 31


def test_a_store_that_is_well_has_nothing_to_say(store: Store) -> None:
    fill(store, 3)
    assert store.check() == []


def test_the_commands_do_it_from_outside(sqlite_url: str, other_url: str) -> None:
    with open_store(sqlite_url) as opened:
        fill(opened, 5)
    run = CliRunner()
    assert run.invoke(app, ["copy", sqlite_url, other_url]).stdout.startswith("documents: 5\nissues: 2\nstates: 1\n")
    for command in ("setup", "check", "migrate", "reindex"):
        assert run.invoke(app, [command, "--store", other_url, "--json"]).exit_code == 0
