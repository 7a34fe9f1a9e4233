"""Factories of records, and the stores that every contract test runs over."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from monitor.records import Annotation, Document, Issue, Kind, Level, Tone, digest
from monitor.store import Store, open_store

settings.register_profile("repeatable", derandomize=True, deadline=None)
settings.load_profile("repeatable")

NOW = datetime(2025, 11, 3, 2, 30, tzinfo=UTC)

BACKENDS = ("sqlite",)


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


@pytest.fixture(params=BACKENDS)
def store(request: pytest.FixtureRequest) -> Iterator[Store]:
    """An empty store of each backend; a backend NAME joins by a fixture NAME_url and its name in BACKENDS."""
    with open_store(request.getfixturevalue(f"{request.param}_url")) as opened:
        yield opened
