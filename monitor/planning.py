"""From what the desk knows to the outbox, in one transaction: alerts, silences that ended, digests, reminders."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import sqlalchemy as sa

from monitor.batches import batches
from monitor.bulletins import MOST_ENTRIES, Bulletin, alert_bulletin, text_of
from monitor.decisions import Item, due, rank_told
from monitor.desk import Desk
from monitor.desk import told as tellings
from monitor.desk.alerts import Dossier, standing
from monitor.desk.cases import read_cases, remarks
from monitor.desk.outbox import Delivery, last_put, put
from monitor.desk.silences import KeptSilence, finish, in_force, recent, silenced_rules
from monitor.digests import case_bulletin, digest_bulletin, last_slot, silence_bulletin
from monitor.records import AlertStatus, Case, CaseStatus, digest
from monitor.rules import Reminders, Rule, Rules, matches, open_at

Channels = Mapping[str, tuple[str, ...]]
Html = Callable[[Bulletin], str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Planned:
    """One bulletin for one channel; `occasion` makes its key."""

    channel: str
    bulletin: Bulletin
    occasion: str
    alert_ids: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Board:
    """What one pass of planning looks at."""

    rules: Rules
    channels: Channels
    dossiers: Sequence[Dossier]
    silences: Sequence[KeptSilence]
    now: datetime
    charted: bool


def plan(
    desk: Desk, rules: Rules, channels: Channels, now: datetime, *, html: Html | None = None, charted: bool = False
) -> int:
    """Put what is to be told now into the outbox and return how many deliveries that were.

    `charted` says that notices of alerts will carry a chart.
    """
    with desk.write() as connection:
        board = Board(
            rules=rules,
            channels={name: addresses for name, addresses in channels.items() if addresses},
            dossiers=standing(connection, now),
            silences=recent(connection, now),
            now=now,
            charted=charted,
        )
        found = [*_silences(connection, board), *_alerts(connection, board)]
        found += [*_digests(connection, board), *_reminders(connection, board)]
        deliveries = [delivery for planned in found for delivery in _deliveries(planned, board, html)]
        put(connection, deliveries)
    return len(deliveries)


def _alerts(connection: sa.Connection, board: Board) -> Iterator[Planned]:
    last, told = last_put(connection, "alert"), tellings.told(connection)
    for channel in sorted(board.channels):
        if channel in last and board.now - last[channel] < board.rules.window:
            continue
        items = due(channel, board.dossiers, told.get(channel, {}), board.rules.rules, board.silences, board.now)
        for some in batches(items, MOST_ENTRIES):
            yield _told(connection, board, channel, some)


def _told(connection: sa.Connection, board: Board, channel: str, items: Sequence[Item]) -> Planned:
    dossiers = [d for item in items for d in (item.dossier, *item.parts)]
    tellings.tell(connection, channel, {d.alert.id: rank_told(d) for d in dossiers}.items(), board.now)
    ids = tuple(item.dossier.alert.id for item in items)
    said = remarks(connection, [item.dossier for item in items], board.now)
    bulletin = replace(alert_bulletin(items, said), charted=board.charted)
    return Planned(channel=channel, bulletin=bulletin, occasion=f"alert {' '.join(ids)} {board.now}", alert_ids=ids)


def _silences(connection: sa.Connection, board: Board) -> Iterator[Planned]:
    by_issue = {d.issue.id: d for d in board.dossiers}
    for kept in board.silences:
        if kept.ended_at:
            continue
        issue = by_issue.get(kept.silence.matcher.get("issue", ""))
        if kept.silence.until is None:
            if issue is None or issue.alert.status == AlertStatus.RESOLVED:
                finish(connection, kept.silence.id, board.now)
        elif not in_force(kept, board.now):
            yield from _silence_over(connection, board, kept)


def _silence_over(connection: sa.Connection, board: Board, kept: KeptSilence) -> Iterator[Planned]:
    rules = [rule for rule in board.rules.rules if _concerns(kept, rule, board.dossiers)]
    open_ = [rule for rule in rules if open_at(rule, board.now)]
    if rules and not open_:
        return
    finish(connection, kept.silence.id, board.now)
    held = [d for d in board.dossiers if d.alert.status != AlertStatus.RESOLVED]
    still = [d for d in held if silenced_rules(kept, d.issue, [rule.name for rule in open_])]
    bulletin = silence_bulletin(kept, still)
    for channel in sorted({channel for rule in open_ for channel in rule.to} & set(board.channels)):
        yield Planned(channel=channel, bulletin=bulletin, occasion=f"silence {kept.silence.id}")


def _concerns(kept: KeptSilence, rule: Rule, dossiers: Sequence[Dossier]) -> bool:
    values = kept.silence.matcher
    if values.get("rule", rule.name) != rule.name:
        return False
    if "issue" in values:
        return any(d.issue.id == values["issue"] and matches(rule, d.issue, d.peak) for d in dossiers)
    topic = "topic" not in values or not rule.topics or values["topic"] in rule.topics
    return topic and ("place" not in values or not rule.places or values["place"] in rule.places)


def _digests(connection: sa.Connection, board: Board) -> Iterator[Planned]:
    for digest_ in board.rules.digests:
        slot, last = last_slot(digest_, board.now), tellings.last_digest(connection, digest_.name)
        if last is not None and slot <= last:
            continue
        tellings.mark_digest(connection, digest_.name, slot)
        if last is not None:
            matching = [d for d in board.dossiers if matches(digest_, d.issue)]
            bulletin = digest_bulletin(matching, last, slot)
            for channel in sorted(set(digest_.to) & set(board.channels)):
                yield Planned(channel=channel, bulletin=bulletin, occasion=f"digest {digest_.name} {slot}")


def _reminders(connection: sa.Connection, board: Board) -> Iterator[Planned]:
    reminders = board.rules.reminders
    channels = sorted(set(reminders.to) & set(board.channels))
    if not channels:
        return
    sent = tellings.reminded(connection)
    for case in read_cases(connection, board.now):
        occasion = _occasion(case, reminders, board.now)
        if occasion and (case.id, occasion) not in sent:
            tellings.mark_reminder(connection, case.id, occasion, board.now)
            for channel in channels:
                key = f"case {case.id} {case.due_at} {occasion}"
                yield Planned(channel=channel, bulletin=case_bulletin(case, board.now), occasion=key)


def _occasion(case: Case, reminders: Reminders, now: datetime) -> str:
    if case.status == CaseStatus.FINAL or now < case.due_at - reminders.before:
        return ""
    return "soon" if now < case.due_at else f"late {(now - case.due_at) // max(reminders.every, timedelta(hours=1))}"


def _deliveries(planned: Planned, board: Board, html: Html | None) -> Iterable[Delivery]:
    bulletin = replace(planned.bulletin, dashboard=board.rules.address)
    for position in range(len(board.channels[planned.channel])):
        yield Delivery(
            key=digest("notice", planned.channel, str(position), planned.occasion),
            channel=planned.channel,
            position=position,
            kind=bulletin.kind,
            title=bulletin.title,
            text=text_of(bulletin),
            html=html(bulletin) if html else "",
            alert_ids=planned.alert_ids,
            created_at=board.now,
            next_at=board.now,
        )
