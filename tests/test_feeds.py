"""Feeds as sites really send them: three dialects, wrong encodings, broken XML, no XML at all."""

import gzip
from datetime import UTC, datetime

import pytest

from crawlers.feeds import Feed, FeedError, parse_feed, parse_list, tidy

NOW = datetime(2025, 11, 21, 3, tzinfo=UTC)
BASE = "https://bao.example.vn/rss/home.rss"


def parsed(text: str | bytes) -> Feed:
    return parse_feed(text if isinstance(text, bytes) else text.encode(), BASE, NOW)


def urls(text: str | bytes) -> list[str]:
    return [e.url for e in parsed(text).entries]


def rss(*items: str) -> str:
    return f"<rss version='2.0'><channel>{''.join(f'<item>{i}</item>' for i in items)}</channel></rss>"


def test_rss_gives_absolute_links_without_tracking() -> None:
    feed = rss(
        "<link> /tin/a.html?utm_source=rss&amp;id=7#top </link>",
        "<link><![CDATA[https://bao.example.vn/b.html]]></link>",
    )
    assert urls(feed) == ["https://bao.example.vn/tin/a.html?id=7", "https://bao.example.vn/b.html"]


def test_the_newest_comes_first() -> None:
    feed = rss(
        "<link>/old</link><pubDate>Thu, 20 Nov 2025 08:00:00 +0700</pubDate>",
        "<link>/new</link><pubDate>Fri, 21 Nov 2025 08:00:00 +0700</pubDate>",
    )
    assert urls(feed) == ["https://bao.example.vn/new", "https://bao.example.vn/old"]


def test_a_permalink_guid_stands_for_a_missing_link() -> None:
    feed = rss("<guid>https://bao.example.vn/a</guid>", "<guid isPermaLink='false'>77</guid>")
    assert urls(feed) == ["https://bao.example.vn/a"]


def test_atom_takes_the_alternate_link() -> None:
    feed = """<feed xmlns="http://www.w3.org/2005/Atom"><entry><updated>2025-11-21T01:00:00Z</updated>
      <link rel="self" href="/self"/><link rel="alternate" href="/a"/></entry></feed>"""
    assert urls(feed) == ["https://bao.example.vn/a"]


def test_rdf_is_read() -> None:
    feed = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
      xmlns:dc="http://purl.org/dc/elements/1.1/"><item><title>A</title><link>/a</link><dc:date>2025-11-21</dc:date></item></rdf:RDF>"""
    assert urls(feed) == ["https://bao.example.vn/a"]


def test_a_mark_changes_with_title_and_time_only() -> None:
    def mark(item: str) -> str:
        return parsed(rss("<link>/a</link>" + item)).entries[0].mark

    assert mark("<title>Nước</title>") == mark("<title>Nước</title><description>khác</description>")
    assert mark("<title>Nước</title>") != mark("<title>Nước bẩn</title>")
    assert mark("<pubDate>1</pubDate>") != mark("<pubDate>2</pubDate>")


def test_a_news_sitemap_gives_its_recent_pages() -> None:
    sitemap = """<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">
      <url><loc>https://bao.example.vn/a</loc><news:news><news:publication_date>2025-11-21T08:00:00+07:00</news:publication_date>
      <news:title>A</news:title></news:news></url><url><loc>https://bao.example.vn/old</loc><lastmod>2025-01-01</lastmod></url></urlset>"""
    assert urls(sitemap) == ["https://bao.example.vn/a"]


def test_a_sitemap_index_gives_its_recent_children() -> None:
    def index(*rows: str) -> tuple[str, ...]:
        return parsed(f"<sitemapindex>{''.join(f'<sitemap>{r}</sitemap>' for r in rows)}</sitemapindex>").sitemaps

    dated = index("<loc>/1.xml</loc><lastmod>2025-11-20</lastmod>", "<loc>/2.xml</loc><lastmod>2024-11-20</lastmod>")
    assert dated == ("https://bao.example.vn/1.xml",)
    assert index("<loc>/news-2025-10.xml</loc>", "<loc>/news-2025-11.xml</loc>") == (
        "https://bao.example.vn/news-2025-11.xml",
    )


def test_a_gzipped_sitemap_is_read_and_a_bomb_is_not() -> None:
    text = rss("<link>/a</link>").encode()
    assert urls(gzip.compress(text)) == ["https://bao.example.vn/a"]
    with pytest.raises(FeedError, match="larger than"):
        parsed(gzip.compress(b" " * (9 << 20)))


def test_broken_xml_is_read_as_far_as_it_goes() -> None:
    assert urls("\ufeff\n<rss><channel><item><link>/a</link><title>A & B</title></item><item><link>/b") != []


def test_utf8_that_calls_itself_utf16_is_read() -> None:
    assert urls("<?xml version='1.0' encoding='utf-16'?>" + rss("<title>Nước</title><link>/a</link>")) != []


def test_entities_are_not_expanded() -> None:
    bomb = "<!DOCTYPE x [<!ENTITY a 'aaaa'><!ENTITY b SYSTEM 'file:///etc/passwd'>]>"
    feed = parsed(bomb + rss("<title>&b;&a;</title><link>/a</link>"))
    assert [e.url for e in feed.entries] == ["https://bao.example.vn/a"]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("", "empty"),
        ("<!doctype html><html><p>Xin chào", "not XML"),
        ("<html><p>Xin chào</p></html>", "not a feed but <html>"),
        ("Không có gì", "not XML"),
        ("\x1f\x8b", "breaks off"),
    ],
)
def test_what_is_no_feed_is_said(body: str, said: str) -> None:
    with pytest.raises(FeedError, match=said):
        parsed(body.encode("latin-1") if body.startswith("\x1f") else body)


def test_a_list_page_gives_the_links_that_the_selector_picks() -> None:
    html = "<div class=tin><h3><a href='/a.html'>A</a></h3><a href='/a.html#c'>3</a></div><a href='/quang-cao'>x</a>"
    assert [e.url for e in parse_list(html, BASE, ".tin a").entries] == ["https://bao.example.vn/a.html"]
    assert [e.url for e in parse_list(html, BASE, ".tin h3").entries] == ["https://bao.example.vn/a.html"]


@pytest.mark.parametrize("url", ["javascript:void(0)", "mailto:a@b.vn", "", "http://[bad/"])
def test_links_that_are_no_pages_are_left_out(url: str) -> None:
    assert tidy(url) == ""
