"""The demo on Elasticsearch: the same documents and the same issues as in a file."""

from pathlib import Path

import pytest
from demo_home import Shown, show

from monitor.query import By, Query
from monitor.store import open_store

pytestmark = [pytest.mark.elasticsearch, pytest.mark.slow]
pytest_plugins = ("demo_fixtures",)


@pytest.fixture
def on_elastic(tmp_path: Path, elastic_url: str) -> Shown:
    return show(tmp_path, elastic_url)


def found(shown: Shown) -> list[object]:
    """What an office sees after the demo, without what names the port of the newsroom."""
    with open_store(shown.store) as store:
        store.unannotated("", 1)  # Sees all that another process wrote, and not only what is a second old.
        issues = {(i.title, i.level, i.topic, i.places, i.observed, i.publishers) for i in store.issues(limit=1000)}
        hits = sorted(hit.document.title for hit in store.search(Query(words=("nước",)), 1000).hits)
        return [issues, hits, store.total(Query()), [store.count(Query(), by) for by in By]]


def test_the_demo_finds_the_same_on_elasticsearch(shown: Shown, on_elastic: Shown) -> None:
    assert found(on_elastic) == found(shown)
