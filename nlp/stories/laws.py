"""Learns a logistic law from examples, and writes it as a small file of numbers."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from monitor.detect.law import Law
from monitor.errors import InputError


@dataclass(frozen=True, slots=True)
class Example:
    """The values of the features, whether they belong together, and how much the example counts."""

    values: Sequence[float]
    right: bool
    weight: float = 1.0


def fit(features: Sequence[str], examples: Sequence[Example]) -> Law:
    """Return the law that the examples teach.  Raises InputError when all of them, or none, belong together."""
    if len({example.right for example in examples}) < 2:
        raise InputError("the judged stories do not show what belongs together and what does not: there are too few")
    table = np.array([example.values for example in examples])
    scaler = StandardScaler().fit(table)
    model = LogisticRegression(max_iter=1000)
    model.fit(scaler.transform(table), [e.right for e in examples], [e.weight for e in examples])
    weights = model.coef_[0] / scaler.scale_
    intercept = float(model.intercept_[0] - (scaler.mean_ * weights).sum())
    return Law(features=tuple(features), weights=tuple(np.round(weights, 5).tolist()), intercept=round(intercept, 5))


def save(law: Law, path: Path) -> None:
    """Write the law as JSON."""
    values = {"features": law.features, "weights": law.weights, "intercept": law.intercept}
    path.write_text(json.dumps(values, indent=1) + "\n", encoding="utf-8")
