"""Whether a story is part of an issue that is open already: one storm is told once, however many stories it has."""

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import TypeVar

from monitor.detect.stories import DAY, Entry
from monitor.records import TOPICS

Key = TypeVar("Key", int, str)

HALF_LIFE = 3 * DAY
# In October of the judged stories 3 alerts tell an event again, with 1.0 13, and 36 events of severity 2 and 3 for 37
# are found; in September nothing changes.
STORM = 2.0
_TERMS = 300
_DISASTER = TOPICS.index("disaster")

FEATURES = (
    "terms", "topics", "places", "both placed", "apart", "gap", "span", "count", "mass",
    "disaster", "disaster there", "disaster gap", "disaster mass", "same topic",
)  # fmt: skip


@dataclass(kw_only=True, slots=True)
class Gist:
    """What a group of documents is about, what is recent weighing more: terms, topics and places as sums that decay."""

    terms: dict[int, float] = field(default_factory=dict)
    topics: list[float] = field(default_factory=lambda: [0.0] * len(TOPICS))
    places: dict[str, float] = field(default_factory=dict)
    mass: float = 0.0
    count: int = 0
    first: float = 0.0
    last: float = 0.0

    def add(self, entry: Entry) -> None:
        """Count a document in; documents must come in order of arrival."""
        kept = 0.5 ** (max(0.0, entry.at - self.last) / HALF_LIFE) if self.count else 0.0
        _blend(self.terms, kept, entry.vector)
        _blend(self.places, kept, {place: 1 / len(entry.places) for place in entry.places})
        self.topics = [kept * a + b for a, b in zip(self.topics, entry.topics, strict=True)]
        self.mass = kept * self.mass + 1
        self.first = self.first if self.count else entry.at
        self.count, self.last = self.count + 1, max(self.last, entry.at)
        if len(self.terms) > 2 * _TERMS:
            ranked = sorted(self.terms.items(), key=lambda item: (-item[1], item[0]))
            self.terms = dict(ranked[:_TERMS])


def gist(entries: Iterable[Entry]) -> Gist:
    """Return the gist of documents in order of arrival."""
    result = Gist()
    for entry in entries:
        result.add(entry)
    return result


def features(story: Gist, issue: Gist, now: float) -> list[float]:
    """Return the FEATURES of a story beside an open issue."""
    there = _cosine(story.places, issue.places)
    placed = float(bool(story.places) and bool(issue.places))
    gap = math.log1p(max(0.0, now - issue.last) / DAY)
    mass = math.log1p(issue.mass * 0.5 ** ((now - issue.last) / HALF_LIFE))
    disaster = (story.topics[_DISASTER] / story.mass) * (issue.topics[_DISASTER] / issue.mass)
    topics = _cosine(dict(enumerate(story.topics)), dict(enumerate(issue.topics)))
    span = math.log1p(max(0.0, now - issue.first) / DAY)
    storm = [disaster, disaster * there, disaster * gap, disaster * mass]
    same = float(_top(story.topics) == _top(issue.topics))
    seen = [_cosine(story.terms, issue.terms), topics, there, placed, placed * (there < 0.05)]
    return [*seen, gap, span, math.log1p(issue.count), mass, *storm, same]


def chance(values: Sequence[float]) -> float:
    """Return the chance that story and issue are one happening; `values` are FEATURES."""
    law = _law()
    logit = law["intercept"][0] + sum(w * v for w, v in zip(law["weights"], values, strict=True))
    return 1 / (1 + math.exp(-logit - STORM * _stormy(values)))


def _stormy(values: Sequence[float]) -> bool:
    """A disaster beside a full and fresh disaster: judged stories have few, and a storm has a hundred stories."""
    seen = dict(zip(FEATURES, values, strict=True))
    return seen["disaster"] >= 0.3 and seen["mass"] >= math.log1p(12) and seen["gap"] <= math.log1p(2)


@cache
def _law() -> Mapping[str, Sequence[float]]:
    law: Mapping[str, Sequence[float]] = json.loads(files("monitor.detect").joinpath("kinship.json").read_text())
    return law


def _blend(sums: dict[Key, float], kept: float, more: Mapping[Key, float]) -> None:
    for key in sums:
        sums[key] *= kept
    for key, weight in more.items():
        sums[key] = sums.get(key, 0.0) + weight


def _cosine(a: Mapping[Key, float], b: Mapping[Key, float]) -> float:
    if len(a) > len(b):
        a, b = b, a
    product = sum(weight * b[key] for key, weight in a.items() if key in b)
    lengths = math.sqrt(sum(w * w for w in a.values()) * sum(w * w for w in b.values()))
    return product / lengths if lengths else 0.0


def _top(topics: Sequence[float]) -> int:
    return max(range(len(topics)), key=lambda k: topics[k])
