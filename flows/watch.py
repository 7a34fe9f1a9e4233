"""The watch flow: new arrivals to issues, issues to alerts, alerts to people."""

import os
from collections import Counter
from datetime import UTC, datetime
from functools import partial

from prefect import flow, task

from briefing.charts import issue_png
from briefing.notices import html
from flows import watching
from flows.retrying import WAITS, unreachable
from monitor.alerts import deliver
from monitor.config import Settings, load_settings
from monitor.desk import Desk
from monitor.rules import SHIPPED, load_rules
from monitor.store import open_store


@task(retries=len(WAITS), retry_delay_seconds=list(WAITS), retry_condition_fn=unreachable)
def detect(settings: Settings) -> Counter[str]:
    """Take what arrived through detection; keep the issues and open the alerts."""
    with open_store(settings.store) as store:
        return watching.watch(store, Desk(settings.desk), settings, datetime.now(UTC))


@task(tags=["notify"])
def notify(settings: Settings) -> Counter[str]:
    """Deliver what is due; a failed delivery stays in the outbox and is tried again by a later pass."""
    rules = load_rules(settings.rules or SHIPPED)
    with open_store(settings.store) as store:
        chart = partial(issue_png, store)
        delivered, failed = deliver(
            Desk(settings.desk), settings.notify, rules, datetime.now(UTC), html=html, chart=chart
        )
    return Counter(delivered=delivered, not_delivered=failed)


@flow(name="watch")
def watch() -> dict[str, int]:
    """Detect, then notify."""
    settings = load_settings(os.environ)
    return {**detect(settings), **notify(settings)}
