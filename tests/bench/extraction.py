"""Prints how well and how fast article pages are read, beside trafilatura and resiliparse in the same run.

python -m tests.bench.extraction [--pages ../shared/data/html | tests/pages] [--rounds N] [--out extracted.jsonl]

A page counts by segments that must and must not be in lead + text (white space folded, NFC), by its headline, and by
its time within five minutes.  "without names" reads no class or id words: what is left is the balance of prose.
"""

import argparse
import gzip
import json
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from time import process_time
from typing import Any
from unittest.mock import patch

import trafilatura
from resiliparse.extract.html2text import extract_plain_text
from resiliparse.parse.encoding import bytes_to_str, detect_encoding
from resiliparse.parse.html import HTMLTree

from crawlers import clutter
from crawlers.extract import extract, source_for
from crawlers.markup import squeeze
from monitor.records import Document
from monitor.text import clean

NOW = datetime(2026, 12, 31, tzinfo=UTC)
DATA = Path("../shared/data/html")
OWN = Path(__file__).parent.parent / "pages"


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What one extractor found on one page."""

    title: str = ""
    text: str = ""
    lead: str = ""
    published_at: datetime | None = None


Reader = Callable[[bytes, str], Reading]


def langnghe(html: bytes, url: str) -> Reading:
    found = extract(html, url=url, source=source_for(url), fetched_at=NOW)
    if not isinstance(found, Document):
        return Reading()
    return Reading(title=found.title, text=found.text, lead=found.lead, published_at=found.published_at)


def without_names(html: bytes, url: str) -> Reading:
    with patch.object(clutter, "kind_of", return_value=""):
        return langnghe(html, url)


def by_trafilatura(html: bytes, url: str) -> Reading:
    found = trafilatura.bare_extraction(html, url=url, with_metadata=True)
    if found is None:
        return Reading()
    return Reading(title=found.title or "", text=found.text or "", published_at=_moment(found.date))


def by_resiliparse(html: bytes, url: str) -> Reading:
    tree = HTMLTree.parse(bytes_to_str(html, detect_encoding(html)))
    return Reading(title=tree.title or "", text=extract_plain_text(tree, main_content=True, alt_texts=False))


READERS: dict[str, Reader] = {
    "langnghe": langnghe,
    "langnghe, without names": without_names,
    "trafilatura": by_trafilatura,
    "resiliparse": by_resiliparse,
}


def main() -> None:
    options = _options()
    pages = list(_pages(options.pages))
    _say(f"{len(pages)} pages of {options.pages}, {sum(len(h) for h, _ in pages) // len(pages) // 1000} kB on average")
    _say("| reader | precision | recall | F1 | headline | time | ms a page | pages a second |")
    _say("|---" * 8 + "|")
    times = _times(pages, options.rounds)
    for name, reader in READERS.items():
        figures = _figures([(reader(html, gold["url"]), gold) for html, gold in pages])
        _say(f"| {name} | {figures} | {times[name] * 1000:.1f} | {1 / times[name]:.0f} |")
    if options.out:
        options.out.write_text("".join(_line(langnghe(h, g["url"]), g) for h, g in pages), "utf-8")


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=Path, default=DATA if DATA.exists() else OWN)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--out", type=Path, help="write what was found, in the form that eval/extraction.py reads")
    return parser.parse_args()


def _pages(folder: Path) -> Iterable[tuple[bytes, dict[str, Any]]]:
    gold = folder / "gold.jsonl"
    if gold.exists():
        for line in gold.read_text("utf-8").splitlines():
            page = json.loads(line)
            if "skip" not in page:
                yield gzip.decompress((folder / page["file"]).read_bytes()), page
    for path in sorted(folder.glob("*.json")):
        yield path.with_suffix(".html").read_bytes(), json.loads(path.read_text("utf-8")) | {"file": path.name}


def _times(pages: list[tuple[bytes, dict[str, Any]]], rounds: int) -> dict[str, float]:
    """Seconds of the processor for a page: the median of rounds in which the readers take turns."""
    seconds: dict[str, list[float]] = {name: [] for name in READERS}
    for _ in range(rounds):
        for name, reader in READERS.items():
            started = process_time()
            for html, gold in pages:
                reader(html, gold["url"])
            seconds[name].append((process_time() - started) / len(pages))
    return {name: median(values) for name, values in seconds.items()}


def _figures(readings: list[tuple[Reading, dict[str, Any]]]) -> str:
    hits = misses = extras = titles = times = 0
    for found, gold in readings:
        told = _norm(f"{found.lead} {found.text}")
        hits += sum(_norm(s) in told for s in gold["with"])
        misses += sum(_norm(s) not in told for s in gold["with"])
        extras += sum(_norm(s) in told for s in gold["without"])
        titles += _norm(found.title) == _norm(gold["title"])
        times += _in_time(found.published_at, gold["published_at"])
    precision, recall = hits / max(hits + extras, 1), hits / max(hits + misses, 1)
    f1 = 2 * precision * recall / max(precision + recall, 1e-9)
    share = [titles / len(readings), times / len(readings)]
    return " | ".join(f"{value:.3f}" for value in (precision, recall, f1, *share))


def _in_time(found: datetime | None, gold: str) -> bool:
    return found is not None and abs(found - datetime.fromisoformat(gold)) <= timedelta(minutes=5)


def _norm(text: str) -> str:
    return squeeze(clean(text))


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text).replace(tzinfo=UTC) if text else None


def _line(found: Reading, gold: dict[str, Any]) -> str:
    at = found.published_at.isoformat() if found.published_at else None
    values = {"file": gold["file"], "title": found.title, "lead": found.lead, "text": found.text, "published_at": at}
    return json.dumps(values, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    sys.exit(main())
