"""The demo as a stranger runs it: real pages crawled, five planted concerns found, loud happenings left alone."""

import pytest

from demo.newsroom import newsroom
from monitor.query import By, Query
from monitor.store import open_store

pytestmark = pytest.mark.slow
pytest_plugins = ("demo_fixtures",)


@pytest.fixture(scope="module")
def told(shown):
    """The happenings that issues rest on: that of most of an issue's documents, by name."""
    happenings = {article.title: article.happening for article in newsroom(shown.began).articles}
    with open_store(shown.store) as store:
        rests = [[store.get(i) for i in issue.evidence] for issue in store.issues(limit=1000)]
    names = [[happenings.get(hit.document.title, "") for hit in hits if hit] for hits in rests]
    return {max(set(some), key=some.count) for some in names if some}


def test_the_five_planted_concerns_are_found(shown, told):
    assert set(newsroom(shown.began).concerns) <= told


def test_the_wedding_and_the_final_are_no_concern(told):
    assert not told & {"Đám cưới ca sĩ", "Chung kết bóng đá"}


def test_everything_allowed_was_stored_once(shown):
    published = newsroom(shown.began)
    with open_store(shown.store) as store:
        kinds = {bucket.key: bucket.count for bucket in store.count(Query(), By.KIND)}
    assert kinds["article"] == len(published.articles)
    assert kinds["post"] + kinds["comment"] == sum(len(thread.posts) for thread in published.threads)


def test_corrections_became_new_versions(shown):
    corrected = {a.title for a in newsroom(shown.began).articles if a.edited}
    with open_store(shown.store) as store:
        hits = store.search(Query(publishers=("duyenhai",)), 1000).hits
    assert {hit.document.title for hit in hits if hit.document.version == 2} == corrected


def test_it_shows_sources_reasons_and_how_to_look_further(shown):
    for part in ("Báo Tắt Tiếng", "failed", "disallowed", "Số báo", "langnghe search", "robots.txt: 0"):
        assert part in shown.text


def test_no_handle_and_no_telephone_number_was_kept(shown):
    with open_store(shown.store) as store:
        posts = store.search(Query(kinds=("post", "comment")), 100).hits
    assert posts
    # Ids and links hold digits of hashes and ports, which may be any.
    kept = [f"{hit.document.title} {hit.document.lead} {hit.document.text}" for hit in posts]
    assert not any("thanhvien" in words or "0912" in words for words in kept)
