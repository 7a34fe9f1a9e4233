"""Rules: which issues are told to which channels, read from rules.toml."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time
from pathlib import Path
from typing import Any

from monitor.errors import ConfigError
from monitor.provinces import province_code
from monitor.records import TOPICS, VIETNAM, Issue, Level

SHIPPED = Path(__file__).with_name("rules.toml")

_KEYS = {"name", "topics", "places", "levels", "hours", "to"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Rule:
    """An empty tuple stands for any; `hours` are the hours of Viet Nam in which notices go out."""

    name: str
    to: tuple[str, ...]
    topics: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    levels: tuple[Level, ...] = ()
    hours: tuple[time, time] | None = None


def matches(rule: Rule, issue: Issue) -> bool:
    """Return whether a rule tells of an issue."""
    return (
        (not rule.levels or issue.level in rule.levels)
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


def load_rules(path: Path) -> tuple[Rule, ...]:
    """Return the rules of a file.  Raises ConfigError that names the file, the rule and the key."""
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"{path}: {getattr(error, 'strerror', None) or error}") from None
    return tuple(_rule(f"{path}, rule {n}", item) for n, item in enumerate(_list(path, values), 1))


def _list(path: Path, values: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    rules = values.get("rule", [])
    if set(values) - {"rule"} or not isinstance(rules, list):
        raise ConfigError(f"{path}: only [[rule]] tables are understood here")
    return rules


def _rule(where: str, item: Mapping[str, Any]) -> Rule:
    if unknown := set(item) - _KEYS:
        raise ConfigError(f"{where}: key {sorted(unknown)[0]!r} is not known; use {', '.join(sorted(_KEYS))}")
    lists = {key: _texts(where, item, key) for key in ("topics", "places", "levels", "to")}
    if not item.get("name") or not lists["to"]:
        raise ConfigError(f"{where}: needs a name and a list 'to'")
    return Rule(
        name=str(item["name"]),
        to=lists["to"],
        topics=tuple(_topic(where, value) for value in lists["topics"]),
        places=tuple(_place(where, value) for value in lists["places"]),
        levels=tuple(_level(where, value) for value in lists["levels"]),
        hours=_hours(where, item["hours"]) if "hours" in item else None,
    )


def _texts(where: str, item: Mapping[str, Any], key: str) -> tuple[str, ...]:
    value = item.get(key, [])
    if not isinstance(value, list) or not all(isinstance(v, str) for v in value):
        raise ConfigError(f"{where}: {key} must be a list of texts")
    return tuple(value)


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


def _hours(where: str, value: object) -> tuple[time, time]:
    try:
        start, end = str(value).split("-")
        return time.fromisoformat(start), time.fromisoformat(end)
    except ValueError:
        raise ConfigError(f"{where}: hours {value!r} must read like '07:00-21:00'") from None
