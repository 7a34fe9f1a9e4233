"""Issues to alerts, alerts to notices, notices to people: rules say who, the outbox sees that it arrives."""

import logging
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from monitor.bulletins import LEVEL_WORDS, Bulletin
from monitor.desk import Desk, outbox
from monitor.desk import alerts as kept
from monitor.desk.alerts import Headline
from monitor.desk.outbox import Delivery
from monitor.errors import MonitorError
from monitor.notice import Notice
from monitor.notify import notifier
from monitor.planning import Channels, plan
from monitor.records import Alert, Issue
from monitor.rules import Rules
from monitor.store import Hit

__all__ = ["LEVEL_WORDS", "deliver", "follow_issues", "open_alert"]

logger = logging.getLogger(__name__)

Chart = Callable[[Issue], bytes]


def open_alert(desk: Desk, issue: Issue, hits: Sequence[Hit], now: datetime) -> Alert | None:
    """Open the alert of an issue that people are to be told of, or raise it; None when it stood so already."""
    return kept.see(desk, issue, [_headline(hit) for hit in hits], now)


def follow_issues(desk: Desk, issues: Iterable[Issue], now: datetime) -> int:
    """Keep the alerts of issues that changed as the issues are: lower, higher, or resolved when an issue closed.

    Issues without an alert are left out.  Returns how many alerts were raised again.
    """
    return kept.follow(desk, issues, now)


def deliver(
    desk: Desk,
    channels: Channels,
    rules: Rules,
    now: datetime,
    *,
    html: Callable[[Bulletin], str] | None = None,
    chart: Chart | None = None,
) -> tuple[int, int]:
    """Decide what is to be told, deliver what is due, and return how many deliveries went well and how many failed.

    Each is tried at least once, under the same key each time; a failed one stays in the outbox for a later pass.
    """
    plan(desk, rules, channels, now, html=html, charted=chart is not None)
    outbox.drop_texts(desk, now - rules.keep)
    done = failed = 0
    for delivery in outbox.deliveries(desk, "waiting", until=now, limit=10_000):
        if not outbox.claim(desk, delivery, now):
            continue
        try:
            notifier(_address(channels, delivery), now)(_notice(desk, delivery, chart))
        except MonitorError as error:
            outbox.failed(desk, delivery, str(error), now)
            failed += 1
        else:
            outbox.delivered(desk, delivery, now)
            done += 1
    return done, failed


def _notice(desk: Desk, delivery: Delivery, chart: Chart | None) -> Notice:
    return Notice(
        key=delivery.key,
        title=delivery.title,
        text=delivery.text,
        html=delivery.html,
        chart=_chart(desk, delivery, chart),
    )


def _chart(desk: Desk, delivery: Delivery, chart: Chart | None) -> bytes:
    """A notice goes out without its chart rather than not at all."""
    dossier = kept.dossier_of_alert(desk, delivery.alert_ids[0]) if chart and delivery.alert_ids else None
    if chart is None or dossier is None:
        return b""
    try:
        return chart(dossier.issue)
    except Exception:
        logger.exception("no chart for %s", delivery.key)
        return b""


def _address(channels: Channels, delivery: Delivery) -> str:
    addresses = channels.get(delivery.channel, ())
    if delivery.position >= len(addresses):
        raise MonitorError(
            f"channel {delivery.channel} has no address {delivery.position + 1} any more; see LANGNGHE_NOTIFY"
        )
    return addresses[delivery.position]


def _headline(hit: Hit) -> Headline:
    document = hit.document
    title = document.title or document.text[:120]
    return Headline(title=title, publisher=document.publisher, url=document.url, at=document.published_at)
