"""Learns a logistic law from examples, and writes it as a small file of numbers."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from monitor.detect.law import Law
from monitor.errors import InputError


@dataclass(frozen=True, slots=True)
class Example:
    """The values of the features, whether it is so, and how much the example counts."""

    values: Sequence[float]
    right: bool
    weight: float = 1.0


def fit(features: Sequence[str], examples: Sequence[Example]) -> Law:
    """Return the law that the examples teach.  Raises InputError when all of them, or none, are right."""
    if len({example.right for example in examples}) < 2:
        raise InputError("the stories do not show both what is so and what is not: there are too few")
    table = np.array([example.values for example in examples])
    scaler = StandardScaler().fit(table)
    model = LogisticRegression(max_iter=1000)
    model.fit(scaler.transform(table), [e.right for e in examples], [e.weight for e in examples])
    weights = model.coef_[0] / scaler.scale_
    intercept = float(model.intercept_[0] - (scaler.mean_ * weights).sum())
    return Law(features=tuple(features), weights=tuple(np.round(weights, 5).tolist()), intercept=round(intercept, 5))


def save(law: Law, path: Path) -> None:
    """Write the law as JSON."""
    path.write_text(json.dumps(values(law), indent=1) + "\n", encoding="utf-8")


def values(law: Law) -> dict[str, Any]:
    """Return what a file of the law says."""
    return {"features": law.features, "weights": law.weights, "intercept": law.intercept}
