"""The networks for the tone of posts and comments.

Labels of our own are few, and those of public sets are on other matters.  A large reader that learned from both says
what it thinks of all of them and of comments without label; the networks learn half from our labels, half from it
(distillation, Hinton et al., 2015; see `nlp/votes.py`).
"""

from collections.abc import Sequence
from dataclasses import replace
from itertools import compress

import numpy as np

from nlp.convolution import Convolution
from nlp.grams import Floats
from nlp.keywords import named
from nlp.labels import Post
from nlp.learn_convolution import Plan, committee
from nlp.reading import post
from nlp.teach import Lesson
from nlp.tone import TONES
from nlp.votes import POSTS, WHOLE, heard

PLAN = Plan(size=128)
# Text without marks is one post in ten; its model is narrower.
_BARE = replace(PLAN, size=64)
FOLDS = 5
# What the reader thinks of a text counts half as much as what it and a person said together.
_THOUGHT = 0.5


def post_networks(posts: Sequence[Post]) -> dict[str, Convolution]:
    """Return the networks for the tone of posts, and of posts without marks."""
    votes = post_votes(posts, WHOLE)
    return {
        "posts": post_network(post_lesson(posts, votes)),
        "posts_bare": post_network(post_lesson(posts, votes, bare=True), _BARE),
    }


def post_network(lesson: Lesson, plan: Plan = PLAN) -> Convolution:
    """Return what a lesson of posts teaches."""
    return committee(plan, lesson.texts, lesson.targets, lesson.weights)


def post_lesson(posts: Sequence[Post], votes: Floats, *, bare: bool = False) -> Lesson:
    """Return what posts and votes on them teach, in folds of contexts.

    Of our own labels and the votes on them the mean counts, else the vote alone, else the label.
    """
    answers = np.array([np.eye(len(TONES))[p.tone] if p.tone is not None else [np.nan] * len(TONES) for p in posts])
    ours = np.array([p.ours for p in posts])
    targets = np.where(ours[:, None], (answers + votes) / 2, votes)
    targets = np.where(np.isnan(votes), answers, targets).astype(np.float32)
    lesson = Lesson(
        texts=[post(p.context, p.text, bare=bare) for p in posts],
        targets=targets,
        weights=np.where(ours, 1, _THOUGHT).astype(np.float32),
        folds=np.array([fold_of(p) for p in posts]),
    )
    return lesson.part(~np.isnan(targets[:, 0]))


def post_votes(posts: Sequence[Post], voter: str) -> Floats:
    """Return what a large reader thinks of the posts, a row each; NaN where it did not vote."""
    return heard([p.words for p in posts], voter, POSTS)


def posts_held_out(posts: Sequence[Post]) -> Floats:
    """Return the outputs for each of our own comments of networks that saw none of its fold, nor did their reader."""
    logits = np.zeros((len(posts), len(TONES)), np.float32)
    for fold in range(FOLDS):
        lesson = post_lesson(posts, post_votes(posts, str(fold)))
        tried = lesson.folds == fold
        network = post_network(lesson.part(~tried))
        logits[[fold_of(p) == fold for p in posts]] = [network.logits(names) for names in compress(lesson.texts, tried)]
    return logits


def fold_of(post: Post) -> int:
    """Return the fold of a post: each context of ours is in one, the rest in none that is tried, -1."""
    return named(post.context) % FOLDS if post.ours else -1
