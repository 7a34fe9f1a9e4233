"""The spool hands over whole files or none; the state speaks only of what was handed over."""

from datetime import timedelta
from pathlib import Path

import pytest
from conftest import NOW, make_document

from crawlers.gate import Gate
from crawlers.spool import Spool, done, take, whole_files
from crawlers.state import FeedState, HostState, PageState, State, ThreadState
from monitor.errors import StoreUnavailable
from monitor.records import Kind, digest


def page(url: str = "https://bao.example.vn/a", **changes: object) -> PageState:
    usual = {"key": digest(url), "url": url, "marks": {"rss": "m1"}, "first_at": NOW, "fetched_at": NOW}
    return PageState(**{**usual, **changes})  # type: ignore[arg-type]


def test_nothing_is_taken_before_the_file_is_whole(tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    spool.write(make_document(), NOW)
    assert whole_files(tmp_path) == []
    whole = spool.hand_over()
    assert whole_files(tmp_path) == [whole]


def test_documents_come_out_as_they_went_in(tmp_path: Path) -> None:
    written = [make_document("Đường ngập", kind=Kind.COMMENT, voice="ab", parent_id="p", reactions={"reactions": 3})]
    spool = Spool(tmp_path)
    for document in written:
        spool.write(document, NOW)
    path = spool.hand_over()
    assert path
    assert list(take(path, NOW)) == written


def test_a_file_is_full_by_rows_or_by_age(tmp_path: Path) -> None:
    spool = Spool(tmp_path, rows=2, age=timedelta(minutes=1))
    assert not spool.full(NOW)
    spool.write(make_document("a"), NOW)
    assert not spool.full(NOW)
    assert spool.full(NOW + timedelta(minutes=1))
    spool.write(make_document("b"), NOW)
    assert spool.full(NOW)
    spool.discard()


def test_files_come_oldest_first_and_go_when_done(tmp_path: Path) -> None:
    spool, paths = Spool(tmp_path), []
    for minute in (3, 1, 2):
        spool.write(make_document(str(minute)), NOW + timedelta(minutes=minute))
        paths.append(spool.hand_over())
    assert whole_files(tmp_path) == [paths[1], paths[2], paths[0]]
    for path in whole_files(tmp_path):
        done(path)
    assert whole_files(tmp_path) == []


def test_a_torn_file_of_a_killed_crawl_is_dropped(tmp_path: Path) -> None:
    (tmp_path / ".20251103T000000-7.part").write_text('{"title": "Đường ng')
    Spool(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_an_absent_folder_holds_no_files(tmp_path: Path) -> None:
    assert whole_files(tmp_path / "none") == []


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreUnavailable, match="file/spool: cannot be written: Not a directory"):
        Spool(tmp_path / "file" / "spool")


def test_what_is_known_is_remembered_only_after_the_hand_over(tmp_path: Path) -> None:
    state = State(tmp_path / "crawl.jsonl", NOW)
    gate = Gate(Spool(tmp_path / "spool"), state, lambda text, names: text, lambda: NOW)
    gate.accept(make_document())
    gate.remember(page())
    assert State(tmp_path / "crawl.jsonl", NOW).pages == {}
    gate.hand_over()
    assert list(State(tmp_path / "crawl.jsonl", NOW).pages) == [page().key]


def test_every_kind_of_knowledge_comes_back(tmp_path: Path) -> None:
    known = [
        page(outcome="failed", again=True),
        FeedState(key="rss", etag='"1"', pages=("a", "b")),
        ThreadState(key="t", page="t/page-2", last_post=9, latest_at=NOW, read_at=NOW),
        HostState(key="h", delay=2.5, not_before=NOW),
    ]
    State(tmp_path / "s.jsonl", NOW).save(known)
    state = State(tmp_path / "s.jsonl", NOW)
    tables = (state.pages, state.feeds, state.threads, state.hosts)
    assert [next(iter(table.values())) for table in tables] == known  # type: ignore[attr-defined]


def test_a_torn_last_line_is_left_out(tmp_path: Path) -> None:
    State(tmp_path / "s.jsonl", NOW).save([page()])
    with (tmp_path / "s.jsonl").open("ab") as journal:
        journal.write(b'{"kind":"page","key":"x"')
    assert list(State(tmp_path / "s.jsonl", NOW).pages) == [page().key]


def test_old_pages_are_forgotten_unless_a_feed_still_names_them(tmp_path: Path) -> None:
    listed = page("https://bao.example.vn/b")
    State(tmp_path / "s.jsonl", NOW).save([page(), listed, FeedState(key="rss", pages=(listed.key,))])
    assert list(State(tmp_path / "s.jsonl", NOW + timedelta(days=31)).pages) == [listed.key]


def test_a_page_is_due_when_changed_failed_or_of_an_age() -> None:
    assert not page().due("rss", "m1", NOW)
    assert page().due("rss", "m2", NOW)
    assert not page().due("sitemap", "m2", NOW)
    assert page(again=True).due("rss", "m1", NOW)
    assert not page(again=True, fetches=3).due("rss", "m1", NOW)
    six, seven = NOW + timedelta(hours=6), NOW + timedelta(hours=7)
    assert page().due("rss", "m1", six)
    assert not page(fetched_at=six).due("rss", "m1", seven)
    assert page(fetched_at=six).due("rss", "m1", NOW + timedelta(hours=24))
    assert not page(fetches=12).due("rss", "m2", NOW)
