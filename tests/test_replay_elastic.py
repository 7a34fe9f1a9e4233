"""The main job on Elasticsearch: the same alerts, issues, hits and counts as on the embedded store."""

import gzip
import os
from datetime import timedelta
from itertools import islice
from pathlib import Path

import pytest
from conftest import NOW
from happenings import BRIDGE, SMELL, in_order, told

from flows.replay import replay
from monitor.detect.state import Settings
from monitor.jsonl import to_line
from monitor.query import By, Order, Query
from monitor.store import open_store

pytestmark = [pytest.mark.elasticsearch, pytest.mark.slow]

DATA = Path(os.environ.get("LANGNGHE_DATA", Path(__file__).parent.parent.parent / "shared" / "data"))
STREAMS = sorted((DATA / "news_stream").glob("*.jsonl.gz"))
LINES = int(os.environ.get("LANGNGHE_REPLAY_LINES", "2000"))


def results(stream: Path, url: str, alerts: Path) -> list[object]:
    """All that an office sees after a replay into the store."""
    counts = replay([stream], alerts, settings=Settings(), batch=400, store_url=url, now=NOW, seen=lambda n: None)
    with open_store(url) as store:
        store.unannotated("", 1)  # Sees all that another process wrote, and not only what is a second old.
        days = [store.count(Query(since=NOW - timedelta(days=365)), by) for by in By]
        hits = store.search(Query(words=("ngập",), order=Order.RELEVANCE), 50).hits
        return [counts, alerts.read_bytes(), store.issues(limit=1000), store.total(Query()), days, hits]


def test_an_invented_stream_gives_the_same_on_both(tmp_path: Path, sqlite_url: str, elastic_url: str) -> None:
    stream = tmp_path / "stream.jsonl"
    hits = in_order(told(SMELL, every=3), told(BRIDGE, start=1, every=5, topic="transport"))
    stream.write_text("".join(to_line(hit.document) + "\n" for hit in hits), encoding="utf-8")
    found = [results(stream, url, tmp_path / "alerts.jsonl") for url in (sqlite_url, elastic_url)]
    assert found[0] == found[1]
    assert found[0][3] == len(hits)


@pytest.mark.skipif(not STREAMS, reason="needs the data folder: set LANGNGHE_DATA")
def test_a_real_stream_gives_the_same_on_both(tmp_path: Path, sqlite_url: str, elastic_url: str) -> None:
    stream = tmp_path / "stream.jsonl"
    with gzip.open(STREAMS[0], "rt", encoding="utf-8") as lines:
        stream.write_text("".join(islice(lines, LINES)), encoding="utf-8")
    found = [results(stream, url, tmp_path / "alerts.jsonl") for url in (sqlite_url, elastic_url)]
    assert found[0] == found[1]
    assert found[0][3] > 0
