"""The book of dialogues with citizens: what was said, who must answer it and by when, and the answer."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa

from monitor.desk import schema
from monitor.desk.alerts import needed
from monitor.desk.audit import Action, note
from monitor.desk.database import Desk, moment, stamp
from monitor.desk.known import known_place, known_topic
from monitor.desk.reports import Redact
from monitor.errors import WrongInput
from monitor.records import digest

LONGEST = 5000


class OpinionStatus(StrEnum):
    WAITING = "waiting"
    LATE = "late"
    ANSWERED = "answered"


@dataclass(frozen=True, kw_only=True, slots=True)
class Dialogue:
    """One meeting with citizens."""

    id: str
    title: str
    place: str
    held_at: datetime
    by: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Opinion:
    """One thing that was said, by nobody named; `agency` must answer by `due_at`."""

    id: str
    dialogue_id: str
    topic: str
    text: str
    agency: str
    due_at: datetime
    answer: str
    answered_at: datetime | None
    status: OpinionStatus
    by: str


def record_dialogue(desk: Desk, title: str, place: str, held_at: datetime, by: str, now: datetime) -> Dialogue:
    """Open the book on a dialogue; the same title, place and time again is the first."""
    code = known_place(place)
    title, by = needed(title, "dialogue", 300), needed(by, "who")
    row = {"id": digest("dialogue", title, code, stamp(held_at)), "title": title, "place": code, "by": by}
    with desk.write() as connection:
        if present := _dialogue_of(connection, row["id"]):
            return present
        connection.execute(sa.insert(schema.dialogues).values(**row, held_at=stamp(held_at)))
        note(connection, by, Action.DIALOGUE, f"dialogue:{row['id']}", now, title)
    return Dialogue(**row, held_at=held_at)


def record_opinion(
    desk: Desk,
    dialogue_id: str,
    topic: str,
    text: str,
    agency: str,
    due_at: datetime,
    by: str,
    now: datetime,
    *,
    redact: Redact,
) -> Opinion:
    """Keep what was said, redacted, with who must answer and when."""
    topic = known_topic(topic)
    body, agency = redact(needed(text, "opinion", LONGEST)), needed(agency, "answerer", 300)
    row = {"id": digest("opinion", dialogue_id, body), "dialogue_id": dialogue_id, "topic": topic, "text": body}
    times = {"at": stamp(now), "due_at": stamp(due_at)}
    with desk.write() as connection:
        if _dialogue_of(connection, dialogue_id) is None:
            raise WrongInput("unknown.dialogue", dialogue=dialogue_id)
        if present := _opinions(connection, now, schema.opinions.c.id == row["id"]):
            return present[0]
        connection.execute(sa.insert(schema.opinions).values(**row, **times, agency=agency, by=needed(by, "who")))
        note(connection, by, Action.DIALOGUE, f"opinion:{row['id']}", now, agency)
        return _opinions(connection, now, schema.opinions.c.id == row["id"])[0]


def answer_opinion(desk: Desk, opinion_id: str, text: str, by: str, now: datetime) -> Opinion:
    """Keep the answer.  Raises InputError when there is no such opinion, or it was answered."""
    table = schema.opinions
    body = needed(text, "answer", LONGEST)
    with desk.write() as connection:
        unanswered = (table.c.id == opinion_id) & table.c.answered_at.is_(None)
        done = connection.execute(sa.update(table).where(unanswered).values(answer=body, answered_at=stamp(now)))
        if done.rowcount != 1:
            raise WrongInput("unknown.opinion", opinion=opinion_id)
        note(connection, needed(by, "who"), Action.DIALOGUE, f"opinion:{opinion_id}", now, "answered")
        return _opinions(connection, now, table.c.id == opinion_id)[0]


def dialogues(desk: Desk) -> list[Dialogue]:
    """All dialogues, newest first."""
    query = sa.select(schema.dialogues).order_by(schema.dialogues.c.held_at.desc(), schema.dialogues.c.id)
    with desk.read() as connection:
        return [_dialogue(row) for row in connection.execute(query).mappings()]


def opinions(desk: Desk, now: datetime, *statuses: OpinionStatus, dialogue_id: str = "") -> list[Opinion]:
    """Opinions of those statuses now, of one dialogue; soonest due first."""
    asked = [schema.opinions.c.dialogue_id == dialogue_id] if dialogue_id else []
    with desk.read() as connection:
        found = _opinions(connection, now, *asked)
    return [one for one in found if not statuses or one.status in statuses]


def _dialogue_of(connection: sa.Connection, dialogue_id: str) -> Dialogue | None:
    query = sa.select(schema.dialogues).where(schema.dialogues.c.id == dialogue_id)
    row = connection.execute(query).mappings().first()
    return _dialogue(row) if row else None


def _opinions(connection: sa.Connection, now: datetime, *asked: sa.ColumnElement[bool]) -> list[Opinion]:
    query = sa.select(schema.opinions).where(*asked).order_by(schema.opinions.c.due_at, schema.opinions.c.id)
    return [_opinion(row, now) for row in connection.execute(query).mappings()]


def _dialogue(row: sa.RowMapping) -> Dialogue:
    held = datetime.fromisoformat(row["held_at"])
    return Dialogue(id=row["id"], title=row["title"], place=row["place"], held_at=held, by=row["by"])


def _opinion(row: sa.RowMapping, now: datetime) -> Opinion:
    due_at, answered_at = datetime.fromisoformat(row["due_at"]), moment(row["answered_at"])
    open_ = OpinionStatus.LATE if now >= due_at else OpinionStatus.WAITING
    return Opinion(
        **{name: row[name] for name in ("id", "dialogue_id", "topic", "text", "agency", "answer", "by")},
        due_at=due_at,
        answered_at=answered_at,
        status=OpinionStatus.ANSWERED if answered_at else open_,
    )
