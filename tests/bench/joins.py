"""How well stories are found again, each month by a law learned from the judged stories of the others.

    python -m tests.bench.joins STREAM... --judged DATA/labels/stories_train.jsonl [--events DATA/events] --to FOLDER

Prints BCubed precision, recall and F1 (Bagga and Baldwin 1998) over judged concerns, and over the gold events of months
that have them.  `langnghe train` writes the law that is shipped.
"""

import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from monitor.detect import join
from monitor.detect.entry import Entry
from monitor.detect.law import Law
from monitor.jsonl import read_lines
from nlp.stories.joins import entries, examples, grouped
from nlp.stories.judged import happenings, month_of
from nlp.stories.laws import fit
from tests.bench.judged import arguments, months


def events(path: Path) -> dict[str, str]:
    """Return the gold event of each URL; of several the smallest."""
    lines = sorted((line for _, line in read_lines(path)), key=lambda line: -len(line["urls"]))
    return {url: line["event"] for line in lines for url in line["urls"]}


def bcubed(found: Mapping[str, int], known: Mapping[str, str]) -> tuple[float, float, float]:
    """Return precision, recall and F1 over the URLs that are known."""
    urls = [url for url in known if url in found]
    both = Counter((found[url], known[url]) for url in urls)
    ours, theirs = Counter(found[url] for url in urls), Counter(known[url] for url in urls)
    shared = [both[found[url], known[url]] for url in urls]
    precision = sum(n / ours[found[url]] for n, url in zip(shared, urls, strict=True)) / len(urls)
    recall = sum(n / theirs[known[url]] for n, url in zip(shared, urls, strict=True)) / len(urls)
    return precision, recall, 2 * precision * recall / (precision + recall)


def _report(fold: str, found: Sequence[Entry], law: Law, judged: Path, gold: Path | None) -> None:
    kind, known, month = "judged", happenings(judged, fold, least=1), month_of(fold)
    if gold and (gold / f"{month}.jsonl").exists():
        kind, known = "gold", events(gold / f"{month}.jsonl")
    if known:
        precision, recall, f1 = bcubed(grouped(found, law), known)
        sys.stdout.write(f"{month} {kind}: precision {precision:.3f}, recall {recall:.3f}, F1 {f1:.3f}\n")


def main() -> None:
    """Print how well stories are found again."""
    parser = arguments(__doc__)
    parser.add_argument("--events", type=Path)
    asked = parser.parse_args()
    found = {fold: entries(hits) for fold, hits in months(asked).items()}
    seen = {fold: list(examples(month, happenings(asked.judged, fold))) for fold, month in found.items()}
    for fold, month in found.items():
        law = fit(join.FEATURES, [e for other in seen if other != fold for e in seen[other]])
        _report(fold, month, law, asked.judged, asked.events)


if __name__ == "__main__":
    main()
