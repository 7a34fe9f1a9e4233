"""What is to be told now of which alerts: pure functions of the alerts, what was told, the rules and the silences."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from monitor.desk.alerts import RANK, Dossier
from monitor.desk.silences import KeptSilence, in_force, silenced_rules
from monitor.desk.told import Told
from monitor.records import AlertStatus, Level
from monitor.rules import Rule, matches, open_at

SHARED = 0.5
"""A part has at least half of its evidence in common with the bigger issue."""


class Reason(StrEnum):
    NEW = "new"
    ESCALATED = "escalated"
    REPEATED = "repeated"
    RESOLVED = "resolved"
    CLOSED_IN_SILENCE = "closed_in_silence"


@dataclass(frozen=True, kw_only=True, slots=True)
class Item:
    """One alert to tell of, why, and the alerts that are parts of it and are told with it."""

    dossier: Dossier
    reason: Reason
    parts: tuple[Dossier, ...] = ()


def due(
    channel: str,
    dossiers: Sequence[Dossier],
    told: Mapping[str, Told],
    rules: Sequence[Rule],
    silences: Sequence[KeptSilence],
    now: datetime,
) -> list[Item]:
    """Return what a channel is to be told now, most serious first; `told` is by alert id.

    An open alert of a bigger issue that the same channel hears of mutes its parts, unless they are of a higher level.
    A channel whose rules are all outside their hours is told nothing yet.
    """
    routed = {d.alert.id: _routes(channel, d, rules) for d in dossiers}
    kin = _kin([d for d in dossiers if routed[d.alert.id] and d.alert.status != AlertStatus.RESOLVED])
    items = []
    for dossier in dossiers:
        reason = _reason(dossier, told.get(dossier.alert.id), routed[dossier.alert.id], silences, now)
        if reason is None:
            continue
        others = [other for key in _ties(dossier) for other in kin.get(key, ())]
        over = dossier.alert.status == AlertStatus.RESOLVED
        if over or not any(mutes(other, dossier) for other in others):
            parts = {other.alert.id: other for other in others if is_part(other, dossier)}
            items.append(Item(dossier=dossier, reason=reason, parts=tuple(parts.values())))
    return sorted(items, key=_order)


def is_part(part: Dossier, whole: Dossier) -> bool:
    """Return whether an issue is a part of a bigger one: of the same storm, or on half the same evidence at least."""
    if _size(part) >= _size(whole):
        return False
    common = set(part.issue.evidence) & set(whole.issue.evidence)
    same = bool(part.issue.evidence) and len(common) >= SHARED * len(part.issue.evidence)
    return part.storm == whole.storm or same


def mutes(whole: Dossier, part: Dossier) -> bool:
    """Return whether an open alert holds back another: a bigger issue its part of no higher level."""
    return RANK[whole.alert.level] >= RANK[part.alert.level] and is_part(part, whole)


def rank_told(dossier: Dossier) -> int:
    """Return the rank to keep as told once an alert is on its way; never 0 while it is open."""
    return 0 if dossier.alert.status == AlertStatus.RESOLVED else max(1, RANK[dossier.peak])


def _ties(dossier: Dossier) -> list[str]:
    return [f"storm {dossier.storm}", *dossier.issue.evidence]


def _kin(dossiers: Sequence[Dossier]) -> Mapping[str, list[Dossier]]:
    """By each tie, the alerts that have it: only they can be parts of one another."""
    kin: dict[str, list[Dossier]] = {}
    for dossier in dossiers:
        for tie in _ties(dossier):
            kin.setdefault(tie, []).append(dossier)
    return kin


def _routes(channel: str, dossier: Dossier, rules: Sequence[Rule]) -> list[Rule]:
    """A closed or cooling issue goes where it went at its peak."""
    own = dossier.alert.level if RANK[dossier.alert.level] else dossier.peak
    levels = {dossier.alert.level, own}
    return [r for r in rules if channel in r.to and any(matches(r, dossier.issue, level) for level in levels)]


def _reason(
    dossier: Dossier, told: Told | None, routes: Sequence[Rule], silences: Sequence[KeptSilence], now: datetime
) -> Reason | None:
    if dossier.alert.status == AlertStatus.RESOLVED:
        return _ended(dossier, told, routes, silences, now)
    held = silenced(dossier, routes, silences, now)
    going = [rule for rule in routes if rule.name not in held and open_at(rule, now)]
    if not going:
        return None
    if told is None or told.rank == 0:
        return Reason.NEW
    if RANK[dossier.alert.level] > told.rank:
        return Reason.ESCALATED
    return Reason.REPEATED if _repeats(dossier, told, going, now) else None


def silenced(dossier: Dossier, routes: Sequence[Rule], silences: Sequence[KeptSilence], at: datetime) -> set[str]:
    """Return the names of the rules whose notices of an alert are held back at a moment."""
    names = [rule.name for rule in routes]
    return {name for s in silences if in_force(s, at) for name in silenced_rules(s, dossier.issue, names)}


def _ended(
    dossier: Dossier, told: Told | None, routes: Sequence[Rule], silences: Sequence[KeptSilence], now: datetime
) -> Reason | None:
    at = dossier.resolved_at
    if at is None or not any(open_at(rule, now) for rule in routes):
        return None
    held = silenced(dossier, routes, silences, at)
    quiet = bool(held) and all(rule.name in held for rule in routes)
    if told is not None and told.rank > 0:
        return Reason.CLOSED_IN_SILENCE if quiet else Reason.RESOLVED
    return Reason.CLOSED_IN_SILENCE if quiet and (told is None or told.at < at) else None


def _repeats(dossier: Dossier, told: Told, rules: Sequence[Rule], now: datetime) -> bool:
    waits = [rule.repeat for rule in rules if rule.repeat is not None]
    open_ = dossier.alert.status == AlertStatus.OPEN and dossier.alert.level in (Level.EMERGING, Level.HOT)
    return open_ and bool(waits) and now - told.at >= min(waits)


def _size(dossier: Dossier) -> tuple[float, float, float, str]:
    opened = -dossier.alert.opened_at.timestamp()
    return dossier.issue.observed, dossier.issue.score, opened, dossier.alert.id


def _order(item: Item) -> tuple[bool, int, float, str]:
    over = item.dossier.alert.status == AlertStatus.RESOLVED
    return over, -RANK[item.dossier.alert.level], -item.dossier.issue.score, item.dossier.alert.id
