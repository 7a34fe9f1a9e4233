"""Alerts: one an issue, open until the issue closes, with what staff did and the issue as it was last seen."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import orjson
import sqlalchemy as sa

from monitor.desk import schema
from monitor.desk.audit import Action, note
from monitor.desk.database import Desk, moment, stamp
from monitor.errors import WrongInput
from monitor.jsonl import from_dict, to_dict, to_line
from monitor.records import Alert, AlertStatus, Issue, Level, digest
from monitor.text import clean

RANK = {Level.CLOSED: 0, Level.COOLING: 0, Level.EMERGING: 1, Level.HOT: 2}
"""Only a higher rank than people were told of is an escalation."""

LONGEST_COMMENT = 4000
_REMEMBERED = timedelta(days=30)


class Event(StrEnum):
    OPENED = "opened"
    ESCALATED = "escalated"
    REOPENED = "reopened"
    CLOSED = "closed"
    ACKNOWLEDGED = "acknowledged"
    ASSIGNED = "assigned"
    RESOLVED = "resolved"
    TOLD = "told"


@dataclass(frozen=True, kw_only=True, slots=True)
class Headline:
    """One document that an alert rests on, as people read it in a notice."""

    title: str
    publisher: str
    url: str
    at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Dossier:
    """An alert with the issue and headlines as last seen; `storm` is the first issue of those that continue it."""

    alert: Alert
    issue: Issue
    headlines: tuple[Headline, ...]
    storm: str
    peak: Level
    raised_at: datetime
    resolved_at: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Happening:
    """One line of the history of an alert."""

    at: datetime
    event: Event
    by: str
    comment: str


def alert_id(issue_id: str) -> str:
    """Return the id of the alert of an issue."""
    return digest("alert", issue_id)


def see(desk: Desk, issue: Issue, headlines: Sequence[Headline], now: datetime) -> Alert | None:
    """Keep an issue as it is now; return its alert if it was opened, opened again or escalated, else None.

    An issue that is closed opens none.
    """
    with desk.write() as connection:
        return _see(connection, issue, headlines, now)


def follow(desk: Desk, issues: Iterable[Issue], now: datetime) -> int:
    """Keep issues that have an alert as they are now; return how many alerts were escalated or opened again."""
    with desk.write() as connection:
        known: set[str] = set(connection.scalars(sa.select(schema.alerts.c.issue_id)))
        seen = [_see(connection, issue, (), now) for issue in issues if issue.id in known]
    return sum(alert is not None for alert in seen)


def dossiers(desk: Desk, *statuses: AlertStatus, limit: int = 1000) -> list[Dossier]:
    """Alerts of those statuses (all when none is named), last raised first."""
    with desk.read() as connection:
        return read_dossiers(connection, *statuses, limit=limit)


def alerts(desk: Desk, *statuses: AlertStatus, limit: int = 1000) -> list[Alert]:
    """The alerts alone, last raised first, without reading their issues."""
    columns = [schema.alerts.c[field.name] for field in fields(Alert)]
    with desk.read() as connection:
        return [_alert(row) for row in connection.execute(_latest(statuses, limit, *columns)).mappings()]


def dossier(desk: Desk, issue_id: str) -> Dossier | None:
    """The alert of an issue, None when it has none."""
    with desk.read() as connection:
        return _one(connection, alert_id(issue_id))


def dossier_of_alert(desk: Desk, target: str) -> Dossier | None:
    """The alert of that id."""
    with desk.read() as connection:
        return _one(connection, target)


def history(desk: Desk, issue_id: str) -> list[Happening]:
    """What happened to the alert of an issue, oldest first."""
    table = schema.alert_events
    query = sa.select(table).where(table.c.alert_id == alert_id(issue_id)).order_by(table.c.number)
    with desk.read() as connection:
        return [_happening(row) for row in connection.execute(query).mappings()]


def acknowledge(desk: Desk, issue_id: str, by: str, comment: str, now: datetime) -> Alert:
    """Say that someone looks after it: no repeats until it escalates.  Raises InputError when it is resolved."""
    return _act(desk, issue_id, by, comment, now, Event.ACKNOWLEDGED, Action.ACKNOWLEDGE, status="acknowledged")


def assign(desk: Desk, issue_id: str, to: str, by: str, comment: str, now: datetime) -> Alert:
    """Give it to a member of staff, which acknowledges it."""
    values = {"status": "acknowledged", "assigned": to}
    told = f"{to}: {comment}" if comment else to
    return _act(desk, issue_id, by, told, now, Event.ASSIGNED, Action.ASSIGN, **values)


def resolve(desk: Desk, issue_id: str, by: str, comment: str, now: datetime) -> Alert:
    """End it by hand; it opens again only when the issue escalates beyond its peak, or closes and flares up again."""
    values = {"status": "resolved", "resolved_at": stamp(now)}
    return _act(desk, issue_id, by, comment, now, Event.RESOLVED, Action.RESOLVE, **values)


def read_dossiers(connection: sa.Connection, *statuses: AlertStatus, limit: int = 1000) -> list[Dossier]:
    """`dossiers` within a transaction."""
    return [_dossier(row) for row in connection.execute(_latest(statuses, limit, schema.alerts)).mappings()]


def standing(connection: sa.Connection, now: datetime) -> list[Dossier]:
    """Alerts that notices may still be due of: those not resolved, and those resolved in the last 30 days."""
    table = schema.alerts
    recent = table.c.resolved_at >= stamp(now - _REMEMBERED)
    query = sa.select(table).where((table.c.status != AlertStatus.RESOLVED) | recent).order_by(table.c.id)
    return [_dossier(row) for row in connection.execute(query).mappings()]


def needed(text: str, what: str, longest: int = LONGEST_COMMENT) -> str:
    """Return the text cleaned and cut to `longest`.  Raises `needed.WHAT` of wrong.toml when nothing is left."""
    cleaned = clean(text).strip()[:longest]
    if not cleaned:
        raise WrongInput(f"needed.{what}")
    return cleaned


_RAISES = (Event.OPENED, Event.ESCALATED, Event.REOPENED)


def _see(connection: sa.Connection, issue: Issue, headlines: Sequence[Headline], now: datetime) -> Alert | None:
    before = _one(connection, alert_id(issue.id))
    if before is None and issue.level == Level.CLOSED:
        return None
    happened = Event.OPENED if before is None else _event(before, issue)
    values: dict[str, Any] = {"issue": to_line(issue), "level": issue.level, **_changes(issue, happened, now)}
    if headlines or before is None:
        values["headlines"] = _headlines_text(headlines)
    _keep(connection, before, issue, values)
    if happened:
        _happen(connection, alert_id(issue.id), now, happened)
    return _found(connection, alert_id(issue.id)).alert if happened in _RAISES else None


def _event(before: Dossier, issue: Issue) -> Event | None:
    resolved = before.alert.status == AlertStatus.RESOLVED
    if issue.level == Level.CLOSED:
        return None if resolved else Event.CLOSED
    higher = RANK[issue.level] > RANK[before.peak]
    if resolved:
        again = before.alert.level == Level.CLOSED and RANK[issue.level] > 0
        return Event.REOPENED if again or higher else None
    return Event.ESCALATED if higher else None


def _changes(issue: Issue, happened: Event | None, now: datetime) -> dict[str, Any]:
    if happened in _RAISES:
        return {"peak": issue.level, "status": "open", "raised_at": stamp(now), "resolved_at": None}
    if happened == Event.CLOSED:
        return {"status": "resolved", "resolved_at": stamp(now)}
    return {}


def _keep(connection: sa.Connection, before: Dossier | None, issue: Issue, values: dict[str, Any]) -> None:
    table = schema.alerts
    if before:
        connection.execute(sa.update(table).where(table.c.id == before.alert.id).values(**values))
        return
    parent = _one(connection, alert_id(issue.continues)) if issue.continues else None
    names = {"id": alert_id(issue.id), "issue_id": issue.id, "storm": parent.storm if parent else issue.continues}
    names["storm"] = names["storm"] or issue.id
    connection.execute(sa.insert(table).values(**names, opened_at=values["raised_at"], **values))


def _act(
    desk: Desk, issue_id: str, by: str, comment: str, now: datetime, event: Event, action: Action, **values: Any
) -> Alert:
    by, comment = needed(by, "who"), clean(comment).strip()[:LONGEST_COMMENT]
    table, target = schema.alerts, alert_id(issue_id)
    with desk.write() as connection:
        before = _found(connection, target)
        if before.alert.status == AlertStatus.RESOLVED:
            raise WrongInput("alert.resolved", issue=issue_id)
        connection.execute(sa.update(table).where(table.c.id == target).values(by=by, note=comment, **values))
        _happen(connection, target, now, event, by, comment)
        note(connection, by, action, f"issue:{issue_id}", now, comment)
        return _found(connection, target).alert


def _happen(
    connection: sa.Connection, target: str, now: datetime, event: Event, by: str = "", comment: str = ""
) -> None:
    row = {"alert_id": target, "at": stamp(now), "event": event, "by": by, "comment": comment}
    connection.execute(sa.insert(schema.alert_events).values(**row))


def _found(connection: sa.Connection, target: str) -> Dossier:
    dossier = _one(connection, target)
    if dossier is None:
        raise WrongInput("alert.none")
    return dossier


def _latest(statuses: Sequence[AlertStatus], limit: int, *columns: Any) -> sa.Select[Any]:
    query = sa.select(*columns).order_by(schema.alerts.c.raised_at.desc(), schema.alerts.c.id).limit(limit)
    return query.where(schema.alerts.c.status.in_(statuses)) if statuses else query


def _one(connection: sa.Connection, target: str) -> Dossier | None:
    row = connection.execute(sa.select(schema.alerts).where(schema.alerts.c.id == target)).mappings().first()
    return _dossier(row) if row else None


def _headlines_text(headlines: Sequence[Headline]) -> str:
    return orjson.dumps([to_dict(headline) for headline in headlines]).decode()


def _dossier(row: sa.RowMapping) -> Dossier:
    return Dossier(
        alert=_alert(row),
        issue=from_dict(Issue, orjson.loads(row["issue"])),
        headlines=tuple(from_dict(Headline, values) for values in orjson.loads(row["headlines"])),
        storm=row["storm"],
        peak=Level(row["peak"]),
        raised_at=datetime.fromisoformat(row["raised_at"]),
        resolved_at=moment(row["resolved_at"]),
    )


def _alert(row: sa.RowMapping) -> Alert:
    return Alert(
        id=row["id"],
        issue_id=row["issue_id"],
        level=Level(row["level"]),
        status=AlertStatus(row["status"]),
        opened_at=datetime.fromisoformat(row["opened_at"]),
        notified_at=moment(row["notified_at"]),
        by=row["by"],
        note=row["note"],
        assigned=row["assigned"],
    )


def _happening(row: sa.RowMapping) -> Happening:
    return Happening(
        at=datetime.fromisoformat(row["at"]), event=Event(row["event"]), by=row["by"], comment=row["comment"]
    )
