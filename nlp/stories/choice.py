"""Learns when to tell a story: boosted trees over how stories stood at each moment, written as plain arrays."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier

from monitor.detect.choice import Choice

# Chosen on judged months left out; 200 trees of 12 leaves learn the moments by heart.
_TREES = 120
_LEAVES = 8


@dataclass(frozen=True, kw_only=True, slots=True)
class Moment:
    """How a story stood, whether telling it then was right, and how much the moment counts in training."""

    features: tuple[float, ...]
    right: bool
    weight: float


def fit(moments: Sequence[Moment], rates: Sequence[float] = (), bars: Sequence[float] = ()) -> Choice:
    """Return the choice that the moments teach; `bars` are the least chances that gave so many alerts a day."""
    model = HistGradientBoostingClassifier(
        max_iter=_TREES,
        learning_rate=0.05,
        max_leaf_nodes=_LEAVES,
        min_samples_leaf=40,
        l2_regularization=1.0,
        early_stopping=False,
        random_state=0,
    )
    table = np.array([m.features for m in moments])
    model.fit(table, [m.right for m in moments], sample_weight=[m.weight for m in moments])
    return _arrays(model, tuple(rates), tuple(bars))


def save(choice: Choice, path: Path) -> None:
    """Write the choice as arrays."""
    names = ("feature", "threshold", "left", "right", "value", "start", "depth", "rates", "bars")
    arrays: dict[str, Any] = {name: np.asarray(getattr(choice, name)) for name in names}
    np.savez_compressed(path, **arrays)


def _arrays(model: Any, rates: tuple[float, ...], bars: tuple[float, ...]) -> Choice:
    trees = [row[0].nodes for row in model._predictors]
    size = max(len(nodes) for nodes in trees)
    feature = np.zeros((len(trees), size), np.int16)
    threshold, value = np.zeros((2, len(trees), size))
    left, right = np.tile(np.arange(size, dtype=np.int16), (2, len(trees), 1))
    for row, nodes in enumerate(trees):
        inner = np.flatnonzero(nodes["is_leaf"] == 0)
        feature[row, inner] = nodes["feature_idx"][inner]
        threshold[row, inner] = nodes["num_threshold"][inner]
        left[row, inner], right[row, inner] = nodes["left"][inner], nodes["right"][inner]
        value[row, : len(nodes)] = np.where(nodes["is_leaf"] == 1, nodes["value"], 0.0)
    return Choice(
        feature=feature,
        threshold=threshold,
        left=left,
        right=right,
        value=value,
        start=float(model._baseline_prediction.item()),
        depth=int(max(nodes["depth"].max() for nodes in trees)),
        rates=rates,
        bars=bars,
    )
