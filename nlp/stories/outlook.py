"""What an open issue will bring: what was known of stories as they grew, what came then, and the laws that it teaches.

A state is what was known of a story with three texts or more, every six hours, while a text came within the last 24.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from pathlib import Path

import numpy as np
import orjson
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import digamma, gammaln

from monitor.detect.entry import Entry
from monitor.detect.outlook import FEATURES, Law, cumulative, features, interval
from monitor.records import VIETNAM

Array = NDArray[np.float64]

HORIZONS = (24, 72)
_LEVELS = np.arange(0.4, 0.9, 0.02)
_LEAST = 3


@dataclass(frozen=True, kw_only=True)
class States:
    """What was known and what came: features, texts to come and texts before by horizon."""

    values: Array
    coming: Array
    before: Array

    def thinned(self) -> "States":
        """Every tenth state, which leaves about as many of all stories as of the judged ones."""
        return States(**{f.name: getattr(self, f.name)[::10] for f in fields(self)})


def states(month: Sequence[Entry], story: Mapping[str, object]) -> States:
    """Return the states of all stories of a month, which `story` tells by URL, whose next 72 hours are within it."""
    told: dict[object, list[float]] = {}
    for entry in month:
        if entry.url in story:
            told.setdefault(story[entry.url], []).append(entry.at / 3600)
    end = month[-1].at / 3600 - max(HORIZONS)
    rows = [row for hours in told.values() if len(hours) >= _LEAST for row in _rows(np.array(hours), end)]
    values, coming, before = zip(*rows, strict=True)
    return States(values=np.array(values), coming=np.array(coming), before=np.array(before))


def joined(parts: Sequence[States]) -> States:
    """Return the states of several months as one."""
    return States(**{f.name: np.concatenate([getattr(part, f.name) for part in parts]) for f in fields(States)})


def laws(learned: States) -> tuple[Law, ...]:
    """Return the law of each horizon."""
    return tuple(fit(learned.values, learned.coming[:, i], hours) for i, hours in enumerate(HORIZONS))


def fit(values: Array, coming: Array, hours: int) -> Law:
    """Return the law by maximum likelihood (with a little ridge), and the level that covers 80 % of the states."""
    width = values.shape[1]
    start = np.zeros(width + 2)
    found = minimize(_loss, start, args=(values, coming), jac=True, method="L-BFGS-B", options={"maxiter": 500}).x
    law = Law(hours=hours, coefficients=tuple(found[:width]), size=(found[width], found[width + 1]), level=0.8)
    covers = np.abs(np.array(coverage(law, values, coming, _LEVELS.tolist())) - 0.8)
    rounded = tuple(round(float(c), 4) for c in law.coefficients)
    return Law(
        hours=hours,
        coefficients=rounded,
        size=(round(float(found[width]), 4), round(float(found[width + 1]), 4)),
        level=round(float(_LEVELS[int(np.argmin(covers))]), 2),
    )


def save(found: Iterable[Law], path: Path) -> None:
    """Write the laws as JSON."""
    content = {"features": list(FEATURES), "laws": [asdict(law) for law in found]}
    path.write_bytes(orjson.dumps(content, option=orjson.OPT_INDENT_2) + b"\n")


def expected(law: Law, values: Array) -> tuple[Array, Array]:
    """Return mean and size of the negative binomial at each state."""
    mean = np.exp(np.clip(values @ np.array(law.coefficients), -10, 8))
    return mean, np.exp(law.size[0]) * mean ** law.size[1]


def coverage(law: Law, values: Array, coming: Array, levels: Sequence[float]) -> list[float]:
    """Return the share of the counts within their interval at each level; means have two digits, so that few differ."""
    rounded, place = np.unique([float(f"{m:.2g}") for m in expected(law, values)[0]], return_inverse=True)
    below = [cumulative(m, float(np.exp(law.size[0]) * m ** law.size[1])) for m in rounded]
    shares = []
    for level in levels:
        ends = np.array([interval(chances, level) for chances in below])[place]
        shares.append(float(np.mean((ends[:, 0] <= coming) & (coming <= ends[:, 1]))))
    return shares


def _rows(arrivals: Array, end: float) -> list[tuple[Array, list[int], list[int]]]:
    rows, hour = [], int(arrivals[_LEAST - 1] // 6 + 1) * 6
    while hour <= min(arrivals[-1] + 24, end):
        now = datetime.fromtimestamp(hour * 3600, VIETNAM)
        known = int(np.searchsorted(arrivals, hour, side="right"))
        if hour - arrivals[known - 1] < 24:
            coming = [int(np.searchsorted(arrivals, hour + h, side="right")) - known for h in HORIZONS]
            before = [known - int(np.searchsorted(arrivals, hour - h, side="right")) for h in HORIZONS]
            rows.append((features(hour - arrivals[:known], now), coming, before))
        hour += 6
    return rows


def _loss(weights: Array, values: Array, coming: Array) -> tuple[float, Array]:
    width = values.shape[1]
    logs = np.clip(values @ weights[:width], -10, 8)
    mean = np.exp(logs)
    size = np.exp(weights[width] + weights[width + 1] * logs)
    share = np.log(size / (size + mean))
    likelihood = gammaln(coming + size) - gammaln(size) + size * share + coming * np.log(mean / (size + mean))
    by_mean = coming - (coming + size) * mean / (size + mean)
    by_size = (digamma(coming + size) - digamma(size) + share + 1 - (coming + size) / (size + mean)) * size
    slope = values.T @ (by_mean + by_size * weights[width + 1])
    ridge = np.concatenate([[0.0], weights[1:width], [0.0, 0.0]])
    gradient = np.concatenate([slope, [by_size.sum(), (by_size * logs).sum()]])
    return float(-likelihood.sum() + (ridge**2).sum() / 2), ridge - gradient
