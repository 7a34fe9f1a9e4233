"""Killed at any moment, the chain loses nothing and doubles nothing."""

import os
import random
import subprocess
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from demo.newsroom import newsroom
from demo.site import serve
from monitor.query import Query
from monitor.store import open_store

KILLS = 60
SMALL = 45
LONGEST = 6.0
"""Seconds after which the last kill comes, so that a loaded machine does not make it a long test."""


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return tmp_path_factory.mktemp("killed")


@pytest.fixture(scope="module")
def site():
    whole = newsroom(datetime.now(UTC))
    with serve(replace(whole, articles=whole.articles[-SMALL:])) as running:
        yield running


def start(home, site):
    (home / "sources.toml").write_text(site.sources(pace="5ms"), encoding="utf-8")
    env = os.environ | {"LANGNGHE_HOME": str(home), "LANGNGHE_SOURCES": str(home / "sources.toml"), "PYTHONPATH": "."}
    return subprocess.Popen([sys.executable, "tests/one_pass.py"], env=env, stderr=subprocess.PIPE)


@pytest.mark.slow
def test_sixty_kills_lose_nothing_and_double_nothing(home, site):
    rng = random.Random(60)
    began = time.monotonic()
    with start(home, site) as whole:
        assert whole.wait() == 0, whole.stderr.read()
    length = min(time.monotonic() - began, LONGEST)
    for path in (*home.glob("*.jsonl"), *home.glob("*.db*")):
        path.unlink()
    for _ in range(KILLS):
        with start(home, site) as killed:
            time.sleep(rng.uniform(0, length))
            killed.kill()
    with start(home, site) as last:
        assert last.wait() == 0, last.stderr.read()
    with open_store(f"sqlite:///{home}/langnghe.db") as store:
        page = store.search(Query(), 1000)
    urls = sorted(hit.document.url for hit in page.hits if hit.document.kind == "article")
    assert urls == sorted(site.home + article.path for article in site.newsroom.articles)
    assert all(hit.annotation and hit.document.version == 1 for hit in page.hits)
    assert list((home / "spool").iterdir()) == []
