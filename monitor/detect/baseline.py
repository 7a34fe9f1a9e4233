"""What is normal for each series: its share of what each publisher publishes, its week, and how unsteady it is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray
from scipy.special import betainc

from monitor.detect.counts import ALL, Counts, Measure

Array = NDArray[np.float64]

HISTORY = 56
"""Days that are looked back over: eight whole weeks."""

GUARD = 3
"""Days before today that teach nothing, so that a rising burst is not its own baseline (as in EARS C2 and C3)."""

# Measured on the stream of news by the log score of each third day from October 2025 to February 2026: half-lives of 14
# to 35 days, weekday priors of 5 to 80 texts and dispersions of 0.08 to 0.3 differ by less than 1 %.
_HALF_LIFE = 21.0
_PRIOR_SHARE = 1.0
_PRIOR_TEXTS = 200.0
_PRIOR_WEEK = 40.0
_PRIOR_DISPERSION = 0.08
_PRIOR_DAYS = 14.0

# Texts come in stories of several: without this share of the mean in the variance, 6.5 % of all windows of three days
# had a chance below 1 %; with it, and with outlying days weighed by their chance and not by a residual, 2 % have.
_CLUSTERING = 0.5

# A day with a chance below this weighs less, in proportion: a day of one in a thousand is a burst, not the rule.
_OUTLYING = 0.001
_ROUNDS = 4
_CHUNK = 500


@dataclass(frozen=True, kw_only=True, slots=True)
class Baseline:
    """What one day expects.  Arrays by key (the last row is that of a key without history), then publisher or weekday.

    `shares` are of all texts of a publisher, in the last column of a new publisher; `week` multiplies them; the
    variance of a count with mean m is 1.5 m + dispersion * m ** 2; `texts` is the weight of history.  `published` is
    what each publisher publishes on a usual day.
    """

    day: int
    measure: Measure
    publishers: tuple[str, ...]
    rows: Mapping[str, int]
    shares: Array
    week: Array
    dispersion: Array
    texts: Array
    published: Array


def learn(counts: Counts, day: int, keys: Sequence[str], measure: Measure = Measure.TEXTS) -> Baseline:
    """Return the Baseline of the keys for a day, from the eight weeks that ended three days before it.

    Robust to past bursts as Farrington's method: days far above expectation weigh less, here in proportion to their
    chance.  Recent weeks weigh more (half after three weeks), which follows a trend without extrapolating it.
    Nothing of the day itself counts, so that it may be learned at any time of the day.
    """
    publishers = tuple(counts.publishers(before=day))
    days = np.arange(day - GUARD - HISTORY, day - GUARD)
    published = _daily(counts, [ALL], days, publishers, Measure.TEXTS)[0]
    chunks = [keys[i : i + _CHUNK] for i in range(0, len(keys), _CHUNK)]
    parts = [_fit(_daily(counts, chunk, days, publishers, measure), published, days) for chunk in chunks]
    parts.append(_fit(np.zeros((1, len(days), len(publishers))), published, days))
    shares, week, dispersion, texts = (np.concatenate(arrays) for arrays in zip(*parts, strict=True))
    return Baseline(
        day=day,
        measure=measure,
        publishers=publishers,
        rows=MappingProxyType({key: row for row, key in enumerate(keys)}),
        shares=np.column_stack([shares, _mean_share(shares)]),
        week=week,
        dispersion=dispersion,
        texts=texts,
        published=np.median(published, axis=0),
    )


def expected(baseline: Baseline, key: str, days: Sequence[int], volumes: Array) -> tuple[float, float]:
    """Return mean and size of the negative binomial for a key, given volumes by day and by publisher as in `shares`.

    Size falls with the unsteadiness of the series and with the thinness of its history; a key without history is rare.
    """
    row = baseline.rows.get(key, -1)
    factors = baseline.week[row, [day % 7 for day in days]]
    mean = max(float(factors @ (volumes @ baseline.shares[row])), 1e-9)
    unsure = float(baseline.dispersion[row]) + 1.0 / (_PRIOR_SHARE + float(baseline.texts[row]))
    return mean, mean / (_CLUSTERING + unsure * mean)


def tail(observed: Array | float, mean: Array | float, size: Array | float) -> Array:
    """Return the chance that a negative binomial of that mean and size is `observed` or more."""
    chance: Array = betainc(np.maximum(observed, 1e-9), size, mean / (mean + size))
    return np.where(np.asarray(observed) > 0, chance, 1.0)


def vector(baseline: Baseline, volumes: Mapping[str, int]) -> Array:
    """Return volumes in the order of `shares`: its publishers, then all who are new together."""
    known = [volumes.get(publisher, 0) for publisher in baseline.publishers]
    return np.array([*known, sum(volumes.values()) - sum(known)], dtype=float)


def _daily(counts: Counts, keys: Sequence[str], days: NDArray[np.int_], publishers: Sequence[str], m: Measure) -> Array:
    """Counts by key, day and publisher."""
    result = np.zeros((len(keys), len(days), len(publishers)))
    places = {publisher: i for i, publisher in enumerate(publishers)}
    first, end = int(days[0]), int(days[-1])
    for row, key in enumerate(keys):
        for day, publisher, n in counts.daily(key, m):
            if first <= day <= end:
                result[row, day - first, places[publisher]] = n
    return result


def _fit(n: Array, published: Array, days: NDArray[np.int_]) -> tuple[Array, Array, Array, Array]:
    """Shares, week, dispersion and texts from counts (key, day, publisher) and volumes (day, publisher)."""
    recency = 0.5 ** ((days[-1] - days) / _HALF_LIFE) * (published.sum(axis=1) > 0)
    seen = n.sum(axis=2)
    weights = np.broadcast_to(recency, seen.shape)
    dispersion = np.full(len(n), _PRIOR_DISPERSION)
    for _ in range(_ROUNDS):
        shares = _shares(n, published, weights)
        steady = shares @ published.T
        week = _week(seen, steady, weights, days)
        mean = np.maximum(steady * week[:, days % 7], 1e-9)
        dispersion = _dispersion(seen, mean, weights)
        weights = recency * np.minimum(1.0, tail(seen, mean, _size(mean, dispersion[:, None])) / _OUTLYING)
    return shares, week, dispersion, (weights * seen).sum(axis=1)


def _size(mean: Array, dispersion: Array) -> Array:
    return mean / (_CLUSTERING + dispersion * mean)


def _shares(n: Array, published: Array, weights: Array) -> Array:
    """Each publisher's share of a series, drawn to that of all publishers as far as its own history is thin."""
    own = np.einsum("kd,kdp->kp", weights, n)
    volume = weights @ published
    pooled = (own.sum(axis=1) + _PRIOR_SHARE) / (volume.sum(axis=1) + _PRIOR_TEXTS)
    shares: Array = (own + _PRIOR_TEXTS * pooled[:, None]) / (volume + _PRIOR_TEXTS)
    return shares


def _mean_share(shares: Array) -> Array:
    return shares.mean(axis=1) if shares.shape[1] else np.full(len(shares), _PRIOR_SHARE / _PRIOR_TEXTS)


def _week(seen: Array, steady: Array, weights: Array, days: NDArray[np.int_]) -> Array:
    """Factor of each weekday, drawn to 1."""
    is_day = (days[:, None] % 7 == np.arange(7)).astype(float)
    factor: Array = ((weights * seen) @ is_day + _PRIOR_WEEK) / ((weights * steady) @ is_day + _PRIOR_WEEK)
    return factor


def _dispersion(seen: Array, mean: Array, weights: Array) -> Array:
    """Method of moments, drawn to what most series have."""
    excess = (weights * ((seen - mean) ** 2 - mean * (1 + _CLUSTERING))).sum(axis=1)
    scale = (weights * mean**2).sum(axis=1)
    prior = _PRIOR_DAYS * np.maximum(mean.mean(axis=1), 1.0) ** 2
    spread: Array = np.clip((excess + _PRIOR_DISPERSION * prior) / (scale + prior), 0.01, 5.0)
    return spread
