"""What learning any network takes: batches, a pace, Adam (Kingma and Ba, 2015), dropout (Srivastava et al., 2014)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from nlp.grams import Floats


@dataclass(kw_only=True, slots=True)
class Descent:
    """Weights by name, and what Adam remembers of the steps so far."""

    weights: dict[str, Floats]
    first: dict[str, Floats] = field(default_factory=dict)
    second: dict[str, Floats] = field(default_factory=dict)
    steps: int = 0

    def step(self, slopes: Mapping[str, Floats], rate: float) -> None:
        """Move the weights against the slopes."""
        self.steps += 1
        first_part, second_part = 1 - 0.9**self.steps, 1 - 0.999**self.steps
        for name, slope in slopes.items():
            first = self.first.setdefault(name, np.zeros_like(slope))
            second = self.second.setdefault(name, np.zeros_like(slope))
            first *= 0.9
            first += np.float32(0.1) * slope
            second *= 0.999
            second += np.float32(0.001) * slope * slope
            spread = np.sqrt(second / second_part) + 1e-8
            self.weights[name] -= np.float32(rate) * (first / first_part) / spread


def mask(rng: np.random.Generator, shape: tuple[int, ...], dropped: float) -> Floats:
    """Return what to multiply by so that so large a part is dropped and the sum stays what it was."""
    return np.asarray((rng.random(shape, np.float32) >= dropped) / np.float32(1 - dropped), np.float32)


def pace(done: int, last: int) -> float:
    """Return the part of the rate to take after so many steps of `last`: quickly up, then slowly down to nothing."""
    return min(1.0, 16 * done / last + 0.01) * (1 - done / last)


def batches(lengths: Sequence[int], size: int, rng: np.random.Generator | None = None) -> Iterator[NDArray[np.int64]]:
    """Yield which texts to take at a time, of about one length, so that little is padding; at random with `rng`."""
    near = np.asarray(lengths) + (0 if rng is None else rng.uniform(0, 6, len(lengths)))
    order = np.argsort(near, kind="stable")
    starts = np.arange(0, len(order), size)
    return (order[start : start + size] for start in (starts if rng is None else rng.permutation(starts)))
