"""What a group of documents is about, kept up to date at the cost of the document that comes in."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from monitor.detect.entry import DAY, Entry
from monitor.records import TOPICS

Key = TypeVar("Key", int, str)

HALF_LIFE = 3 * DAY
_TERMS = 300
_APART = 0.05


@dataclass(kw_only=True, slots=True)
class Gist:
    """Terms, topics and places of a group as sums that decay, so that what is recent weighs more.

    `square` is the squared length of `terms`.
    """

    terms: dict[int, float] = field(default_factory=dict)
    topics: list[float] = field(default_factory=lambda: [0.0] * len(TOPICS))
    places: dict[str, float] = field(default_factory=dict)
    mass: float = 0.0
    count: int = 0
    first: float = 0.0
    last: float = 0.0
    square: float = 0.0

    def add(self, entry: Entry) -> None:
        """Count a document in; documents must come in order of arrival."""
        places = {place: 1 / len(entry.places) for place in entry.places}
        self._blend(self._kept(entry.at), entry.vector, entry.topics, places, 1.0)
        self.first = self.first if self.count else entry.at
        self.count, self.last = self.count + 1, max(self.last, entry.at)

    def merge(self, other: "Gist") -> None:
        """Count all that another group holds in."""
        aged = 0.5 ** (max(0.0, self.last - other.last) / HALF_LIFE)
        terms = {key: aged * weight for key, weight in other.terms.items()}
        places = {place: aged * weight for place, weight in other.places.items()}
        self._blend(self._kept(other.last), terms, [aged * t for t in other.topics], places, aged * other.mass)
        self.first, self.last = min(self.first, other.first), max(self.last, other.last)
        self.count += other.count

    def _kept(self, at: float) -> float:
        return 0.5 ** (max(0.0, at - self.last) / HALF_LIFE) if self.count else 0.0

    def _blend(
        self,
        kept: float,
        terms: Mapping[int, float],
        topics: Iterable[float],
        places: Mapping[str, float],
        mass: float,
    ) -> None:
        _blend(self.terms, kept, terms)
        _blend(self.places, kept, places)
        self.topics = [kept * a + b for a, b in zip(self.topics, topics, strict=True)]
        self.mass = kept * self.mass + mass
        if len(self.terms) > 2 * _TERMS:
            ranked = sorted(self.terms.items(), key=lambda item: (-item[1], item[0]))
            self.terms = dict(ranked[:_TERMS])
        self.square = sum(weight * weight for weight in self.terms.values())


def gist(entries: Iterable[Entry]) -> Gist:
    """Return the gist of documents in order of arrival."""
    result = Gist()
    for entry in entries:
        result.add(entry)
    return result


def product(a: Mapping[Key, float], b: Mapping[Key, float]) -> float:
    """Return the sum of the products of weights that both have."""
    if len(a) > len(b):
        a, b = b, a
    return sum(weight * b[key] for key, weight in a.items() if key in b)


def cosine(a: Mapping[Key, float], b: Mapping[Key, float]) -> float:
    """Return the cosine of two sets of weights; 0 when one is empty."""
    shared = product(a, b)
    return shared / math.sqrt(product(a, a) * product(b, b)) if shared else 0.0


def topics_cosine(a: Sequence[float], b: Sequence[float]) -> float:
    """Return the cosine of two rows of topics."""
    return cosine(dict(enumerate(a)), dict(enumerate(b)))


def places_compared(a: Mapping[str, float], b: Mapping[str, float]) -> tuple[float, float, float]:
    """Return the cosine of places, whether both sides name any, and whether both do and hardly one is the same."""
    there = cosine(a, b)
    placed = float(bool(a) and bool(b))
    return there, placed, placed * (there < _APART)


def terms_cosine(a: Gist, b: Gist) -> float:
    """Return the cosine of the terms of two groups."""
    shared = product(a.terms, b.terms)
    return shared / math.sqrt(a.square * b.square) if shared else 0.0


def _blend(sums: dict[Key, float], kept: float, more: Mapping[Key, float]) -> None:
    for key in sums:
        sums[key] *= kept
    for key, weight in more.items():
        sums[key] = sums.get(key, 0.0) + weight
