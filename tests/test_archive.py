"""Pages in WARC: as received, without cookies, whole records only."""

from pathlib import Path

import pytest
from conftest import NOW
from scrapy.http import HtmlResponse, Response
from site_on_localhost import ARTICLE, SENTENCES
from warcio.archiveiterator import ArchiveIterator

from crawlers.archive import Archive, documents_in, read_archive
from monitor.errors import InputError
from monitor.records import Document, Outcome, Source, SourceKind

HTML = "<p>Nước máy có mùi lạ</p>".encode()


def answer(name: str = "a", body: bytes = HTML) -> Response:
    headers = {
        "Content-Type": "text/html; charset=utf-8",
        "Set-Cookie": "khach=1",
        "ETag": '"1"',
        "Content-Length": "9",
    }
    return HtmlResponse(f"https://bao.example.vn/{name}", headers=headers, body=body)


def files(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.warc.gz"))


def test_a_page_is_read_back_as_it_was_received(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    archive.write(answer(), NOW)
    archive.close()
    [page] = read_archive(files(tmp_path)[0])
    assert (page.url, page.body) == ("https://bao.example.vn/a", HTML)
    assert (page.content_type, page.fetched_at) == ("text/html; charset=utf-8", NOW)


def test_cookies_are_left_out(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    archive.write(answer(), NOW)
    archive.close()
    with files(tmp_path)[0].open("rb") as file:
        headers = next(r.http_headers.headers for r in ArchiveIterator(file) if r.rec_type == "response")
    assert dict(headers) == {
        "Content-Type": "text/html; charset=utf-8",
        "Etag": '"1"',
        "Content-Length": str(len(HTML)),
    }


def test_an_archive_begins_a_new_file_when_one_is_large(tmp_path: Path) -> None:
    archive = Archive(tmp_path, size=1)
    for name in "abc":
        archive.write(answer(name), NOW.replace(microsecond=ord(name)))
    assert len(files(tmp_path)) == 3


def test_a_file_that_is_growing_is_not_seen(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    archive.write(answer(), NOW)
    assert files(tmp_path) == []
    archive.close()
    assert len(files(tmp_path)) == 1


def test_the_whole_records_of_a_killed_crawl_are_kept(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    archive.write(answer("a"), NOW)
    archive.write(answer("b"), NOW)
    archive.close()
    [whole] = files(tmp_path)
    (tmp_path / f".{whole.name}.part").write_bytes(whole.read_bytes()[:-20])
    whole.unlink()
    Archive(tmp_path)
    assert [p.url for p in read_archive(whole)] == ["https://bao.example.vn/a"]


def test_archived_pages_become_documents_of_their_source_redacted(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    text = f"<p>{SENTENCES}</p><p>Gọi 0900000000</p><p>{SENTENCES}</p>"
    archive.write(
        answer("a", ARTICLE.format(title="Nước máy có mùi lạ", lead="", text=text).encode()), NOW.replace(day=22)
    )
    archive.write(answer("b", b"<p>"), NOW.replace(day=22))
    archive.close()
    bao = Source(id="bao", name="Báo", home="https://bao.example.vn", kind=SourceKind.NEWS, publisher="Báo A")
    found, refused = documents_in(files(tmp_path)[0], [bao], lambda text, names: text.replace("0900000000", "[số]"))
    assert isinstance(found, Document)
    assert (found.publisher, "[số]" in found.text, "0900000000" in found.text) == ("Báo A", True, False)
    assert refused is Outcome.NO_TEXT


def test_a_file_that_is_no_archive_is_named(tmp_path: Path) -> None:
    path = tmp_path / "x.warc.gz"
    path.write_bytes(b"Khong phai WARC\n")
    with pytest.raises(InputError, match=r"x\.warc\.gz: cannot be read as WARC"):
        list(read_archive(path))
