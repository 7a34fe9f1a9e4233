"""Lines in and out: what people bring is read or refused in one line that names file and line."""

import gzip
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from conftest import NOW, make_annotation, make_document, make_issue
from hypothesis import given
from hypothesis import strategies as st

from monitor import jsonl
from monitor.errors import InputError
from monitor.jsonl import document_of, from_dict, read_documents, read_lines, to_dict, to_line
from monitor.records import Annotation, Answer, Case, Document, Issue, Kind

TIMES = st.datetimes(timezones=st.just(UTC))
TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
DOCUMENTS = st.builds(
    Document,
    id=TEXTS,
    url=TEXTS,
    title=TEXTS,
    text=TEXTS,
    published_at=TIMES,
    fetched_at=TIMES,
    reactions=st.dictionaries(TEXTS, st.integers(0, 1 << 40)),
    version=st.integers(1, 99),
)


def write(path: Path, *lines: str | bytes) -> Path:
    data = b"".join((line.encode() if isinstance(line, str) else line) + b"\n" for line in lines)
    path.write_bytes(gzip.compress(data) if path.suffix == ".gz" else data)
    return path


@given(DOCUMENTS)
def test_a_document_comes_back_from_its_line(document: Document) -> None:
    assert from_dict(Document, json.loads(to_line(document))) == document


def test_records_within_records_come_back() -> None:
    answer = Answer(at=NOW, text="Đã nạo vét", final=True)
    case = Case(id="c", issue_id="i", agency="Sở Xây dựng", sent_at=NOW, due_at=NOW, answers=(answer,))
    assert from_dict(Case, json.loads(to_line(case))) == case


def test_annotations_and_issues_come_back() -> None:
    annotation, issue = make_annotation(make_document()), make_issue()
    assert from_dict(Annotation, json.loads(to_line(annotation))) == annotation
    assert from_dict(Issue, json.loads(to_line(issue))) == issue


def test_a_spooled_document_comes_back_as_it_was() -> None:
    document = make_document(id="0123456789abcdef", voice="v", parent_id="p", reactions={"like": 3}, version=2)
    assert document_of(to_dict(document), NOW) == document


def test_one_of_title_and_text_is_enough() -> None:
    document = document_of({"text": "Nước máy đục cả tuần"}, NOW)
    assert (document.kind, document.published_at, document.source_id) == (Kind.ARTICLE, NOW, "unknown")


def test_other_names_of_fields_are_understood() -> None:
    line = {"title": "t", "summary": "s", "source": "bao-a", "first_seen_at": "2025-11-03T09:30:00+07:00"}
    document = document_of(line, NOW.replace(year=2020))
    assert (document.lead, document.source_id, document.publisher) == ("s", "bao-a", "bao-a")
    assert document.fetched_at == document.published_at == NOW


def test_a_line_with_context_is_a_comment_under_that_title() -> None:
    document = document_of({"context": "Cấm đường", "text": "Kẹt xe quá"}, NOW)
    assert (document.kind, document.title, document.text) == (Kind.COMMENT, "Cấm đường", "Kẹt xe quá")


def test_a_time_without_offset_is_of_viet_nam() -> None:
    assert document_of({"title": "t", "published_at": "2025-11-03 09:30"}, NOW).published_at == NOW


def test_an_id_of_the_file_is_not_an_id_of_the_document() -> None:
    first, second = (document_of({"id": "7", "title": title}, NOW) for title in ("một", "hai"))
    assert len({"7", first.id, second.id}) == 3


def test_surrogates_and_bytes_that_are_not_utf8_are_taken(tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", r'{"title": "ng\ud800ập"}', b'{"title": "l\xffut"}')
    titles = [d.title for d in read_documents(path, NOW)]
    assert titles == ["ng ập", "l\ufffdut"]


def test_a_line_of_a_megabyte_is_taken(tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl.gz", json.dumps({"text": "ngập " * 250_000}))
    assert len(next(read_documents(path, NOW)).text) == 1_250_000


def test_a_line_without_end_is_refused_before_it_fills_the_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jsonl, "LONGEST", 1 << 20)
    path = write(tmp_path / "bomb.jsonl.gz", b"x" * (2 << 20))
    with pytest.raises(InputError, match=r"bomb\.jsonl\.gz, line 1: longer than 1 MB"):
        list(read_lines(path))


def test_blank_lines_are_skipped_and_counted(tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", "", '{"title": "t"}', "  ", '{"text": "x"}')
    assert [number for number, _ in read_lines(path)] == [2, 4]


@pytest.mark.parametrize(
    "line",
    [
        "[1, 2]",
        '"text"',
        "{",
        "null",
        "[" * 100_000,
        b"\x00\xff",
        "{}",
        '{"title": 3}',
        '{"title": "t", "published_at": 5}',
        '{"title": "t", "published_at": "hôm qua"}',
        '{"title": "t", "published_at": "0001-01-01T00:00:00"}',
        '{"title": "t", "kind": "tweet"}',
        '{"title": "t", "kind": {}}',
        '{"title": "t", "reactions": [1]}',
        '{"title": "t", "reactions": {"like": "3"}}',
        '{"title": "t", "version": "two"}',
        '{"title": "t", "version": 1e400}',
        '{"title": "t", "sections": {"a": 1}}',
        '{"title": "t", "parent_id": 3}',
    ],
)
def test_a_bad_line_is_one_line_of_error_with_file_and_number(tmp_path: Path, line: str | bytes) -> None:
    path = write(tmp_path / "bad.jsonl", '{"title": "t"}', line)
    with pytest.raises(InputError, match=r"bad\.jsonl, line 2: .+") as caught:
        list(read_documents(path, NOW))
    assert "\n" not in str(caught.value)


def _whole() -> bytes:
    return gzip.compress(b"".join(to_line(make_document(str(n))).encode() + b"\n" for n in range(500)))


@pytest.mark.parametrize("damage", [lambda b: b[:-30], lambda b: b[:200] + b"\xff" * 40 + b[240:], lambda b: b"{}" + b])
def test_a_damaged_gzip_is_one_line_of_error(tmp_path: Path, damage: Any) -> None:
    path = tmp_path / "torn.jsonl.gz"
    path.write_bytes(damage(_whole()))
    with pytest.raises(InputError, match=r"torn\.jsonl\.gz") as caught:
        list(read_documents(path, datetime.now(UTC)))
    assert "\n" not in str(caught.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"none\.jsonl: cannot be read after line 0: No such file"):
        list(read_lines(tmp_path / "none.jsonl"))
