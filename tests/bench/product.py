"""The product's own alerts on the bench's stream: python -m tests.bench.product STREAM... --to FOLDER --budget 3 ...
    [--sure 0]

The documents of all files in order of time through copies, stories, worth and issues, as `langnghe replay` does it;
FOLDER is that of `tests/bench/prepare.py` with its annotations.  Writes FOLDER/alerts-BUDGET.jsonl, and with a least
chance of its own FOLDER/alerts-BUDGET-SURE.jsonl; 0 spends the whole budget.
"""

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import orjson

from monitor.detect.replay import replay
from monitor.detect.state import Settings
from monitor.store import Hit
from nlp.annotate import Annotator
from nlp.duplicates import Recent
from nlp.worth import LinearWorth
from tests.bench.prepare import annotated


def hits(paths: Sequence[Path], folder: Path, annotator: Annotator) -> Iterator[Hit]:
    """Yield each document once, with its annotation and what it copies."""
    recent, known = Recent(), set[str]()
    for path in paths:
        for document, annotation in annotated(path, folder, annotator):
            if document.id not in known:
                known.add(document.id)
                yield Hit(document=document, annotation=replace(annotation, copy_of=recent.add(document)))


def main() -> None:
    """Write the alerts of each budget."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("stream", nargs="+", type=Path)
    parser.add_argument("--to", required=True, type=Path)
    parser.add_argument("--budget", required=True, type=float, action="append")
    parser.add_argument("--sure", type=float)
    args = parser.parse_args()
    settings = Settings() if args.sure is None else Settings(sure=args.sure)
    kind = "" if args.sure is None else f"-{args.sure:g}"
    worth, stream = LinearWorth.load(), list(hits(args.stream, args.to, Annotator.load()))
    for budget in args.budget:
        lines = replay(stream, worth=worth, settings=replace(settings, budget=budget))
        (args.to / f"alerts-{budget:g}{kind}.jsonl").write_bytes(b"".join(orjson.dumps(line) + b"\n" for line in lines))


if __name__ == "__main__":
    main()
