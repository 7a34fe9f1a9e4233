"""How well the outlook of each month is told by laws learned on the judged months without it.

    python -m tests.bench.outlook STREAM... --judged DATA/labels/stories_train.jsonl --events DATA/events --to FOLDER

Learned from the judged happenings of the months without gold, and as many states of all stories.  Measured on the
happenings of each month, on the stories of that month as the product groups them, and on the gold events.
`langnghe train` writes the laws that are shipped.
"""

import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from monitor.detect.baseline import tail
from monitor.detect.law import shipped
from monitor.detect.outlook import GROWING, Law
from nlp.stories.joins import entries, grouped
from nlp.stories.judged import happenings, month_of
from nlp.stories.outlook import States, coverage, expected, joined, laws, states
from tests.bench.joins import events
from tests.bench.judged import arguments, months

HEAD = (
    "| held out | of | states | 24 h: coverage | error, naive | 72 h: coverage | error, naive | grew, said, right |",
    "|---|---|---|---|---|---|---|---|",
)


def row(month: str, kind: str, laws: Sequence[Law], held: States) -> str:
    """Return the line of a month: of each horizon coverage, mean absolute error beside naive; then growth.

    Growth is how many states grew, how many were said to, and how many of those did.
    """
    cells = [month, kind, str(len(held.values))]
    for index, law in enumerate(laws):
        mean, _ = expected(law, held.values)
        coming, before = held.coming[:, index], held.before[:, index]
        error, naive = np.abs(mean - coming).mean(), np.abs(before - coming).mean()
        cells += [f"{coverage(law, held.values, coming, [law.level])[0]:.2f}", f"{error:.2f}, {naive:.2f}"]
    chance = tail(held.before[:, 0] + 1, *expected(laws[0], held.values))
    grew, said = held.coming[:, 0] > held.before[:, 0], chance >= GROWING
    return "| " + " | ".join([*cells, f"{grew.mean():.2f}, {said.mean():.2f}, {grew[said].mean():.2f}"]) + " |"


def main() -> None:
    """Print two lines a month."""
    parser = arguments(__doc__)
    parser.add_argument("--events", type=Path, required=True)
    asked = parser.parse_args()
    found = {fold: entries(hits) for fold, hits in months(asked).items()}
    stories = {fold: states(month, grouped(month, shipped("join"))) for fold, month in found.items()}
    told = {fold: happenings(asked.judged, fold, least=1) for fold in found}
    known = {fold: states(found[fold], of) for fold, of in told.items() if of}
    sys.stdout.write("\n".join(HEAD) + "\n")
    for fold, month in found.items():
        learned = joined(
            [part for other in known if other != fold for part in (known[other], stories[other].thinned())]
        )
        gold = events(asked.events / f"{month_of(fold)}.jsonl") if fold not in known else {}
        kinds = {"gold events" if gold else "judged": states(month, gold) if gold else known[fold]}
        for kind, held in {**kinds, "stories": stories[fold]}.items():
            sys.stdout.write(row(month_of(fold), kind, laws(learned), held) + "\n")


if __name__ == "__main__":
    main()
