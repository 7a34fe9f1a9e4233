"""Stories: each document joins the happening that its nearest neighbours of the last days tell of, or opens one."""

from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from monitor.detect.worth import Reading
from monitor.records import Kind, Tone

DAY = 86_400.0

# On judged stories of five months; up to 0.28 as many concerns are found, with more of them told twice.
NEAR = 0.24
ASIDE = 0.10
REACH = 6 * DAY
KEPT = 12 * DAY


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """One document as detection keeps it for some days; `at` is its arrival in seconds since 1970."""

    number: int
    id: str
    url: str
    title: str
    publisher: str
    kind: Kind
    voice: str | None
    at: float
    vector: Mapping[int, float]
    topics: tuple[float, ...]
    tone: Tone
    concern: float
    places: tuple[str, ...]
    reading: Reading
    alone: bool = False


@dataclass(frozen=True, slots=True)
class Link:
    """How near a document was to its nearest neighbour when it arrived, and how many others were rather near."""

    cosine: float = 0.0
    crowd: int = 0


@dataclass(frozen=True, slots=True)
class Posting:
    """The documents that have a term, in order of arrival, and its weight in each."""

    numbers: "array[int]" = field(default_factory=lambda: array("q"))
    weights: "array[float]" = field(default_factory=lambda: array("d"))


@dataclass(kw_only=True, slots=True)
class Stories:
    """The documents of the last days and the story of each, by number; a story has the number of its first document.

    What is kept, and so the cost of a document, depends on how much arrives in KEPT days, not on how much is stored.
    """

    entries: dict[int, Entry] = field(default_factory=dict)
    story_of: dict[int, int] = field(default_factory=dict)
    members: dict[int, list[int]] = field(default_factory=dict)
    links: dict[int, Link] = field(default_factory=dict)
    postings: dict[int, Posting] = field(default_factory=dict)
    first: int = 0
    reached: int = 0

    def add(self, entry: Entry) -> int:
        """Keep a document and return its story; entries must come in order of number, without gaps."""
        self.expire(entry.at)
        close = {} if entry.alone else self.neighbours(entry.vector)
        cosine, nearest = max(((c, n) for n, c in close.items()), default=(0.0, entry.number))
        story = self.story_of[nearest] if cosine >= NEAR else entry.number
        crowd = sum(self.story_of[n] != story for n in close)
        self.keep(entry, story, Link(cosine, crowd))
        return story

    def keep(self, entry: Entry, story: int, link: Link) -> None:
        """Keep a document of a known story."""
        self.entries[entry.number] = entry
        self.story_of[entry.number] = story
        self.links[entry.number] = link
        self.members.setdefault(story, []).append(entry.number)
        linked = not entry.alone and entry.number >= self.reached
        for key, weight in entry.vector.items() if linked else ():
            posting = self.postings.get(key)
            if posting is None:
                posting = self.postings[key] = Posting()
            posting.numbers.append(entry.number)
            posting.weights.append(weight)

    def neighbours(self, vector: Mapping[int, float]) -> dict[int, float]:
        """Return the cosine of each document within REACH that is at least rather near (ASIDE)."""
        rows = [(row, weight) for key, weight in vector.items() if (row := self.postings.get(key))]
        if not rows:
            return {}
        numbers = np.concatenate([np.frombuffer(row.numbers, np.int64) for row, _ in rows]) - self.reached
        weights = np.concatenate([np.frombuffer(row.weights) * weight for row, weight in rows])
        cosines = np.bincount(numbers, weights)
        near = np.flatnonzero(cosines >= ASIDE)
        return dict(zip((near + self.reached).tolist(), cosines[near].tolist(), strict=True))

    def of(self, story: int) -> list[Entry]:
        """Return what is kept of a story, in order of arrival."""
        return [self.entries[number] for number in self.members.get(story, ())]

    def expire(self, now: float) -> None:
        """Forget what arrived more than KEPT ago; what arrived more than REACH ago takes no new neighbours."""
        while (entry := self.entries.get(self.reached)) and now - entry.at > REACH:
            self._unlink(entry)
            self.reached += 1
        while (entry := self.entries.get(self.first)) and now - entry.at > KEPT:
            self._forget(entry)
            self.first += 1

    def _unlink(self, entry: Entry) -> None:
        for key in () if entry.alone else entry.vector:
            posting = self.postings[key]
            del posting.numbers[0], posting.weights[0]
            if not posting.numbers:
                del self.postings[key]

    def _forget(self, entry: Entry) -> None:
        del self.entries[entry.number], self.links[entry.number]
        story = self.story_of.pop(entry.number)
        self.members[story].remove(entry.number)
        if not self.members[story]:
            del self.members[story]


def core(entries: Sequence[Entry], size: int) -> list[Entry]:
    """Return the documents nearest to the middle of a story, nearest first; of equals the earlier."""
    middle: dict[int, float] = {}
    for entry in entries:
        for key, weight in entry.vector.items():
            middle[key] = middle.get(key, 0.0) + weight
    nearness = {e.number: sum(w * middle[k] for k, w in e.vector.items()) for e in entries}
    return sorted(entries, key=lambda e: (-nearness[e.number], e.number))[:size]
