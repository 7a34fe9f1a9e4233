"""The watch flow: new arrivals to issues, issues to alerts, alerts to people."""

import os
from collections import Counter
from datetime import UTC, datetime

from prefect import flow, task

from flows import watching
from monitor.alerts import deliver
from monitor.config import Settings, load_settings
from monitor.desk import Desk
from monitor.rules import SHIPPED, load_rules
from monitor.store import open_store


@task(retries=5, retry_delay_seconds=[10, 60, 300, 300, 300], tags=["watch"])
def detect(settings: Settings) -> Counter[str]:
    """Take what arrived through detection; keep the issues and open the alerts."""
    with open_store(settings.store) as store:
        return watching.watch(store, Desk(settings.desk), settings, datetime.now(UTC))


@task(tags=["notify"])
def notify(settings: Settings) -> Counter[str]:
    """Deliver what is due; a failed delivery stays in the outbox and is tried again by a later pass."""
    rules = load_rules(settings.rules or SHIPPED)
    delivered, failed = deliver(Desk(settings.desk), settings.notify, rules, datetime.now(UTC))
    return Counter(delivered=delivered, not_delivered=failed)


@flow(name="watch")
def watch() -> dict[str, int]:
    """Detect, then notify."""
    settings = load_settings(os.environ)
    return {**detect(settings), **notify(settings)}
