"""What can be asked of a store: one vocabulary, `Query`, and the line of text that people type for it."""

import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from monitor.errors import InputError
from monitor.records import TOPICS, VIETNAM, Kind, Tone

FIELDS = ("source", "publisher", "kind", "topic", "tone", "place", "concern", "since", "until")

_TOKEN = re.compile(r'(?P<minus>-)?(?:(?P<field>[a-z]+):)?(?:"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+))')


class Order(StrEnum):
    NEWEST = "newest"
    RELEVANCE = "relevance"


class By(StrEnum):
    HOUR = "hour"
    DAY = "day"
    SOURCE = "source"
    PUBLISHER = "publisher"
    KIND = "kind"
    TOPIC = "topic"
    TONE = "tone"
    PLACE = "place"


@dataclass(frozen=True, kw_only=True, slots=True)
class Query:
    """All words and phrases must be there, none of `without`; a field with several values takes any of them.

    `concern` is the least probability; `since` is inclusive and `until` exclusive, both against `published_at`.
    """

    words: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    publishers: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    tones: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    concern: float | None = None
    since: datetime | None = None
    until: datetime | None = None
    order: Order = Order.NEWEST


def parse_query(text: str) -> Query:
    """Return the Query for a line such as `ngập "triều cường" -bóng place:TP.HCM since:2025-11-01`.

    Days are days of Viet Nam; `until:2025-11-03` includes the third.  Raises InputError naming the part it cannot read.
    """
    query = Query()
    for match in _TOKEN.finditer(text):
        query = _with(query, match)
    return query


def _with(query: Query, match: re.Match[str]) -> Query:
    phrase, word, field = match["phrase"], match["word"], match["field"]
    value = phrase if phrase is not None else word
    if field in FIELDS and not match["minus"]:
        return _with_field(query, field, value)
    if field:
        value = f"{field}:{value}"
    if not value.strip():
        return query
    if match["minus"]:
        return replace(query, without=(*query.without, value))
    if phrase is not None:
        return replace(query, phrases=(*query.phrases, value))
    return replace(query, words=(*query.words, value))


def _with_field(query: Query, field: str, value: str) -> Query:
    match field:
        case "source":
            return replace(query, sources=(*query.sources, value))
        case "publisher":
            return replace(query, publishers=(*query.publishers, value))
        case "kind":
            return replace(query, kinds=(*query.kinds, _one_of(field, value, tuple(Kind))))
        case "topic":
            return replace(query, topics=(*query.topics, _one_of(field, value, TOPICS)))
        case "tone":
            return replace(query, tones=(*query.tones, _one_of(field, value, tuple(Tone))))
        case "place":
            return replace(query, places=(*query.places, value))
        case "concern":
            return replace(query, concern=_share(value))
        case "since":
            return replace(query, since=_day(field, value))
        case _:
            return replace(query, until=_day(field, value) + (timedelta(days=1) if len(value) == 10 else timedelta()))


def _one_of(field: str, value: str, allowed: tuple[str, ...]) -> str:
    if value not in allowed:
        raise InputError(f"{field}:{value} is not known; use one of {', '.join(allowed)}")
    return value


def _share(value: str) -> float:
    try:
        share = float(value.removeprefix(">="))
    except ValueError:
        share = -1.0
    if not 0 <= share <= 1:
        raise InputError(f"concern:{value} is not a number from 0 to 1")
    return share


def _day(field: str, value: str) -> datetime:
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        raise InputError(f"{field}:{value} is not a date such as 2025-11-03") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=VIETNAM)
