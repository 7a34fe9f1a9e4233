"""A real crawl of a real site on localhost; the site's own log is the witness."""

import gzip
import json
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from site_on_localhost import ARTICLE, CRAWL, SENTENCES, Site, crawl, serve, source, sources_file

from crawlers.archive import read_archive
from crawlers.crawl import user_agent
from crawlers.sources import load
from crawlers.spool import take, whole_files
from monitor.errors import ConfigError
from monitor.records import Document

NOW = datetime(2025, 11, 21, tzinfo=UTC)


@pytest.fixture
def site() -> Iterator[Site]:
    with serve() as running:
        yield running


def spooled(data: Path) -> list[Document]:
    return [d for path in whole_files(data / "spool") for d in take(path, NOW)]


def newsroom(site: Site, count: int = 3) -> list[str]:
    paths = [f"/tin/bai-{n}.html" for n in range(count)]
    for n, path in enumerate(paths):
        site.article(path, f"Nước máy có mùi lạ, ngày thứ {n}", f"Bà con gọi 0900000000 lần {n}.")
    site.rss("/rss", *(site.root + p for p in paths))
    return paths


def gaps(site: Site) -> list[float]:
    times = [a.at for a in site.asked]
    return [later - earlier for earlier, later in pairwise(times)]


def statuses(report: dict[str, Any]) -> dict[str, str]:
    return {f["url"].rsplit("/", 1)[1]: f["status"] for s in report["sources"] for f in s["feeds"]}


def test_articles_go_into_the_spool_redacted_and_into_the_archive(site: Site, tmp_path: Path) -> None:
    paths = newsroom(site)
    report = crawl(sources_file(tmp_path, source(site)), tmp_path / "data")
    documents = spooled(tmp_path / "data")
    assert (report["documents"], report["outcomes"]) == (3, {})
    assert sorted(d.url for d in documents) == [site.root + p for p in paths]
    assert all("0900000000" not in d.text and "[số điện thoại]" in d.text for d in documents)
    archived = [p.url for path in (tmp_path / "data" / "archive").glob("*.warc.gz") for p in read_archive(path)]
    assert sorted(archived) == sorted(d.url for d in documents)


def test_a_second_crawl_asks_for_feeds_only_and_gets_304(site: Site, tmp_path: Path) -> None:
    newsroom(site)
    sources = sources_file(tmp_path, source(site))
    crawl(sources, tmp_path / "data")
    site.asked.clear()
    report = crawl(sources, tmp_path / "data")
    assert site.paths() == ["/rss"]
    assert statuses(report) == {"rss": "not_modified"}
    assert len(spooled(tmp_path / "data")) == 3


def test_an_article_whose_feed_entry_changed_is_fetched_again(site: Site, tmp_path: Path) -> None:
    paths = newsroom(site)
    sources = sources_file(tmp_path, source(site))
    crawl(sources, tmp_path / "data")
    site.article(paths[1], "Nước máy có mùi lạ: đã tìm ra nguyên nhân")
    feed = site.pages["/rss"]
    feed.body = feed.body.replace(f"Tin {site.root}{paths[1]}".encode(), "Đã sửa".encode())
    site.asked.clear()
    crawl(sources, tmp_path / "data")
    assert site.paths() == ["/rss", paths[1]]
    assert spooled(tmp_path / "data")[-1].title == "Nước máy có mùi lạ: đã tìm ra nguyên nhân"


def test_two_feeds_that_name_one_page_fetch_it_once(site: Site, tmp_path: Path) -> None:
    paths = newsroom(site)
    site.rss("/rss2", *(site.root + p for p in paths), title="Mục khác")
    sources = sources_file(tmp_path, source(site, feeds=[f"{site.root}/rss", f"{site.root}/rss2"]))
    crawl(sources, tmp_path / "data")
    crawl(sources, tmp_path / "data")
    assert sorted(p for p in site.paths() if p.endswith(".html")) == paths


def test_pages_that_robots_txt_disallows_are_never_asked_for(site: Site, tmp_path: Path) -> None:
    paths = newsroom(site)
    site.page("/di", b"", Location=paths[1])
    site.pages["/di"].status = 302
    site.rss("/rss", *(site.root + p for p in paths), f"{site.root}/di")
    site.page(
        "/robots.txt", f"User-agent: LangNghe\nDisallow: {paths[1]}\n\nUser-agent: *\nDisallow: /\n", "text/plain"
    )
    report = crawl(sources_file(tmp_path, source(site)), tmp_path / "data")
    assert paths[1] not in site.paths()
    assert (report["documents"], report["outcomes"]) == (2, {"disallowed": 2})


@pytest.mark.parametrize("status", [503, 429])
def test_trouble_with_robots_txt_means_wait(site: Site, tmp_path: Path, status: int) -> None:
    newsroom(site)
    site.page("/robots.txt", b"")
    site.pages["/robots.txt"].status = status
    sources = sources_file(tmp_path, source(site))
    report = crawl(sources, tmp_path / "data")
    assert site.paths() == []
    assert statuses(report) == {"rss": "waiting"}
    del site.pages["/robots.txt"]
    assert crawl(sources, tmp_path / "data")["documents"] == 3


def test_a_host_is_asked_one_at_a_time_and_its_delay_apart(site: Site, tmp_path: Path) -> None:
    paths = newsroom(site, 5)
    site.page("/cu.html", b"", Location=paths[0])
    site.pages["/cu.html"].status = 301
    site.rss("/rss2", f"{site.root}/cu.html", f"{site.root}/mat.html")
    tables = source(site, "bao-a", "100ms"), source(site, "bao-b", "50ms", feeds=[f"{site.root}/rss2"])
    crawl(sources_file(tmp_path, *tables), tmp_path / "data")
    crawl(sources_file(tmp_path, *tables), tmp_path / "data")
    assert len(site.asked) >= 11
    assert min(gaps(site)) >= 0.1


def test_a_crawl_delay_in_robots_txt_is_a_floor(site: Site, tmp_path: Path) -> None:
    newsroom(site)
    site.page("/robots.txt", "User-agent: *\nCrawl-delay: 0.4\n", "text/plain")
    crawl(sources_file(tmp_path, source(site)), tmp_path / "data")
    assert min(gaps(site)[1:]) >= 0.4


def test_retry_after_holds_the_whole_host(site: Site, tmp_path: Path) -> None:
    newsroom(site)
    answer = site.answer

    def once_busy(path: str, headers: Any) -> Any:
        busy = path.endswith("bai-1.html") and site.paths().count(path) == 1
        found = answer(path, headers)
        return type(found)(status=503, headers={"Retry-After": "1"}) if busy else found

    site.answer = once_busy  # type: ignore[method-assign]
    report = crawl(sources_file(tmp_path, source(site)), tmp_path / "data")
    assert report["documents"] == 3
    assert max(gaps(site)) >= 1.0


def test_a_host_that_asks_for_an_hour_is_left_alone_in_the_next_run_too(site: Site, tmp_path: Path) -> None:
    paths = newsroom(site)
    site.page(paths[1], b"", Retry_After="3600")
    site.pages[paths[1]].status = 429
    sources = sources_file(tmp_path, source(site))
    crawl(sources, tmp_path / "data")
    asked = len(site.asked)
    report = crawl(sources, tmp_path / "data")
    assert len(site.asked) == asked
    assert statuses(report) == {"rss": "waiting"}


def test_hostile_pages_are_one_outcome_each(site: Site, tmp_path: Path) -> None:
    paths = newsroom(site)
    bomb = gzip.compress(b"<p>" + b"a" * (20 << 20))
    site.page("/lon.html", b"<p>" + b"a" * (50 << 20))
    site.page("/bom.html", bomb, Content_Encoding="gzip")
    site.page("/xoay.html", b"", Location="/xoay.html")
    site.pages["/xoay.html"].status = 302
    site.page("/noi-bo.html", b"", Location="http://169.254.169.254/latest/")
    site.pages["/noi-bo.html"].status = 302
    site.page("/cong.html", b"", Location="http://127.0.0.1:9200/")
    site.pages["/cong.html"].status = 302
    site.page("/tep.html", b"", Location="file:///etc/passwd")
    site.pages["/tep.html"].status = 302
    site.article("/hong.html", "Nước máy có mùi lạ", "[hỏng]")
    bad = ["lon", "bom", "xoay", "noi-bo", "cong", "tep", "mat", "hong"]
    site.rss("/rss", *(site.root + p for p in paths), *(f"{site.root}/{b}.html" for b in bad))
    report = crawl(sources_file(tmp_path, source(site)), tmp_path / "data")
    assert (report["documents"], report["outcomes"]) == (3, {"failed": len(bad)})
    assert report["stderr"] == ""


def test_pages_without_an_article_are_named(site: Site, tmp_path: Path) -> None:
    site.page("/trang.html", "<html><body></body></html>")
    site.page(
        "/en.html", ARTICLE.format(title="Water smells", lead="", text="<p>" + "The water smells odd again. " * 40)
    )
    undated = ARTICLE.format(title="Nước máy có mùi lạ", lead="", text=f"<p>{SENTENCES}</p><p>{SENTENCES}</p>")
    site.page("/khong-ngay.html", undated.replace("2025-11-21T08:15:00+07:00", ""))
    site.rss("/rss", *(f"{site.root}/{p}.html" for p in ("trang", "en", "khong-ngay")))
    report = crawl(sources_file(tmp_path, source(site)), tmp_path / "data")
    assert report["outcomes"] == {"no_text": 1, "not_vietnamese": 1, "no_date": 1}


def test_feeds_that_are_none_are_said_in_the_health(site: Site, tmp_path: Path) -> None:
    site.page("/html", "<html><body>Xin chào</body></html>")
    site.page("/rong", "", "application/rss+xml")
    site.rss("/trong")
    feeds = [f"{site.root}/{name}" for name in ("html", "rong", "trong", "mat")]
    sources = sources_file(tmp_path, source(site, feeds=feeds))
    report = crawl(sources, tmp_path / "data")
    assert statuses(report) == {"html": "invalid", "rong": "empty", "trong": "empty", "mat": "failed"}
    assert report["sources"][0]["feeds"][0]["detail"] == "not a feed but <html>"


def test_links_to_other_sites_are_left_out_and_said(site: Site, tmp_path: Path) -> None:
    paths = newsroom(site)
    site.rss("/rss", site.root + paths[0], "https://bao-khac.example.vn/a.html")
    report = crawl(sources_file(tmp_path, source(site)), tmp_path / "data")
    assert report["documents"] == 1
    assert report["sources"][0]["feeds"][0]["detail"] == "1 links to other sites left out"


def test_health_counts_failures_in_a_row(site: Site, tmp_path: Path) -> None:
    sources = sources_file(tmp_path, source(site))
    crawl(sources, tmp_path / "data")
    assert crawl(sources, tmp_path / "data")["sources"][0]["failures"] == 2


def test_sitemaps_and_lists_lead_to_articles(site: Site, tmp_path: Path) -> None:
    paths = newsroom(site)
    today = datetime.now(UTC).isoformat()
    site.page(
        "/index.xml",
        f"<sitemapindex><sitemap><loc>{site.root}/con.xml</loc><lastmod>{today}</lastmod></sitemap></sitemapindex>",
    )
    site.page("/con.xml", f"<urlset><url><loc>{site.root}{paths[0]}</loc><lastmod>{today}</lastmod></url></urlset>")
    site.page("/muc", f"<h3 class=tin><a href='{paths[1]}'>A</a></h3><a href='{paths[2]}'>B</a>")
    keys = {"feeds": [], "sitemaps": [f"{site.root}/index.xml"], "lists": [f"{site.root}/muc"]}
    sources = sources_file(tmp_path, source(site, **keys, selectors='{ links = ".tin a" }'))
    crawl(sources, tmp_path / "data")
    assert sorted(d.url for d in spooled(tmp_path / "data")) == [site.root + p for p in paths[:2]]


def test_a_failed_page_is_tried_again_and_then_left(site: Site, tmp_path: Path) -> None:
    paths = newsroom(site)
    site.pages[paths[1]].status = 500
    sources = sources_file(tmp_path, source(site))
    for _ in range(4):
        crawl(sources, tmp_path / "data")
    assert site.paths().count(paths[1]) == 6  # three runs, each with one retry
    assert site.paths().count(paths[0]) == 1


def test_more_pages_than_a_run_takes_are_left_to_the_next(site: Site, tmp_path: Path) -> None:
    newsroom(site, 5)
    sources = sources_file(tmp_path, source(site))
    assert crawl(sources, tmp_path / "data", pages=3)["documents"] == 3
    assert crawl(sources, tmp_path / "data", pages=3)["documents"] == 2


def test_the_user_agent_says_who_asks_and_where_to_complain(tmp_path: Path) -> None:
    shipped = load()
    agent = user_agent(shipped, {"LANGNGHE_CONTACT": "mailto:vanphong@example.vn"})
    assert agent.startswith("LangNghe/")
    assert agent.endswith("(+mailto:vanphong@example.vn)")
    for contact in ("", "văn phòng", "https://a.vn\r\nX: y"):
        with pytest.raises(ConfigError, match="LANGNGHE_CONTACT"):
            user_agent(shipped, {"LANGNGHE_CONTACT": contact})


def test_a_folder_that_cannot_be_written_is_one_line(site: Site, tmp_path: Path) -> None:
    (tmp_path / "data").write_text("no folder")
    report = crawl(sources_file(tmp_path, source(site)), tmp_path / "data")
    assert report["error"].startswith(f"{tmp_path}/data: cannot be written: ")
    assert report["error"].count("\n") == 1
    assert site.asked == []


def test_a_full_disk_is_one_line_and_loses_nothing(site: Site, tmp_path: Path) -> None:
    newsroom(site, 4)
    sources, data = sources_file(tmp_path, source(site)), tmp_path / "data"
    command = [sys.executable, "-c", CRAWL, str(sources), str(data), "{}"]

    def no_room() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (2500, 2500))

    done = subprocess.run(command, capture_output=True, text=True, check=False, preexec_fn=no_room)
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "cannot be written: File too large" in done.stderr
    assert whole_files(data / "spool") == []
    assert crawl(sources, data)["documents"] == 4


def test_a_crawl_killed_at_any_moment_loses_and_doubles_nothing(site: Site, tmp_path: Path) -> None:
    paths = newsroom(site, 12)
    sources, data = sources_file(tmp_path, source(site, pace="10ms")), tmp_path / "data"
    for wait in (0.05, 0.15, 0.3):
        site.asked.clear()
        process = subprocess.Popen([sys.executable, "-c", CRAWL, str(sources), str(data), "{}"])
        while not site.asked and process.poll() is None:
            time.sleep(0.01)
        time.sleep(wait)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
    crawl(sources, data)
    documents = spooled(data)
    assert {d.url for d in documents} == {site.root + p for p in paths}
    assert list((data / "spool").glob(".*")) == []


def test_a_crawl_that_is_told_to_stop_hands_over_what_it_has(site: Site, tmp_path: Path) -> None:
    newsroom(site, 9)
    site.page("/dien-dan/", "")
    forum = source(site, "dien-dan", "100ms", feeds=[], kind='"forum"', lists=[f"{site.root}/dien-dan/"])
    sources, data = sources_file(tmp_path, source(site, pace="100ms"), forum), tmp_path / "data"
    process = subprocess.Popen([sys.executable, "-c", CRAWL, str(sources), str(data), "{}"], stdout=subprocess.PIPE)
    while len(site.asked) < 5:
        time.sleep(0.01)
    process.send_signal(signal.SIGTERM)
    out, _ = process.communicate(timeout=20)
    assert json.loads(out)["documents"] == len(spooled(data)) > 0
    assert "/dien-dan/" not in site.paths()
    assert crawl(sources, data)["documents"] == 9 - len(json.loads(out)["outcomes"]) - json.loads(out)["documents"]


def test_two_crawls_do_not_run_in_one_folder(site: Site, tmp_path: Path) -> None:
    newsroom(site)
    sources, data = sources_file(tmp_path, source(site, pace="500ms")), tmp_path / "data"
    first = subprocess.Popen([sys.executable, "-c", CRAWL, str(sources), str(data), "{}"], stdout=subprocess.PIPE)
    while not site.asked:
        time.sleep(0.01)
    second = crawl(sources, data)
    assert second["error"] == f"{data}: another crawl is running in this folder\n"
    out, _ = first.communicate()
    assert json.loads(out)["documents"] == 3
