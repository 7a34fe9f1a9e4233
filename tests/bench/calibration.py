"""Whether the chances of the series are honest on a stream: python -m tests.bench.calibration ITEMS...

Prints the share of windows whose chance is below a level (a window's chance is drawn between that of more and that of
as many, so that counts without bursts give exactly the level), and what changes in the alarms of a week when the feed
of a publisher is taken out of it.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from pathlib import Path

import numpy as np

from monitor.detect.baseline import expected, learn, tail, vector
from monitor.detect.counts import ALL, Counts, Measure, Mention, day_of, hour_of, start_of
from monitor.detect.coverage import coverage
from monitor.detect.series import WINDOWS, surprises
from tests.bench.candidates import keys_of
from tests.bench.items import Item, read_items

LEVELS = (0.1, 0.01, 0.001)
WARM = 40
EVERY = 3
ALARM = 0.01


def days(items: Sequence[Item]) -> Iterator[tuple[Counts, int]]:
    """Yield the counts at the end of each day, and the day, from six weeks after the first on."""
    counts, first = Counts(), day_of(items[0].at)
    for day, texts in groupby(items, key=lambda item: day_of(item.at)):
        for item in texts:
            counts.add(_mention(item))
        if day - first >= WARM:
            yield counts, day


def chances(counts: Counts, day: int, window: int, measure: Measure, rng: np.random.Generator) -> Iterator[float]:
    """Yield the chance of each series in the window that ends with the day."""
    keys = counts.series(before=day)
    baseline, last = learn(counts, day, keys, measure), day * 24 + 23
    lengths = [window] if window < 24 else [24] * (window // 24)
    ends = [last - sum(lengths[:number]) for number in range(len(lengths))]
    volumes = np.array([vector(baseline, counts.window(ALL, e, n)) for e, n in zip(ends, lengths, strict=True)])
    for key in keys:
        mean, size = expected(baseline, key, [end // 24 for end in ends], volumes)
        seen = sum(counts.window(key, last, window, measure).values())
        more, as_many = float(tail(seen + 1, mean, size)), float(tail(seen, mean, size))
        yield more + rng.random() * (as_many - more)


def calibration(items: Sequence[Item], measure: Measure) -> Iterator[str]:
    """Yield one line a window: the share of chances below each level."""
    rng, found = np.random.default_rng(1), {window: list[float]() for window in WINDOWS}
    for counts, day in days(items):
        for window in WINDOWS if day % EVERY == 0 else ():
            found[window] += chances(counts, day, window, measure, rng)
    for window, values in found.items():
        shares = (f"{100 * np.mean(np.array(values) < level):.2f} %" for level in LEVELS)
        yield f"| {measure.name.lower()} | {window} h | {len(values)} | " + " | ".join(shares) + " |"


def alarms(items: Sequence[Item], start: int) -> tuple[set[tuple[str, int]], set[str]]:
    """Return series and day of each alarm in the week from that day on, and the publishers warned of."""
    counts, told, warned = Counts(), set[tuple[str, int]](), set[str]()
    baseline = None
    for hours, texts in groupby(items, key=lambda item: hour_of(item.at) // 6):
        day = hours * 6 // 24
        if day >= start + 7:
            break
        for item in texts:
            counts.add(_mention(item))
        if day >= start:
            if baseline is None or baseline.day != day:
                baseline = learn(counts, day, counts.series(before=day))
            at = start_of(hours * 6 + 5)
            active = counts.active(hours * 6 + 5, 6)
            told |= {(e.key, day) for e in surprises(counts, baseline, active, at) if e.p_value < ALARM}
            warned |= {c.publisher for c in coverage(counts, at) if c.silent}
    return told, warned


def removals(items: Sequence[Item], start: int) -> Iterator[str]:
    """Yield one line a publisher: alarms of the week with all feeds, without its feed, and the new ones then."""
    week = range(start, start + 7)
    whole, _ = alarms(items, start)
    for publisher in sorted({item.publisher for item in items}):
        rest = [item for item in items if item.publisher != publisher or day_of(item.at) not in week]
        told, warned = alarms(rest, start)
        yield f"| {publisher} | {len(whole)} | {len(told)} | {len(told - whole)} | {', '.join(sorted(warned))} |"


def _mention(item: Item) -> Mention:
    return Mention(at=item.at, publisher=item.publisher, root=item.root, keys=keys_of(item), concern=item.concern)


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("items", nargs="+", type=Path)
    parser.add_argument("--week", default="2025-12-08", help="first day of the week in which feeds are taken out")
    args = parser.parse_args()
    items = read_items(args.items)
    lines = [
        "| counts | window | windows | " + " | ".join(f"below {level:g}" for level in LEVELS) + " |",
        "|---" * 6 + "|",
    ]
    lines += [line for measure in (Measure.TEXTS, Measure.CONCERNED) for line in calibration(items, measure)]
    start = day_of(datetime.fromisoformat(f"{args.week}T12:00+07:00"))
    lines += ["", "| without | alarms of the week | alarms then | new ones | warned of |", "|---" * 5 + "|"]
    lines += removals([item for item in items if item.at < _end(args.week)], start)
    sys.stdout.write("\n".join(lines) + "\n")


def _end(week: str) -> datetime:
    return datetime.fromisoformat(f"{week}T00:00+07:00") + timedelta(days=8)


if __name__ == "__main__":
    main()
