"""What learning any network takes: Adam (Kingma and Ba, 2015), and dropout (Srivastava et al., 2014)."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

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
