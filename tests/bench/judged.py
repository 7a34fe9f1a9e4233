"""What stories are worth, learned and measured on judged stories, one month left out at a time.

    python -m tests.bench.judged STREAM... --judged DATA/labels/stories_train.jsonl --to FOLDER

STREAM are the monthly files that the judged stories are of.  Prints average precision, calibration and severity at each
story's third document, from models that had not seen its month.  FOLDER keeps annotations, as for
`tests/bench/prepare.py`.  `langnghe train` writes the model that is shipped.
"""

import argparse
import sys
from collections.abc import Sequence
from itertools import chain
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import average_precision_score

from monitor.detect.law import shipped
from monitor.store import Hit
from nlp.annotate import Annotator
from nlp.stories.choice import Month, months_of
from nlp.stories.judged import fold_of, judged_stories
from nlp.stories.worth import Judged, calibration, held_out
from tests.bench.prepare import annotated

Array = NDArray[np.float64]
BINS = 10


def arguments(description: str | None) -> argparse.ArgumentParser:
    """Return a parser for what every measurement on judged stories is told."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("stream", nargs="+", type=Path)
    parser.add_argument("--judged", type=Path, required=True)
    parser.add_argument("--to", type=Path, required=True)
    return parser


def months(asked: argparse.Namespace) -> dict[str, list[Hit]]:
    """Return the annotated documents of each month by its fold."""
    annotator = Annotator.load()
    return {
        fold_of(path.name): [Hit(document=d, annotation=a) for d, a in annotated(path, asked.to, annotator)]
        for path in asked.stream
    }


def judged_months(asked: argparse.Namespace) -> dict[str, Month]:
    """Return the judged months as the choice learns from them."""
    found = months(asked)
    stories = judged_stories(asked.judged, chain.from_iterable(found.values()))
    return months_of(found, stories, shipped("join"))


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
        "calibration error": calibration_error(chance[:, 0], severity > 0),
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


def calibration_error(chance: Array, right: NDArray[np.bool_]) -> float:
    bins = np.minimum((chance * BINS).astype(int), BINS - 1)
    used = [bins == k for k in range(BINS) if (bins == k).any()]
    return float(sum(abs(chance[b].mean() - right[b].mean()) * b.mean() for b in used))


def main() -> None:
    """Print the figures."""
    asked = arguments(__doc__).parse_args()
    stories = judged_stories(asked.judged, chain.from_iterable(months(asked).values()))
    for name, value in figures(held_out(stories), stories).items():
        sys.stdout.write(f"{name}: {value:.3f}\n")


if __name__ == "__main__":
    main()
