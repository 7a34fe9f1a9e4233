"""The rules that others use, each one function from a table of counts to a score that its threshold is set on.

A table has the counts of one candidate by hour, the present hour last, and how many texts were published in all.
Where a rule divides by a mean or a deviation that can be 0, the least is one text in its interval.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln

Array = NDArray[np.float64]

HOURS = 24 * 29
"""What a table holds: four weeks and today."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Table:
    """HOURS counts of the candidate (`texts`) and of everything, and the last day of the candidate by publisher."""

    texts: Array
    day: Array
    everything: Array

    def every(self, hours: int, count: int) -> Array:
        """Return the texts of the last `count` intervals of that many hours, the present one last."""
        intervals: Array = self.texts[-hours * count :].reshape(count, hours).sum(axis=1)
        return intervals


def emm(table: Table) -> float:
    """EP 1973073 A1: the count of the unit interval against the average of past intervals (6 hours, 14 days)."""
    intervals = table.every(6, 57)
    return _ratio(intervals[-1], intervals[:-1].mean())


def meltwater_social(table: Table) -> float:
    """The last hour against the mean hour of the 12 before."""
    hours = table.every(1, 13)
    return _ratio(hours[-1], hours[:-1].mean())


def meltwater_editorial(table: Table) -> float:
    """A day against the mean of the 14 days before."""
    days = table.every(24, 15)
    return _ratio(days[-1], days[:-1].mean())


def huginn(table: Table) -> float:
    """PeakDetectorAgent: deviations above the mean, over 14 days, of a day with four texts or more."""
    days = table.every(24, 15)
    return _deviations(days[-1], days[:-1]) if days[-1] >= 4 else 0.0


def world_monitor(table: Table) -> float:
    """Two hours against the mean of 7 days, with five texts by two publishers or more; the floor alone fires on 0."""
    spans = table.every(2, 85)
    publishers = int((table.day[-2:].sum(axis=0) > 0).sum())
    return _ratio(spans[-1], spans[:-1].mean()) if spans[-1] >= 5 and publishers >= 2 else 0.0


def world_monitor_day(table: Table) -> float:
    """The same rule on a day in place of two hours, which suits the pace of three newsrooms."""
    days = table.every(24, 8)
    publishers = int((table.day.sum(axis=0) > 0).sum())
    return _ratio(days[-1], days[:-1].mean()) if days[-1] >= 5 and publishers >= 2 else 0.0


def elastalert(table: Table) -> float:
    """ElastAlert2 `spike`: the current window (a day) against the reference window before it."""
    before, now = table.every(24, 2)
    return _ratio(now, before)


def socialmetrix(table: Table) -> float:
    """Mean of 24 hours above the mean of 7 days, in hourly deviations of those days."""
    hours = table.every(1, 24 * 7)
    return float((hours[-24:].mean() - hours.mean()) / max(hours.std(), 1 / 24))


def ears_c1(table: Table) -> float:
    """EARS C1 (mild): deviations above the seven days before."""
    days = table.every(24, 8)
    return _deviations(days[-1], days[-8:-1])


def ears_c2(table: Table) -> float:
    """EARS C2 (medium): deviations above seven days, with two days between."""
    return _c2(table.every(24, 12), 0)


def ears_c3(table: Table) -> float:
    """EARS C3 (ultra): the C2 of three days summed, as far as each is above 1."""
    days = table.every(24, 12)
    return sum(max(0.0, _c2(days, back) - 1) for back in range(3))


def cusum(table: Table) -> float:
    """Negative-binomial CUSUM over the last week for a doubling of the mean of the three weeks before (Hohle 2008)."""
    days = table.every(24, 29)
    mean = max(days[:-7].mean(), 1 / 7)
    size = mean**2 / max(days[:-7].var() - mean, 0.15 * mean**2)
    total = 0.0
    for day in days[-7:]:
        gain = day * np.log(2.0) - (day + size) * np.log((size + 2 * mean) / (size + mean))
        total = max(0.0, total + float(gain))
    return total


def kleinberg(table: Table) -> float:
    """Kleinberg 2002, batched, two states (s = 2, gamma = 1): the weight of the burst that the present day is in."""
    days = table.every(24, 29)
    everything = np.maximum(table.everything[-24 * 29 :].reshape(29, 24).sum(axis=1), days)
    usual = np.clip(days.sum() / max(everything.sum(), 1.0), 1e-6, 0.3)
    gains = _log_chance(days, everything, min(2 * usual, 0.9999)) - _log_chance(days, everything, usual)
    enter, total = np.log(len(days)), 0.0
    for gain in gains:
        total = max(0.0, total + float(gain)) if total else max(0.0, float(gain) - enter)
    return float(total)


RULES: Mapping[str, Callable[[Table], float]] = MappingProxyType(
    {
        "EMM: 6 h / mean of 14 days": emm,
        "Meltwater social: 1 h / 12 h": meltwater_social,
        "Meltwater editorial: day / 14 days": meltwater_editorial,
        "Huginn: mean + k sd, 14 days": huginn,
        "World Monitor: 2 h / 7 days": world_monitor,
        "World Monitor, on a day": world_monitor_day,
        "ElastAlert2 spike: day / day before": elastalert,
        "Socialmetrix: 24 h mean + k sd of 7 days": socialmetrix,
        "EARS C1": ears_c1,
        "EARS C2": ears_c2,
        "EARS C3": ears_c3,
        "Negative-binomial CUSUM": cusum,
        "Kleinberg": kleinberg,
    }
)


def _ratio(now: float, usual: float) -> float:
    """Ties of ratios, many where the mean is under one text, are broken by the count itself."""
    return float(now / max(usual, 1.0) + now * 1e-3)


def _deviations(now: float, before: Array) -> float:
    return float((now - before.mean()) / max(before.std(ddof=1), 0.5))


def _c2(days: Array, back: int) -> float:
    end = len(days) - 1 - back
    return _deviations(days[end], days[end - 9 : end - 2])


def _log_chance(hits: Array, texts: Array, share: float) -> Array:
    ways = gammaln(texts + 1) - gammaln(hits + 1) - gammaln(texts - hits + 1)
    chance: Array = ways + hits * np.log(share) + (texts - hits) * np.log1p(-share)
    return chance
