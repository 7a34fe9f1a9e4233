"""The demo newsroom is the same for the same day, and behaves as a real site does."""

import tomllib
import urllib.error
import urllib.request
from datetime import UTC, datetime

import pytest

from demo.newsroom import DAYS, PUBLISHERS, newsroom
from demo.site import serve

NOW = datetime(2026, 3, 20, 5, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def site():
    with serve(newsroom(NOW)) as running:
        yield running


def get(site, path, **headers):
    request = urllib.request.Request(site.home + path, headers=headers)
    with urllib.request.urlopen(request) as response:
        return response.status, response.headers, response.read().decode()


def test_the_newsroom_is_the_same_for_the_same_day():
    assert newsroom(NOW) == newsroom(NOW)


def test_it_has_21_days_of_about_600_articles_by_six_publishers():
    articles = newsroom(NOW).articles
    assert 550 < len(articles) < 650
    assert {a.publisher for a in articles} == set(PUBLISHERS)
    assert (max(a.published_at for a in articles) - min(a.published_at for a in articles)).days >= DAYS - 2


def test_nothing_is_later_than_now():
    assert all(a.published_at <= NOW for a in newsroom(NOW).articles)


def test_every_article_is_served(site):
    for article in site.newsroom.articles[::50]:
        assert get(site, article.path)[0] == 200


def test_an_unchanged_page_is_not_sent_again(site):
    _, headers, _ = get(site, "/songhong/rss.xml")
    with pytest.raises(urllib.error.HTTPError, match="304"):
        get(site, "/songhong/rss.xml", **{"If-None-Match": headers["ETag"]})


def test_a_correction_changes_the_page_and_the_feed(site):
    article = next(a for a in site.newsroom.articles if a.edited)
    before = get(site, article.path)[2], get(site, "/duyenhai/atom.xml")[2]
    site.edits = True
    assert article.edited in get(site, article.path)[2]
    assert get(site, "/duyenhai/atom.xml")[2] != before[1]
    site.edits = False


def test_the_hostile_page_is_escaped(site):
    hostile = site.newsroom.articles[-1]
    assert "<script>" not in get(site, hostile.path)[2]


def test_its_sources_file_names_six_papers_a_dead_feed_and_a_forum(site):
    assert len(tomllib.loads(site.sources())["source"]) == len(PUBLISHERS) + 2
