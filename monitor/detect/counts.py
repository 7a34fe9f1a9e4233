"""How many texts each publisher published on each series key: hourly for nine days, daily for ten weeks."""

import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum
from typing import Self

import orjson

from monitor.records import VIETNAM, Annotation, Document, digest

ALL = "all"
"""The key of everything that a publisher published: what the other keys are held against."""

NOWHERE = "none"
"""The place of a text that names no province."""

HOURS_KEPT = 24 * 9
DAYS_KEPT = 70
COPIES_KEPT = 7

_KEYWORDS_KEPT = 5000
_CONCERN = 0.5
_EPOCH_HOURS = 7


class Measure(IntEnum):
    """What is counted: texts, or texts with a probability of concern of a half or more."""

    TEXTS = 0
    CONCERNED = 1


Tally = list[int]
Table = dict[str, dict[int, dict[str, Tally]]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Mention:
    """What one document adds to the counts: `root` is the document that it copies, or itself."""

    at: datetime
    publisher: str
    root: str
    keys: tuple[str, ...]
    concern: float


@dataclass(kw_only=True, slots=True)
class _Told:
    """What a publisher's copies of one text have added so far."""

    day: int
    concerned: bool
    keys: list[str]


def mention_of(document: Document, annotation: Annotation, rules: Sequence[str] = ()) -> Mention:
    """Return the Mention of a document on its series; `rules` are the names of the tracked rules it matches."""
    return Mention(
        at=document.fetched_at,
        publisher=document.publisher,
        root=annotation.copy_of or document.id,
        keys=series_keys(annotation, rules),
        concern=annotation.concern,
    )


def series_keys(annotation: Annotation, rules: Sequence[str] = ()) -> tuple[str, ...]:
    """Return the keys that a document counts for: topic, places, topic in each place, rules and keywords."""
    topic, places = annotation.topic, annotation.places or (NOWHERE,)
    crossed = [series_key(topic, place) for place in places]
    named = [f"rule:{rule}" for rule in rules] + [f"keyword:{word}" for word in annotation.keywords]
    return tuple(dict.fromkeys([series_key(topic), *(f"place:{place}" for place in places), *crossed, *named]))


def series_key(topic: str, place: str | None = None) -> str:
    """Return the key of a topic, or of a topic in a place (a code, or NOWHERE)."""
    return f"topic:{topic}|place:{place}" if place else f"topic:{topic}"


def hour_of(at: datetime) -> int:
    """Return the number of the hour; 24 of them make a day of Viet Nam."""
    return int(at.timestamp() // 3600) + _EPOCH_HOURS


def day_of(at: datetime) -> int:
    """Return the number of the day of Viet Nam; Mondays are those with remainder 4 modulo 7."""
    return hour_of(at) // 24


def start_of(hour: int) -> datetime:
    """Return when the hour of that number began."""
    return datetime.fromtimestamp((hour - _EPOCH_HOURS) * 3600, VIETNAM)


@dataclass(kw_only=True, slots=True)
class Counts:
    """Integer tallies by key, time and publisher; the same mentions give the same counts in whatever batches they come.

    Copies collapse: the texts of one root count once a publisher within seven days.  Clock is the arrival of documents.
    """

    hours: Table = field(default_factory=dict)
    days: Table = field(default_factory=dict)
    today: int = 0
    _told: dict[str, _Told] = field(default_factory=dict)

    def add(self, mention: Mention) -> bool:
        """Count a mention; False when its publisher had told the same text before."""
        hour = hour_of(mention.at)
        self._turn(hour // 24)
        name, concerned = digest(mention.publisher, mention.root), mention.concern >= _CONCERN
        told = self._told.get(name)
        first = told is None
        if told is None:
            told = self._told[name] = _Told(day=hour // 24, concerned=concerned, keys=[])
        elif concerned and not told.concerned:
            self._raise(told, hour, mention.publisher)
        for key in (ALL, *mention.keys):
            if key not in told.keys:
                told.keys.append(key)
                self._count(key, hour, mention.publisher, (1, int(told.concerned)))
        return first

    def series(self, before: int | None = None) -> list[str]:
        """Return the keys with any count (on days before that day), but for that of everything, in order of name."""
        return sorted(key for key, row in self.days.items() if key != ALL and (before is None or min(row) < before))

    def publishers(self, before: int | None = None) -> list[str]:
        """Return those who published in the time kept (on days before that day), in order of name."""
        rows = self.days.get(ALL, {}).items()
        return sorted({publisher for day, row in rows if before is None or day < before for publisher in row})

    def window(self, key: str, last: int, length: int, measure: Measure = Measure.TEXTS) -> dict[str, int]:
        """Return what each publisher has in the `length` hours that end with hour `last`, inclusive."""
        result: dict[str, int] = {}
        for hour, row in self.hours.get(key, {}).items():
            if last - length < hour <= last:
                for publisher, tally in row.items():
                    result[publisher] = result.get(publisher, 0) + tally[measure]
        return {publisher: n for publisher, n in sorted(result.items()) if n}

    def daily(self, key: str, measure: Measure = Measure.TEXTS) -> Iterator[tuple[int, str, int]]:
        """Yield day, publisher and count of what is kept of a key."""
        for day, row in self.days.get(key, {}).items():
            for publisher, tally in row.items():
                yield day, publisher, tally[measure]

    def active(self, last: int, length: int, least: int = 1, measure: Measure = Measure.TEXTS) -> list[str]:
        """Return the keys with at least that count in the hours up to `last`, in order of name."""
        return [key for key in self.series() if sum(self.window(key, last, length, measure).values()) >= least]

    def snapshot(self) -> bytes:
        """Return the counts as bytes; equal counts give equal bytes."""
        told = {name: [t.day, t.concerned, sorted(t.keys)] for name, t in self._told.items()}
        state = {"hours": self.hours, "days": self.days, "today": self.today, "told": told}
        return zlib.compress(orjson.dumps(state, option=orjson.OPT_NON_STR_KEYS | orjson.OPT_SORT_KEYS), 1)

    @classmethod
    def restore(cls, state: bytes) -> Self:
        """Return the counts that `snapshot` gave."""
        values = orjson.loads(zlib.decompress(state))
        told = {name: _Told(day=day, concerned=c, keys=keys) for name, (day, c, keys) in values["told"].items()}
        return cls(hours=_table(values["hours"]), days=_table(values["days"]), today=values["today"], _told=told)

    def _count(self, key: str, hour: int, publisher: str, amounts: Sequence[int]) -> None:
        for table, time in ((self.hours, hour), (self.days, hour // 24)):
            tally = table.setdefault(key, {}).setdefault(time, {}).setdefault(publisher, [0, 0])
            for measure, amount in enumerate(amounts):
                tally[measure] += amount

    def _raise(self, told: _Told, hour: int, publisher: str) -> None:
        """A later copy that is surely a concern makes the text one, so that the order of equal times is nothing."""
        told.concerned = True
        for key in told.keys:
            self._count(key, hour, publisher, (0, 1))

    def _turn(self, day: int) -> None:
        if day <= self.today:
            return
        self.today = day
        _drop(self.hours, day * 24 - HOURS_KEPT)
        _drop(self.days, day - DAYS_KEPT)
        self._told = {name: told for name, told in self._told.items() if told.day > day - COPIES_KEPT}
        for key in self._rare():
            self.days.pop(key, None)
            self.hours.pop(key, None)

    def _rare(self) -> list[str]:
        """Keywords beyond what is kept, the rarest first to go; ties by name."""
        words = [key for key in self.days if key.startswith("keyword:")]
        if len(words) <= _KEYWORDS_KEPT:
            return []
        return sorted(words, key=lambda key: (-sum(n for _, _, n in self.daily(key)), key))[_KEYWORDS_KEPT:]


def _drop(table: Table, before: int) -> None:
    for key in list(table):
        for time in [time for time in table[key] if time < before]:
            del table[key][time]
        if not table[key]:
            del table[key]


def _table(values: dict[str, dict[str, dict[str, Tally]]]) -> Table:
    return {key: {int(time): row for time, row in times.items()} for key, times in values.items()}
