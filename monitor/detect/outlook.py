"""How many texts an open issue will bring in the next 24 and 72 hours, and whether it still grows."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files

import numpy as np
import orjson
from numpy.typing import NDArray

from monitor.detect.baseline import tail
from monitor.records import VIETNAM

Array = NDArray[np.float64]

FEATURES = (
    "one",
    "last_24h",
    "last_24h_beyond_10",
    "age",
    "excitement_12h",
    "excitement_48h",
    "excitement_48h_beyond_10",
    "hour_sine",
    "hour_cosine",
)

GROWING = 0.25

# Texts a day beyond which next to nothing was learned (10 of 14,000 states of two months): such an issue is expected to
# bring no more than it does.
_LEARNED = 60
# No issue brings as many in three days.
_MOST = 50_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Law:
    """Negative-binomial regression of the texts within `hours`: log mean = coefficients . features.

    The size is exp(size[0]) * mean ** size[1].  `level` is the nominal mass of the interval that
    covers 80 % of what was learned from.
    """

    hours: int
    coefficients: tuple[float, ...]
    size: tuple[float, float]
    level: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Outlook:
    """Texts to come: mean and 80 % interval, ends included; `growth`: the chance of more than in the last 24 hours."""

    expected_24h: float
    low_24h: int
    high_24h: int
    expected_72h: float
    low_72h: int
    high_72h: int
    last_24h: int
    growth: float

    @property
    def growing(self) -> bool:
        """More to come is likely enough to say: about three times as likely as for any open issue."""
        return self.growth >= GROWING


def outlook(arrivals: Sequence[datetime], now: datetime) -> Outlook | None:
    """Return what to expect of an issue from the arrival of each of its texts; None before the first."""
    ages = np.array(sorted(((now - at).total_seconds() / 3600 for at in arrivals if at <= now), reverse=True))
    if not len(ages):
        return None
    values = features(ages, now)
    last = int((ages < 24).sum())
    (mean, size, low, high), (mean_72, _, low_72, high_72) = (_forecast(law, values, last) for law in laws())
    return Outlook(
        expected_24h=mean,
        low_24h=low,
        high_24h=high,
        expected_72h=max(mean, mean_72),
        low_72h=max(low, low_72),
        high_72h=max(high, high_72),
        last_24h=last,
        growth=float(tail(last + 1, mean, size)),
    )


def features(ages: Array, now: datetime) -> Array:
    """Return the values of FEATURES for texts of those ages in hours, oldest first.

    Excitement is the sum of what each text still adds, as in a self-exciting process that forgets in 12 or 48 hours;
    what is beyond ten counts apart, so that large issues do not run away.
    """
    last, short, long = (math.log1p(n) for n in (np.sum(ages < 24), np.exp(-ages / 12).sum(), np.exp(-ages / 48).sum()))
    turn = 2 * math.pi * now.astimezone(VIETNAM).hour / 24
    return np.array(
        [1.0, last, _beyond(last), math.log1p(ages[0]), short, long, _beyond(long), math.sin(turn), math.cos(turn)]
    )


def _beyond(log: float) -> float:
    return max(0.0, log - math.log1p(10))


def cumulative(mean: float, size: float) -> Array:
    """Return the chance of fewer than 0, 1, 2, ... texts, as far as there is any chance of more."""
    enough = int(mean + 8 * math.sqrt(mean + mean**2 / size)) + 12
    return 1.0 - tail(np.arange(min(enough, _MOST), dtype=float), mean, size)


def interval(below: Array, level: float) -> tuple[int, int]:
    """Return the interval of whole counts whose mass is nearest to the level, from the lower quantile or one above.

    `below` is cumulative.
    """
    lowest = int(np.searchsorted(below[1:], (1 - level) / 2))
    ends = [(low, high) for low in (lowest, lowest + 1) for high in _upper(below, low, level) if high >= low]
    return min(ends, key=lambda end: (abs(below[end[1] + 1] - below[end[0]] - level), end))


def _upper(below: Array, low: int, level: float) -> tuple[int, int]:
    high = min(int(np.searchsorted(below[1:], below[low] + level)), len(below) - 2)
    return high - 1, high


@cache
def laws() -> tuple[Law, Law]:
    """Return the learned laws for 24 and 72 hours, as `langnghe train` wrote them."""
    values = orjson.loads(files("monitor.detect").joinpath("outlook.json").read_bytes())
    first, second = (_law(law) for law in values["laws"])
    return first, second


def _law(values: Mapping[str, object]) -> Law:
    return Law(**{key: tuple(value) if isinstance(value, list) else value for key, value in values.items()})  # type: ignore[arg-type]


def _forecast(law: Law, values: Array, last: int) -> tuple[float, float, int, int]:
    mean = math.exp(min(max(float(values @ np.array(law.coefficients)), -10.0), 8.0))
    if last > _LEARNED:
        mean = min(mean, last * law.hours / 24)
    size = math.exp(law.size[0]) * mean ** law.size[1]
    return mean, size, *interval(cumulative(mean, size), law.level)
