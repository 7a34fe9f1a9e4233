"""Whether to tell a story now: the chance that it is, or becomes, a public concern of some size, from how it stands."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from io import BytesIO

import numpy as np
from numpy.typing import NDArray

from monitor.detect.entry import Entry, Link
from monitor.detect.worth import Judgement
from monitor.records import Tone

LAST = 8
"""How many of the newest documents the neighbourhood of a story is taken from."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Choice:
    """Boosted trees as arrays, a row a tree and a column a node; a leaf points to itself.  `rates` go with `bars`."""

    feature: NDArray[np.int16]
    threshold: NDArray[np.float64]
    left: NDArray[np.int16]
    right: NDArray[np.int16]
    value: NDArray[np.float64]
    start: float
    depth: int
    rates: tuple[float, ...]
    bars: tuple[float, ...]

    def probability(self, features: Sequence[float]) -> float:
        """Return the chance that the story is worth telling now."""
        row = np.asarray(features, np.float64)
        tree = np.arange(len(self.feature))
        node = np.zeros(len(self.feature), np.int16)
        for _ in range(self.depth):
            low = row[self.feature[tree, node]] <= self.threshold[tree, node]
            node = np.where(low, self.left[tree, node], self.right[tree, node])
        return 1 / (1 + math.exp(-self.start - float(self.value[tree, node].sum())))

    def chance(self, worth: float, features: Sequence[float]) -> float:
        """Return the chance to tell a story by: the lesser of that it is a concern, and that now is when to tell it.

        A story that grows as concerns do may be none itself: on judged months left out, three in five alerts whose
        worth was below 0.6 were wrong.
        """
        return min(worth, self.probability(features))

    def bar(self, budget: float) -> float:
        """Return the least chance to tell that keeps to so many alerts a day; parts of open issues leave some room."""
        return float(np.interp(budget, self.rates, self.bars))


@cache
def shipped() -> Choice:
    """Return the choice that comes with the detector."""
    with np.load(BytesIO(files("monitor.detect").joinpath("choice.npz").read_bytes())) as arrays:
        return Choice(
            feature=arrays["feature"],
            threshold=arrays["threshold"],
            left=arrays["left"],
            right=arrays["right"],
            value=arrays["value"],
            start=float(arrays["start"]),
            depth=int(arrays["depth"]),
            rates=tuple(arrays["rates"].tolist()),
            bars=tuple(arrays["bars"].tolist()),
        )


def features(entries: Sequence[Entry], links: Sequence[Link], judgement: Judgement, now: float) -> list[float]:
    """Return how a story stands: its worth, growth, publishers, tone, places, how tight it is, the hour, its topics."""
    ages = [(now - e.at) / 3600 for e in entries]
    n = len(entries)
    near = links[-LAST:]
    concern = [e.concern for e in entries]
    tones = Counter(e.tone for e in entries)
    places = Counter(place for e in entries for place in e.places)
    topics = np.array([e.topics for e in entries]).mean(axis=0)
    return [
        judgement.logit,
        judgement.severity,
        math.log(n),
        len({e.publisher for e in entries}),
        math.log1p(max(ages)),
        math.log1p(ages[-2] if n > 1 else 0.0),
        *(math.log1p(sum(age <= hours for age in ages)) for hours in (3, 12, 24)),
        sum(concern) / n,
        max(concern),
        tones[Tone.NEGATIVE] / n,
        tones[Tone.POSITIVE] / n,
        sum(link.cosine for link in near) / len(near),
        math.log1p(sum(link.crowd for link in near)),
        max(places.values(), default=0) / n,
        len(places),
        sum(not e.places for e in entries) / n,
        (now / 3600 + 7) % 24,
        *topics.tolist(),
    ]
