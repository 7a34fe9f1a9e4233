"""Print how well copies are found on judged pairs of the stream, on edits made by rule, and the speed.

python -m tests.bench.duplicates, with the data folder in LANGNGHE_DATA (default ../shared/data).
"""

import gzip
import json
import os
import re
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from monitor.records import Document, Kind, digest
from nlp.duplicates import Recent

DATA = Path(os.environ.get("LANGNGHE_DATA", "../shared/data"))
JUDGED = Path(__file__).with_name("copies_judged.tsv")


def stream(month: str) -> list[Document]:
    """Return the documents of one month of the stream in order of arrival."""
    with gzip.open(DATA / "news_stream" / f"{month}.jsonl.gz", "rt", encoding="utf-8") as lines:
        return [document(json.loads(line)) for line in lines]


def document(row: dict[str, str]) -> Document:
    return Document(
        id=digest(row["url"]),
        url=row["url"],
        source_id=row["source"],
        publisher=row["source"],
        kind=Kind.ARTICLE,
        title=row["title"],
        lead=row["summary"] or "",
        published_at=datetime.fromisoformat(row["published_at"]),
        fetched_at=datetime.fromisoformat(row["first_seen_at"]),
    )


def judged(documents: list[Document]) -> str:
    """Return precision and recall on the judged pairs, each met where it stands in the stream, and the speed."""
    lines = [line.split("\t") for line in JUDGED.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    recent, start = Recent(), time.process_time()
    copies = {one.id: recent.copies(one) for one in documents}
    spent = (time.process_time() - start) / len(documents)
    counts = Counter((earlier in copies[later], true == "1") for earlier, later, true in lines)
    right, wrong, missed = counts[True, True], counts[True, False], counts[False, True]
    return (
        f"judged pairs {len(lines)}: precision {right / (right + wrong):.3f}, recall {right / (right + missed):.3f}, "
        f"false merges {wrong}\nstream {len(documents)}: copies {sum(map(bool, copies.values()))}, "
        f"{spent * 1e3:.3f} ms of processor time a document\n"
    )


# What an editor or a syndicating paper does to a report: (name, is it still a copy, the edit of title and lead).
EDITS: tuple[tuple[str, bool, Callable[[Document, Random], Document]], ...] = (
    ("other URL", True, lambda one, rng: one),
    ("new title", True, lambda one, rng: replace(one, title=" ".join(one.title.split()[:5]) + ": điều cần biết")),
    ("title cut", True, lambda one, rng: replace(one, title=" ".join(one.title.split()[:6]))),
    ("dates as d.m", True, lambda one, rng: replace(one, lead=one.lead.replace("/", "."))),
    ("place line before", True, lambda one, rng: replace(one, lead=f"(Theo phóng viên) - {one.lead}")),
    ("a tenth of words dropped", True, lambda one, rng: replace(one, lead=_dropped(one.lead, rng))),
    ("lead cut to two thirds", True, lambda one, rng: replace(one, lead=_head(one.lead))),
    ("every number changed", False, lambda one, rng: replace(one, title=_counted(one.title), lead=_counted(one.lead))),
)


def _dropped(text: str, rng: Random) -> str:
    return " ".join(word for word in text.split() if rng.random() > 0.1)


def _head(text: str) -> str:
    words = text.split()
    return " ".join(words[: len(words) * 2 // 3])


def _counted(text: str) -> str:
    return re.sub(r"[0-9]+", lambda number: str(int(number[0]) + 7), text)


def edited(documents: list[Document], rng: Random) -> str:
    """Return for each edit the share of edited reports that are called copies, an hour after the original."""
    lines = []
    for name, copy, edit in EDITS:
        recent, said = Recent(), 0
        for one in documents:
            recent.add(one)
            later = replace(edit(one, rng), id=one.id[::-1], fetched_at=one.fetched_at + timedelta(hours=1))
            said += one.id in recent.copies(later)
        lines.append(f"{name:28} {'copy' if copy else 'no copy':8} called copy {said / len(documents):.3f}")
    return "\n".join((*lines, ""))


def main() -> None:
    documents = stream("2025-10")
    sys.stdout.write(judged(documents))
    long = [one for one in stream("2025-12") if len(one.lead.split()) >= 15 and re.search("[0-9]", one.lead)]
    sys.stdout.write(edited(long[::20], Random(5)))


if __name__ == "__main__":
    main()
