"""A forum of invented posts: what residents write comes in, who they are does not."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from site_on_localhost import Site, crawl, serve, source, sources_file

from crawlers.spool import take, whole_files
from crawlers.threads import page_number, parse_thread, parse_threads, thread_url
from crawlers.voices import daily_key, voice
from monitor.records import VIETNAM, Document, Kind

NOW = datetime(2025, 11, 21, 3, tzinfo=UTC)
START = datetime(2025, 11, 20, 8, tzinfo=VIETNAM)
POST = """<article class="message message--post js-post" data-author="{writer}" data-content="post-{number}">
<h4 class="message-name"><a href="/u/{writer}.9/" class="username" data-user-id="9">{writer}</a></h4>
<header class="message-attribution"><a href="#"><time datetime="{at}">hôm qua</time></a></header>
<div class="message-body"><div class="bbWrapper">{text}</div></div>
<div class="reactionsBar"><a class="reactionsBar-link"><bdi>tran_b</bdi>, <bdi>le_c</bdi> và 3 người khác</a></div>
<aside class="message-signature"><div class="bbWrapper">Chữ ký của {writer}</div></aside></article>"""
QUOTE = """<blockquote class="bbCodeBlock bbCodeBlock--quote"><div>nguyen_a nói:</div>Nước đục từ sáng</blockquote>"""


def post(number: int, text: str, writer: str = "nguyen_a") -> str:
    at = (START + timedelta(hours=number)).isoformat()
    return POST.format(number=number, writer=writer, at=at, text=text)


def thread(*posts: str, following: str = "") -> str:
    link = f'<a class="pageNav-jump pageNav-jump--next" href="{following}">Sau</a>' if following else ""
    title = '<h1 class="p-title-value"><span class="label">Hỏi</span> Nước máy quận nhà có mùi</h1>'
    return f"<html><body>{title}{''.join(posts)}{link}</body></html>"


def threads(latest: int) -> str:
    at = (START + timedelta(hours=latest)).isoformat()
    return f"""<div class="structItem structItem--thread" data-author="nguyen_a"><div class="structItem-title">
      <a class="labelLink" href="/f/x/?prefix_id=1">Hỏi</a><a href="/t/nuoc-may.7/unread">Nước máy</a></div>
      <time class="structItem-latestDate" datetime="{at}">mới</time></div>"""


@pytest.fixture
def forum(tmp_path: Path) -> Iterator[tuple[Site, Path]]:
    with serve() as site:
        site.page("/f/diem-bao.3/", threads(3))
        site.page("/t/nuoc-may.7/", thread(post(1, "Nước có mùi, Nguyễn Văn A gọi 0900000000"), following="page-2"))
        site.page(
            "/t/nuoc-may.7/page-2", thread(post(2, f"{QUOTE}Nhà mình cũng vậy @nguyen_a", "tran_b"), post(3, "😢"))
        )
        keys = {"feeds": [], "kind": '"forum"', "lists": [f"{site.root}/f/diem-bao.3/"]}
        yield site, sources_file(tmp_path, source(site, "dien-dan", **keys))


def spooled(data: Path) -> list[Document]:
    return [d for path in whole_files(data / "spool") for d in take(path, NOW)]


def test_a_thread_is_a_post_and_its_comments(forum: tuple[Site, Path], tmp_path: Path) -> None:
    site, sources = forum
    report = crawl(sources, tmp_path / "data")
    first, answer = spooled(tmp_path / "data")
    assert (first.kind, first.url, first.parent_id) == (Kind.POST, f"{site.root}/t/nuoc-may.7/", None)
    assert (answer.kind, answer.url) == (Kind.COMMENT, f"{site.root}/t/nuoc-may.7/post-2")
    assert answer.parent_id == first.id
    assert first.title == "Nước máy quận nhà có mùi"
    assert first.published_at == START + timedelta(hours=1)
    assert report["outcomes"] == {"no_text": 1}


def test_posts_are_redacted_with_names_and_quotes_and_mentions_cut(forum: tuple[Site, Path], tmp_path: Path) -> None:
    crawl(forum[1], tmp_path / "data")
    texts = [d.text for d in spooled(tmp_path / "data")]
    assert texts == ["Nước có mùi, [tên] gọi [số điện thoại]", "Nhà mình cũng vậy"]


def test_no_handle_is_kept_anywhere(forum: tuple[Site, Path], tmp_path: Path) -> None:
    report = crawl(forum[1], tmp_path / "data")
    kept = b"".join(p.read_bytes() for p in (tmp_path / "data").rglob("*") if p.is_file()) + report["stderr"].encode()
    assert not any(handle in kept for handle in (b"nguyen_a", b"tran_b", b"le_c", b"/u/"))
    assert list((tmp_path / "data" / "archive").iterdir()) == []


def test_voices_differ_by_writer_and_reactions_are_numbers(forum: tuple[Site, Path], tmp_path: Path) -> None:
    crawl(forum[1], tmp_path / "data")
    first, answer = spooled(tmp_path / "data")
    assert first.voice
    assert answer.voice
    assert first.voice != answer.voice
    assert first.reactions == {"reactions": 5}


def test_only_what_was_written_since_is_taken(forum: tuple[Site, Path], tmp_path: Path) -> None:
    site, sources = forum
    crawl(sources, tmp_path / "data")
    site.asked.clear()
    crawl(sources, tmp_path / "data")
    assert site.paths() == ["/f/diem-bao.3/"]
    site.page("/f/diem-bao.3/", threads(4))
    site.page("/t/nuoc-may.7/page-2", thread(post(2, "Cũ", "tran_b"), post(4, "Đã có nước sạch lại", "le_c")))
    crawl(sources, tmp_path / "data")
    assert Counter(site.paths())["/t/nuoc-may.7/"] == 0
    assert [d.text for d in spooled(tmp_path / "data")][2:] == ["Đã có nước sạch lại"]


def test_a_thread_that_robots_txt_disallows_is_not_read(forum: tuple[Site, Path], tmp_path: Path) -> None:
    site, sources = forum
    site.page("/robots.txt", "User-agent: *\nDisallow: /t/\n", "text/plain")
    report = crawl(sources, tmp_path / "data")
    assert site.paths() == ["/f/diem-bao.3/"]
    assert report["outcomes"] == {"disallowed": 1}


def test_a_long_thread_met_for_the_first_time_is_read_at_its_end(forum: tuple[Site, Path], tmp_path: Path) -> None:
    site, sources = forum
    pages = (
        '<ul class="pageNav-main"><li><a href="page-1">1</a></li><li><a href="/t/nuoc-may.7/page-90">90</a></li></ul>'
    )
    site.page("/t/nuoc-may.7/", pages + thread(post(1, "Mở đầu"), following="/t/nuoc-may.7/page-2"))
    site.page("/t/nuoc-may.7/page-90", pages + thread(post(900, "Mới nhất", "le_c")))
    crawl(sources, tmp_path / "data")
    assert site.paths()[1:] == ["/t/nuoc-may.7/", "/t/nuoc-may.7/page-90"]


def test_selectors_of_a_source_win() -> None:
    html = "<div class=row><a class=go href='/chu-de/1'>A</a></div>"
    found = parse_threads(html, "https://d.example.vn/", {"thread": ".row", "thread_link": "a.go"})
    assert [t.url for t in found.threads] == ["https://d.example.vn/chu-de/1"]
    page = parse_thread("<p class=p id=post-5><b>x</b></p>", "", {"post": ".p", "post_text": "b"}, lambda w: w)
    assert [(p.number, p.text, p.voice) for p in page.posts] == [(5, "x", "")]


@pytest.mark.parametrize("place", ["unread", "latest", "page-3", "page-3#post-9", "post-77", "", "#post-9"])
def test_a_place_in_a_thread_is_not_part_of_its_address(place: str) -> None:
    assert thread_url(f"https://d.example.vn/t/nuoc.7/{place}") == "https://d.example.vn/t/nuoc.7/"


def test_page_numbers_are_read_from_addresses() -> None:
    assert (page_number("https://d.example.vn/t/a.7/"), page_number("https://d.example.vn/t/a.7/page-12")) == (1, 12)


def test_the_key_of_voices_lives_one_day_of_viet_nam(tmp_path: Path) -> None:
    path = tmp_path / "voice.key"
    key = daily_key(path, NOW)
    assert daily_key(path, NOW + timedelta(hours=13)) == key
    later = daily_key(path, NOW + timedelta(hours=15))  # past midnight in Viet Nam
    assert later != key
    assert key.hex() not in path.read_text()
    assert path.stat().st_mode & 0o777 == 0o600
    assert voice(key, "nguyen_a") != voice(later, "nguyen_a")
