"""Self-training: a network learns from labels, votes on texts without, and another learns from both."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import compress

import numpy as np
from numpy.typing import NDArray

from nlp.grams import Floats, Names, Vocabulary
from nlp.learn import Plan, State, answers, learn, matrix, outputs, vocabulary_of
from nlp.network import Network, quantized

SEEN_IN = 4
_VOTERS = 2
_VOTER_EPOCHS = 6


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


def voted(plan: Plan, known: Lesson, unknown: Lesson) -> Lesson:
    """Return `unknown` with the mean vote of two networks as targets, halfway to its hints where it has any."""
    vocabulary = vocabulary_of(known.texts, at_least=SEEN_IN)
    rows, asked = matrix(vocabulary, known.texts), matrix(vocabulary, unknown.texts)
    votes = np.zeros_like(unknown.targets)
    for seed in range(_VOTERS):
        voter = learn(replace(plan, seed=seed, epochs=_VOTER_EPOCHS), rows, known.targets, known.weights)
        votes += answers(plan.heads, outputs(voter, asked)) / _VOTERS
    targets = np.where(np.isnan(unknown.targets), votes, (unknown.targets + votes) / 2)
    return replace(unknown, targets=targets.astype(np.float32))


def student(plan: Plan, known: Lesson, thought: Lesson) -> Network:
    """Return the network that learned from labels and votes alike."""
    vocabulary, state = _learn_both(plan, known, thought)
    return quantized(vocabulary, state.vectors, **state.dense)


def held_out(plan: Plan, known: Lesson, unknown: Lesson) -> Floats:
    """Return the outputs for each known text of a student that saw only the other folds; fold -1 is always seen."""
    logits = np.zeros_like(known.targets)
    for fold in sorted(set(known.folds.tolist()) - {-1}):
        tried = known.folds == fold
        seen = known.part(~tried)
        vocabulary, state = _learn_both(plan, seen, voted(plan, seen, unknown.part(unknown.folds != fold)))
        logits[tried] = outputs(state, matrix(vocabulary, list(compress(known.texts, tried))))
    return logits


def _learn_both(plan: Plan, known: Lesson, thought: Lesson) -> tuple[Vocabulary, State]:
    vocabulary = vocabulary_of(known.texts, at_least=SEEN_IN)
    rows = matrix(vocabulary, [*known.texts, *thought.texts])
    targets = np.vstack([known.targets, thought.targets])
    return vocabulary, learn(plan, rows, targets, np.concatenate([known.weights, thought.weights]))
