"""The first page: what is hot now, what is new, whether the sources are heard, and the budget used."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeVar

from dashboard.contexts import Overview, SourceLine, Trend
from dashboard.counting import Counts
from dashboard.given import Health, Now, TheCounts, TheDesk, TheHealth, TheSettings, TheStore
from dashboard.lines import counts, issue_line, source_line
from dashboard.trends import trends
from dashboard.visitor import TheUser
from monitor.desk import Desk, alerts, cases, outbox, saved
from monitor.detect.signals import KEPT_AS, Signal, from_bytes
from monitor.errors import StoreError
from monitor.query import By, Query
from monitor.records import Alert, AlertStatus, CaseStatus, Issue, Level
from monitor.store import Bucket

DAY = timedelta(days=1)
WEEK = timedelta(days=7)
_SHOWN = 10
_ORDER = ("dead", "troubled", "never", "ok")
HEARD = ("ok", "troubled")
OPEN = (Level.HOT, Level.EMERGING, Level.COOLING)

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Parts:
    """Parts of a page that stand alone: where one does not answer, the page shows the rest and says so."""

    missing: list[str] = field(default_factory=list)

    def read(self, name: str, reading: Callable[[], Value], otherwise: Value) -> Value:
        """Return what the reading returns, or `otherwise` with the name kept in `missing`."""
        try:
            return reading()
        except StoreError:
            self.missing.append(name)
            return otherwise


@dataclass(frozen=True, kw_only=True, slots=True)
class Coverage:
    """Documents of each publisher in the last 24 hours, and a day in the seven days before."""

    day: Mapping[str, int] = field(default_factory=dict)
    usual: Mapping[str, float] = field(default_factory=dict)


def overview(
    store: TheStore,
    counted: TheCounts,
    desk: TheDesk,
    settings: TheSettings,
    health: TheHealth,
    user: TheUser,
    now: Now,
) -> Overview:
    """Return the overview as someone sees it now; what of the store does not answer is left out and named."""
    parts, week = Parts(), Query(since=now - WEEK, until=now)
    looked_at, alerted = saved.last_look(desk, user.name), alerts_by_issue(desk)
    issues: list[Issue] = parts.read("issues", lambda: store.issues(OPEN, 200), [])
    heard = parts.read("documents", lambda: coverage(counted, now), Coverage())
    topics: tuple[Trend, ...] = parts.read("topics", lambda: trends(counted, By.TOPIC, now, issues), ())
    places: tuple[Bucket, ...] = parts.read("places", lambda: counted.count(week, By.PLACE), ())
    signals: tuple[Signal, ...] = parts.read("signals", lambda: from_bytes(store.state(KEPT_AS), now), ())
    lines = [issue_line(issue, alerted, looked_at) for issue in issues]
    found = source_lines(health, heard)
    return Overview(
        at=now,
        looked_at=looked_at,
        hot=tuple(line for line in lines if line.level is Level.HOT)[:_SHOWN],
        emerging=tuple(line for line in lines if line.level is Level.EMERGING)[:_SHOWN],
        cooling=tuple(line for line in lines if line.level is Level.COOLING)[:_SHOWN],
        levels=tuple(Bucket(key=k, count=sum(i.level is k for i in issues)) for k in OPEN),
        fresh=sum(line.fresh for line in lines),
        documents=sum(heard.day.values()),
        usual=sum(heard.usual.values()),
        publishers=len(heard.day),
        alerts=sum(alert.opened_at > now - DAY for alert in alerted.values()),
        budget=settings.budget,
        waiting=sum(alert.status is AlertStatus.OPEN for alert in alerted.values()),
        overdue=len(cases.cases(desk, now, CaseStatus.OVERDUE)),
        sources=len(found),
        heard=sum(line.state in HEARD for line in found),
        silent=tuple(line for line in found if line.state in ("dead", "troubled"))[:_SHOWN],
        topics=topics[:6],
        places=places,
        signals=signals,
        undelivered=outbox.counts(desk)["given_up"],
        missing=tuple(parts.missing),
    )


def coverage(counted: Counts, now: datetime) -> Coverage:
    """Return how much each publisher published lately."""
    day = counts(counted.count(Query(since=now - DAY, until=now), By.PUBLISHER))
    week = counts(counted.count(Query(since=now - DAY - WEEK, until=now - DAY), By.PUBLISHER))
    return Coverage(day=day, usual={publisher: count / 7 for publisher, count in week.items()})


def source_lines(health: Health, heard: Coverage) -> list[SourceLine]:
    """Return the sources with what their newsrooms published, those in trouble first."""
    lines = [
        source_line(s, health.found.get(s.id), heard.day.get(s.publisher, 0), heard.usual.get(s.publisher, 0.0))
        for s in health.sources
    ]
    return sorted(lines, key=lambda line: (_ORDER.index(line.state), line.name))


def alerts_by_issue(desk: Desk) -> dict[str, Alert]:
    """Return the alert of each issue that has one, the latest 1,000."""
    return {alert.issue_id: alert for alert in alerts.alerts(desk)}
