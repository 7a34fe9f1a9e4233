"""The outbox: notices on their way to one address each, kept until delivered or given up, and then as the record."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import orjson
import sqlalchemy as sa

from monitor.desk import schema
from monitor.desk.audit import Action, note
from monitor.desk.database import Desk, moment, stamp
from monitor.errors import WrongInput

GIVE_UP_AFTER = 12
"""Attempts at one delivery: with doubling waits from one minute, about three days."""

LEASE = timedelta(minutes=5)
"""How long a delivery belongs to the process that took it; when that died it is due again."""

STATES = ("waiting", "delivered", "given_up")


@dataclass(frozen=True, kw_only=True, slots=True)
class Delivery:
    """One notice to one address of a channel; `key` stays the same through every attempt, so receivers can tell."""

    key: str
    channel: str
    position: int
    kind: str
    title: str
    text: str
    html: str
    alert_ids: tuple[str, ...]
    created_at: datetime
    next_at: datetime
    delivered_at: datetime | None = None
    attempts: int = 0
    state: str = "waiting"
    error: str = ""


def put(connection: sa.Connection, deliveries: Iterable[Delivery]) -> None:
    """Put deliveries into the outbox, in the transaction that decided on them."""
    rows = [_row(delivery) for delivery in deliveries]
    if rows:
        connection.execute(sa.insert(schema.outbox), rows)


def deliveries(
    desk: Desk, *states: str, alert_id: str = "", until: datetime | None = None, limit: int = 1000
) -> list[Delivery]:
    """Deliveries in those states (all when none is named), of one alert, due by a time; next due first."""
    table = schema.outbox
    query = sa.select(table).order_by(table.c.next_at, table.c.key).limit(limit)
    if states:
        query = query.where(table.c.state.in_(states))
    if alert_id:
        query = query.where(table.c.alerts.contains(f'"{alert_id}"', autoescape=True))
    if until:
        query = query.where(table.c.next_at <= stamp(until))
    with desk.read() as connection:
        return [_delivery(row) for row in connection.execute(query).mappings()]


def claim(desk: Desk, delivery: Delivery, now: datetime) -> bool:
    """Take a delivery for LEASE; False when another process has it."""
    table = schema.outbox
    mine = (table.c.key == delivery.key) & (table.c.state == "waiting") & (table.c.next_at == stamp(delivery.next_at))
    with desk.write() as connection:
        taken = connection.execute(sa.update(table).where(mine).values(next_at=stamp(now + LEASE)))
        return taken.rowcount == 1


def delivered(desk: Desk, delivery: Delivery, now: datetime) -> None:
    """Record that people have the notice."""
    values = {"state": "delivered", "attempts": delivery.attempts + 1, "error": "", "delivered_at": stamp(now)}
    first = schema.alerts.c.notified_at.is_(None) & schema.alerts.c.id.in_(delivery.alert_ids)
    with desk.write() as connection:
        connection.execute(_of(delivery.key).values(**values))
        connection.execute(sa.update(schema.alerts).where(first).values(notified_at=stamp(now)))


def failed(desk: Desk, delivery: Delivery, error: str, now: datetime) -> None:
    """Record a failure: the next attempt waits twice as long; after the last the delivery is given up."""
    attempts = delivery.attempts + 1
    values = {
        "state": "given_up" if attempts >= GIVE_UP_AFTER else "waiting",
        "attempts": attempts,
        "error": error,
        "next_at": stamp(now + timedelta(minutes=2 ** (attempts - 1))),
    }
    with desk.write() as connection:
        connection.execute(_of(delivery.key).values(**values))


def drop_texts(desk: Desk, before: datetime) -> int:
    """Drop the texts of what was delivered before a time, and return of how many; the record of them stays."""
    table = schema.outbox
    old = (table.c.state == "delivered") & (table.c.delivered_at < stamp(before)) & (table.c.text != "")
    with desk.write() as connection:
        return connection.execute(sa.update(table).where(old).values(text="", html="")).rowcount


def retry(desk: Desk, key: str, by: str, now: datetime) -> None:
    """Begin anew with a delivery that was given up.  Raises InputError when there is none of that key."""
    given_up = _of(key).where(schema.outbox.c.state == "given_up")
    with desk.write() as connection:
        found = connection.execute(given_up.values(state="waiting", attempts=0, next_at=stamp(now)))
        if found.rowcount != 1:
            raise WrongInput("unknown.delivery", delivery=key)
        note(connection, by, Action.RETRY, f"delivery:{key}", now)


def last_put(connection: sa.Connection, kind: str) -> dict[str, datetime]:
    """Return when each channel was last sent something of a kind."""
    table = schema.outbox
    query = sa.select(table.c.channel, sa.func.max(table.c.created_at)).where(table.c.kind == kind)
    return {channel: datetime.fromisoformat(at) for channel, at in connection.execute(query.group_by(table.c.channel))}


def counts(desk: Desk) -> dict[str, int]:
    """Return how many deliveries are in each of STATES."""
    query = sa.select(schema.outbox.c.state, sa.func.count()).group_by(schema.outbox.c.state)
    with desk.read() as connection:
        found: Sequence[tuple[str, int]] = [(row[0], row[1]) for row in connection.execute(query)]
    return {state: dict(found).get(state, 0) for state in STATES}


def _of(key: str) -> sa.Update:
    return sa.update(schema.outbox).where(schema.outbox.c.key == key)


def _row(delivery: Delivery) -> dict[str, str | int]:
    return {
        "key": delivery.key,
        "channel": delivery.channel,
        "position": delivery.position,
        "kind": delivery.kind,
        "title": delivery.title,
        "text": delivery.text,
        "html": delivery.html,
        "alerts": orjson.dumps(delivery.alert_ids).decode(),
        "created_at": stamp(delivery.created_at),
        "next_at": stamp(delivery.next_at),
        "attempts": delivery.attempts,
        "state": delivery.state,
        "error": delivery.error,
    }


def _delivery(row: sa.RowMapping) -> Delivery:
    texts = ("key", "channel", "position", "kind", "title", "text", "html", "attempts", "state", "error")
    return Delivery(
        **{name: row[name] for name in texts},
        alert_ids=tuple(orjson.loads(row["alerts"])),
        created_at=datetime.fromisoformat(row["created_at"]),
        next_at=datetime.fromisoformat(row["next_at"]),
        delivered_at=moment(row["delivered_at"]),
    )
