"""Grassroots reports: what people say in a place, sent by collaborators, reviewed by staff before it counts."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from monitor.desk import schema
from monitor.desk.alerts import needed
from monitor.desk.audit import Action, note
from monitor.desk.database import Desk, moment, stamp
from monitor.desk.known import known_place, known_topic
from monitor.errors import WrongInput
from monitor.jsonl import document_id
from monitor.provinces import PROVINCES
from monitor.records import VIETNAM, Document, Kind, digest
from monitor.store import Store
from monitor.text import clean

SOURCE, PUBLISHER = "reports", "Phản ánh từ cơ sở"
STATES = ("waiting", "accepted", "refused")
LONGEST, MOST_PEOPLE = 2000, 10_000
MOST_WAITING = 50
"""Reports of one collaborator that may wait for review."""

Redact = Callable[[str], str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Report:
    """One report; `people` is how many spoke of it, `by` the collaborator, `document_id` set once it counts."""

    id: str
    topic: str
    place: str
    text: str
    people: int
    at: datetime
    by: str
    state: str
    reviewed_by: str
    reviewed_at: datetime | None
    comment: str
    document_id: str


def submit(
    desk: Desk, topic: str, place: str, text: str, people: int, by: str, now: datetime, *, redact: Redact
) -> Report:
    """Keep a report for review, its text redacted first; the same report of the day again is the first.

    Raises InputError for an unknown topic or place, an empty text, or an unlikely number of people.
    """
    topic, code = known_topic(topic), known_place(place)
    if not 1 <= people <= MOST_PEOPLE:
        raise WrongInput("report.people", most=MOST_PEOPLE)
    by, body = needed(by, "who"), redact(needed(text, "report", LONGEST))
    day = f"{now.astimezone(VIETNAM):%Y-%m-%d}"
    row = {"id": digest("report", by, topic, code, body, day), "topic": topic, "place": code, "text": body}
    with desk.write() as connection:
        if present := _one(connection, row["id"]):
            return present
        _check_waiting(connection, by)
        values = {**row, "people": people, "at": stamp(now), "by": by, "state": "waiting"}
        connection.execute(sa.insert(schema.reports).values(**values))
        note(connection, by, Action.REPORT, f"report:{row['id']}", now)
        return _found(connection, row["id"])


def reports(desk: Desk, *states: str, by: str = "", limit: int = 200) -> list[Report]:
    """Reports in those states (all when none is named), of one collaborator; newest first."""
    table = schema.reports
    query = sa.select(table).order_by(table.c.at.desc(), table.c.id).limit(limit)
    if states:
        query = query.where(table.c.state.in_(states))
    if by:
        query = query.where(table.c.by == by)
    with desk.read() as connection:
        return [_report(row) for row in connection.execute(query).mappings()]


def review(desk: Desk, store: Store, report_id: str, *, accept: bool, by: str, comment: str, now: datetime) -> Report:
    """Accept a report, which makes it a Document of the store, or refuse it.

    Raises InputError when it was reviewed already, and when the collaborator reviews their own.
    """
    by = needed(by, "who")
    with desk.read() as connection:
        report = _found(connection, report_id)
    if report.state != "waiting":
        raise WrongInput("report.reviewed", report=report_id, by=report.reviewed_by)
    if report.by == by:
        raise WrongInput("report.own")
    document = document_of_report(report)
    if accept:
        store.add([document])
    values = {
        "state": "accepted" if accept else "refused",
        "reviewed_by": by,
        "reviewed_at": stamp(now),
        "comment": clean(comment).strip(),
        "document_id": document.id if accept else "",
    }
    with desk.write() as connection:
        table = schema.reports
        waiting = (table.c.id == report_id) & (table.c.state == "waiting")
        if connection.execute(sa.update(table).where(waiting).values(**values)).rowcount:
            note(connection, by, Action.REVIEW, f"report:{report_id}", now, values["state"])
        return _found(connection, report_id)


def document_of_report(report: Report) -> Document:
    """Return a report as a Document; nothing in it says who sent it or who spoke."""
    place = PROVINCES[report.place].name
    url = f"urn:langnghe:report:{report.id}"
    first_line = report.text.split("\n")[0]
    return Document(
        id=document_id(url),
        url=url,
        source_id=SOURCE,
        publisher=PUBLISHER,
        kind=Kind.REPORT,
        title=first_line if len(first_line) <= 100 else first_line[:99].rstrip() + "…",
        lead=f"{place}: {report.people} người nói.",
        text=report.text,
        section=report.topic,
        published_at=report.at,
        fetched_at=report.at,
        reactions={"people": report.people},
    )


def _check_waiting(connection: sa.Connection, by: str) -> None:
    mine = (schema.reports.c.by == by) & (schema.reports.c.state == "waiting")
    if (connection.scalar(sa.select(sa.func.count()).where(mine)) or 0) >= MOST_WAITING:
        raise WrongInput("report.many", most=MOST_WAITING)


def _found(connection: sa.Connection, report_id: str) -> Report:
    report = _one(connection, report_id)
    if report is None:
        raise WrongInput("unknown.report", report=report_id)
    return report


def _one(connection: sa.Connection, report_id: str) -> Report | None:
    row = connection.execute(sa.select(schema.reports).where(schema.reports.c.id == report_id)).mappings().first()
    return _report(row) if row else None


def _report(row: sa.RowMapping) -> Report:
    texts = ("id", "topic", "place", "text", "people", "by", "state", "reviewed_by", "comment", "document_id")
    at = datetime.fromisoformat(row["at"])
    return Report(**{name: row[name] for name in texts}, at=at, reviewed_at=moment(row["reviewed_at"]))
