"""Judged stories as files hold them, a line each: URLs, severity 0 to 3, and the happening that they tell of."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from pathlib import Path
from typing import Any

from monitor.detect.terms import terms, vector
from monitor.errors import InputError
from monitor.jsonl import read_lines
from monitor.records import VIETNAM
from monitor.store import Hit
from nlp.stories.worth import Judged, Text
from nlp.worth import notes

# Verdicts of `langnghe labels` that call an alert a concern.
_CONCERNS = ("right", "late")


def folds(path: Path) -> list[str]:
    """Return the folds of a file in order."""
    return sorted({_fold(line) for _, line in read_lines(path)})


def fold_of(month: str) -> str:
    """Return the fold of a month (2025-08, or a name of a file that begins so), with which ids of its stories begin."""
    return f"s{month[2:4]}{month[5:7]}"


def month_of(fold: str) -> str:
    """Return the month of a fold, as 2025-08."""
    return f"20{fold[1:3]}-{fold[3:5]}"


def text_of(hit: Hit) -> Text:
    """Return an annotated document as training has it."""
    document = hit.document
    return Text(
        vector=vector(terms(document)),
        notes=tuple(notes(hit.annotation)) if hit.annotation else (),
        publisher=document.publisher,
        hour=document.fetched_at.timestamp() / 3600,
    )


def judged_stories(path: Path, hits: Iterable[Hit]) -> list[Judged]:
    """Return the judged stories of a file whose documents are among the hits."""
    texts = {hit.document.url: text_of(hit) for hit in hits}
    return [story for _, line in read_lines(path) if (story := _judged(line, texts)).texts]


def office_stories(path: Path, get: Callable[[str], Hit | None]) -> list[Judged]:
    """Return the alerts that an office judged, in a file of `langnghe labels`; `get` finds a document by URL.

    How severe they were nobody said.  Raises InputError naming the line.
    """
    result = []
    for number, line in read_lines(path):
        if not isinstance(line.get("urls"), list) or "judgement" not in line:
            raise InputError(f"{path}:{number}: not a judgement as `langnghe labels` writes it")
        hits = [hit for url in line["urls"] if (hit := get(url)) and hit.annotation]
        if hits:
            hits.sort(key=lambda hit: hit.document.fetched_at)
            month = f"{hits[0].document.fetched_at.astimezone(VIETNAM):%y%m}"
            severity = int(line["judgement"] in _CONCERNS)
            result.append(Judged(texts=tuple(map(text_of, hits)), severity=severity, fold=f"o{month}", rated=False))
    return result


def most_of(known: Mapping[str, str], urls: Collection[str]) -> str | None:
    """Return the happening that at least two and at least half of the URLs belong to."""
    counted = Counter(known[url] for url in urls if url in known).most_common(1)
    return counted[0][0] if counted and counted[0][1] >= 2 and counted[0][1] * 2 >= len(urls) else None


def happenings(path: Path, fold: str, least: int = 0) -> dict[str, str]:
    """Return the happening of each judged URL of a month: its event, or its story where it is of no event.

    `least` is the least severity of those taken.
    """
    lines = [line for _, line in read_lines(path) if _fold(line) == fold and line["severity"] >= least]
    lines.sort(key=lambda line: -len(line["urls"]))
    return {url: line["event"] or line["id"] for line in reversed(lines) for url in line["urls"]}


def _fold(line: Mapping[str, Any]) -> str:
    return str(line["id"]).split("_")[0]


def _judged(line: Mapping[str, Any], texts: Mapping[str, Text]) -> Judged:
    known = sorted((texts[url] for url in line["urls"] if url in texts), key=lambda text: text.hour)
    return Judged(texts=tuple(known), severity=line["severity"], fold=_fold(line))
