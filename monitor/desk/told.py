"""What each channel was told of each alert last, when each digest went out, which reminders were sent."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from monitor.desk import schema
from monitor.desk.database import moment, stamp, upsert


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """The rank of the level that a channel was told of (0: that it closed), and when."""

    rank: int
    at: datetime


def told(connection: sa.Connection) -> dict[str, dict[str, Told]]:
    """Return by channel and alert id what was told last."""
    result: dict[str, dict[str, Told]] = defaultdict(dict)
    for alert_id, channel, rank, at in connection.execute(sa.select(schema.told)):
        result[channel][alert_id] = Told(rank=rank, at=datetime.fromisoformat(at))
    return result


def tell(connection: sa.Connection, channel: str, ranks: Iterable[tuple[str, int]], now: datetime) -> None:
    """Keep that a channel is told of some alerts, by id and rank."""
    for alert_id, rank in ranks:
        upsert(connection, schema.told, alert_id=alert_id, channel=channel, rank=rank, at=stamp(now))


def last_digest(connection: sa.Connection, name: str) -> datetime | None:
    """Return the set time of the last digest of a name."""
    return moment(connection.scalar(sa.select(schema.digests.c.at).where(schema.digests.c.name == name)))


def mark_digest(connection: sa.Connection, name: str, at: datetime) -> None:
    """Keep the set time of a digest."""
    upsert(connection, schema.digests, name=name, at=stamp(at))


def reminded(connection: sa.Connection) -> set[tuple[str, str]]:
    """Return case id and occasion of each reminder sent."""
    table = schema.reminders
    return {(row[0], row[1]) for row in connection.execute(sa.select(table.c.case_id, table.c.occasion))}


def mark_reminder(connection: sa.Connection, case_id: str, occasion: str, now: datetime) -> None:
    """Keep that a reminder was sent."""
    upsert(connection, schema.reminders, case_id=case_id, occasion=occasion, at=stamp(now))
