"""The SQLite store alone: its file, its errors, its migrations, and several processes at once."""

import multiprocessing
import os
import resource
import signal
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from threading import Thread

import pytest
from conftest import NOW, make_annotation, make_document

from monitor.errors import ConfigError, StoreError, StoreUnavailable
from monitor.query import By, Order, Query, parse_query
from monitor.store import Hit, open_store, sqlite_search
from monitor.store.sqlite import SQLiteStore
from monitor.store.sqlite_schema import MIGRATIONS, applied, connect, migrate

SPAWN = multiprocessing.get_context("spawn")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A store file of one document."""
    with SQLiteStore(str(tmp_path / "store.db")) as store:
        store.add([make_document()])
    return tmp_path / "store.db"


def refusal(work: Callable[[], object], kind: type[StoreError] = StoreError) -> str:
    """Return the one line with which the store refuses the work."""
    with pytest.raises(kind) as caught:
        work()
    assert "\n" not in str(caught.value)
    assert type(caught.value) is kind
    return str(caught.value)


def paged(store: SQLiteStore, query: Query) -> Iterator[Hit]:
    page = store.search(query, 4)
    yield from page.hits
    while page.after:
        page = store.search(query, 4, page.after)
        yield from page.hits


def test_what_was_added_is_there_after_opening_again(path: Path) -> None:
    with open_store(f"sqlite:///{path}") as store:
        assert store.total(Query()) == 1


def test_the_file_is_in_wal_mode_and_syncs_each_batch(path: Path) -> None:
    connection = connect(str(path), 1)
    assert connection.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
    assert connection.execute("PRAGMA synchronous").fetchone()[0] == 2
    connection.close()


def test_a_store_in_memory_needs_no_file() -> None:
    with open_store("sqlite://") as store:
        store.add([make_document()])
        assert store.total(Query()) == 1


@pytest.mark.parametrize("url", ["", "store.db", "mongodb://localhost"])
def test_an_unknown_store_url_is_one_line_of_error(url: str) -> None:
    with pytest.raises(ConfigError, match="use sqlite:///PATH"):
        open_store(url)


@pytest.mark.parametrize("order", list(Order))
@pytest.mark.parametrize("text", ["ngập", "ngập -lụt", "ngập since:2025-10-20", "hiếm", "hiếm until:2025-10-20"])
def test_looking_among_the_newest_first_finds_the_same(
    path: Path, monkeypatch: pytest.MonkeyPatch, text: str, order: Order
) -> None:
    titles = [f"{'hiếm' if n % 17 == 5 else ('Ngập', 'ngap')[n % 2]} {'lụt' if n % 3 else ''} {n}" for n in range(60)]
    query = replace(parse_query(text), order=order)
    with SQLiteStore(str(path)) as store:
        store.add(make_document(t, published_at=NOW - n * 37 % 61 * timedelta(hours=12)) for n, t in enumerate(titles))
        whole = store.search(query, 100).hits
        for window in (1, 7, 30):
            monkeypatch.setattr(sqlite_search, "WINDOW", window)
            assert tuple(paged(store, query)) == whole


def test_a_batch_is_all_or_nothing(path: Path) -> None:
    with SQLiteStore(str(path)) as store:
        refusal(lambda: store.add([make_document("một"), make_document("hai", text="\ud800")]))
        assert store.total(Query()) == 1


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    assert "none/store.db: cannot be opened" in refusal(lambda: SQLiteStore(str(tmp_path / "none" / "store.db")))


def test_a_folder_is_no_store(tmp_path: Path) -> None:
    assert "cannot be opened" in refusal(lambda: SQLiteStore(str(tmp_path)))


def test_a_file_that_is_not_sqlite_is_left_alone(tmp_path: Path) -> None:
    other = tmp_path / "notes.txt"
    other.write_text("Ghi chú " * 500)
    assert "notes.txt: is not a SQLite file" in refusal(lambda: SQLiteStore(str(other)))
    assert other.read_text() == "Ghi chú " * 500


def test_the_sqlite_file_of_another_program_is_left_alone(tmp_path: Path) -> None:
    other = sqlite3.connect(tmp_path / "other.db")
    other.execute("CREATE TABLE films (title TEXT)")
    assert "of another program" in refusal(lambda: SQLiteStore(str(tmp_path / "other.db")))
    assert other.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0] == 1
    other.close()


def test_a_damaged_file_is_one_line_of_error(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[4096 * 2 :] = b"\xff" * (len(data) - 4096 * 2)
    path.write_bytes(data)
    assert "is damaged" in refusal(lambda: SQLiteStore(str(path)).total(Query()))


def test_a_locked_file_is_worth_trying_again(path: Path) -> None:
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with SQLiteStore(str(path), patience=timedelta(milliseconds=20)) as store:
        assert store.total(Query()) == 1
        assert "another process is writing" in refusal(lambda: store.add([make_document("mới")]), StoreUnavailable)
        other.close()
        assert len(store.add([make_document("mới")])) == 1


def test_a_full_disk_is_worth_trying_again_and_loses_nothing(path: Path) -> None:
    with SQLiteStore(str(path)) as store:
        (pages,) = store._connection.execute("PRAGMA page_count").fetchone()
        store._connection.execute(f"PRAGMA max_page_count = {pages}")
        big = [make_document(f"tin {n}", text="ngập " * 2000) for n in range(20)]
        assert "the disk is full" in refusal(lambda: store.add(big), StoreUnavailable)
        store._connection.execute("PRAGMA max_page_count = 1000000")
        assert store.total(Query()) == 1
        store.add(big)
        assert store.total(Query()) == 21


def _add_under_a_limit(path: Path) -> None:
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))
    try:
        with SQLiteStore(str(path)) as store:
            store.add(make_document(f"tin {n}", text="ngập " * 2000) for n in range(50))
    except StoreUnavailable:
        os._exit(7)


def test_a_quota_is_worth_trying_again_and_loses_nothing(path: Path) -> None:
    process = SPAWN.Process(target=_add_under_a_limit, args=(path,))
    process.start()
    process.join()
    assert process.exitcode == 7
    with SQLiteStore(str(path)) as store:
        assert store.total(Query()) == 1


def test_a_file_that_may_not_be_written_says_so(path: Path) -> None:
    with SQLiteStore(str(path)) as store:
        store._connection.execute("PRAGMA query_only = 1")
        assert "may not be written" in refusal(lambda: store.add([make_document("mới")]))
        assert store.total(Query()) == 1


def test_a_closed_store_is_one_line_of_error(path: Path) -> None:
    store = SQLiteStore(str(path))
    store.close()
    assert "store.db: " in refusal(lambda: store.total(Query()))


@pytest.mark.skipif(os.getuid() == 0, reason="root may write everywhere")
def test_a_folder_that_may_not_be_written_says_so(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    assert "cannot be opened" in refusal(lambda: SQLiteStore(str(tmp_path / "store.db")))


def test_a_file_from_the_future_is_refused_in_one_line(path: Path) -> None:
    connection = connect(str(path), 1)
    connection.execute("INSERT INTO migrations VALUES ('thoughts of readers', '2031-01-01')")
    connection.close()
    assert "newer version of langnghe; upgrade langnghe" in refusal(lambda: SQLiteStore(str(path)))


def test_migrations_are_applied_once_in_order(path: Path) -> None:
    connection = connect(str(path), 1)
    more = (*MIGRATIONS, ("add notes", ("CREATE TABLE notes (id TEXT)", "CREATE INDEX notes_id ON notes (id)")))
    migrate(connection, str(path), more)
    migrate(connection, str(path), more)
    assert applied(connection) == [name for name, _ in more]
    connection.close()


def test_a_migration_that_fails_leaves_no_trace(path: Path) -> None:
    connection = connect(str(path), 1)
    with pytest.raises(sqlite3.OperationalError):
        migrate(connection, str(path), (*MIGRATIONS, ("broken", ("CREATE TABLE notes (id TEXT)", "CREATE TABEL x"))))
    assert applied(connection) == [name for name, _ in MIGRATIONS]
    assert not connection.execute("SELECT 1 FROM sqlite_schema WHERE name = 'notes'").fetchone()
    connection.close()


def _work(path: Path, worker: int) -> None:
    with SQLiteStore(str(path)) as store:
        for n in range(20):
            store.add(make_document(f"{name} {n} {m}") for name in ("chung", f"riêng {worker}") for m in range(5))
            store.annotate(map(make_annotation, store.unannotated("m1", 20)))
            store.total(Query(words=("chung",)))


def _run(path: Path, workers: int) -> Iterator[int | None]:
    processes = [SPAWN.Process(target=_work, args=(path, n)) for n in range(workers)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
        yield process.exitcode


def test_several_processes_open_a_new_file_and_write_at_once(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    assert list(_run(path, 4)) == [0] * 4
    with SQLiteStore(str(path)) as store:
        assert store.total(Query()) == 5 * 20 + 4 * 5 * 20
        store.annotate(map(make_annotation, store.unannotated("m1", 1000)))
        arrived = [h.document.id for h in store.arrivals(None, 1000).hits]
    assert len(arrived) == len(set(arrived)) == 500


def test_threads_share_one_store(path: Path) -> None:
    with SQLiteStore(str(path)) as store:
        offers = ([make_document(f"{n} {m}") for m in range(20)] for n in range(5))
        threads = [Thread(target=lambda offer=offer: [store.add([d]) for d in offer]) for offer in offers]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert store.total(Query()) == 101


def _add_until_killed(path: Path, acknowledged: Path) -> None:
    with SQLiteStore(str(path)) as store, acknowledged.open("a") as lines:
        for n in range(100_000):
            store.add(make_document(f"tin {n} {m}") for m in range(3))
            lines.write(f"{n}\n")
            lines.flush()


@pytest.mark.parametrize("seconds", [0.05, 0.2, 0.4])
def test_what_was_acknowledged_survives_a_kill(tmp_path: Path, seconds: float) -> None:
    path, acknowledged = tmp_path / "store.db", tmp_path / "acknowledged"
    process = SPAWN.Process(target=_add_until_killed, args=(path, acknowledged))
    process.start()
    while not (acknowledged.exists() and acknowledged.stat().st_size):
        process.join(0.01)
    process.join(seconds)
    process.kill()
    process.join()
    batches = len(acknowledged.read_text().splitlines())
    with SQLiteStore(str(path)) as store:
        assert store.total(Query()) in (3 * batches, 3 * batches + 3)


def counted(store: SQLiteStore) -> list[object]:
    asked = [Query(), Query(words=("ngập",)), Query(places=("79",)), Query(concern=0.5), Query(without=("ngập",))]
    return [(store.total(query), [store.count(query, by) for by in By]) for query in asked]


def test_counts_follow_what_another_process_writes(path: Path) -> None:
    documents = [make_document(f"Ngập đường {n}", publisher=f"Báo {n % 3}") for n in range(9)]
    with SQLiteStore(str(path)) as reader, SQLiteStore(str(path)) as writer:
        for n, document in enumerate(documents):
            writer.add([document])
            writer.annotate([make_annotation(document, topic=("health", "transport")[n % 2], concern=n / 9)])
            edited = replace(documents[n // 2], title=f"Hết tắc {n}", fetched_at=NOW + timedelta(hours=n + 1))
            writer.add([edited])
            if n % 3 == 0:
                writer.annotate([make_annotation(edited, version=None, places=("79", "01"))])
            with SQLiteStore(str(path)) as fresh:
                assert counted(reader) == counted(fresh) == counted(writer)


def test_counts_know_what_was_indexed_anew(path: Path) -> None:
    with SQLiteStore(str(path)) as store:
        assert store.total(Query(words=("kênh",))) == 1
        store.reindex()
        assert store.total(Query(words=("kênh",))) == 1


@pytest.mark.parametrize("concern", [0.1 + 0.2, 0.3, 1 / 3, 1e-17])
def test_concern_is_compared_to_its_last_digit(path: Path, concern: float) -> None:
    with SQLiteStore(str(path)) as store:
        store.annotate([make_annotation(make_document(), concern=concern)])
        assert store.total(Query(concern=concern)) == 1
        assert store.total(Query(concern=concern + 1e-16)) == (concern + 1e-16 == concern)
