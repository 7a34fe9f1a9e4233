from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from conftest import NOW, make_annotation, make_document
from dashboard_office import Clock

from dashboard.counting import Counts
from dashboard.errors import TooMany
from dashboard.limits import Limiter, Rate
from monitor.errors import StoreError
from monitor.query import By, Query
from monitor.store import Store, open_store

TODAY = Query(since=NOW - timedelta(hours=5, seconds=7), until=NOW + timedelta(seconds=7))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(f"sqlite:///{tmp_path}/store.db") as opened:
        yield opened


def add(store: Store, title: str) -> None:
    document = make_document(title)
    store.add([document])
    store.annotate([make_annotation(document)])


def test_counts_are_those_of_the_store(store: Store):
    add(store, "Kênh ô nhiễm")
    counts = Counts(store=store, clock=Clock(now=NOW))
    assert counts.count(TODAY, By.TOPIC) == tuple(store.count(TODAY, By.TOPIC))


def test_counts_are_at_most_a_minute_old(store: Store):
    clock = Clock(now=NOW)
    counts = Counts(store=store, clock=clock)
    assert counts.count(TODAY, By.TOPIC) == ()
    add(store, "Kênh ô nhiễm")
    assert counts.count(TODAY, By.TOPIC) == ()
    clock.now += timedelta(minutes=1)
    assert counts.count(TODAY, By.TOPIC)[0].count == 1


def test_counts_of_what_is_over_are_at_most_an_hour_old(store: Store):
    clock = Clock(now=NOW + timedelta(days=2))
    counts = Counts(store=store, clock=clock)
    yesterday = Query(since=NOW - timedelta(days=1), until=NOW + timedelta(hours=1))
    assert counts.count(yesterday, By.TOPIC) == ()
    add(store, "Kênh ô nhiễm")
    clock.now += timedelta(minutes=29)
    assert counts.count(yesterday, By.TOPIC) == ()
    clock.now += timedelta(minutes=1)
    assert counts.count(yesterday, By.TOPIC)[0].count == 1


def test_a_failure_is_not_remembered(store: Store, tmp_path: Path):
    counts = Counts(store=store, clock=Clock(now=NOW))
    store.close()
    with pytest.raises(StoreError):
        counts.count(TODAY, By.TOPIC)
    with open_store(f"sqlite:///{tmp_path}/store.db") as again:
        counts.store = again
        assert counts.count(TODAY, By.TOPIC) == ()


def test_many_who_ask_at_once_are_answered_alike(store: Store):
    add(store, "Kênh ô nhiễm")
    counts = Counts(store=store, clock=Clock(now=NOW))
    with ThreadPoolExecutor(16) as pool:
        answers = set(pool.map(lambda _: counts.count(TODAY, By.TOPIC), range(64)))
    assert len(answers) == 1


def test_a_bucket_fills_with_time():
    limiter, rate = Limiter(), Rate(burst=2, per_second=0.5)
    limiter.take("a", rate, 0.0)
    limiter.take("a", rate, 0.0)
    with pytest.raises(TooMany) as refused:
        limiter.take("a", rate, 0.0)
    assert refused.value.wait == 2
    limiter.take("b", rate, 0.0)
    limiter.take("a", rate, 2.0)


def test_a_clock_that_goes_back_fills_no_bucket():
    limiter, rate = Limiter(), Rate(burst=1, per_second=1)
    limiter.take("a", rate, 100.0)
    with pytest.raises(TooMany):
        limiter.take("a", rate, 0.0)
