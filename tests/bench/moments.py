"""What a choice learned from the other judged months would tell, for each bar, without the inhibition of parts.

    python -m tests.bench.moments STREAM... --judged DATA/labels/stories_train.jsonl --to FOLDER

Prints alerts a day, recall, precision and repeats.  `langnghe train` writes the choice that is shipped.
"""

import sys
from collections.abc import Mapping, Sequence

from monitor.detect import choice
from nlp.stories.moments import Grown, Month, choices
from tests.bench.judged import arguments, judged_months

BARS = (0.4, 0.5, 0.6, 0.7, 0.8, 0.9)


def told(seen: Sequence[Grown], chooser: choice.Choice, bar: float) -> list[Grown]:
    """Return each story as it first stood at the bar."""
    first: dict[int, Grown] = {}
    for grew in seen:
        if grew.story not in first and chooser.chance(grew.worth, grew.features) >= bar:
            first[grew.story] = grew
    return list(first.values())


def _report(months: Mapping[str, Month], chosen: Mapping[str, choice.Choice]) -> None:
    """Print figures for each bar, each month chosen by the others."""
    days = sum(month.days for month in months.values())
    for bar in BARS:
        alerts = {
            m: [month.known.told(g.core) for g in told(month.seen, chosen[m], bar)] for m, month in months.items()
        }
        count = sum(map(len, alerts.values()))
        hit = sum(len({e for e in found if e}) for found in alerts.values())
        right = sum(e is not None for found in alerts.values() for e in found)
        events = sum(len(set(month.known.of.values())) for month in months.values())
        sys.stdout.write(
            f"bar {bar}: {count / days:.2f} a day, recall {hit / events:.3f}, precision {right / max(count, 1):.3f}, "
            f"repeats {(right - hit) / max(count, 1):.3f}\n"
        )


def main() -> None:
    """Print a line for each bar."""
    asked = arguments(__doc__).parse_args()
    found = judged_months(asked)
    _report(found, choices(found))


if __name__ == "__main__":
    main()
