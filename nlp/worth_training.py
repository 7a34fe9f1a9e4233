"""Learns what a story is worth from judged stories: word weights, feature weights, calibration."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix, hstack, vstack
from sklearn.linear_model import LogisticRegression

from nlp.worth import Array, LinearWorth, features

# By average precision with one month left out at a time; from 10 to 40, and 0.05 to 0.2, it moves by less than 0.003.
_PENALTY = 15.0
_FEATURE_SCALE = 0.1
FIRST = 3


@dataclass(frozen=True, kw_only=True, slots=True)
class Text:
    """One document of a judged story: its vector, what a reading notes of it, publisher, and arrival in hours."""

    vector: Mapping[int, float]
    notes: tuple[float, ...]
    publisher: str
    hour: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Judged:
    """A story that people judged: severity 0 (no public concern) to 3; `fold` is what is left out together."""

    texts: tuple[Text, ...]
    severity: int
    fold: str


def train(stories: Sequence[Judged], size: int = 1 << 20) -> LinearWorth:
    """Return the model of the stories; its calibration comes from models that had not seen the fold they scored."""
    held = held_out(stories, size)
    return _fit(stories, size, calibration(held, stories))


def held_out(stories: Sequence[Judged], size: int = 1 << 20) -> Array:
    """Return the log odds of both heads for each story at its third document, each fold scored by the others."""
    result = np.zeros((len(stories), 2))
    folds = np.array([s.fold for s in stories])
    for fold in sorted(set(folds)):
        rest = [s for s in stories if s.fold != fold]
        middle, scale = _spread(rest)
        table = _table(stories, FIRST, middle, scale, size)
        for head in (0, 1):
            model = _head(rest, head, middle, scale, size)
            result[folds == fold, head] = model.decision_function(table[np.flatnonzero(folds == fold)])
    return result


def calibration(held: Array, stories: Sequence[Judged]) -> Array:
    """Return slope and intercept of each head (Platt), from held-out log odds."""
    severity = np.array([s.severity for s in stories])
    rows = []
    for head in (0, 1):
        platt = LogisticRegression(C=1e6).fit(held[:, [head]], severity > head)
        rows.append([float(platt.coef_[0, 0]), float(platt.intercept_[0])])
    return np.array(rows)


def save(model: LinearWorth, path: Path) -> None:
    """Write the model; words that weigh almost nothing are left out."""
    kept = {key: w for key, w in sorted(model.words.items()) if max(abs(w[0]), abs(w[1])) > 0.02}
    np.savez_compressed(
        path,
        buckets=np.array(list(kept), np.int32),
        words=np.array(list(kept.values()), np.float16),
        weights=model.weights,
        middle=model.middle,
        scale=model.scale,
        calibration=model.calibration,
    )


def _fit(stories: Sequence[Judged], size: int, platt: Array) -> LinearWorth:
    middle, scale = _spread(stories)
    models = [_head(stories, head, middle, scale, size) for head in (0, 1)]
    words = np.stack([m.coef_[0, :size] for m in models], axis=1)
    used = np.flatnonzero(np.abs(words).sum(axis=1))
    weights = np.array([[m.intercept_[0], *(m.coef_[0, size:] * _FEATURE_SCALE)] for m in models])
    return LinearWorth(
        words={int(k): (float(words[k, 0]), float(words[k, 1])) for k in used},
        weights=weights,
        middle=middle,
        scale=scale,
        calibration=platt,
    )


def _head(stories: Sequence[Judged], head: int, middle: Array, scale: Array, size: int) -> LogisticRegression:
    """Head 0 tells concerns from the rest, head 1 those of severity 2 and 3; each story teaches early and whole."""
    table = vstack([_table(stories, n, middle, scale, size) for n in (FIRST, None)]).tocsr()
    target = np.tile([s.severity > head for s in stories], 2)
    return LogisticRegression(C=_PENALTY, solver="liblinear", random_state=0).fit(table, target)


def _spread(stories: Sequence[Judged]) -> tuple[Array, Array]:
    table = np.array([_features(s.texts[:n]) for s in stories for n in (FIRST, None)])
    return table.mean(axis=0), table.std(axis=0) + 1e-9


def _features(texts: Sequence[Text]) -> Array:
    values = np.array([(0.0, 0.0, *t.notes) for t in texts])
    return features(values, len({t.publisher for t in texts}), texts[-1].hour - texts[0].hour)


def _table(stories: Sequence[Judged], n: int | None, middle: Array, scale: Array, size: int) -> csr_matrix:
    shape = np.array([(_features(s.texts[:n]) - middle) / scale for s in stories]) * _FEATURE_SCALE
    return hstack([_words(stories, n, size), csr_matrix(shape)]).tocsr()


def _words(stories: Sequence[Judged], n: int | None, size: int) -> csr_matrix:
    rows: list[int] = []
    columns: list[int] = []
    values: list[float] = []
    for row, story in enumerate(stories):
        texts = story.texts[:n]
        for text in texts:
            rows += [row] * len(text.vector)
            columns += text.vector.keys()
            values += [w / len(texts) for w in text.vector.values()]
    return csr_matrix((values, (rows, columns)), shape=(len(stories), size))
