"""Which documents tell of one happening, learned from judged stories; how well stories are then found again.

    python -m tests.bench.joins STREAM... --judged DATA/labels/stories_train.jsonl [--events DATA/events] --to FOLDER
        [--save]

Each judged document is put into its own story whatever the law would say, and each story that it was near to is an
example.  Prints BCubed precision, recall and F1 (Bagga and Baldwin 1998) of each month with the law of the others, over
judged concerns, and over the gold events of months that have them; `--save` writes the law that is shipped.
"""

import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from monitor.detect import join, stories
from monitor.detect.detector import entry_of
from monitor.detect.entry import Entry, Link
from monitor.detect.law import Law
from monitor.jsonl import read_lines
from monitor.store import Hit
from nlp.annotate import Annotator
from nlp.law_training import Example, fit, save
from tests.bench.judged import arguments, fold_of
from tests.bench.prepare import Unread, annotated

MODEL = Path(join.__file__).with_name("join.json")
# What nobody judged joins its nearest neighbour from here on while examples are taken.
_NEAREST = 0.22
# A story that nobody judged is probably another.
_UNKNOWN = 0.3


def happenings(judged: Path, fold: str, least: int = 0) -> dict[str, str]:
    """Return the happening of each judged URL of a month: its event, or its story where it is of no event."""
    lines = [line for _, line in read_lines(judged) if line["id"].startswith(fold)]
    lines = sorted((line for line in lines if line["severity"] >= least), key=lambda line: -len(line["urls"]))
    return {url: line["event"] or line["id"] for line in reversed(lines) for url in line["urls"]}


def events(path: Path) -> dict[str, str]:
    """Return the gold event of each URL; of several the smallest."""
    lines = sorted((line for _, line in read_lines(path)), key=lambda line: -len(line["urls"]))
    return {url: line["event"] for line in lines for url in line["urls"]}


def entries(path: Path, folder: Path, annotator: Annotator) -> list[Entry]:
    """Return the documents of a month as detection keeps them, numbered in order of arrival."""
    hits = [Hit(document=d, annotation=a) for d, a in annotated(path, folder, annotator)]
    found = [entry_of(hit, hit.document.fetched_at.timestamp(), Unread()) for hit in hits]
    return [replace(entry, number=n) for n, entry in enumerate(sorted(found, key=lambda e: (e.at, e.id)))]


def examples(month: Sequence[Entry], known: Mapping[str, str]) -> Iterator[Example]:
    """Yield each document beside each story that it was near to."""
    found, of, about = stories.Stories(), dict[str, int](), dict[int, str]()
    for entry in month:
        found.expire(entry.at)
        close = {} if entry.alone else found.neighbours(entry.vector)
        mine = known.get(entry.url)
        for beside in found.beside(entry, close):
            if (example := _example(beside.features, mine, about.get(beside.story))) is not None:
                yield example
        story = _story(found, entry, close) if mine is None else of.setdefault(mine, entry.number)
        if mine is not None:
            about[story] = mine
        found.keep(entry, story, Link())


def grouped(month: Sequence[Entry], law: Law) -> dict[str, int]:
    """Return the story of each URL by a law."""
    found = stories.Stories(law=law)
    of, into = dict[int, int](), dict[int, int]()
    for entry in month:
        joined = found.add(entry)
        into.update({of[told.number]: joined.story for told in joined.brought if of[told.number] != joined.story})
        of.update({told.number: joined.story for told in (*joined.brought, entry)})
    return {entry.url: _last(into, of[entry.number]) for entry in month}


def bcubed(found: Mapping[str, int], known: Mapping[str, str]) -> tuple[float, float, float]:
    """Return precision, recall and F1 over the URLs that are known."""
    urls = [url for url in known if url in found]
    both = Counter((found[url], known[url]) for url in urls)
    ours, theirs = Counter(found[url] for url in urls), Counter(known[url] for url in urls)
    shared = [both[found[url], known[url]] for url in urls]
    precision = sum(n / ours[found[url]] for n, url in zip(shared, urls, strict=True)) / len(urls)
    recall = sum(n / theirs[known[url]] for n, url in zip(shared, urls, strict=True)) / len(urls)
    return precision, recall, 2 * precision * recall / (precision + recall)


def _last(into: Mapping[int, int], story: int) -> int:
    while story in into:
        story = into[story]
    return story


def _story(found: stories.Stories, entry: Entry, close: Mapping[int, float]) -> int:
    cosine, number = max(((c, n) for n, c in close.items()), default=(0.0, -1))
    return found.story_of[number] if cosine >= _NEAREST else entry.number


def _example(values: Sequence[float], mine: str | None, theirs: str | None) -> Example | None:
    """Stories of no event may be one happening that nobody said to be one."""
    if mine is None and theirs is None:
        return None
    if mine is None or theirs is None:
        return Example(values, False, _UNKNOWN)
    told = mine == theirs or _concern(mine) or _concern(theirs)
    return Example(values, mine == theirs) if told else None


def _concern(happening: str) -> bool:
    return not happening.startswith("s2")


def _report(months: Mapping[str, Sequence[Entry]], laws: Mapping[str, Law], judged: Path, gold: Path | None) -> None:
    for month, found in months.items():
        kind, known = "judged", happenings(judged, fold_of(month), least=1)
        if gold and (gold / f"{month}.jsonl").exists():
            kind, known = "gold", events(gold / f"{month}.jsonl")
        if known:
            precision, recall, f1 = bcubed(grouped(found, laws[month]), known)
            sys.stdout.write(f"{month} {kind}: precision {precision:.3f}, recall {recall:.3f}, F1 {f1:.3f}\n")


def main() -> None:
    """Print how well stories are found again, and save the law if asked."""
    parser = arguments(__doc__)
    parser.add_argument("--events", type=Path)
    parser.add_argument("--save", action="store_true")
    asked = parser.parse_args()
    annotator = Annotator.load()
    months = {path.name[:7]: entries(path, asked.to, annotator) for path in asked.stream}
    seen = {month: list(examples(found, happenings(asked.judged, fold_of(month)))) for month, found in months.items()}
    seen = {month: found for month, found in seen.items() if any(e.right for e in found)}
    laws = {m: fit(join.FEATURES, [e for n in seen if n != m for e in seen[n]]) for m in months}
    _report(months, laws, asked.judged, asked.events)
    if asked.save:
        save(fit(join.FEATURES, [e for found in seen.values() for e in found]), MODEL)


if __name__ == "__main__":
    main()
