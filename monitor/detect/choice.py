"""Whether to tell a story now: the chance that it is a public concern, times the chance that it grows."""

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np

from monitor.detect.entry import Entry, Link
from monitor.detect.law import Law

GROWN = 4
"""So many documents are no passing report."""

FEATURES = (
    "documents", "publishers", "several publishers", "age", "pause", "3 hours", "12 hours", "24 hours", "tightness",
    "crowd",
)  # fmt: skip
_WINDOWS = (3, 12, 24)
# How many of the newest documents the neighbourhood of a story is taken from.
_LAST = 8


@dataclass(frozen=True, kw_only=True, slots=True)
class Choice:
    """How likely a small story is to grow, and the least chance to tell (`bars`) at so many alerts a day (`rates`)."""

    law: Law
    rates: tuple[float, ...]
    bars: tuple[float, ...]

    def growth(self, values: Sequence[float]) -> float:
        """Return the chance that a story comes to GROWN documents; `values` are FEATURES."""
        return 1.0 if values[0] >= GROWN else self.law.chance(values)

    def chance(self, worth: float, values: Sequence[float]) -> float:
        """Return the chance to tell a story by, from the chance that it is a public concern and its FEATURES."""
        return worth * self.growth(values)

    def bar(self, budget: float) -> float:
        """Return the least chance to tell that keeps to so many alerts a day; parts of open issues leave some room."""
        return float(np.interp(budget, self.rates, self.bars))


@cache
def shipped() -> Choice:
    """Return the choice that comes with the detector."""
    values = json.loads(files("monitor.detect").joinpath("choice.json").read_text(encoding="utf-8"))
    return Choice(law=Law.of(values), rates=tuple(values["rates"]), bars=tuple(values["bars"]))


def features(entries: Sequence[Entry], links: Sequence[Link], now: float) -> list[float]:
    """Return the FEATURES of a story: size, newsrooms, pace, how near its documents are to each other and to others."""
    ages = [(now - entry.at) / 3600 for entry in entries]
    publishers = len({entry.publisher for entry in entries})
    near = links[-_LAST:]
    return [
        float(len(entries)),
        float(publishers),
        float(publishers > 1),
        math.log1p(max(ages)),
        math.log1p(ages[-2] if len(ages) > 1 else 0.0),
        *(math.log1p(sum(age <= hours for age in ages)) for hours in _WINDOWS),
        sum(link.cosine for link in near) / len(near),
        math.log1p(sum(link.crowd for link in near)),
    ]
