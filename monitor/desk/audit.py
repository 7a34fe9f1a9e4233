"""The audit: who did what to which object, when; it only grows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa

from monitor.desk import schema
from monitor.desk.database import Desk, stamp

MOST = 1000


class Action(StrEnum):
    READ = "read"
    SEARCH = "search"
    EXPORT = "export"
    ACKNOWLEDGE = "acknowledge"
    ASSIGN = "assign"
    RESOLVE = "resolve"
    JUDGE = "judge"
    SILENCE = "silence"
    END_SILENCE = "end_silence"
    SEND_CASE = "send_case"
    ANSWER_CASE = "answer_case"
    MOVE_DUE = "move_due"
    REPORT = "report"
    REVIEW = "review"
    DIALOGUE = "dialogue"
    SURVEY = "survey"
    AGENCY = "agency"
    RETRY = "retry"
    SIGN_IN = "sign_in"
    SIGN_IN_FAILED = "sign_in_failed"
    SIGN_OUT = "sign_out"
    USER = "user"
    TOKEN = "token"


@dataclass(frozen=True, kw_only=True, slots=True)
class Record:
    """One line of the audit; `object` is the kind and id of what it was done to, such as `issue:3f…`."""

    number: int
    at: datetime
    by: str
    action: Action
    object: str
    detail: str


def record(desk: Desk, by: str, action: Action, target: str, now: datetime, detail: str = "") -> None:
    """Keep one line: a read of a document, an export, a search."""
    with desk.write() as connection:
        note(connection, by, action, target, now, detail)


def note(connection: sa.Connection, by: str, action: Action, target: str, now: datetime, detail: str = "") -> None:
    """Keep one line in the transaction of the change that it tells of."""
    row = {"at": stamp(now), "by": by, "action": action, "object": target, "detail": detail}
    connection.execute(sa.insert(schema.audit).values(**row))


def records(
    desk: Desk,
    *,
    by: str = "",
    actions: Sequence[Action] = (),
    target: str = "",
    before: int | None = None,
    limit: int = 100,
) -> list[Record]:
    """Lines, newest first, of one member of staff, of some actions, of one object; `before` goes on from a number."""
    table = schema.audit
    query = sa.select(table).order_by(table.c.number.desc()).limit(min(limit, MOST))
    if by:
        query = query.where(table.c.by == by)
    if actions:
        query = query.where(table.c.action.in_(actions))
    if target:
        query = query.where(table.c.object == target)
    if before is not None:
        query = query.where(table.c.number < before)
    with desk.read() as connection:
        return [_record(row) for row in connection.execute(query).mappings()]


def _record(row: sa.RowMapping) -> Record:
    return Record(
        number=row["number"],
        at=datetime.fromisoformat(row["at"]),
        by=row["by"],
        action=Action(row["action"]),
        object=row["object"],
        detail=row["detail"],
    )
