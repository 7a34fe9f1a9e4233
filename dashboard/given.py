"""What the dashboard is given: settings, store, desk, clock; and how a reading asks for a part of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Request

from dashboard.access import Access
from dashboard.counting import Counts
from dashboard.limits import Limiter
from dashboard.rendering import Renderer
from monitor.config import Settings
from monitor.desk import Desk
from monitor.records import Source, SourceHealth
from monitor.store import Store


@dataclass(frozen=True, kw_only=True, slots=True)
class Health:
    """The sources and how they were last found; `problem` says why nothing could be read."""

    sources: tuple[Source, ...] = ()
    found: Mapping[str, SourceHealth] = field(default_factory=dict)
    problem: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Given:
    """All that an application of the dashboard works with; `access` is filled as routes are added."""

    settings: Settings
    store: Store
    desk: Desk
    clock: Callable[[], datetime]
    health: Callable[[], Health]
    renderer: Renderer
    counts: Counts
    limiter: Limiter = field(default_factory=Limiter)
    access: dict[str, Access] = field(default_factory=dict)


def given(request: Request) -> Given:
    """Return what the application was given."""
    found = request.app.state.given
    assert isinstance(found, Given)
    return found


TheGiven = Annotated[Given, Depends(given)]


def _store(given: TheGiven) -> Store:
    return given.store


def _counts(given: TheGiven) -> Counts:
    return given.counts


def _desk(given: TheGiven) -> Desk:
    return given.desk


def _settings(given: TheGiven) -> Settings:
    return given.settings


def _now(given: TheGiven) -> datetime:
    return given.clock()


def _health(given: TheGiven) -> Health:
    return given.health()


TheStore = Annotated[Store, Depends(_store)]
TheCounts = Annotated[Counts, Depends(_counts)]
TheDesk = Annotated[Desk, Depends(_desk)]
TheSettings = Annotated[Settings, Depends(_settings)]
TheHealth = Annotated[Health, Depends(_health)]
Now = Annotated[datetime, Depends(_now)]
