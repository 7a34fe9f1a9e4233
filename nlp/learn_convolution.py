"""Learning a convolution from texts and targets: Adam, one thread, the same bytes from the same seed."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from nlp.convolution import AFTER, BEFORE, NOTHING, WIDTHS, Convolution, filter_rows, places, windows
from nlp.descent import Descent, batches, mask, pace
from nlp.grams import Floats, Names
from nlp.network import eight_bits, softmax

Places = NDArray[np.int64]
Weights = dict[str, Floats]


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """How to learn: sizes, passes, and how much is dropped of syllables, of their vectors, and of what windows say."""

    seen_in: int = 3
    size: int = 64
    hidden: int = 100
    epochs: int = 10
    batch: int = 64
    rate: float = 0.002
    dropped: float = 0.1
    vector_dropout: float = 0.2
    dropout: float = 0.5
    longest: int = 80
    members: int = 2


@dataclass(frozen=True, slots=True)
class _Seen:
    """What the windows of a width saw: their vectors, their answers, and where the strongest of each unit is."""

    around: Floats
    answers: Floats
    strongest: Places


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """What the network said of a batch, `answers` (texts, answers), and all that its slopes are made of."""

    answers: Floats
    pooled: Floats
    gate: Floats
    root: Floats
    seen: Sequence[_Seen]
    kept: Floats


def committee(plan: Plan, texts: Sequence[Names], targets: Floats, counts: Floats) -> Convolution:
    """Return networks that learned the targets, probabilities of the answers, each from another seed.

    `counts` are how much the texts count.
    """
    known = _known(texts, plan.seen_in)
    rows = [places(known, text[: plan.longest]) for text in texts]
    learned = [_learn(plan, seed, len(known) + 2, rows, targets, counts) for seed in range(plan.members)]
    stacked = {name: np.stack([one[name] for one in learned]) for name in learned[0]}
    table, scale = eight_bits(stacked.pop("vectors"))
    return Convolution(names=known, table=table, scale=scale, **stacked)


def _known(texts: Sequence[Names], at_least: int) -> Names:
    names, counts = np.unique(np.concatenate([np.unique(text) for text in texts]), return_counts=True)
    return np.asarray(names[counts >= at_least])


def _learn(plan: Plan, seed: int, known: int, texts: Sequence[Places], targets: Floats, counts: Floats) -> Weights:
    rng = np.random.default_rng(seed)
    descent = Descent(weights=start(plan, known, targets.shape[1], rng))
    lengths = [len(text) for text in texts]
    last = plan.epochs * -(-len(texts) // plan.batch)
    for _ in range(plan.epochs):
        for chosen in batches(lengths, plan.batch, rng):
            at = _padded([texts[n] for n in chosen])
            found = slopes(plan, descent.weights, at, targets[chosen], counts[chosen], rng)
            descent.step(found, plan.rate * pace(descent.steps, last))
            descent.weights["vectors"][NOTHING] = 0
    return descent.weights


def start(plan: Plan, known: int, answers: int, rng: np.random.Generator) -> Weights:
    """Return the weights before anything is learned, of a table with so many rows."""
    vectors = rng.normal(0, 0.3, (known, plan.size)).astype(np.float32)
    vectors[NOTHING] = 0
    limits = np.concatenate([np.full(width * plan.size, (width * plan.size) ** -0.5) for width in WIDTHS])
    filters = rng.uniform(-1, 1, (len(limits), plan.hidden)) * limits[:, None]
    pooled = 2 * len(WIDTHS) * plan.hidden
    return {
        "vectors": vectors,
        "filters": filters.astype(np.float32),
        "hidden_bias": np.zeros((len(WIDTHS), plan.hidden), np.float32),
        "output": rng.uniform(-1, 1, (pooled, answers)).astype(np.float32) * np.float32(pooled**-0.5),
        "bias": np.zeros(answers, np.float32),
    }


def _padded(texts: Sequence[Places]) -> Places:
    longest = max(len(text) for text in texts)
    return np.stack([np.pad(text, (BEFORE, AFTER + longest - len(text))) for text in texts])


def told(plan: Plan, weights: Weights, at: Places, rng: np.random.Generator) -> Told:
    """Return what the network says of a batch while it learns, some of everything being dropped."""
    real = at[:, BEFORE : at.shape[1] - AFTER] != NOTHING
    kept = mask(rng, (*at.shape, plan.size), plan.vector_dropout)
    kept *= (rng.random(at.shape, np.float32) >= plan.dropped)[..., None]
    vectors = weights["vectors"][at] * kept
    seen = [_see(weights, vectors, real, number) for number in range(len(WIDTHS))]
    root = np.sqrt(real.sum(axis=1, dtype=np.float32))[:, None]
    pooled = np.hstack([part for s in seen for part in (s.answers.max(axis=1), s.answers.sum(axis=1) / root)])
    gate = mask(rng, pooled.shape, plan.dropout)
    answers = softmax(pooled * gate @ weights["output"] + weights["bias"])
    return Told(answers=answers, pooled=pooled * gate, gate=gate, root=root, seen=seen, kept=kept)


def slopes(
    plan: Plan, weights: Weights, at: Places, targets: Floats, counts: Floats, rng: np.random.Generator
) -> Weights:
    """Return how the loss of a batch, the mean of its texts as they count, changes with each weight."""
    said = told(plan, weights, at, rng)
    error = (said.answers - targets) * (counts / np.float32(len(counts)))[:, None]
    back = np.split(error @ weights["output"].T * said.gate, 2 * len(WIDTHS), axis=1)
    below = np.zeros_like(said.kept)
    parts = [
        _back(weights, seen, back[2 * number], back[2 * number + 1] / said.root, below, number)
        for number, seen in enumerate(said.seen)
    ]
    return {
        "vectors": _gathered(at, below * said.kept, len(weights["vectors"])),
        "filters": np.vstack([filters for filters, _ in parts]),
        "hidden_bias": np.stack([bias for _, bias in parts]),
        "output": said.pooled.T @ error,
        "bias": error.sum(axis=0),
    }


def _see(weights: Weights, vectors: Floats, real: NDArray[np.bool_], number: int) -> _Seen:
    around = windows(vectors, WIDTHS[number])
    rows = filter_rows(WIDTHS[number], vectors.shape[2])
    answers = np.maximum(around @ weights["filters"][rows] + weights["hidden_bias"][number], 0) * real[..., None]
    return _Seen(around, answers, answers.argmax(axis=1))


def _back(
    weights: Weights, seen: _Seen, strongest: Floats, summed: Floats, below: Floats, number: int
) -> tuple[Floats, Floats]:
    """Add the slopes of the vectors to `below`; return those of filters and biases."""
    width, size, length = WIDTHS[number], below.shape[2], seen.answers.shape[1]
    slope = np.repeat(summed[:, None], length, axis=1)
    texts, units = np.indices(seen.strongest.shape)
    slope[texts, seen.strongest, units] += strongest
    slope *= seen.answers > 0
    flat = slope.reshape(-1, slope.shape[2])
    around = (flat @ weights["filters"][filter_rows(width, size)].T).reshape(seen.around.shape)
    for shift in range(width):
        first = BEFORE - width // 2 + shift
        below[:, first : first + length] += around[..., shift * size : (shift + 1) * size]
    return seen.around.reshape(-1, width * size).T @ flat, flat.sum(axis=0)


def _gathered(at: Places, slopes: Floats, known: int) -> Floats:
    """Sum the slopes of each syllable."""
    flat = at.ravel()
    chosen = csr_matrix((np.ones(len(flat), np.float32), flat, np.arange(len(flat) + 1)), (len(flat), known))
    return np.asarray(chosen.T @ slopes.reshape(len(flat), -1))
