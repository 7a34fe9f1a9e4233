"""Silences: no notices for what matches, always with an author, a reason and an end."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import orjson
import sqlalchemy as sa

from monitor.desk import schema
from monitor.desk.alerts import needed
from monitor.desk.audit import Action, note
from monitor.desk.database import Desk, maybe_stamp, moment, stamp
from monitor.desk.known import known_place, known_topic
from monitor.errors import WrongInput
from monitor.records import AlertStatus, Issue, Silence, digest

MATCHERS = ("issue", "topic", "place", "rule")
LONGEST = timedelta(days=366)
_REMEMBERED = timedelta(days=30)


@dataclass(frozen=True, kw_only=True, slots=True)
class KeptSilence:
    """A silence with when it began and, once it is over, when and by whom it was ended (empty: by itself)."""

    silence: Silence
    created_at: datetime
    ended_at: datetime | None
    ended_by: str


def silence(
    desk: Desk, matcher: Mapping[str, str], by: str, comment: str, until: datetime | None, now: datetime
) -> Silence:
    """Keep a silence; all of the matcher must match; `until` None stands for "until the issue closes".

    Raises InputError without an author, a comment, a matcher, or an end: within 366 days, or an alert that is open.
    """
    made = Silence(
        id=digest("silence", by, stamp(now), orjson.dumps(dict(matcher), option=orjson.OPT_SORT_KEYS).decode()),
        matcher=_checked(matcher),
        by=needed(by, "who"),
        comment=needed(comment, "reason"),
        until=until,
    )
    _check_end(made, now)
    with desk.write() as connection:
        present = connection.scalar(sa.select(schema.silences.c.id).where(schema.silences.c.id == made.id))
        if present is None:
            _check_open(connection, made)
            connection.execute(sa.insert(schema.silences).values(**_row(made, now)))
            note(connection, made.by, Action.SILENCE, f"silence:{made.id}", now, made.comment)
    return made


def end(desk: Desk, silence_id: str, by: str, now: datetime) -> KeptSilence:
    """End a silence before its time.  Raises InputError when there is none; a second time changes nothing."""
    with desk.write() as connection:
        before = _found(connection, silence_id)
        if before.ended_at is None:
            finish(connection, silence_id, now, needed(by, "who"))
            note(connection, by, Action.END_SILENCE, f"silence:{silence_id}", now)
        return _found(connection, silence_id)


def silences(desk: Desk, *, ended: bool = False) -> list[KeptSilence]:
    """The silences in force, or those that are over, newest first."""
    table = schema.silences
    over = table.c.ended_at.is_not(None) if ended else table.c.ended_at.is_(None)
    query = sa.select(table).where(over).order_by(table.c.created_at.desc(), table.c.id).limit(1000)
    with desk.read() as connection:
        return [_kept(row) for row in connection.execute(query).mappings()]


def recent(connection: sa.Connection, now: datetime) -> list[KeptSilence]:
    """The silences in force and those that ended in the last 30 days."""
    table = schema.silences
    asked = table.c.ended_at.is_(None) | (table.c.ended_at >= stamp(now - _REMEMBERED))
    return [_kept(row) for row in connection.execute(sa.select(table).where(asked)).mappings()]


def finish(connection: sa.Connection, silence_id: str, now: datetime, by: str = "") -> None:
    """Record that a silence is over."""
    table = schema.silences
    connection.execute(sa.update(table).where(table.c.id == silence_id).values(ended_at=stamp(now), ended_by=by))


def in_force(kept: KeptSilence, at: datetime) -> bool:
    """Return whether a silence held at a moment."""
    ends = [end for end in (kept.silence.until, kept.ended_at) if end]
    return kept.created_at <= at and all(at < end for end in ends)


def silenced_rules(kept: KeptSilence, issue: Issue, rules: Sequence[str]) -> set[str]:
    """Return which of the rules' notices of an issue a silence holds back."""
    values = kept.silence.matcher
    held = (
        values.get("issue", issue.id) == issue.id
        and values.get("topic", issue.topic) == issue.topic
        and ("place" not in values or values["place"] in issue.places)
    )
    return {rule for rule in rules if held and values.get("rule", rule) == rule}


def _checked(matcher: Mapping[str, str]) -> dict[str, str]:
    values = {key: value.strip() for key, value in matcher.items() if value.strip()}
    if not values or set(values) - set(MATCHERS):
        raise WrongInput("silence.matcher", matchers=", ".join(MATCHERS))
    if "topic" in values:
        values["topic"] = known_topic(values["topic"])
    if "place" in values:
        values["place"] = known_place(values["place"])
    return values


def _check_end(made: Silence, now: datetime) -> None:
    if made.until is None and "issue" not in made.matcher:
        raise WrongInput("silence.no_issue")
    if made.until is not None and not now < made.until <= now + LONGEST:
        raise WrongInput("silence.no_end", days=LONGEST.days)


def _check_open(connection: sa.Connection, made: Silence) -> None:
    """What has no open alert would never be seen to close."""
    table = schema.alerts.c
    mine = (table.issue_id == made.matcher.get("issue", "")) & (table.status != AlertStatus.RESOLVED)
    if made.until is None and connection.scalar(sa.select(table.id).where(mine)) is None:
        raise WrongInput("silence.no_alert", issue=made.matcher["issue"])


def _row(made: Silence, now: datetime) -> dict[str, str | None]:
    return {
        "id": made.id,
        "matcher": orjson.dumps(dict(made.matcher)).decode(),
        "by": made.by,
        "comment": made.comment,
        "created_at": stamp(now),
        "until": maybe_stamp(made.until),
    }


def _found(connection: sa.Connection, silence_id: str) -> KeptSilence:
    query = sa.select(schema.silences).where(schema.silences.c.id == silence_id)
    row = connection.execute(query).mappings().first()
    if row is None:
        raise WrongInput("unknown.silence", silence=silence_id)
    return _kept(row)


def _kept(row: sa.RowMapping) -> KeptSilence:
    made = Silence(
        id=row["id"],
        matcher=orjson.loads(row["matcher"]),
        by=row["by"],
        comment=row["comment"],
        until=moment(row["until"]),
    )
    created = datetime.fromisoformat(row["created_at"])
    return KeptSilence(silence=made, created_at=created, ended_at=moment(row["ended_at"]), ended_by=row["ended_by"])
