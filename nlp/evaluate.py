"""The figures of the models: on gold news, on comments and feedback held out, without marks, and of speed."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from time import process_time
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from monitor.jsonl import document_of, read_lines
from monitor.provinces import PROVINCES
from monitor.records import TOPICS, Annotation, Document
from monitor.text import fold
from nlp import labels
from nlp.annotate import Annotator
from nlp.calibrate import expected_error, shares
from nlp.grams import Floats
from nlp.reading import post
from nlp.train_posts import post_lesson, post_network, posts_held_out
from nlp.votes import FEEDBACK, WHOLE, heard

Figures: TypeAlias = dict[str, Any]
Gold: TypeAlias = list[dict[str, Any]]
Score: TypeAlias = Callable[[NDArray[Any], NDArray[Any]], float]
_RESAMPLES = 1_000
_EPOCH = datetime(2025, 1, 1, tzinfo=UTC)


def evaluate(data: Path) -> Figures:
    """Return every figure as [value, low, high], a 95 % bootstrap interval, and the confusion table of topics."""
    annotator = Annotator.load()
    gold = [values for _, values in read_lines(data / "labels/news_gold.jsonl")]
    documents = [document_of(values, _EPOCH) for values in gold]
    return {
        "model": annotator.model,
        "news_gold": news_figures(gold, annotator.annotate(documents)),
        "news_gold_without_marks": news_figures(gold, annotator.annotate([_bare(d) for d in documents])),
        "comments_held_out_by_context": comment_figures(data),
        "uit_vsfc_dev": {"weighted_f1": feedback_figure(data)},
        "speed": speed(annotator, documents),
    }


def news_figures(gold: Gold, found: Sequence[Annotation]) -> Figures:
    """Return the figures of annotations against gold labels."""
    topics, guessed = np.array([g["topic"] for g in gold]), np.array([a.topic for a in found])
    tones, felt = np.array([g["tone"] for g in gold]), np.array([str(a.tone) for a in found])
    truth, chances = np.array([g["concern"] for g in gold]), np.array([a.concern for a in found])
    return {
        "topic_macro_f1": interval(_macro_f1, topics, guessed),
        "topic_accuracy": interval(lambda t, p: float((t == p).mean()), topics, guessed),
        "tone_macro_f1": interval(_macro_f1, tones, felt),
        "concern_f1": interval(_f1, truth, (chances >= 0.5).astype(int)),
        "concern_average_precision": interval(_average_precision, truth, chances),
        "concern_calibration_error": interval(lambda t, p: expected_error(p, t), truth, chances),
        "places_micro_f1": interval(_micro_f1, _places_of(gold), _places_found(found)),
        "concern_shares": shares(chances, truth),
        "topic_confusion": confusion(topics, guessed),
    }


def comment_figures(data: Path) -> Figures:
    """Return the tone of labelled comments as told by networks that saw no comment of the same context."""
    posts = labels.posts(data)
    ours = np.array([p.ours for p in posts])
    tones = np.array([p.tone for p in posts if p.ours])
    return {"tone_macro_f1": interval(_macro_f1, tones, posts_held_out(posts)[ours].argmax(axis=1))}


def feedback_figure(data: Path) -> list[float]:
    """Return weighted F1 on the dev split of UIT-VSFC of a network, and a reader, that saw its train split alone."""
    known, tried = (labels.feedback(data, split) for split in ("train", "dev"))
    votes = heard([p.words for p in known], WHOLE, FEEDBACK)
    network = post_network(post_lesson(known, votes))
    guessed = np.array([network.logits(post(p.context, p.text)).argmax() for p in tried])
    return interval(_weighted_f1, np.array([p.tone for p in tried]), guessed)


def speed(annotator: Annotator, documents: Sequence[Document]) -> dict[str, float]:
    """Return documents annotated and segmented by underthesea a second of processor time, in turns, and their ratio."""
    from underthesea import word_tokenize

    texts = [f"{d.title} {d.lead}" for d in documents]
    annotator.annotate(documents[:5])
    word_tokenize(texts[0])
    spent = np.array([0.0, 0.0])
    for _ in range(3):
        spent += _seconds(lambda: annotator.annotate(documents)), _seconds(lambda: [word_tokenize(t) for t in texts])
    annotated, segmented = 3 * len(documents) / spent
    return {"annotated": round(annotated), "segmented": round(segmented), "ratio": round(annotated / segmented, 2)}


def confusion(truth: NDArray[Any], guessed: NDArray[Any]) -> dict[str, dict[str, int]]:
    """Return, for each topic of the gold file, how often each topic was guessed."""
    pairs = {t: guessed[truth == t] for t in TOPICS}
    return {t: {p: int((found == p).sum()) for p in TOPICS if (found == p).any()} for t, found in pairs.items()}


def interval(score: Score, truth: NDArray[Any], guessed: NDArray[Any]) -> list[float]:
    """Return the score, and the 2.5 and 97.5 percentiles of the scores of resampled items (seeded)."""
    rng = np.random.default_rng(0)
    draws = (rng.integers(0, len(truth), len(truth)) for _ in range(_RESAMPLES))
    low, high = np.percentile([score(truth[d], guessed[d]) for d in draws], [2.5, 97.5])
    return [round(float(value), 4) for value in (score(truth, guessed), low, high)]


def _macro_f1(truth: NDArray[Any], guessed: NDArray[Any]) -> float:
    return float(np.mean([_f1(truth == answer, guessed == answer) for answer in np.unique(truth)]))


def _weighted_f1(truth: NDArray[Any], guessed: NDArray[Any]) -> float:
    return float(sum(_f1(truth == answer, guessed == answer) * (truth == answer).mean() for answer in np.unique(truth)))


def _f1(truth: NDArray[Any], guessed: NDArray[Any]) -> float:
    both = np.logical_and(truth, guessed).sum()
    return float(2 * both / max(1, np.sum(truth) + np.sum(guessed)))


def _average_precision(truth: NDArray[Any], chances: Floats) -> float:
    ranked = truth[np.argsort(-chances, kind="stable")]
    precision = np.cumsum(ranked) / np.arange(1, len(ranked) + 1)
    return float((precision * ranked).sum() / max(1, ranked.sum()))


def _micro_f1(truth: NDArray[Any], found: NDArray[Any]) -> float:
    return float(2 * (truth & found).sum() / max(1, truth.sum() + found.sum()))


def _places_of(gold: Gold) -> NDArray[np.bool_]:
    return np.array([[p.name in g["places"] for p in PROVINCES.values()] for g in gold])


def _places_found(found: Sequence[Annotation]) -> NDArray[np.bool_]:
    return np.array([[code in a.places for code in PROVINCES] for a in found])


def _bare(document: Document) -> Document:
    return replace(document, title=fold(document.title), lead=fold(document.lead), text=fold(document.text))


def _seconds(work: Callable[[], object]) -> float:
    start = process_time()
    work()
    return process_time() - start
