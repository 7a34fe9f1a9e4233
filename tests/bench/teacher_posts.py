"""The votes of a large reader that the networks of posts learn from: python -m tests.bench.teacher_posts DATA MODEL.

MODEL and what is needed besides: as for tests.bench.teacher.  The encoder is tuned on the public sets, then on our own
comments; once on all of them, and once without each fold of contexts, so that what is learned from its votes can be
tried there: its own figures on the folds are printed.  Another, tuned on the train split of UIT-VSFC alone, votes on
that.  Writes nlp/teaching/posts.npz and feedback.npz.  An hour and a half on two cores.
"""

import sys
from collections.abc import Sequence
from copy import deepcopy
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import f1_score

from nlp.grams import Floats
from nlp.labels import Post, feedback, posts
from nlp.tone import TONES
from nlp.train_posts import FOLDS, fold_of
from nlp.votes import FEEDBACK, POSTS, WHOLE, save
from tests.bench.encoder import Encoder, Weights
from tests.bench.teacher import Course, arguments, chances, numbered, tuned, untuned

_TEXT, _CONTEXT = 70, 26
_END = 2
_COURSE = Course(heads=(len(TONES),))
_PUBLIC = replace(_COURSE, epochs=2)

Texts = Sequence[NDArray[np.int64]]


def _read(weights: Weights, told: Sequence[Post]) -> tuple[Texts, NDArray[np.int64]]:
    texts = weights.ids([f"query: {post.text}" for post in told], _TEXT)
    contexts = weights.ids([post.context for post in told], _CONTEXT)
    return numbered(
        [text + ([_END, *context] if context else []) for text, context in zip(texts, contexts, strict=True)]
    )


def _taught(course: Course, encoder: Encoder, texts: Texts, told: Sequence[Post], chosen: Sequence[bool]) -> Encoder:
    at = np.flatnonzero(chosen)
    targets = np.eye(len(TONES), dtype=np.float32)[[told[n].tone for n in at]]
    return tuned(course, encoder, [texts[n] for n in at], targets, np.ones(len(at), np.float32))


def _on_posts(weights: Weights, told: Sequence[Post]) -> dict[str, Floats]:
    texts, kept = _read(weights, told)
    public = [not post.ours and post.tone is not None for post in told]
    begun = _taught(_PUBLIC, untuned(_PUBLIC, weights, kept), texts, told, public)
    votes: dict[str, Floats] = {}
    for fold in [None, *range(FOLDS)]:
        seen = [post.ours and fold_of(post) != fold for post in told]
        encoder = _taught(_COURSE, deepcopy(begun), texts, told, seen)
        votes[WHOLE if fold is None else str(fold)] = chances(_COURSE, encoder, texts)
    return votes


def _report(votes: dict[str, Floats], told: Sequence[Post]) -> None:
    ours = [n for n, post in enumerate(told) if post.ours]
    guessed = [votes[str(fold_of(told[n]))][n].argmax() for n in ours]
    score = f1_score([told[n].tone for n in ours], guessed, average="macro")
    sys.stdout.write(f"comments of contexts left out: tone {score:.3f}\n")


def main() -> None:
    """Write the votes."""
    asked = arguments(__doc__)
    weights, told = Weights.read(asked.model), posts(asked.data)
    votes = _on_posts(weights, told)
    _report(votes, told)
    save([post.words for post in told], votes, POSTS)
    train = feedback(asked.data, "train")
    texts, kept = _read(weights, train)
    encoder = _taught(_COURSE, untuned(_COURSE, weights, kept), texts, train, [True] * len(train))
    save([post.words for post in train], {WHOLE: chances(_COURSE, encoder, texts)}, FEEDBACK)


if __name__ == "__main__":
    main()
