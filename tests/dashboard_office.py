"""A dashboard over a real store and desk filled with a little of everything, and visitors of each role."""

import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from conftest import make_annotation, make_document, make_issue
from fastapi import FastAPI
from fastapi.testclient import TestClient

from dashboard.app import create_app
from dashboard.counting import Counts
from dashboard.given import Given, Health
from dashboard.limits import Limiter
from dashboard.visitor import SESSION
from monitor.config import Settings
from monitor.desk import Desk, agencies, alerts, cases, users
from monitor.desk.alerts import Headline
from monitor.desk.users import Role
from monitor.detect.signals import KEPT_AS, Signal, to_bytes
from monitor.records import FeedHealth, FeedStatus, Kind, Level, Source, SourceHealth, SourceKind
from monitor.store import Store, open_store

NOW = datetime(2025, 11, 3, 8, 0, tzinfo=UTC)
PASSWORD = "mật khẩu đủ dài"
HOSTILE = "<script>alert(1)</script>\"' onmouseover=alert(2) {{7*7}} =1+1"

_CSRF = re.compile(r'name="csrf" value="(\w+)"')


@dataclass(kw_only=True, slots=True)
class Clock:
    """A clock that stands until a test moves it."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now


@dataclass(frozen=True, kw_only=True, slots=True)
class Office:
    """What an application stands on; `visit` opens it as someone."""

    given: Given
    clock: Clock

    @property
    def store(self) -> Store:
        return self.given.store

    @property
    def desk(self) -> Desk:
        return self.given.desk

    def visit(self, role: Role | None = None, language: str = "vi") -> "Visit":
        """Return a browser in which someone of the role is signed in, None: nobody."""
        app().state.given = self.given
        client = TestClient(
            app(),
            base_url="http://127.0.0.1",
            headers={"accept-language": language},
            follow_redirects=False,
            raise_server_exceptions=False,
        )
        if role:
            client.cookies.set(SESSION, users.begin_session(self.desk, role.value, self.clock()) or "")
        return Visit(client=client)


@dataclass(frozen=True, kw_only=True, slots=True)
class Visit:
    """A browser: pages by GET, forms by POST with the token that a page of this visitor carries."""

    client: TestClient

    def get(self, path: str) -> Any:
        return self.client.get(path)

    def csrf(self) -> str:
        found = _CSRF.search(self.client.get("/sign-in", follow_redirects=True).text)
        assert found
        return found[1]

    def post(self, path: str, **data: Any) -> Any:
        return self.client.post(path, data={"csrf": self.csrf(), **data})


def open_office(home: Path) -> Office:
    """Return the office whose store and desk are in that folder."""
    clock = Clock()
    settings = Settings(home=home, store=f"sqlite:///{home}/store.db", desk=f"sqlite:///{home}/desk.db")
    store = open_store(settings.store)
    given = replace(
        app().state.given,
        settings=settings,
        store=store,
        counts=Counts(store=store, clock=clock),
        desk=Desk(settings.desk),
        clock=clock,
        limiter=Limiter(),
    )
    return Office(given=given, clock=clock)


@cache
def app() -> FastAPI:
    """Return the application, built once: an office changes what it stands on."""
    settings = Settings(home=Path(), store="sqlite://", desk="sqlite://")
    return create_app(settings, store=open_store("sqlite://"), desk=Desk("sqlite://"), health=_health)


def close(office: Office) -> None:
    office.store.close()
    office.desk.close()


def fill(store: Store, desk: Desk) -> None:
    hostile = make_document(HOSTILE, lead=HOSTILE, publisher=HOSTILE, url="javascript:alert(3)", published_at=NOW)
    post = make_document("", text="Ngập quá, xe chết máy hết.", kind=Kind.POST, url="https://diendan.example/t/1#4")
    documents = [
        make_document("Kênh Nước Đen ô nhiễm nặng", published_at=NOW - timedelta(hours=2)),
        make_document("Dân chặn xe vì kênh ô nhiễm", publisher="Báo B", published_at=NOW - timedelta(hours=1)),
        hostile,
        post,
    ]
    store.add(documents)
    store.annotate(make_annotation(document) for document in documents)
    first = make_issue(
        evidence=tuple(document.id for document in documents), first_seen_at=NOW - timedelta(hours=2), last_seen_at=NOW
    )
    second = make_issue(id="i2", title=HOSTILE, level=Level.EMERGING, score=2.0, continues="i1")
    store.save_issues([first, second])
    risen = Signal(
        at=NOW, topic="environment", place="79", window=24, observed=9, expected=1.54, publishers=3, q_value=0.001
    )
    silent = replace(risen, topic="education", place=None, window=72, observed=0, expected=31.0)
    store.save_state(KEPT_AS, to_bytes([risen, silent]))
    for issue in (first, second):
        alerts.see(desk, issue, [Headline(title=issue.title, publisher="Báo A", url="", at=NOW)], NOW)
    agency = agencies.suggest(agencies.agencies(desk), first.topic, first.places)[0]
    cases.send_case(desk, second, agency, HOSTILE, NOW + timedelta(days=9), "analyst", NOW)


def _health() -> Health:
    source = Source(
        id="bao-a",
        name=HOSTILE,
        home="https://bao.example/",
        kind=SourceKind.NEWS,
        publisher="Báo A",
        feeds=("https://bao.example/rss",),
    )
    feed = FeedHealth(url="https://bao.example/rss", status=FeedStatus.FAILED, detail=HOSTILE)
    found = SourceHealth(source_id="bao-a", checked_at=NOW, feeds=(feed,), failures=2)
    return Health(sources=(source,), found={"bao-a": found})
