"""What is out of the ordinary in a month: python -m tests.bench.signals STREAM... --to FOLDER --month 2025-11.

The documents of all files are counted in order of arrival; each midnight (UTC) of the month is asked.  Prints the
signals of each day that has any, and how many days have none.  FOLDER is that of `tests/bench/prepare.py`.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from monitor.detect.counts import Counts, mention_of
from monitor.detect.signals import Signal, signals
from monitor.store import Hit
from nlp.annotate import Annotator
from tests.bench.product import hits


def nightly(stream: Sequence[Hit], month: str) -> Iterator[tuple[datetime, tuple[Signal, ...]]]:
    """Yield each midnight of the month that the stream reaches, with what was out of the ordinary then."""
    counts, at = Counts(), datetime.fromisoformat(f"{month}-01").replace(tzinfo=UTC)
    for hit in sorted(stream, key=lambda h: (h.document.fetched_at, h.document.id)):
        while hit.document.fetched_at >= at and f"{at:%Y-%m}" == month:
            yield at, signals(counts, at)
            at += timedelta(days=1)
        if hit.annotation:
            counts.add(mention_of(hit.document, replace(hit.annotation, keywords=())))


def main() -> None:
    """Print the signals of the month."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("stream", nargs="+", type=Path)
    parser.add_argument("--to", required=True, type=Path)
    parser.add_argument("--month", required=True)
    asked = parser.parse_args()
    days = list(nightly(list(hits(asked.stream, asked.to, Annotator.load())), asked.month))
    for at, found in days:
        for one in found:
            where = f"{one.topic} {one.place or ''}".rstrip()
            sys.stdout.write(f"{at:%Y-%m-%d} {where}: {one.observed} in {one.window} h, usually {one.expected}\n")
    sys.stdout.write(f"{sum(not found for _, found in days)} of {len(days)} days without any\n")


if __name__ == "__main__":
    main()
