"""Every shipped model, rebuilt from files on disk: the same files and versions give the same bytes.

Labels are few and unlabelled news is plenty, so a network first learns from the labels, then says what it thinks of
the unlabelled texts (two networks vote), and a second network learns from both (self-training, Scudder 1965; Xie et
al., "Noisy Student", 2020).  Held out by months, this took the average precision of concern from 0.71 to 0.75.  A large
reader that learned from the same labels votes too (distillation, Hinton et al., 2015; see `nlp/votes.py`).
"""

from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256
from itertools import compress
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from monitor.jsonl import read_lines
from monitor.records import TOPICS
from nlp import convolution, labels
from nlp.annotate import MODELS
from nlp.calibrate import platt, temperature
from nlp.grams import Floats
from nlp.keywords import named
from nlp.labels import Article, Item
from nlp.learn import Head, Plan
from nlp.network import Network, save
from nlp.place_weights import train_places
from nlp.reading import article
from nlp.teach import Lesson, held_out, student, voted
from nlp.tone import TONES
from nlp.train_posts import post_networks
from nlp.votes import EARLY, LATE, UNSEEN, heard
from nlp.votes import NEWS as NEWS_VOTES
from nlp.words import segment

__all__ = ["MODELS", "train"]

NEWS = Plan(heads=(Head(answers=len(TOPICS)), Head(answers=len(TONES)), Head(answers=1)))
# Text without marks is one post in ten; its model is narrower.
_BARE = 76
# What a network thinks of a text counts half as much as what a reader said.
_THOUGHT = 0.5
_BACKGROUND_EVERY = 3
_BACKGROUND_LEAST = 4


def train(data: Path, out: Path) -> None:
    """Write every model into the folder `out` from labels/, comments/ and news_stream/ of the folder `data`."""
    out.mkdir(parents=True, exist_ok=True)
    unlabelled = labels.stream(data)
    with threadpool_limits(1):
        networks = news_networks(labels.articles(data / "labels/news_train.jsonl"), unlabelled)
        readers = post_networks(labels.posts(data))
    for name, network in networks.items():
        save(network, out / f"{name}.npz")
    for name, reader in readers.items():
        convolution.save(reader, out / f"{name}.npz")
    np.savez_compressed(out / "background.npz", allow_pickle=False, **background(unlabelled))
    (out / "places.tsv").write_bytes(train_places(v for _, v in read_lines(data / "labels/news_train.jsonl")))
    (out / "SHA256SUMS").write_text(sums([out / f"{name}.npz" for name in sorted([*networks, *readers, "background"])]))


def sums(files: Sequence[Path]) -> str:
    """Return what `sha256sum` would print of the files, in their folder."""
    return "".join(f"{sha256(file.read_bytes()).hexdigest()}  {file.name}\n" for file in files)


def news_networks(items: Sequence[Article], others: Sequence[Item]) -> dict[str, Network]:
    """Return the networks for topic, tone and concern, calibrated on months that their folds did not see."""
    known, unknown = article_lesson(items), item_lesson(others)
    random = np.array([item.random for item in items])
    held = news_held_out(known, unknown, _votes(others, EARLY))
    factors, shifts = calibration(held[random], list(compress(items, random)))
    thought = voted(NEWS, known, unknown, _votes(others, LATE))
    bare_known, bare_thought = article_lesson(items, bare=True), replace(thought, texts=item_texts(others, bare=True))
    networks = {
        "news": student(NEWS, known, thought),
        "news_bare": student(replace(NEWS, hidden=_BARE), bare_known, bare_thought),
    }
    return {name: _scaled(network, factors, shifts) for name, network in networks.items()}


def news_held_out(known: Lesson, unknown: Lesson, early: Floats) -> Floats:
    """Return the outputs for each labelled item of a network that saw nothing of the months of its fold.

    The early reader is heard for the last fold, which it had not seen; for the others nobody is.
    """
    last = known.folds.max()

    def taught(seen: Lesson, fold: int) -> Network:
        rest = unknown.folds != fold
        votes = early[rest] if fold == last else None
        return student(NEWS, seen, voted(NEWS, seen, unknown.part(rest), votes))

    return held_out(known, taught)


def article_lesson(items: Sequence[Article], *, bare: bool = False) -> Lesson:
    """Return what labelled news teaches: topic, tone and concern side by side."""
    topic, tone = _one_hot([i.topic for i in items], len(TOPICS)), _one_hot([i.tone for i in items], len(TONES))
    return Lesson(
        texts=[article(i.title, i.lead, bare=bare) for i in items],
        targets=np.hstack([topic, tone, np.array([[i.concern] for i in items], np.float32)]),
        weights=np.ones(len(items), np.float32),
        folds=month_folds([i.month for i in items]),
    )


def item_lesson(items: Sequence[Item]) -> Lesson:
    """Return what unlabelled news hints at: the topic of its story, and no concern where the story is none."""
    targets = np.full((len(items), len(TOPICS) + len(TONES) + 1), np.nan, np.float32)
    for row, item in zip(targets, items, strict=True):
        if item.topic is not None:
            row[: len(TOPICS)] = np.eye(len(TOPICS))[item.topic]
        if item.severity == 0:
            row[-1] = 0
    weights = np.full(len(items), _THOUGHT, np.float32)
    return Lesson(
        texts=item_texts(items), targets=targets, weights=weights, folds=month_folds([i.month for i in items])
    )


def item_texts(items: Sequence[Item], *, bare: bool = False) -> list[NDArray[np.uint32]]:
    """Return the runs of each item."""
    return [article(item.title, item.lead, bare=bare) for item in items]


def month_folds(months: Sequence[str]) -> NDArray[np.int64]:
    """Return the fold of each item: three folds, whole months each, so that no fold knows the news it is tried on."""
    return np.searchsorted(["2025-10", UNSEEN], months, side="right")


def calibration(logits: Floats, items: Sequence[Article]) -> tuple[Floats, Floats]:
    """Return the factors and shifts of the outputs that make those of held-out items true."""
    ends = len(TOPICS), len(TOPICS) + len(TONES)
    topic = temperature(logits[:, : ends[0]], np.array([i.topic for i in items]))
    tone = temperature(logits[:, ends[0] : ends[1]], np.array([i.tone for i in items]))
    factor, shift = platt(logits[:, -1], np.array([i.concern for i in items]))
    factors = np.concatenate([np.full(ends[0], topic), np.full(len(TONES), tone), [factor]])
    shifts = np.concatenate([np.zeros(ends[1]), [shift]])
    return factors.astype(np.float32), shifts.astype(np.float32)


def background(items: Sequence[Item]) -> dict[str, NDArray[np.generic]]:
    """Return the names of words in news and in how many of the documents counted each stands."""
    told = [_words(item.title, item.lead) for item in items[::_BACKGROUND_EVERY]]
    names, counts = np.unique(np.concatenate(told), return_counts=True)
    kept = counts >= _BACKGROUND_LEAST
    return {"names": names[kept], "counts": counts[kept].astype(np.uint32), "documents": np.array(len(told))}


def _votes(items: Sequence[Item], voter: str) -> Floats:
    return heard([item.words for item in items], voter, NEWS_VOTES)


def _words(title: str, lead: str) -> NDArray[np.uint32]:
    return np.array(sorted({named(w) for w in segment(f"{title}. {lead}")}), np.uint32)


def _scaled(network: Network, factors: Floats, shifts: Floats) -> Network:
    return replace(network, output=network.output * factors, bias=network.bias * factors + shifts)


def _one_hot(answers: Sequence[int], of: int) -> Floats:
    return np.asarray(np.eye(of, dtype=np.float32)[np.array(answers)])
