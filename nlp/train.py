"""Every shipped model, rebuilt from files on disk: the same files and versions give the same bytes."""

import os
from collections.abc import Sequence
from dataclasses import replace
from itertools import compress
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from monitor.records import TOPICS
from nlp import labels
from nlp.annotate import MODELS
from nlp.calibrate import platt, temperature
from nlp.grams import Floats, Names
from nlp.keywords import named
from nlp.labels import Article, Post
from nlp.learn import Head, Plan, learn, matrix, outputs, vocabulary_of
from nlp.network import Network, quantized, save
from nlp.reading import article, post
from nlp.tone import TONES
from nlp.words import segment

__all__ = ["MODELS", "train"]

NEWS = Plan(heads=(Head(answers=len(TOPICS)), Head(answers=len(TONES)), Head(answers=1)))
POSTS = Plan(heads=(Head(answers=len(TONES)),), hidden=96, epochs=8)
# Comments of public sets say other things of other matters: cross-validated by context, a third of the weight is best.
PUBLIC_WEIGHT = 0.3
_SEEN_IN = 4
_BACKGROUND_EVERY = 3


def train(data: Path, out: Path) -> None:
    """Write every model into the folder `out` from labels/, comments/ and news_stream/ of the folder `data`."""
    os.environ["OMP_NUM_THREADS"] = "1"
    items = labels.articles(data / "labels/news_train.jsonl")
    comments = labels.posts(data)
    out.mkdir(parents=True, exist_ok=True)
    for suffix, bare in (("", False), ("_bare", True)):
        save(news_network(items, bare=bare), out / f"news{suffix}.npz")
        save(post_network(comments, bare=bare), out / f"posts{suffix}.npz")
    np.savez_compressed(out / "background.npz", allow_pickle=False, **background(data))


def news_network(items: Sequence[Article], *, bare: bool = False) -> Network:
    """Return the network for topic, tone and concern, calibrated on months that its folds did not see."""
    texts = [article(item.title, item.lead, bare=bare) for item in items]
    months = np.array([item.month for item in items])
    random = np.array([item.random for item in items])
    held = held_out(NEWS, texts, article_targets(items), np.ones(len(items), np.float32), month_folds(months))
    network = _network(NEWS, texts, article_targets(items), np.ones(len(items), np.float32))
    return _calibrated(network, held[random], [item for item in items if item.random])


def post_network(comments: Sequence[Post], *, bare: bool = False) -> Network:
    """Return the network for the tone of posts and comments."""
    texts = [post(item.context, item.text, bare=bare) for item in comments]
    return _network(POSTS, texts, post_targets(comments), post_weights(comments))


def article_targets(items: Sequence[Article]) -> Floats:
    """Return what the news network is to say: topic, tone, concern side by side."""
    topic, tone = _one_hot([i.topic for i in items], len(TOPICS)), _one_hot([i.tone for i in items], len(TONES))
    return np.hstack([topic, tone, np.array([[i.concern] for i in items], np.float32)])


def post_targets(comments: Sequence[Post]) -> Floats:
    """Return what the post network is to say."""
    return _one_hot([c.tone for c in comments], len(TONES))


def post_weights(comments: Sequence[Post]) -> Floats:
    """Return how much each comment counts."""
    return np.array([1.0 if c.origin == "own" else PUBLIC_WEIGHT for c in comments], np.float32)


def month_folds(months: NDArray[np.str_]) -> NDArray[np.int64]:
    """Return the fold of each item: three folds, whole months each, so that no fold knows the news it is tried on."""
    return np.searchsorted(["2025-10", "2025-12"], months, side="right")


def held_out(plan: Plan, texts: Sequence[Names], targets: Floats, weights: Floats, folds: NDArray[np.int64]) -> Floats:
    """Return the outputs for each text of a network that saw only the other folds."""
    logits = np.zeros_like(targets)
    for fold in np.unique(folds):
        seen = folds != fold
        known = list(compress(texts, seen))
        vocabulary = vocabulary_of(known, at_least=_SEEN_IN)
        state = learn(plan, matrix(vocabulary, known), targets[seen], weights[seen])
        logits[~seen] = outputs(state, matrix(vocabulary, list(compress(texts, ~seen))))
    return logits


def background(data: Path) -> dict[str, NDArray[np.generic]]:
    """Return the names of words in news and in how many of the documents counted each stands."""
    told = [_words(title, lead) for n, (title, lead) in enumerate(labels.stream(data)) if n % _BACKGROUND_EVERY == 0]
    names, counts = np.unique(np.concatenate(told), return_counts=True)
    kept = counts >= _SEEN_IN
    return {"names": names[kept], "counts": counts[kept].astype(np.uint32), "documents": np.array(len(told))}


def _words(title: str, lead: str) -> NDArray[np.uint32]:
    return np.array(sorted({named(w) for w in segment(f"{title}. {lead}")}), np.uint32)


def _network(plan: Plan, texts: Sequence[Names], targets: Floats, weights: Floats) -> Network:
    vocabulary = vocabulary_of(texts, at_least=_SEEN_IN)
    state = learn(plan, matrix(vocabulary, texts), targets, weights)
    return quantized(vocabulary, state.vectors, **state.dense)


def _calibrated(network: Network, held: Floats, items: Sequence[Article]) -> Network:
    """Return the network with its outputs scaled by what makes those of held-out items true."""
    ends = len(TOPICS), len(TOPICS) + len(TONES)
    topic = temperature(held[:, : ends[0]], np.array([i.topic for i in items]))
    tone = temperature(held[:, ends[0] : ends[1]], np.array([i.tone for i in items]))
    factor, shift = platt(held[:, -1], np.array([i.concern for i in items]))
    factors = np.concatenate([np.full(ends[0], topic), np.full(len(TONES), tone), [factor]]).astype(np.float32)
    bias = network.bias * factors
    bias[-1] += np.float32(shift)
    return replace(network, output=network.output * factors, bias=bias)


def _one_hot(answers: Sequence[int], of: int) -> Floats:
    return np.asarray(np.eye(of, dtype=np.float32)[np.array(answers)])
