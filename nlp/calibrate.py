"""Calibration: outputs scaled so that the probabilities they give are the shares that come true."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from nlp.grams import Floats
from nlp.network import softmax


def temperature(logits: Floats, truth: NDArray[np.int64]) -> float:
    """Return the factor on the logits that makes the true answers likeliest (Guo et al., 2017)."""
    rows = np.arange(len(truth))
    return float(_least(lambda w: -np.log(softmax(w[0] * logits)[rows, truth] + 1e-12).mean(), [1.0])[0])


def platt(logits: Floats, truth: NDArray[np.int64]) -> tuple[float, float]:
    """Return factor and shift of the logits that make the truth likeliest (Platt, 1999)."""
    signs = np.where(truth == 1, -1.0, 1.0)
    factor, shift = _least(lambda w: np.logaddexp(0, signs * (w[0] * logits + w[1])).mean(), [1.0, 0.0])
    return float(factor), float(shift)


def shares(chances: Floats, truth: NDArray[np.int64], *, bins: int = 10) -> list[tuple[float, float, int]]:
    """Return, for each bin of equal width that holds items, their mean chance, the share that is true, their number."""
    at = np.minimum((chances * bins).astype(int), bins - 1)
    parts = [(chances[at == b], truth[at == b]) for b in np.unique(at)]
    return [(round(float(c.mean()), 4), round(float(t.mean()), 4), len(c)) for c, t in parts]


def expected_error(chances: Floats, truth: NDArray[np.int64]) -> float:
    """Return the expected calibration error: the mean gap of chance and share over the bins, by their size."""
    return sum(abs(chance - share) * size for chance, share, size in shares(chances, truth)) / len(truth)


def _least(loss: Callable[[Floats], float], start: list[float]) -> Floats:
    # Rounded, so that the last bits of another machine's arithmetic do not change the model's bytes.
    return np.asarray(np.round(minimize(loss, start, method="Nelder-Mead").x, 3))
