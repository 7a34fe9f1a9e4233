"""How long detection takes: python -m tests.bench.passes STREAM... --to FOLDER [--batch 50].

Each file is a month from nothing, in passes of so many new documents; annotations are given (FOLDER is that of
`tests/bench/prepare.py`).  Prints the seconds of processor for the month, and the median, the 95th percentile and the
longest pass.  What detection keeps does not depend on how much is stored (`tests/test_stories.py`).
"""

import argparse
import gc
import sys
from collections.abc import Sequence
from pathlib import Path
from time import process_time

from monitor.detect.detector import detect
from monitor.detect.state import Settings, State
from monitor.store import Hit
from nlp.annotate import Annotator
from nlp.worth import LinearWorth
from tests.bench.product import hits


def times(stream: Sequence[Hit], worth: LinearWorth, batch: int) -> list[float]:
    """Return the seconds of processor that each pass took."""
    state, settings, result = State(), Settings(), []
    for start in range(0, len(stream), batch):
        began = process_time()
        detect(state, stream[start : start + batch], worth=worth, settings=settings)
        result.append(process_time() - began)
    return result


def main() -> None:
    """Print a line for each month."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("stream", nargs="+", type=Path)
    parser.add_argument("--to", required=True, type=Path)
    parser.add_argument("--batch", type=int, default=50)
    asked = parser.parse_args()
    annotator, worth = Annotator.load(), LinearWorth.load()
    for path in asked.stream:
        stream = sorted(hits([path], asked.to, annotator), key=lambda h: (h.document.fetched_at, h.document.id))
        # The month in memory is the bench's own; a live pass has no such objects for the collector to walk over.
        gc.freeze()
        took = times(stream, worth, asked.batch)
        ranked = sorted(took)
        median, most = ranked[len(ranked) // 2], ranked[int(0.95 * len(ranked))]
        sys.stdout.write(
            f"{path.name}: {len(stream)} documents in {sum(took):.1f} s; a pass {1000 * median:.0f} ms, "
            f"95 % {1000 * most:.0f} ms, longest {1000 * ranked[-1]:.0f} ms\n"
        )


if __name__ == "__main__":
    main()
