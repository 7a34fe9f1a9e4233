"""Stories: each document joins the happening that it tells of, or opens one; two that it ties together become one."""

from array import array
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from monitor.detect import join
from monitor.detect.entry import DAY, Entry, Link
from monitor.detect.gist import Gist, terms_cosine
from monitor.detect.law import Law, shipped

# Chosen on the judged stories of September, October, December and February: BCubed F1 0.86, 0.82, 0.89 and 0.88, and
# within 0.01 of that from 0.15 to 0.3, and from 0.15 to 0.25.
JOINS = 0.3
TIED = 0.25
ASIDE = 0.10
NEAR_AT_ALL = 0.06
REACH = 6 * DAY
KEPT = 12 * DAY
_COMPARED = 8


@dataclass(frozen=True, slots=True)
class Joined:
    """The story of a document, and the documents of other stories that it brought along."""

    story: int
    brought: tuple[Entry, ...] = ()


@dataclass(frozen=True, slots=True)
class Beside:
    """A story that a document is near to, and the FEATURES of the two."""

    story: int
    features: Sequence[float]


@dataclass(kw_only=True, slots=True)
class Stories:
    """The documents of the last days and the story of each, by number; a story has the number of one of its documents.

    What is kept, and so the cost of a document, depends on how much arrives in KEPT days, not on how much is stored.
    `postings` are the number of each document that has a term and its weight there, in turn, in order of arrival: one
    array a term, as Python looks through all objects every two thousand documents.
    """

    entries: dict[int, Entry] = field(default_factory=dict)
    story_of: dict[int, int] = field(default_factory=dict)
    members: dict[int, list[int]] = field(default_factory=dict)
    gists: dict[int, Gist] = field(default_factory=dict)
    links: dict[int, Link] = field(default_factory=dict)
    postings: dict[int, "array[float]"] = field(default_factory=dict)
    first: int = 0
    reached: int = 0
    law: Law = field(default_factory=lambda: shipped("join"))

    def add(self, entry: Entry, held: Container[int] = ()) -> Joined:
        """Keep a document and return its story; entries must come in order of number, without gaps.

        Of the stories in `held` none is brought into another.
        """
        self.expire(entry.at)
        close = {} if entry.alone else self.neighbours(entry.vector)
        chances = {b.story: self.law.chance(b.features) for b in self.beside(entry, close)}
        fits = [story for story, chance in chances.items() if chance >= JOINS]
        best = max(fits, key=chances.__getitem__, default=entry.number)
        joined = self._tie(best, [story for story in fits if story != best], held)
        crowd = sum(self.story_of[n] != joined.story for n, cosine in close.items() if cosine >= ASIDE)
        self.keep(entry, joined.story, Link(max(close.values(), default=0.0), crowd))
        return joined

    def beside(self, entry: Entry, close: Mapping[int, float]) -> list[Beside]:
        """Return the stories of the nearest documents, nearest first, at most eight; of equals the older."""
        cosines: dict[int, list[float]] = {}
        for number, cosine in close.items():
            cosines.setdefault(self.story_of[number], []).append(cosine)
        ranked = sorted((-max(found), story) for story, found in cosines.items())[:_COMPARED]
        return [
            Beside(s, join.features(entry, self.gists[s], sorted(cosines[s], reverse=True), -ranked[0][0]))
            for _, s in ranked
        ]

    def keep(self, entry: Entry, story: int, link: Link) -> None:
        """Keep a document of a known story."""
        self.gists.setdefault(story, Gist()).add(entry)
        self.hold(entry, story, link)

    def hold(self, entry: Entry, story: int, link: Link) -> None:
        """Keep a document of a story whose gist has it already."""
        self.entries[entry.number] = entry
        self.story_of[entry.number] = story
        self.links[entry.number] = link
        self.members.setdefault(story, []).append(entry.number)
        linked = not entry.alone and entry.number >= self.reached
        for key, weight in entry.vector.items() if linked else ():
            posting = self.postings.get(key)
            if posting is None:
                posting = self.postings[key] = array("d")
            posting.extend((entry.number, weight))

    def _tie(self, story: int, others: Sequence[int], held: Container[int]) -> Joined:
        """Make one story of those that are about the same; a held one keeps its name, else the one that fits best."""
        brought: list[int] = []
        for other in others:
            alike = terms_cosine(self.gists[story], self.gists[other]) >= TIED
            if alike and not (story in held and other in held):
                into, out = (other, story) if other in held else (story, other)
                moved = self._bring(out, into)
                brought = [*brought, *moved] if into == story else moved
                story = into
        return Joined(story, tuple(self.entries[number] for number in sorted(brought)))

    def _bring(self, out: int, into: int) -> list[int]:
        moved = self.members.pop(out)
        self.members[into] = sorted([*self.members[into], *moved])
        self.story_of.update(dict.fromkeys(moved, into))
        self.gists[into].merge(self.gists.pop(out))
        return moved

    def neighbours(self, vector: Mapping[int, float]) -> dict[int, float]:
        """Return the cosine of each document within REACH that is near at all."""
        rows = [(row, weight) for key, weight in vector.items() if (row := self.postings.get(key))]
        if not rows:
            return {}
        numbers = np.concatenate([np.frombuffer(row)[::2] for row, _ in rows]) - self.reached
        weights = np.concatenate([np.frombuffer(row)[1::2] * weight for row, weight in rows])
        cosines = np.bincount(numbers.astype(np.int64), weights)
        near = np.flatnonzero(cosines >= NEAR_AT_ALL)
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
            del posting[:2]
            if not posting:
                del self.postings[key]

    def _forget(self, entry: Entry) -> None:
        del self.entries[entry.number], self.links[entry.number]
        story = self.story_of.pop(entry.number)
        self.members[story].remove(entry.number)
        if not self.members[story]:
            del self.members[story], self.gists[story]


def core(entries: Sequence[Entry], size: int) -> list[Entry]:
    """Return the documents nearest to the middle of a story, nearest first; of equals the earlier."""
    middle: dict[int, float] = {}
    for entry in entries:
        for key, weight in entry.vector.items():
            middle[key] = middle.get(key, 0.0) + weight
    nearness = {e.number: sum(w * middle[k] for k, w in e.vector.items()) for e in entries}
    return sorted(entries, key=lambda e: (-nearness[e.number], e.number))[:size]
