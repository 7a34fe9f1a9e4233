"""Issues to alerts, alerts to notices, notices to people: rules say who, the outbox sees that it arrives."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from monitor.desk import Delivery, Desk
from monitor.errors import MonitorError
from monitor.notify import Notice, notifier
from monitor.provinces import PROVINCES
from monitor.records import VIETNAM, Alert, AlertStatus, Issue, Level, digest
from monitor.rules import Rule, matches, open_at
from monitor.store import Hit

LEVEL_WORDS = {Level.EMERGING: "Mới nổi", Level.HOT: "Nóng", Level.COOLING: "Hạ nhiệt", Level.CLOSED: "Khép lại"}

Channels = Mapping[str, tuple[str, ...]]


def open_alert(
    desk: Desk, issue: Issue, hits: Sequence[Hit], rules: Sequence[Rule], channels: Channels, now: datetime
) -> Alert | None:
    """Open the alert of an issue at its level, with the deliveries that the rules ask for; None if it was there."""
    alert = Alert(
        id=digest("alert", issue.id, issue.level),
        issue_id=issue.id,
        level=issue.level,
        status=AlertStatus.OPEN,
        opened_at=now,
    )
    notice = notice_of(issue, hits, alert.id)
    to = {channel: rule for rule in rules if matches(rule, issue) for channel in rule.to}
    deliveries = [
        _delivery(alert, notice, f"{channel}/{n}", now)
        for channel in sorted(to)
        for n in range(len(channels.get(channel, ())))
    ]
    return alert if desk.open_alert(alert, deliveries) else None


def notice_of(issue: Issue, hits: Sequence[Hit], key: str) -> Notice:
    """Return what people read of an issue: level, title, places, the reasons in numbers, headlines with links."""
    places = ", ".join(PROVINCES[code].name for code in issue.places[:5] if code in PROVINCES)
    headlines = [_headline(hit) for hit in hits]
    title = f"[{LEVEL_WORDS[issue.level]}] {issue.title}" + (f" - {places}" if places else "")
    return Notice(key=key, title=title, text="\n".join([issue.explanation, "", "Bài tiêu biểu:", *headlines]))


def deliver(desk: Desk, channels: Channels, rules: Sequence[Rule], now: datetime) -> tuple[int, int]:
    """Deliver what is due and return how many notices were delivered and how many failed this time."""
    done = failed = 0
    for delivery in desk.deliveries("waiting", until=now):
        channel, _, position = delivery.channel.partition("/")
        if not any(channel in rule.to and open_at(rule, now) for rule in rules):
            continue
        try:
            notifier(_address(channels, channel, int(position)))(delivery.notice)
        except MonitorError as error:
            desk.failed(delivery, str(error), now)
            failed += 1
        else:
            desk.delivered(delivery, now)
            done += 1
    return done, failed


def _delivery(alert: Alert, notice: Notice, channel: str, now: datetime) -> Delivery:
    key = digest(alert.id, channel)
    return Delivery(
        key=key,
        alert_id=alert.id,
        channel=channel,
        notice=Notice(key=key, title=notice.title, text=notice.text),
        attempts=0,
        next_at=now,
        state="waiting",
        error="",
    )


def _address(channels: Channels, channel: str, position: int) -> str:
    addresses = channels.get(channel, ())
    if position >= len(addresses):
        raise MonitorError(f"channel {channel} has no address {position + 1} any more; see LANGNGHE_NOTIFY")
    return addresses[position]


def _headline(hit: Hit) -> str:
    document = hit.document
    clock = document.published_at.astimezone(VIETNAM)
    return f"- {document.title} ({document.publisher}, {clock:%d/%m %H:%M})\n  {document.url}"
