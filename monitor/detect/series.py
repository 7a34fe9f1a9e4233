"""How surprising a series is now: a scan over three windows against its baseline, and control over all series."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np

from monitor.detect.baseline import Array, Baseline, expected, tail, vector
from monitor.detect.counts import ALL, Counts, hour_of

WINDOWS = (6, 24, 72)
"""Hours of the scan: a sudden burst, a day's, and a slow one."""

LEAST = 3
"""Texts that make a burst.  With single texts of rare series let in, the same three alarms a day found 41 % of bursts
of five texts put into December 2025, and 61 % with this."""

_LOOKS = 2.0
"""Windows nest, so that three count as two independent ones: on counts without bursts the level then holds."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Evidence:
    """A series at a moment, in the window (hours) in which it surprises most.

    `p_value` is corrected for the windows, and 1 for fewer than LEAST texts; `q_value` is the share of false alarms if
    all series as surprising as this were told.  `published` is all that was published in the window and `usual` what
    the publishers usually do: their ratio, `coverage`, is near 0 for a dead feed; `expected` already allows for it.
    """

    key: str
    at: datetime
    window: int
    observed: float
    expected: float
    p_value: float
    q_value: float = 1.0
    publishers: tuple[str, ...] = ()
    published: int = 0
    usual: float = 0.0

    @property
    def coverage(self) -> float:
        return self.published / self.usual if self.usual else 0.0


def surprise(counts: Counts, baseline: Baseline, key: str, at: datetime) -> Evidence:
    """Return how surprising the key's count is at a moment: chance of as many in the window that surprises most."""
    return _strongest(counts, baseline, key, at, _spans(counts, baseline, at), few=False)


def surprises(counts: Counts, baseline: Baseline, keys: Sequence[str], at: datetime, total: int = 0) -> list[Evidence]:
    """Return the evidence of the keys, most surprising first, with q-values over `total` series (all of the baseline).

    Keys that are left out, such as those without a new text, count as not surprising: so that what is told does not
    depend on which of them the caller looked at.
    """
    spans = _spans(counts, baseline, at)
    found = [_strongest(counts, baseline, key, at, spans, few=False) for key in sorted(keys)]
    return _controlled(found, max(total, len(found), len(baseline.rows)))


def quiet(counts: Counts, baseline: Baseline, keys: Sequence[str], at: datetime, total: int = 0) -> list[Evidence]:
    """Return how surprising the silence of each key is: the chance of as few texts, given what was published at all."""
    spans = _spans(counts, baseline, at)
    found = [_strongest(counts, baseline, key, at, spans, few=True) for key in sorted(keys)]
    return _controlled(found, max(total, len(found), len(baseline.rows)))


@dataclass(frozen=True, kw_only=True, slots=True)
class _Span:
    """A window with the volumes published in it: by day, then by publisher as the baseline has them."""

    last: int
    hours: int
    days: list[int]
    volumes: Array


def _spans(counts: Counts, baseline: Baseline, at: datetime) -> list[_Span]:
    return [_span(counts, baseline, hour_of(at), hours) for hours in WINDOWS]


def _span(counts: Counts, baseline: Baseline, last: int, hours: int) -> _Span:
    days, rows, end = [], [], last
    while end > last - hours:
        start = max(end - end % 24, last - hours + 1)
        days.append(end // 24)
        rows.append(vector(baseline, counts.window(ALL, end, end - start + 1)))
        end = start - 1
    return _Span(last=last, hours=hours, days=days, volumes=np.array(rows))


def _strongest(
    counts: Counts, baseline: Baseline, key: str, at: datetime, spans: Sequence[_Span], *, few: bool
) -> Evidence:
    rare = not few and sum(counts.window(key, spans[-1].last, spans[-1].hours, baseline.measure).values()) < LEAST
    looks = (_look(counts, baseline, key, at, span, few) for span in (spans[-1:] if rare else spans))
    return min(looks, key=lambda e: (e.p_value, e.window))


def _look(counts: Counts, baseline: Baseline, key: str, at: datetime, span: _Span, few: bool) -> Evidence:
    mean, size = expected(baseline, key, span.days, span.volumes)
    seen = counts.window(key, span.last, span.hours, baseline.measure)
    observed = sum(seen.values())
    if few:
        chance = float(1 - tail(observed + 1, mean, size))
    else:
        chance = float(tail(observed, mean, size)) if observed >= LEAST else 1.0
    return Evidence(
        key=key,
        at=at,
        window=span.hours,
        observed=observed,
        expected=mean,
        p_value=-math.expm1(_LOOKS * math.log1p(-min(chance, 1 - 1e-12))),
        publishers=tuple(seen),
        published=int(span.volumes.sum()),
        usual=float(baseline.published.sum()) * span.hours / 24,
    )


def _controlled(found: Sequence[Evidence], total: int) -> list[Evidence]:
    """Benjamini and Hochberg 1995 over `total` series of which those not found have chance 1."""
    ranked = sorted(found, key=lambda e: (e.p_value, e.key))
    least, result = 1.0, []
    for rank in range(len(ranked), 0, -1):
        least = min(least, ranked[rank - 1].p_value * total / rank)
        result.append(replace(ranked[rank - 1], q_value=least))
    return result[::-1]
