"""The desk: people's state in a relational database; alerts and the outbox of their notices."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from monitor.errors import StoreError, StoreUnavailable
from monitor.notify import Notice
from monitor.records import Alert, AlertStatus, Level

GIVE_UP_AFTER = 12
"""Attempts at one delivery: with doubling waits from one minute, about three days."""

_metadata = sa.MetaData()

_alerts = sa.Table(
    "alerts",
    _metadata,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("issue_id", sa.String, nullable=False, index=True),
    sa.Column("level", sa.String, nullable=False),
    sa.Column("status", sa.String, nullable=False, index=True),
    sa.Column("opened_at", sa.String, nullable=False),
    sa.Column("notified_at", sa.String),
    sa.Column("by", sa.String, nullable=False, default=""),
    sa.Column("note", sa.String, nullable=False, default=""),
)

_outbox = sa.Table(
    "outbox",
    _metadata,
    sa.Column("key", sa.String, primary_key=True),
    sa.Column("alert_id", sa.String, nullable=False, index=True),
    sa.Column("channel", sa.String, nullable=False),
    sa.Column("title", sa.String, nullable=False),
    sa.Column("text", sa.String, nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("next_at", sa.String, nullable=False),
    sa.Column("state", sa.String, nullable=False, index=True),
    sa.Column("error", sa.String, nullable=False),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Delivery:
    """One notice on its way to one channel; `state` is waiting, delivered or given_up."""

    key: str
    alert_id: str
    channel: str
    notice: Notice
    attempts: int
    next_at: datetime
    state: str
    error: str


class Desk:
    """Alerts and deliveries; writing the same thing twice is writing it once."""

    def __init__(self, url: str) -> None:
        self._engine = sa.create_engine(url)
        with self._begin() as connection:
            _metadata.create_all(connection)

    def open_alert(self, alert: Alert, deliveries: Sequence[Delivery]) -> bool:
        """Keep an alert with its deliveries in one transaction; return whether it was new."""
        with self._begin() as connection:
            if connection.scalar(sa.select(_alerts.c.id).where(_alerts.c.id == alert.id)):
                return False
            connection.execute(sa.insert(_alerts).values(**_alert_row(alert)))
            if deliveries:
                connection.execute(sa.insert(_outbox), [_delivery_row(d) for d in deliveries])
        return True

    def alerts(self, *statuses: AlertStatus) -> list[Alert]:
        """Alerts of those statuses (all when none is named), newest first."""
        query = sa.select(_alerts).order_by(_alerts.c.opened_at.desc(), _alerts.c.id)
        if statuses:
            query = query.where(_alerts.c.status.in_(statuses))
        with self._begin() as connection:
            return [_alert(row) for row in connection.execute(query).mappings()]

    def deliveries(self, state: str, until: datetime | None = None) -> list[Delivery]:
        """Deliveries in that state, due by `until` where given, oldest first."""
        query = sa.select(_outbox).where(_outbox.c.state == state).order_by(_outbox.c.next_at, _outbox.c.key)
        if until:
            query = query.where(_outbox.c.next_at <= _stamp(until))
        with self._begin() as connection:
            return [_delivery(row) for row in connection.execute(query).mappings()]

    def delivered(self, delivery: Delivery, now: datetime) -> None:
        """Record that people have the notice."""
        with self._begin() as connection:
            _update(connection, delivery, state="delivered", attempts=delivery.attempts + 1, error="")
            connection.execute(
                sa.update(_alerts).where(_alerts.c.id == delivery.alert_id).values(notified_at=_stamp(now))
            )

    def failed(self, delivery: Delivery, error: str, now: datetime) -> None:
        """Record a failure: the next attempt waits twice as long; after the last the delivery is given up."""
        attempts = delivery.attempts + 1
        state = "given_up" if attempts >= GIVE_UP_AFTER else "waiting"
        next_at = now + timedelta(minutes=2 ** (attempts - 1))
        with self._begin() as connection:
            _update(connection, delivery, state=state, attempts=attempts, error=error, next_at=_stamp(next_at))

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()

    @contextmanager
    def _begin(self) -> Iterator[sa.Connection]:
        try:
            with self._engine.begin() as connection:
                yield connection
        except sa.exc.OperationalError as error:
            raise StoreUnavailable(f"desk {self._engine.url!r}: {error.orig}") from error
        except sa.exc.SQLAlchemyError as error:
            raise StoreError(f"desk {self._engine.url!r}: {error}") from error


def _update(connection: sa.Connection, delivery: Delivery, **values: Any) -> None:
    connection.execute(sa.update(_outbox).where(_outbox.c.key == delivery.key).values(**values))


def _stamp(moment: datetime) -> str:
    """Times are kept as text of one width in UTC, so that they sort as they follow one another in every database."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def _alert_row(alert: Alert) -> dict[str, Any]:
    return {
        "id": alert.id,
        "issue_id": alert.issue_id,
        "level": alert.level,
        "status": alert.status,
        "opened_at": _stamp(alert.opened_at),
        "notified_at": alert.notified_at and _stamp(alert.notified_at),
        "by": alert.by,
        "note": alert.note,
    }


def _alert(row: sa.RowMapping) -> Alert:
    return Alert(
        id=row["id"],
        issue_id=row["issue_id"],
        level=Level(row["level"]),
        status=AlertStatus(row["status"]),
        opened_at=datetime.fromisoformat(row["opened_at"]),
        notified_at=row["notified_at"] and datetime.fromisoformat(row["notified_at"]),
        by=row["by"],
        note=row["note"],
    )


def _delivery_row(delivery: Delivery) -> dict[str, Any]:
    return {
        "key": delivery.key,
        "alert_id": delivery.alert_id,
        "channel": delivery.channel,
        "title": delivery.notice.title,
        "text": delivery.notice.text,
        "attempts": delivery.attempts,
        "next_at": _stamp(delivery.next_at),
        "state": delivery.state,
        "error": delivery.error,
    }


def _delivery(row: sa.RowMapping) -> Delivery:
    return Delivery(
        key=row["key"],
        alert_id=row["alert_id"],
        channel=row["channel"],
        notice=Notice(key=row["key"], title=row["title"], text=row["text"]),
        attempts=row["attempts"],
        next_at=datetime.fromisoformat(row["next_at"]),
        state=row["state"],
        error=row["error"],
    )
