"""What a setting brings on judged months, each replayed with a worth and a choice that had not seen it.

    python -m tests.bench.settings STREAM... --judged DATA/labels/stories_train.jsonl --to FOLDER
        [--budget 6] [--sure 0.65 ...]

Prints, over all months, alerts a day, recall of severity 2 and 3 and of all judged concerns, precision, repeats, and
the median delay after the third document.  A story that nobody judged counts as no concern, so precision is a floor.
"""

import sys
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

from monitor.detect.choice import Choice
from monitor.detect.replay import replay
from monitor.detect.state import Settings
from monitor.jsonl import read_lines
from nlp.stories.choice import Month, choices
from tests.bench.judged import arguments, judged_months
from tests.bench.score import Event, Score, Told, pooled, score

_BATCH = 400


def concerns(judged: Path, fold: str) -> list[Event]:
    """Return the concerns of a judged month; stories of one happening are one."""
    urls: dict[str, set[str]] = {}
    severity: dict[str, int] = {}
    for _, line in read_lines(judged):
        if line["id"].split("_")[0] == fold and line["severity"]:
            name = line["event"] or line["id"]
            urls.setdefault(name, set()).update(line["urls"])
            severity[name] = max(severity.get(name, 0), line["severity"])
    return [Event(id=f"{fold} {n}", severity=severity[n], urls=frozenset(found)) for n, found in urls.items()]


def alerts(month: Month, chosen: Choice, settings: Settings) -> Iterator[Told]:
    """Yield what would have been told."""
    for line in replay(month.hits, worth=month.worth, settings=settings, batch=_BATCH, choice=chosen):
        yield Told(at=datetime.fromisoformat(line["at"]), issue=line["issue_id"], urls=tuple(line["urls"]))


def _row(found: Score) -> str:
    delays: Sequence[float] = found.delays or [0.0]
    return (
        f"{found.per_day:.2f} a day, recall {found.recall(2, 3):.3f} and {found.recall(1, 2, 3):.3f}, "
        f"precision {found.precision:.3f}, repeats {found.repeats:.3f}, delay {delays[len(delays) // 2]:.1f} h"
    )


def main() -> None:
    """Print a row for each setting."""
    parser = arguments(__doc__)
    parser.add_argument("--budget", type=float, default=6.0)
    parser.add_argument("--sure", type=float, action="append")
    asked = parser.parse_args()
    found = judged_months(asked)
    chosen = choices(found)
    for sure in asked.sure or [Settings().sure]:
        settings = Settings(budget=asked.budget, sure=sure)
        scores = []
        for fold, month in found.items():
            seen = {hit.document.url: hit.document.fetched_at for hit in month.hits}
            told = list(alerts(month, chosen[fold], settings))
            scores.append(score(told, concerns(asked.judged, fold), seen))
        sys.stdout.write(f"budget {asked.budget:g}, sure {sure}: {_row(pooled(scores))}\n")


if __name__ == "__main__":
    main()
