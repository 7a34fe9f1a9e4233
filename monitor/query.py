"""What can be asked of a store: one vocabulary, `Query`, and the line of text that people type for it."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Any

from monitor.errors import WrongInput
from monitor.provinces import province_code
from monitor.records import TOPICS, VIETNAM, Kind, Tone
from monitor.text import clean, exact_terms, folded

MOST_TERMS = 100

_TOKEN = re.compile(r'(?P<minus>-)?(?:(?P<field>[a-z]+):)?(?:"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+))')
_DAY = re.compile(r"\d{4}-?\d\d-?\d\d|\d{4}-?W\d\d-?\d")


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

    `places` are codes of provinces; `concern` is the least probability; `since` is inclusive and `until` exclusive,
    both against `published_at`.  A word without a letter or digit asks for nothing.
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


@dataclass(frozen=True, kw_only=True, slots=True)
class Phrase:
    """Words that stand side by side, joined by single spaces: as both stores index them, folded and with marks."""

    folded: str
    exact: str

    @property
    def marked(self) -> bool:
        return self.folded != self.exact


@lru_cache(maxsize=256)
def required(query: Query) -> tuple[Phrase, ...]:
    """Return what must be in a document, a word as a phrase of its own.  Raises InputError beyond MOST_TERMS words."""
    return _phrases((*query.words, *query.phrases))


@lru_cache(maxsize=256)
def excluded(query: Query) -> tuple[Phrase, ...]:
    """Return what must not be in a document.  Raises InputError beyond MOST_TERMS words."""
    return _phrases(query.without)


def parse_query(text: str) -> Query:
    """Return the Query for a line such as `ngập "triều cường" -bóng place:TP.HCM since:2025-11-01`.

    Days are days of Viet Nam; `until:2025-11-03` includes the third.  Raises InputError naming the part it cannot read.
    """
    values: dict[str, Any] = {}
    for match in _TOKEN.finditer(clean(text)):
        name, value = _read(match)
        values[name] = value if name in _SINGLE else (*values.get(name, ()), value)
    query = Query(**values)
    if (query.words or query.phrases or query.without) and not (required(query) or excluded(query)):
        raise WrongInput("query.no_letters", text=text.strip()[:80])
    return query


def _read(match: re.Match[str]) -> tuple[str, object]:
    field, phrase = match["field"], match["phrase"]
    value: str = match["word"] if phrase is None else phrase
    if field in _READERS and not match["minus"]:
        name, reader = _READERS[field]
        return name, reader(value)
    value = f"{field}:{value}" if field else value
    return "without" if match["minus"] else "words" if phrase is None else "phrases", value


def _phrases(texts: Iterable[str]) -> tuple[Phrase, ...]:
    words = [exact_terms(text) for text in texts]
    if sum(map(len, words)) > MOST_TERMS:
        raise WrongInput("query.too_long", most=MOST_TERMS)
    phrases = (Phrase(folded=" ".join(folded(w)), exact=" ".join(w)) for w in words)
    return tuple(p for p in phrases if p.folded)


def _one_of(field: str, allowed: tuple[str, ...]) -> Callable[[str], str]:
    def read(value: str) -> str:
        if value not in allowed:
            raise WrongInput("query.not_one_of", field=field, value=value, known=", ".join(allowed))
        return value

    return read


def _place(value: str) -> str:
    code = province_code(value)
    if code is None:
        raise WrongInput("query.place", value=value)
    return code


def _share(value: str) -> float:
    try:
        share = float(value.removeprefix(">="))
    except ValueError:
        share = -1.0
    if not 0 <= share <= 1:
        raise WrongInput("query.concern", value=value)
    return share


def _moment(field: str, value: str) -> datetime:
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        raise WrongInput("query.date", field=field, value=value) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=VIETNAM)


def _since(value: str) -> datetime:
    return _moment("since", value)


def _until(value: str) -> datetime:
    moment = _moment("until", value)
    try:
        return moment + timedelta(days=1) if _DAY.fullmatch(value) else moment
    except OverflowError:
        raise WrongInput("query.too_late", value=value) from None


# What people type before the colon: the field of Query it fills, and how its value is read.
_READERS: dict[str, tuple[str, Callable[[str], object]]] = {
    "source": ("sources", str),
    "publisher": ("publishers", str),
    "kind": ("kinds", _one_of("kind", tuple(Kind))),
    "topic": ("topics", _one_of("topic", TOPICS)),
    "tone": ("tones", _one_of("tone", tuple(Tone))),
    "place": ("places", _place),
    "concern": ("concern", _share),
    "since": ("since", _since),
    "until": ("until", _until),
}

FIELDS = tuple(_READERS)
_SINGLE = ("concern", "since", "until")
