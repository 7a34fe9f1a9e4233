"""Learn the laws of the outlook on months without gold events, and measure it on months held out.

    python -m tests.bench.outlook ITEMS/*.jsonl --judged DATA/labels/stories_train.jsonl --events DATA/events [--write]

Learned from the judged happenings of the months without gold, and as many states of all stories; a state is what was
known of one with three texts or more, every six hours, while a text came within the last 24 hours.  Measured on the
happenings of each month held out, on the stories of that month as the product groups them, and on the gold events.
"""

import argparse
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import orjson
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import digamma, gammaln

from monitor.detect.baseline import tail
from monitor.detect.outlook import FEATURES, GROWING, Law, features, interval
from monitor.jsonl import read_lines
from monitor.records import VIETNAM
from tests.bench.items import Item, by_story, read_items
from tests.bench.score import read_events

Array = NDArray[np.float64]

GOLD_MONTHS = ("2025-11", "2026-01")
HORIZONS = (24, 72)
LEVELS = np.arange(0.4, 0.9, 0.02)
HEAD = (
    "| held out | of | states | 24 h: coverage | error, naive | 72 h: coverage | error, naive | grew, said, right |",
    "|---|---|---|---|---|---|---|---|",
)
MODEL = Path("monitor/detect/outlook.json")


@dataclass(frozen=True, kw_only=True)
class States:
    """What was known and what came: features, texts to come and texts before by horizon, and the month of each."""

    values: Array
    coming: Array
    before: Array
    month: NDArray[np.str_]

    def thinned(self) -> "States":
        """Every tenth state, which leaves about as many of all stories as of the judged ones."""
        return States(**{f.name: getattr(self, f.name)[::10] for f in fields(self)})


def states(items: Sequence[Item]) -> States:
    """Return the states of all stories whose next 72 hours are within the items."""
    end = items[-1].at - timedelta(hours=max(HORIZONS))
    rows = [row for texts in by_story(items).values() for row in _story(texts, end)]
    values, coming, before, month = zip(*rows, strict=True)
    return States(values=np.array(values), coming=np.array(coming), before=np.array(before), month=np.array(month))


def fit(values: Array, coming: Array, hours: int) -> Law:
    """Return the law by maximum likelihood (with a little ridge), and the level that covers 80 % of the states."""
    width = values.shape[1]
    start = np.zeros(width + 2)
    found = minimize(_loss, start, args=(values, coming), jac=True, method="L-BFGS-B", options={"maxiter": 500}).x
    law = Law(hours=hours, coefficients=tuple(found[:width]), size=(found[width], found[width + 1]), level=0.8)
    covers = [abs(_coverage(law, values, coming, level) - 0.8) for level in LEVELS]
    rounded = tuple(round(float(c), 4) for c in law.coefficients)
    return Law(
        hours=hours,
        coefficients=rounded,
        size=(round(float(found[width]), 4), round(float(found[width + 1]), 4)),
        level=round(float(LEVELS[int(np.argmin(covers))]), 2),
    )


def joined(parts: Sequence[States]) -> States:
    """Return the states of several months as one."""
    return States(**{f.name: np.concatenate([getattr(part, f.name) for part in parts]) for f in fields(States)})


def happenings(judged: Path) -> dict[str, str]:
    """Return the happening of each document (by URL) of the judged stories that are public concerns."""
    months = {"s2508": "2025-08", "s2509": "2025-09", "s2510": "2025-10", "s2512": "2025-12", "s2602": "2026-02"}
    return {
        url: f"{months[line['id'][:5]]} {line['event'].partition('-')[2]}"
        for _, line in read_lines(judged)
        if line["event"]
        for url in line["urls"]
    }


def gold(folder: Path) -> dict[str, str]:
    """Return the gold event of each document (by URL)."""
    events = (event for month in GOLD_MONTHS for event in read_events(folder / f"{month}.jsonl"))
    return {url: event.id for event in events for url in event.urls}


def grouped(items: Sequence[Item], happening: Mapping[str, str]) -> States:
    """Return the states of the happenings of one month's items, each as one story."""
    told = [replace(item, story=happening.get(item.url, "")) for item in items]
    last = told[-1].at
    return states([item for item in told if item.story] + [replace(told[-1], story="the end", at=last)])


def row(month: str, kind: str, laws: Sequence[Law], held: States) -> str:
    """Return the line of a month: of each horizon coverage, mean absolute error beside naive; then growth.

    Growth is how many states grew, how many were said to, and how many of those did.
    """
    cells = [month, kind, str(len(held.values))]
    for index, law in enumerate(laws):
        mean, _ = _moments(law, held.values)
        coming, before = held.coming[:, index], held.before[:, index]
        error, naive = np.abs(mean - coming).mean(), np.abs(before - coming).mean()
        cells += [f"{_coverage(law, held.values, coming, law.level):.2f}", f"{error:.2f}, {naive:.2f}"]
    chance = tail(held.before[:, 0] + 1, *_moments(laws[0], held.values))
    grew, said = held.coming[:, 0] > held.before[:, 0], chance >= GROWING
    return "| " + " | ".join([*cells, f"{grew.mean():.2f}, {said.mean():.2f}, {grew[said].mean():.2f}"]) + " |"


def _story(texts: Sequence[Item], end: datetime) -> list[tuple[Array, list[int], list[int], str]]:
    arrivals = np.array([text.at.timestamp() / 3600 for text in texts])
    rows, hour = [], int(arrivals[2] // 6 + 1) * 6
    last = min(arrivals[-1] + 24, end.timestamp() / 3600)
    while hour <= last:
        now = datetime.fromtimestamp(hour * 3600, VIETNAM)
        known = int(np.searchsorted(arrivals, hour, side="right"))
        if hour - arrivals[known - 1] < 24:
            coming = [int(np.searchsorted(arrivals, hour + h, side="right")) - known for h in HORIZONS]
            before = [known - int(np.searchsorted(arrivals, hour - h, side="right")) for h in HORIZONS]
            rows.append((features(hour - arrivals[:known], now), coming, before, f"{now:%Y-%m}"))
        hour += 6
    return rows


def _loss(weights: Array, values: Array, coming: Array) -> tuple[float, Array]:
    width = values.shape[1]
    logs = np.clip(values @ weights[:width], -10, 8)
    mean = np.exp(logs)
    size = np.exp(weights[width] + weights[width + 1] * logs)
    share = np.log(size / (size + mean))
    likelihood = gammaln(coming + size) - gammaln(size) + size * share + coming * np.log(mean / (size + mean))
    by_mean = coming - (coming + size) * mean / (size + mean)
    by_size = (digamma(coming + size) - digamma(size) + share + 1 - (coming + size) / (size + mean)) * size
    slope = values.T @ (by_mean + by_size * weights[width + 1])
    ridge = np.concatenate([[0.0], weights[1:width], [0.0, 0.0]])
    gradient = np.concatenate([slope, [by_size.sum(), (by_size * logs).sum()]])
    return float(-likelihood.sum() + (ridge**2).sum() / 2), ridge - gradient


def _moments(law: Law, values: Array) -> tuple[Array, Array]:
    mean = np.exp(np.clip(values @ np.array(law.coefficients), -10, 8))
    return mean, np.exp(law.size[0]) * mean ** law.size[1]


def _coverage(law: Law, values: Array, coming: Array, level: float) -> float:
    """Share of the counts within their interval; means are rounded to two digits, so that few are computed."""
    rounded, place = np.unique([float(f"{m:.2g}") for m in _moments(law, values)[0]], return_inverse=True)
    ends = np.array([interval(m, float(np.exp(law.size[0]) * m ** law.size[1]), level) for m in rounded])[place]
    return float(np.mean((ends[:, 0] <= coming) & (coming <= ends[:, 1])))


def main() -> None:
    """Print two lines a month; each month's laws are learned without it and the gold months."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("items", nargs="+", type=Path)
    parser.add_argument("--judged", required=True, type=Path)
    parser.add_argument("--events", required=True, type=Path)
    parser.add_argument("--write", action="store_true", help=f"keep the laws of all months without gold in {MODEL}")
    args = parser.parse_args()
    items = read_items(args.items)
    months = {name: [item for item in items if item.month == name] for name in sorted({i.month for i in items})}
    judged, events = happenings(args.judged), gold(args.events)
    stories = {name: states(texts) for name, texts in months.items()}
    known = {n: grouped(texts, judged) for n, texts in months.items() if n not in GOLD_MONTHS}
    sys.stdout.write("\n".join(HEAD) + "\n")
    for name, texts in months.items():
        learned = joined([part for n in known if n != name for part in (known[n], stories[n].thinned())])
        held = known[name] if name in known else grouped(texts, events)
        kinds = {"gold events" if name in GOLD_MONTHS else "judged": held, "stories": stories[name]}
        laws = [fit(learned.values, learned.coming[:, i], hours) for i, hours in enumerate(HORIZONS)]
        for kind, found in kinds.items():
            sys.stdout.write(row(name, kind, laws, found) + "\n")
    if args.write:
        learned = joined([part for n in known for part in (known[n], stories[n].thinned())])
        learned_laws = [asdict(fit(learned.values, learned.coming[:, i], hours)) for i, hours in enumerate(HORIZONS)]
        content = {"features": list(FEATURES), "months": sorted(known), "laws": learned_laws}
        MODEL.write_bytes(orjson.dumps(content, option=orjson.OPT_INDENT_2) + b"\n")


if __name__ == "__main__":
    main()
