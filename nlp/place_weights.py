"""Training and measuring of the weights by which a mention of a place is taken or left."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from monitor.provinces import province_code
from monitor.text import fold
from nlp import mentions
from nlp.place_features import candidates, describe, read
from nlp.places import find_places, parse_weights

# Chosen by five-fold cross-validation: 0.1 to 1 differ by less than 0.002.
_STRENGTH = 0.3
_RARE = 4
# Posts come without capitals and without marks; labels for them are those of the same text as published.
_WRITINGS: tuple[Callable[[str], str], ...] = (str, str.lower, fold)
_FOLDS = 5

Row = Mapping[str, Any]


def train_places(rows: Iterable[Row]) -> bytes:
    """Return the weights file learned from labelled items (`title`, `summary`, `places`): feature, tab, weight."""
    described, labels = examples(rows)
    counts = Counter(f for features in described for f in features)
    known = {f: i for i, f in enumerate(sorted(f for f, n in counts.items() if n >= _RARE))}
    model = LogisticRegression(C=_STRENGTH, solver="liblinear", fit_intercept=False, random_state=0)
    model.fit(_matrix(described, known), labels)
    lines = (f"{f}\t{w:.2f}\n" for f, w in zip(known, model.coef_[0], strict=True) if abs(w) >= 0.02)
    return "".join(lines).encode()


def examples(rows: Iterable[Row]) -> tuple[list[list[str]], list[bool]]:
    """Return features and label of every province that an item can mean: as published, in small letters, folded."""
    described: list[list[str]] = []
    labels: list[bool] = []
    for row in rows:
        right = _right(row)
        for written in _WRITINGS:
            text = read(written(row["title"]), written(row["summary"]))
            for code, told in candidates(mentions.find(text.words)).items():
                described.append(describe(text, code, told))
                labels.append(code in right)
    return described, labels


def measure_places(
    rows: Iterable[Row], *, weights: Mapping[str, float] | None = None, written: Callable[[str], str] = str
) -> dict[str, float]:
    """Return precision, recall and micro-F1 on labelled items, of the shipped weights or of those given.

    `written` turns the text into another way of writing first: `str.lower`, `fold`.
    """
    hits = found = right = 0
    for row in rows:
        title, summary = written(row["title"]), written(row["summary"])
        named = {place.code for place in find_places(title, summary, weights=weights)}
        hits, found, right = hits + len(named & _right(row)), found + len(named), right + len(_right(row))
    precision, recall = hits / max(found, 1), hits / max(right, 1)
    return {"precision": precision, "recall": recall, "micro_f1": 2 * hits / max(found + right, 1)}


def cross_validate_places(rows: Sequence[Row]) -> dict[str, float]:
    """Return the mean over five folds of what `measure_places` says of items that the weights were not learned from."""
    folds = []
    for fold_number in range(_FOLDS):
        learned = [row for i, row in enumerate(rows) if i % _FOLDS != fold_number]
        weights = parse_weights(train_places(learned).decode())
        folds.append(measure_places(rows[fold_number::_FOLDS], weights=weights))
    return {name: float(np.mean([measured[name] for measured in folds])) for name in folds[0]}


def _right(row: Row) -> set[str | None]:
    return {province_code(name) for name in row["places"]}


def _matrix(described: Sequence[Sequence[str]], known: Mapping[str, int]) -> Any:
    columns = [[known[f] for f in features if f in known] for features in described]
    ends = np.cumsum([0, *map(len, columns)])
    indices = np.fromiter((c for row in columns for c in row), dtype=np.int32)
    return csr_matrix((np.ones(len(indices)), indices, ends), shape=(len(described), len(known)))
