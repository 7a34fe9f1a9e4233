"""Bursts of known size and shape among real texts: how often and how soon each rule sees them.

    python -m tests.bench.injection ITEMS... --month 2025-12 [--alarms 3] [--experiments 300]

ITEMS are the files of `tests/bench/prepare.py`, the month's and those before it.  A burst is made of texts that were
really published in its hours, by their real publishers, and are counted for one more series: so the volume of the
sources is that of the stream.  Each rule's threshold gives the same number of alarms a day over all series of the
month without any burst put in (real bursts are among them).
"""

import argparse
import sys
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from statistics import median

from monitor.detect.counts import Measure
from tests.bench.baselines import RULES
from tests.bench.candidates import Candidate, Saying, hour, keys_of, sayings, series, threshold_at
from tests.bench.items import Item, read_items
from tests.bench.own import say

SIZES = (3, 5, 8, 12, 20)
SHAPES = (6, 24, 72)
WITHIN = timedelta(hours=72)
OWN = "**Lắng Nghe series**"


@dataclass(frozen=True, kw_only=True)
class Burst:
    """`size` texts within `hours` from `start`, added to the texts of a series under a name of its own."""

    name: str
    series: str
    start: datetime
    size: int
    hours: int
    added: tuple[Item, ...]


def bursts(items: Sequence[Item], first: datetime, last: datetime, count: int, rng: Random) -> list[Burst]:
    """Return random bursts; series come as often as the square root of their texts, so that small ones are there."""
    texts = Counter(key for item in items if first <= item.at for key in keys_of(item) if "|" in key)
    names, weights = sorted(texts), [texts[name] ** 0.5 for name in sorted(texts)]
    found = []
    for number in range(count):
        hours, size = SHAPES[number % len(SHAPES)], SIZES[number // len(SHAPES) % len(SIZES)]
        [name] = rng.choices(names, weights)
        start = first + rng.random() * (last - first - WITHIN)
        pool = [item for item in items if start <= item.at < start + timedelta(hours=hours) and item.root == item.url]
        pool = [item for item in pool if name not in keys_of(item)]
        if len(pool) >= size:
            added = tuple(sorted(rng.sample(pool, size), key=lambda item: (item.at, item.url)))
            found.append(Burst(name=f"burst {number}", series=name, start=start, size=size, hours=hours, added=added))
    return found


def seen(burst: Burst, said: Sequence[Saying], rule: int, threshold: float) -> float | None:
    """Return the hours from the first text of the burst to the first alarm in the 72 hours after it."""
    start = burst.added[0].at
    alarms = [s.at for s in said if start <= s.at <= start + WITHIN and s.scores[rule] >= threshold]
    return (alarms[0] - start).total_seconds() / 3600 if alarms else None


def quiet(burst: Burst, calm: Sequence[Saying], rule: int, threshold: float) -> bool:
    """Return whether the rule says nothing of the series itself in the days around."""
    return not any(abs(s.at - burst.start) <= WITHIN and s.scores[rule] >= threshold for s in calm)


def rows(
    name: str,
    found: Sequence[Burst],
    calm: Mapping[str, Sequence[Saying]],
    said: Mapping[str, Sequence[Saying]],
    rule: int,
    threshold: float,
) -> str:
    """Return the line of a rule: share of bursts seen by size, and the median hours until they were."""
    tried = [burst for burst in found if quiet(burst, calm.get(burst.series, ()), rule, threshold)]
    delays = {burst.name: seen(burst, said.get(burst.name, ()), rule, threshold) for burst in tried}
    cells = []
    for size in SIZES:
        some = [delays[burst.name] for burst in tried if burst.size == size]
        hits = [delay for delay in some if delay is not None]
        cells.append(f"{len(hits) / max(len(some), 1):.2f} ({median(hits):.0f} h)" if hits else "0.00")
    return f"| {name} | " + " | ".join(cells) + f" | {len(tried)} |"


def by_candidate(said: Sequence[Saying]) -> dict[str, list[Saying]]:
    """Return the sayings of each candidate."""
    result: defaultdict[str, list[Saying]] = defaultdict(list)
    for saying in said:
        result[saying.candidate].append(saying)
    return result


def injected(burst: Burst, items: Sequence[Item]) -> Candidate:
    """Return the series with the burst in it."""
    texts: dict[tuple[str, str], Item] = {}
    for item in sorted([*items, *burst.added], key=lambda item: (item.at, item.url)):
        texts.setdefault((item.publisher, item.root), item)
    return Candidate(id=burst.name, is_story=False, weighed=False, items=tuple(texts.values()))


def more_keys(found: Sequence[Burst], items: Sequence[Item]) -> dict[str, list[str]]:
    """Return the names of the bursts that each text counts for besides its own series."""
    names: defaultdict[str, list[str]] = defaultdict(list)
    for burst in found:
        names[burst.series].append(burst.name)
    more: defaultdict[str, list[str]] = defaultdict(list)
    for item in items:
        more[item.url] += [name for key in keys_of(item) for name in names.get(key, ())]
    for burst in found:
        for item in burst.added:
            more[item.url].append(burst.name)
    return more


def table(items: Sequence[Item], month: str, alarms: float, count: int) -> list[str]:
    """Return the lines of the table."""
    stamps = [item.at for item in items if item.month == month]
    first, last = min(stamps), max(stamps)
    found = bursts(items, first, last, count, Random(7))
    everything = Counter(hour(item.at) for item in items)
    rules = list(RULES.values())
    candidates = series(items, weighed=False)
    texts = {candidate.id: candidate.items for candidate in candidates}
    calm = sayings(candidates, rules, everything, first, last)
    made = [injected(burst, texts.get(burst.series, ())) for burst in found]
    said = by_candidate(sayings(made, rules, everything, first, last))
    both = say(items, first, last, Measure.TEXTS, more_keys(found, items))
    own_calm = [s for s in both if not s.candidate.startswith("burst ")]
    total = int(alarms * (last - first).total_seconds() / 86400)
    lines = ["| rule | " + " | ".join(f"{size} texts" for size in SIZES) + " | bursts |", "|---" * 7 + "|"]
    by_series = by_candidate(calm)
    lines += [rows(name, found, by_series, said, i, threshold_at(calm, i, total)) for i, name in enumerate(RULES)]
    own = threshold_at(own_calm, 0, total)
    lines.append(rows(OWN, found, by_candidate(own_calm), by_candidate(both), 0, own))
    return [f"{month}: {alarms:g} alarms a day; own threshold: chance of {10**-own:.1e}\n", *lines]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("items", nargs="+", type=Path)
    parser.add_argument("--month", required=True)
    parser.add_argument("--alarms", type=float, default=3.0)
    parser.add_argument("--experiments", type=int, default=300)
    args = parser.parse_args()
    items = [item for item in read_items(args.items) if item.month <= args.month]
    sys.stdout.write("\n".join(table(items, args.month, args.alarms, args.experiments)) + "\n")


if __name__ == "__main__":
    main()
