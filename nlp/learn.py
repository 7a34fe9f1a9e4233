"""Learning a network from texts and targets: plain gradient descent, one thread, the same bytes from the same seed."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from scipy.sparse import csr_matrix

from nlp.descent import Descent, mask
from nlp.grams import Floats, Names, Vocabulary
from nlp.network import softmax

# A scipy.sparse.csr_matrix; scipy ships no types.
Matrix: TypeAlias = Any


@dataclass(frozen=True, kw_only=True, slots=True)
class Head:
    """One question to the network: how many answers share a softmax (1: yes or no), and how much it counts."""

    answers: int
    weight: float = 1.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """How to learn.  Dropout, of runs and of hidden units, keeps so many weights from learning the texts by heart."""

    heads: tuple[Head, ...]
    seen_in: int = 4
    hidden: int = 128
    epochs: int = 6
    batch: int = 64
    rate: float = 0.1
    dense_rate: float = 0.002
    dropout: float = 0.3
    run_dropout: float = 0.3
    decay: float = 1e-5
    seed: int = 0


@dataclass(kw_only=True, slots=True)
class State:
    """The weights while they are learned: vectors of runs, mostly idle, take row-wise AdaGrad, the rest Adam."""

    vectors: Floats
    seen: Floats
    dense: Descent

    @property
    def weights(self) -> dict[str, Floats]:
        return self.dense.weights


def vocabulary_of(texts: Sequence[Names], *, at_least: int) -> Vocabulary:
    """Return the runs that stand in `at_least` of the texts, weighted by inverse document frequency."""
    names, counts = np.unique(np.concatenate([np.unique(t) for t in texts]), return_counts=True)
    kept = counts >= at_least
    weights = np.log((1 + len(texts)) / (1 + counts[kept])) + 1
    return Vocabulary(names=names[kept], weights=weights.astype(np.float16).astype(np.float32))


def matrix(vocabulary: Vocabulary, texts: Sequence[Names]) -> Matrix:
    """Return one row for each text, one column for each run."""
    rows = [vocabulary.vector(text) for text in texts]
    ends = np.cumsum([0] + [len(at) for at, _ in rows])
    at, values = (np.concatenate(part) for part in zip(*rows, strict=True))
    return csr_matrix((values, at, ends), shape=(len(texts), len(vocabulary.names)))


def learn(plan: Plan, rows: Matrix, targets: Floats, weights: Floats) -> State:
    """Return the weights learned from rows and their targets: probabilities of each answer, NaN where unknown."""
    rng = np.random.default_rng(plan.seed)
    state = _start(plan, rows.shape[1], rng)
    last = plan.epochs * (rows.shape[0] // plan.batch) + 1
    for _ in range(plan.epochs):
        order = rng.permutation(rows.shape[0])
        for start in range(0, len(order) - plan.batch + 1, plan.batch):
            chosen = order[start : start + plan.batch]
            _step(plan, state, rows[chosen], targets[chosen], weights[chosen], rng, 1 - state.dense.steps / last)
    return state


def outputs(state: State, rows: Matrix) -> Floats:
    """Return the outputs for each row, before any softmax."""
    hidden = np.maximum(rows @ state.vectors + state.weights["hidden_bias"], 0)
    return np.asarray(hidden @ state.weights["output"] + state.weights["bias"])


def answers(heads: Sequence[Head], logits: Floats) -> Floats:
    """Return the probabilities of each head's answers, heads side by side."""
    ends = np.cumsum([head.answers for head in heads])[:-1]
    return np.hstack([_squash(part) for part in np.split(logits, ends, axis=1)])


def _squash(logits: Floats) -> Floats:
    return softmax(logits) if logits.shape[1] > 1 else np.asarray(1 / (1 + np.exp(-logits)))


def _start(plan: Plan, runs: int, rng: np.random.Generator) -> State:
    asked = sum(head.answers for head in plan.heads)
    dense = {
        "hidden_bias": np.zeros(plan.hidden, np.float32),
        "output": rng.normal(0, plan.hidden**-0.5, (plan.hidden, asked)).astype(np.float32),
        "bias": np.zeros(asked, np.float32),
    }
    vectors = rng.normal(0, 0.1, (runs, plan.hidden)).astype(np.float32)
    return State(vectors=vectors, seen=np.full(runs, 1e-3, np.float32), dense=Descent(weights=dense))


def _step(
    plan: Plan, state: State, rows: Matrix, targets: Floats, weights: Floats, rng: np.random.Generator, pace: float
) -> None:
    active, columns = np.unique(rows.indices, return_inverse=True)
    values = rows.data * mask(rng, rows.data.shape, plan.run_dropout)
    batch = csr_matrix((values, columns, rows.indptr), shape=(rows.shape[0], len(active)))
    vectors = state.vectors[active]
    hidden = batch @ vectors + state.weights["hidden_bias"]
    gate = (hidden > 0) * mask(rng, hidden.shape, plan.dropout)
    error = answers(plan.heads, hidden * gate @ state.weights["output"] + state.weights["bias"])
    error = np.nan_to_num(error - targets)
    counts = np.concatenate([np.full(head.answers, head.weight, np.float32) for head in plan.heads])
    error *= counts * weights[:, None] / len(weights)
    back = error @ state.weights["output"].T * gate
    gradients = {"hidden_bias": back.sum(axis=0), "bias": error.sum(axis=0)}
    gradients["output"] = (hidden * gate).T @ error + 1e-4 * state.weights["output"]
    state.dense.step(gradients, plan.dense_rate * pace)
    slope = np.asarray(batch.T @ back) * len(weights)
    state.seen[active] += (slope * slope).mean(axis=1)
    pull = plan.rate * pace * slope / np.sqrt(state.seen[active])[:, None]
    state.vectors[active] = vectors * (1 - plan.decay) - pull
