"""Rules: which issues are told to which channels, when, how often; digests and reminders; read from rules.toml."""

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any, TypeVar

from monitor.errors import ConfigError
from monitor.provinces import province_code
from monitor.records import TOPICS, VIETNAM, Issue, Level

Value = TypeVar("Value")

SHIPPED = Path(__file__).with_name("rules.toml")

_DURATION = re.compile(r"(\d{1,5})([mhd])")
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Rule:
    """An empty tuple stands for any; `hours` are the hours of Viet Nam in which notices go out.

    `repeat` is the time after which an open alert that nobody acknowledged is told again; None is never.
    """

    name: str
    to: tuple[str, ...]
    topics: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    levels: tuple[Level, ...] = ()
    hours: tuple[time, time] | None = None
    repeat: timedelta | None = timedelta(days=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class Digest:
    """A summary at set times of the day of Viet Nam; empty topics or places stand for any."""

    name: str
    to: tuple[str, ...]
    at: tuple[time, ...]
    topics: tuple[str, ...] = ()
    places: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Reminders:
    """Who is reminded of cases: once `before` an answer is due, when it is late, and then `every` so often."""

    to: tuple[str, ...] = ()
    before: timedelta = timedelta(days=1)
    every: timedelta = timedelta(days=7)


@dataclass(frozen=True, kw_only=True, slots=True)
class Rules:
    """All of rules.toml; issues that come up within `window` of a channel's last notice share the next one.

    The text of a delivered notice is kept for `keep`, the line that says what went where and when for ever.
    `address` is where people open the dashboard; notices link to it unless it is empty.
    """

    rules: tuple[Rule, ...] = ()
    digests: tuple[Digest, ...] = ()
    reminders: Reminders = Reminders()
    window: timedelta = timedelta(minutes=10)
    keep: timedelta = timedelta(days=180)
    address: str = ""


def matches(rule: Rule | Digest, issue: Issue, level: Level | None = None) -> bool:
    """Return whether a rule tells of an issue at its level, or at another that is given."""
    levels = rule.levels if isinstance(rule, Rule) else ()
    return (
        (not levels or (level or issue.level) in levels)
        and (not rule.topics or issue.topic in rule.topics)
        and (not rule.places or bool(set(rule.places) & set(issue.places)))
    )


def open_at(rule: Rule, now: datetime) -> bool:
    """Return whether a rule lets notices out now; hours such as 21:00-06:00 run over midnight."""
    if rule.hours is None:
        return True
    start, end = rule.hours
    clock = now.astimezone(VIETNAM).time()
    return start <= clock < end if start <= end else clock >= start or clock < end


def load_rules(path: Path) -> Rules:
    """Return the rules of a file.  Raises ConfigError that names the file, the rule and the key."""
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"{path}: {getattr(error, 'strerror', None) or error}") from None
    _known(str(path), values, {"rule", "digest", "reminders", "grouping", "outbox", "dashboard"})
    return Rules(
        rules=tuple(_rule(f"{path}, rule {n}", item) for n, item in enumerate(_tables(path, values, "rule"), 1)),
        digests=tuple(_digest(f"{path}, digest {n}", d) for n, d in enumerate(_tables(path, values, "digest"), 1)),
        reminders=_reminders(f"{path}, reminders", _table(path, values, "reminders")),
        window=_only(f"{path}, grouping", _table(path, values, "grouping"), "window", Rules().window),
        keep=_only(f"{path}, outbox", _table(path, values, "outbox"), "keep", Rules().keep),
        address=_address(f"{path}, dashboard", _table(path, values, "dashboard")),
    )


def _rule(where: str, item: Mapping[str, Any]) -> Rule:
    _known(where, item, {"name", "topics", "places", "levels", "hours", "to", "repeat"})
    return Rule(
        **_named(where, item),
        levels=_list(where, item, "levels", _level),
        hours=_hours(where, item["hours"]) if "hours" in item else None,
        repeat=_repeat(where, item.get("repeat", "1d")),
    )


def _digest(where: str, item: Mapping[str, Any]) -> Digest:
    _known(where, item, {"name", "topics", "places", "at", "to"})
    at = _list(where, item, "at", _clock)
    if not at:
        raise ConfigError(f"{where}: needs a list 'at' of times such as '07:00'")
    return Digest(**_named(where, item), at=tuple(sorted(at)))


def _reminders(where: str, item: Mapping[str, Any]) -> Reminders:
    _known(where, item, {"to", "before", "every"})
    times = {key: _duration(where, item[key]) for key in ("before", "every") if key in item}
    return Reminders(to=_list(where, item, "to", _text), **times)


def _only(where: str, item: Mapping[str, Any], key: str, otherwise: timedelta) -> timedelta:
    _known(where, item, {key})
    return _duration(where, item[key]) if key in item else otherwise


def _address(where: str, item: Mapping[str, Any]) -> str:
    _known(where, item, {"address"})
    address = str(item.get("address", ""))
    if address and not address.startswith(("https://", "http://")):
        raise ConfigError(f"{where}: address {address!r} must begin with https:// or http://")
    return address.rstrip("/")


def _named(where: str, item: Mapping[str, Any]) -> dict[str, Any]:
    to = _list(where, item, "to", _text)
    if not isinstance(item.get("name"), str) or not item["name"] or not to:
        raise ConfigError(f"{where}: needs a name and a list 'to'")
    readers = {"topics": _topic, "places": _place}
    return {"name": item["name"], "to": to, **{key: _list(where, item, key, read) for key, read in readers.items()}}


def _known(where: str, item: Mapping[str, Any], keys: set[str]) -> None:
    if unknown := set(item) - keys:
        raise ConfigError(f"{where}: key {sorted(unknown)[0]!r} is not known; use {', '.join(sorted(keys))}")


def _tables(path: Path, values: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    tables = values.get(key, [])
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise ConfigError(f"{path}: {key} must be written as [[{key}]] tables")
    return tables


def _table(path: Path, values: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    table = values.get(key, {})
    if not isinstance(table, dict):
        raise ConfigError(f"{path}: {key} must be written as a [{key}] table")
    return table


def _list(where: str, item: Mapping[str, Any], key: str, read: Callable[[str, str], Value]) -> tuple[Value, ...]:
    value = item.get(key, [])
    if not isinstance(value, list) or not all(isinstance(v, str) for v in value):
        raise ConfigError(f"{where}: {key} must be a list of texts")
    return tuple(read(where, v) for v in value)


def _text(where: str, value: str) -> str:
    return value


def _topic(where: str, value: str) -> str:
    if value not in TOPICS:
        raise ConfigError(f"{where}: topic {value!r} is not known; use one of {', '.join(TOPICS)}")
    return value


def _place(where: str, value: str) -> str:
    code = province_code(value)
    if code is None:
        raise ConfigError(f"{where}: place {value!r} is no province of Viet Nam")
    return code


def _level(where: str, value: str) -> Level:
    try:
        return Level(value)
    except ValueError:
        raise ConfigError(f"{where}: level {value!r} is not known; use one of {', '.join(Level)}") from None


def _clock(where: str, value: str) -> time:
    try:
        return time.fromisoformat(value)
    except ValueError:
        raise ConfigError(f"{where}: time {value!r} must read like '07:00'") from None


def _hours(where: str, value: object) -> tuple[time, time]:
    try:
        start, end = str(value).split("-")
        return time.fromisoformat(start), time.fromisoformat(end)
    except ValueError:
        raise ConfigError(f"{where}: hours {value!r} must read like '07:00-21:00'") from None


def _repeat(where: str, value: object) -> timedelta | None:
    return None if value == "never" else _duration(where, value)


def _duration(where: str, value: object) -> timedelta:
    match = _DURATION.fullmatch(str(value))
    if match is None:
        raise ConfigError(f"{where}: {value!r} must be a time such as '10m', '6h' or '1d'")
    return timedelta(**{_UNITS[match[2]]: int(match[1])})
