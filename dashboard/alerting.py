"""Alerts as an issue page shows them, and silences."""

from collections.abc import Iterable

from dashboard.contexts_desk import AlertView, DeliveryLine, SilenceLine, Silences
from dashboard.given import Now, TheDesk, TheSettings, TheStore
from monitor.desk import Desk, alerts, judgements, outbox, silences
from monitor.desk.alerts import Happening
from monitor.desk.outbox import Delivery
from monitor.desk.silences import KeptSilence, in_force
from monitor.errors import ConfigError
from monitor.rules import SHIPPED, Rule, load_rules
from monitor.store import Store

_SHOWN = 50


def alert_view(desk: Desk, issue_id: str, name: str) -> AlertView | None:
    """Return the alert of an issue as `name` sees it, None when it has none."""
    found = alerts.dossier(desk, issue_id)
    if found is None:
        return None
    judged = judgements.judgements(desk, issue_id)
    sent = outbox.deliveries(desk, alert_id=found.alert.id, limit=_SHOWN)
    return AlertView(
        status=found.alert.status,
        level=found.alert.level,
        peak=found.peak,
        opened_at=found.alert.opened_at,
        notified_at=found.alert.notified_at,
        assigned=found.alert.assigned,
        history=history(desk, issue_id),
        deliveries=tuple(delivery_line(delivery) for delivery in sent),
        judgements=tuple(judged),
        mine=next((one.verdict for one in judged if one.by == name), ""),
    )


def history(desk: Desk, issue_id: str) -> tuple[Happening, ...]:
    """Return what happened to the alert of an issue, newest first."""
    return tuple(reversed(alerts.history(desk, issue_id)))


def delivery_line(delivery: Delivery) -> DeliveryLine:
    """Return a delivery without its text."""
    return DeliveryLine(
        key=delivery.key,
        channel=delivery.channel,
        title=delivery.title,
        state=delivery.state,
        attempts=delivery.attempts,
        created_at=delivery.created_at,
        delivered_at=delivery.delivered_at,
        error=delivery.error,
    )


def silence_page(store: TheStore, desk: TheDesk, settings: TheSettings, now: Now) -> Silences:
    """Return the silences in force, and those that ended lately."""
    present = [kept for kept in silences.silences(desk) if in_force(kept, now)]
    return Silences(
        present=silence_lines(store, present),
        past=silence_lines(store, silences.silences(desk, ended=True)[:_SHOWN]),
        rules=tuple(rule.name for rule in rules_of(settings)[0]),
    )


def silence_lines(store: Store, kept: Iterable[KeptSilence]) -> tuple[SilenceLine, ...]:
    """Return silences with the titles of the issues that they are about."""
    return tuple(_silence_line(store, one) for one in kept)


def rules_of(settings: TheSettings) -> tuple[tuple[Rule, ...], str]:
    """Return the rules, and what is wrong with their file."""
    try:
        return load_rules(settings.rules or SHIPPED).rules, ""
    except ConfigError as error:
        return (), str(error)


def _silence_line(store: Store, kept: KeptSilence) -> SilenceLine:
    matcher = kept.silence.matcher
    issue = store.issue(matcher["issue"]) if "issue" in matcher else None
    return SilenceLine(
        id=kept.silence.id,
        issue_id=matcher.get("issue", ""),
        issue=issue.title if issue else "",
        topic=matcher.get("topic", ""),
        place=matcher.get("place", ""),
        rule=matcher.get("rule", ""),
        by=kept.silence.by,
        comment=kept.silence.comment,
        created_at=kept.created_at,
        until=kept.silence.until,
        ended_at=kept.ended_at,
        ended_by=kept.ended_by,
    )
