"""Factories of records, and the stores that every contract test runs over."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

import elastic_node
import pytest
from desk_databases import desk, desk_url, postgresql_url  # noqa: F401
from elasticsearch import Elasticsearch
from hypothesis import HealthCheck, settings

from monitor.records import Annotation, Document, Issue, Kind, Level, Tone, digest
from monitor.store import Store, open_store

# How quick a machine is says nothing about the law that is tested.
settings.register_profile("repeatable", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("repeatable")

NOW = datetime(2025, 11, 3, 2, 30, tzinfo=UTC)

BACKENDS = ("sqlite", pytest.param("elastic", marks=pytest.mark.elasticsearch))

PREFIXES = count(1)


def make_document(title: str = "Kênh Nước Đen ô nhiễm nặng", **changes: Any) -> Document:
    """Return an article of 09:30 in Viet Nam, its id from `url` if given and else from the title."""
    url = changes.get("url", f"https://bao.example/{digest(title)}")
    usual = {"url": url, "id": digest(url), "source_id": "bao-a", "publisher": "Báo A", "kind": Kind.ARTICLE}
    return Document(**{"title": title, "published_at": NOW, "fetched_at": NOW, **usual, **changes})


def make_annotation(document: Document, **changes: Any) -> Annotation:
    """Return an annotation that calls the document a concern about the environment in TP.HCM."""
    usual = {"topic": "environment", "topics": {"environment": 0.8, "health": 0.2}, "tone": Tone.NEGATIVE}
    scores = {"tone_score": 0.7, "concern": 0.9, "places": ("79",), "keywords": ("kênh", "ô nhiễm")}
    return Annotation(**{"document_id": document.id, "model": "m1", **usual, **scores, **changes})


def make_issue(**changes: Any) -> Issue:
    """Return a hot issue seen by two publishers."""
    names = {"id": "i1", "key": "story:s1", "title": "Kênh ô nhiễm", "topic": "environment", "places": ("79",)}
    numbers = {"score": 4.0, "observed": 12.0, "expected": 2.5, "p_value": 0.001, "negative_share": 0.8}
    reasons = {"publishers": ("Báo A", "Báo B"), "evidence": ("d1", "d2"), "explanation": "12 bài, thường 2,5"}
    seen = {"level": Level.HOT, "first_seen_at": NOW, "last_seen_at": NOW}
    return Issue(**{**names, **numbers, **reasons, **seen, **changes})


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/store.db"


@pytest.fixture(scope="session")
def elastic_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a node: that of LANGNGHE_TEST_ES_URL, else one of our own for the whole session."""
    if given := os.environ.get("LANGNGHE_TEST_ES_URL"):
        yield given.rstrip("/")
        return
    if lacking := elastic_node.missing():
        (pytest.fail if os.environ.get("LANGNGHE_TEST_ES_REQUIRED") else pytest.skip)(lacking)
    with elastic_node.running(tmp_path_factory.mktemp("elastic")) as node:
        yield node.url


@pytest.fixture(scope="session")
def elastic_prefix(elastic_server: str) -> Iterator[str]:
    """The prefix of indices that tests share, because making indices takes longer than emptying them."""
    prefix = f"test{os.getpid()}"
    yield prefix
    forget(elastic_server, prefix)


@pytest.fixture
def elastic_url(elastic_server: str, elastic_prefix: str) -> Iterator[str]:
    """The URL of an empty store."""
    yield f"{elastic_server}/{elastic_prefix}"
    empty(elastic_server, elastic_prefix)


@pytest.fixture
def new_elastic_url(elastic_server: str) -> Iterator[str]:
    """The URL of a store that was never set up."""
    prefix = f"test{os.getpid()}-{next(PREFIXES)}"
    yield f"{elastic_server}/{prefix}"
    forget(elastic_server, prefix)


def empty(server: str, prefix: str) -> None:
    """Delete every document of a prefix."""
    with Elasticsearch(server, request_timeout=60) as client:
        client.indices.refresh(index=f"{prefix}-*")
        found = client.search(index=f"{prefix}-*", size=10_000, source=False)["hits"]["hits"]
        if found:
            where = ({"delete": {"_index": hit["_index"], "_id": hit["_id"]}} for hit in found)
            client.bulk(operations=list(where), refresh=True)


def forget(server: str, prefix: str) -> None:
    """Delete every index and template of a prefix."""
    with Elasticsearch(server, request_timeout=60) as client:
        if found := list(client.indices.get(index=f"{prefix}-*", expand_wildcards="all", features="aliases")):
            client.indices.delete(index=found)
        client.indices.delete_index_template(name=f"{prefix}-*")
        client.cluster.delete_component_template(name=f"{prefix}-*")


@pytest.fixture(params=BACKENDS)
def store(request: pytest.FixtureRequest) -> Iterator[Store]:
    """An empty store of each backend; a backend NAME joins by a fixture NAME_url and its name in BACKENDS."""
    with open_store(request.getfixturevalue(f"{request.param}_url")) as opened:
        yield opened
