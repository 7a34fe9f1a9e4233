"""Every known rule and the product's own detector on the same months, at equal numbers of alerts a day.

    python -m tests.bench.hot_issues ITEMS... --events DATA/events --month 2025-11 --month 2026-01
        [--product BUDGET=ALERTS.jsonl]... [--whole BUDGET=ALERTS.jsonl]... [--all] [--plot FILE.svg]

ITEMS are the files of `tests/bench/prepare.py`, of the months and those before; ALERTS are what
`tests/bench/product.py` wrote at that budget.  A rule's threshold is the lowest that keeps to the number of alerts on
that very month, which no office could know beforehand; the product's setting is fixed.  `--whole` are the product's
alerts where it spends the whole budget (`--sure 0`): what the rules are compared with.  A rule is shown with the kind
of candidates and counts that suits it best on these months (`--all`: with every kind).
"""

import argparse
import sys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from statistics import median

from monitor.detect.counts import Measure
from monitor.jsonl import read_lines
from tests.bench.baselines import RULES
from tests.bench.candidates import Saying, at_rate, hour, sayings, series, stories
from tests.bench.items import Item, read_items
from tests.bench.own import say
from tests.bench.score import Event, Score, Told, bounds, pooled, read_events, score

RATES = (6.0, 3.0)
CURVE = (1.0, 2.0, 3.0, 4.0, 6.0, 8.0)
OWN_SERIES = "Lắng Nghe, series alone"
PRODUCT, WHOLE = "**Lắng Nghe**", "**Lắng Nghe**, the whole budget"
HEAD = (
    "| rule (candidates, counts) | a day | recall, 2-3 | recall, all | precision | repeats | delay, h | behind |",
    "|---|---|---|---|---|---|---|---|",
)


@dataclass(frozen=True, kw_only=True)
class Month:
    """A month: its events, when each of its documents arrived, and what each rule said of each kind of candidates."""

    name: str
    events: tuple[Event, ...]
    arrived: Mapping[str, datetime]
    said: Mapping[tuple[str, str], tuple[Sequence[Saying], int]]

    @property
    def days(self) -> float:
        return (max(self.arrived.values()) - min(self.arrived.values())).total_seconds() / 86400


def month_of(name: str, items: Sequence[Item], events: Sequence[Event]) -> Month:
    """Return the month with everything that was said in it."""
    arrived: dict[str, datetime] = {}
    for item in items:
        if item.month == name:
            arrived.setdefault(item.url, item.at)
    known = [item for item in items if item.month <= name]
    first, last = min(arrived.values()), max(arrived.values())
    return Month(name=name, events=tuple(events), arrived=arrived, said=_said(known, first, last))


def table(months: Sequence[Month], rate: float, told: Mapping[str, Sequence[Told]], every: bool) -> Iterable[str]:
    """Yield the lines of the table at a number of alerts a day; rules are compared with the last that `told` names."""
    products = {name: _product(months, alerts) for name, alerts in told.items()}
    own = next(reversed(products.values()), None)
    yield f"\n{', '.join(month.name for month in months)}: at most {rate:g} alerts a day\n"
    yield from HEAD
    for rule in dict.fromkeys(rule for rule, _ in months[0].said):
        kinds = [(kind, at(months, rule, kind, rate)) for name, kind in months[0].said if name == rule]
        for kind, found in kinds if every else [max(kinds, key=lambda pair: _harmonic(pair[1]))]:
            yield row(f"{rule} ({kind})", found, own)
    for name, found in products.items():
        yield row(name, found, None)


def at(months: Sequence[Month], rule: str, kind: str, rate: float) -> Score:
    """Return the score of a rule over the months at a number of alerts a day."""
    scores = []
    for month in months:
        said, number = month.said[rule, kind]
        scores.append(score(at_rate(said, number, int(rate * month.days)), month.events, month.arrived))
    return pooled(scores)


def row(name: str, found: Score, product: Score | None) -> str:
    """Return one line: alerts a day, recall and precision with 95 % intervals, and how far the product is ahead."""
    strong, every = _hits(found, 2), _hits(found, 1)
    right = [float(outcome != "false") for outcome in found.outcomes]
    delay = f"{median(found.delays):.1f}" if found.delays else "-"
    figures = (f"{found.per_day:.1f}", _mean(strong), _mean(every), _mean(right), f"{found.repeats:.2f}", delay)
    ahead = [a - b for a, b in zip(_hits(product, 1), every, strict=True)] if product else []
    return f"| {name} | " + " | ".join(figures) + f" | {_mean(ahead) if product else ''} |"


def read_alerts(path: Path) -> list[Told]:
    """Return the alerts that `langnghe replay --alerts` wrote."""
    return [
        Told(at=datetime.fromisoformat(line["at"]), issue=line["issue_id"], urls=tuple(line["urls"]))
        for _, line in read_lines(path)
    ]


def curve(months: Sequence[Month], products: Mapping[float, Sequence[Told]]) -> list[dict[str, object]]:
    """Return recall of all events against alerts a day, for each rule with the kind that suits it best at 6 a day."""
    points: list[dict[str, object]] = []
    for rule in dict.fromkeys(rule for rule, _ in months[0].said):
        kinds = [kind for name, kind in months[0].said if name == rule]
        best = max(kinds, key=lambda kind: _harmonic(at(months, rule, kind, RATES[0])))
        points += [_point(rule, at(months, rule, best, rate)) for rate in CURVE]
    return points + [_point("Lắng Nghe", _product(months, told)) for _, told in sorted(products.items())]


def plot(points: Sequence[Mapping[str, object]], path: Path) -> None:
    """Draw recall against alerts a day; the product's line is the thick one."""
    import altair

    own = altair.datum.rule == "Lắng Nghe"
    chart = altair.Chart(altair.InlineData(values=list(points))).mark_line(point=True)
    colour = altair.Color("rule:N", title="black: the product", scale=altair.Scale(scheme="tableau20"))
    lines = chart.encode(
        x=altair.X("alerts:Q", title="alerts a day"),
        y=altair.Y("recall:Q", title="recall of all events", scale=altair.Scale(domain=[0, 1])),
        color=altair.when(own).then(altair.value("black")).otherwise(colour),
        strokeWidth=altair.when(own).then(altair.value(4)).otherwise(altair.value(1.2)),
    )
    lines.properties(width=560, height=380).save(str(path))


def _said(known: Sequence[Item], first: datetime, last: datetime) -> dict[tuple[str, str], tuple[list[Saying], int]]:
    everything = Counter(hour(item.at) for item in known)
    rules = list(RULES.values())
    said: dict[tuple[str, str], tuple[list[Saying], int]] = {}
    for kind, candidates in {"stories": stories, "series": series}.items():
        for unit, weighed in {"concern": True, "texts": False}.items():
            found = sayings(candidates(known, weighed), rules, everything, first, last)
            said |= {(rule, f"{kind}, {unit}"): (found, number) for number, rule in enumerate(RULES)}
    for unit, measure in {"concern": Measure.CONCERNED, "texts": Measure.TEXTS}.items():
        said[OWN_SERIES, f"series, {unit}"] = (say(known, first, last, measure, {}), 0)
    return said


def _product(months: Sequence[Month], told: Sequence[Told]) -> Score:
    return pooled([score(told, month.events, month.arrived) for month in months])


def _point(rule: str, found: Score) -> dict[str, object]:
    return {"rule": rule, "alerts": round(found.per_day, 2), "recall": round(found.recall(1, 2, 3), 3)}


def _hits(found: Score, least: int) -> list[float]:
    return [float(event.id in found.hit) for event in found.events if event.severity >= least]


def _harmonic(found: Score) -> float:
    recall, precision = found.recall(1, 2, 3), found.precision
    return 2 * recall * precision / max(recall + precision, 1e-9)


def _mean(values: Sequence[float]) -> str:
    low, high = bounds(values)
    return f"{sum(values) / max(len(values), 1):.2f} ({low:.2f} to {high:.2f})"


def _budget(text: str) -> tuple[float, list[Told]]:
    rate, _, path = text.partition("=")
    return float(rate), read_alerts(Path(path))


def main() -> None:
    """Print the tables and draw the plot."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("items", nargs="+", type=Path)
    parser.add_argument("--events", required=True, type=Path)
    parser.add_argument("--month", required=True, action="append")
    parser.add_argument("--product", action="append", default=[], type=_budget, metavar="BUDGET=FILE")
    parser.add_argument("--whole", action="append", default=[], type=_budget, metavar="BUDGET=FILE")
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--plot", type=Path)
    args = parser.parse_args()
    items, products = read_items(args.items), {PRODUCT: dict(args.product), WHOLE: dict(args.whole)}
    months = [month_of(name, items, read_events(args.events / f"{name}.jsonl")) for name in args.month]
    for rate in RATES:
        told = {name: alerts[rate] for name, alerts in products.items() if rate in alerts}
        for line in table(months, rate, told, args.all):
            sys.stdout.write(line + "\n")
    if args.plot:
        plot(curve(months, products[WHOLE] or products[PRODUCT]), args.plot)


if __name__ == "__main__":
    main()
