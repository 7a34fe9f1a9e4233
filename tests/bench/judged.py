"""What stories are worth, learned and measured on judged stories, one month left out at a time.

    python -m tests.bench.judged STREAM... --judged DATA/labels/stories_train.jsonl --to FOLDER [--save]

STREAM are the monthly files that the judged stories are of.  Prints average precision, calibration and severity at each
story's third document, from models that had not seen its month; `--save` writes the model that is shipped.  FOLDER
keeps annotations, as for `tests/bench/prepare.py`.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import average_precision_score

from monitor.detect.terms import terms, vector
from monitor.jsonl import read_lines
from monitor.records import Annotation, Document
from nlp.annotate import Annotator
from nlp.worth import MODEL, notes
from nlp.worth_training import Judged, Text, calibration, fit, held_out, save
from tests.bench.prepare import annotated

Array = NDArray[np.float64]
BINS = 10


def text_of(document: Document, annotation: Annotation) -> Text:
    """Return a document as training has it."""
    return Text(
        vector=vector(terms(document)),
        notes=tuple(notes(annotation)),
        publisher=document.publisher,
        hour=document.fetched_at.timestamp() / 3600,
    )


def judged_of(line: Mapping[str, Any], texts: Mapping[str, Text]) -> Judged:
    """Return a judged story; its fold is the month in its id."""
    known = sorted((texts[url] for url in line["urls"] if url in texts), key=lambda text: text.hour)
    return Judged(texts=tuple(known), severity=line["severity"], fold=line["id"].split("_")[0])


def judged_stories(path: Path, found: Iterable[tuple[Document, Annotation]]) -> list[Judged]:
    """Return the judged stories of a file whose documents are among those found."""
    texts = {document.url: text_of(document, annotation) for document, annotation in found}
    return [story for _, line in read_lines(path) if (story := judged_of(line, texts)).texts]


def fold_of(month: str) -> str:
    """Return the fold of a month (2025-08, or a name of a file that begins so), with which ids of its stories begin."""
    return f"s{month[2:4]}{month[5:7]}"


def most_of(known: Mapping[str, str], urls: Collection[str]) -> str | None:
    """Return the happening that at least two and at least half of the URLs belong to."""
    counted = Counter(known[url] for url in urls if url in known).most_common(1)
    return counted[0][0] if counted and counted[0][1] >= 2 and counted[0][1] * 2 >= len(urls) else None


def arguments(description: str | None) -> argparse.ArgumentParser:
    """Return a parser for what every measurement on judged stories is told."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("stream", nargs="+", type=Path)
    parser.add_argument("--judged", type=Path, required=True)
    parser.add_argument("--to", type=Path, required=True)
    return parser


def figures(held: Array, stories: Sequence[Judged]) -> dict[str, float]:
    """Return the figures from held-out log odds; each fold is calibrated by the others."""
    severity = np.array([story.severity for story in stories])
    chance = chances(held, stories)
    expected = np.round(chance[:, 0] + np.minimum(chance[:, 1], chance[:, 0]))
    near = np.abs(expected - severity) <= 1
    return {
        "stories": len(stories),
        "concerns": float((severity > 0).mean()),
        "average precision": float(average_precision_score(severity > 0, held[:, 0])),
        "calibration error": _calibration_error(chance[:, 0], severity > 0),
        "severity within one": float(near.mean()),
        "severity within one, concerns": float(near[severity > 0].mean()),
    }


def chances(held: Array, stories: Sequence[Judged]) -> Array:
    """Return the chances of both heads, each fold calibrated by the others."""
    result = np.zeros_like(held)
    folds = np.array([story.fold for story in stories])
    for fold in sorted(set(folds)):
        rest = folds != fold
        platt = calibration(held[rest], [story for story in stories if story.fold != fold])
        result[~rest] = 1 / (1 + np.exp(-(held[~rest] * platt[:, 0] + platt[:, 1])))
    return result


def _calibration_error(chance: Array, right: NDArray[np.bool_]) -> float:
    bins = np.minimum((chance * BINS).astype(int), BINS - 1)
    used = [bins == k for k in range(BINS) if (bins == k).any()]
    return float(sum(abs(chance[b].mean() - right[b].mean()) * b.mean() for b in used))


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--save", action="store_true")
    asked = parser.parse_args()
    annotator = Annotator.load()
    found = (pair for path in asked.stream for pair in annotated(path, asked.to, annotator))
    stories = judged_stories(asked.judged, found)
    held = held_out(stories)
    for name, value in figures(held, stories).items():
        sys.stdout.write(f"{name}: {value:.3f}\n")
    if asked.save:
        save(fit(stories, calibration(held, stories)), MODEL)


if __name__ == "__main__":
    main()
