"""A logistic law over named features, as a small file of numbers."""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any


@dataclass(frozen=True, kw_only=True, slots=True)
class Law:
    """The weight of each feature and what they are added to."""

    features: tuple[str, ...]
    weights: tuple[float, ...]
    intercept: float

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> "Law":
        """Return the law that the values of a file say."""
        return cls(
            features=tuple(values["features"]), weights=tuple(values["weights"]), intercept=float(values["intercept"])
        )

    def chance(self, values: Sequence[float]) -> float:
        """Return the probability that the law gives to values in the order of its features."""
        logit = self.intercept + sum(w * v for w, v in zip(self.weights, values, strict=True))
        return 1 / (1 + math.exp(-max(-40.0, min(40.0, logit))))


@cache
def shipped(name: str) -> Law:
    """Return the law of a name that comes with the detector."""
    return Law.of(json.loads(files("monitor.detect").joinpath(f"{name}.json").read_text(encoding="utf-8")))
