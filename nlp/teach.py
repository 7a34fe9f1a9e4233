"""Networks teach networks: votes on texts without labels, and what is said of texts held out."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import compress

import numpy as np
from numpy.typing import NDArray

from nlp.grams import Floats, Names
from nlp.learn import Plan, answers, learn, matrix, outputs, vocabulary_of
from nlp.network import Network, quantized

_VOTERS = 2


@dataclass(frozen=True, kw_only=True, slots=True)
class Lesson:
    """Texts, the probabilities of their answers (NaN: unknown), how much each counts, and the fold each is in."""

    texts: Sequence[Names]
    targets: Floats
    weights: Floats
    folds: NDArray[np.int64]

    def part(self, chosen: NDArray[np.bool_]) -> "Lesson":
        """Return the lesson of the chosen texts."""
        texts = list(compress(self.texts, chosen))
        return Lesson(texts=texts, targets=self.targets[chosen], weights=self.weights[chosen], folds=self.folds[chosen])


def voted(plan: Plan, known: Lesson, unknown: Lesson, heard: Floats | None = None) -> Lesson:
    """Return `unknown` with votes as targets, halfway to its hints where it has any.

    Two networks vote, and where a large reader was `heard` (NaN: it was not) its vote counts twice theirs.
    """
    vocabulary = vocabulary_of(known.texts, at_least=plan.seen_in)
    rows, asked = matrix(vocabulary, known.texts), matrix(vocabulary, unknown.texts)
    votes = np.zeros_like(unknown.targets)
    for seed in range(_VOTERS):
        voter = learn(replace(plan, seed=seed), rows, known.targets, known.weights)
        votes += answers(plan.heads, outputs(voter, asked)) / _VOTERS
    if heard is not None:
        votes = np.where(np.isnan(heard), votes, (2 * heard + votes) / 3)
    targets = np.where(np.isnan(unknown.targets), votes, (unknown.targets + votes) / 2)
    return replace(unknown, targets=targets.astype(np.float32))


def student(plan: Plan, known: Lesson, thought: Lesson) -> Network:
    """Return the network that learned from labels and votes alike."""
    vocabulary = vocabulary_of(known.texts, at_least=plan.seen_in)
    rows = matrix(vocabulary, [*known.texts, *thought.texts])
    targets = np.vstack([known.targets, thought.targets])
    state = learn(plan, rows, targets, np.concatenate([known.weights, thought.weights]))
    return quantized(vocabulary, state.vectors, **state.weights)


def held_out(known: Lesson, taught: Callable[[Lesson, int], Network]) -> Floats:
    """Return the outputs for each text of the network that `taught` makes of the other folds.

    `taught` is told the fold left out, so that it can leave out more.
    """
    logits = np.zeros_like(known.targets)
    for fold in sorted(set(known.folds.tolist())):
        tried = known.folds == fold
        network = taught(known.part(~tried), fold)
        logits[tried] = [network.logits(names) for names in compress(known.texts, tried)]
    return logits
