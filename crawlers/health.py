"""How each source was found: one line a source in `health.jsonl`, kept from crawl to crawl."""

import os
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path

from crawlers.spool import writing
from monitor.jsonl import from_dict, read_lines, to_line
from monitor.records import FeedHealth, FeedStatus, Outcome, SourceHealth

_READ = (FeedStatus.OK, FeedStatus.NOT_MODIFIED, FeedStatus.EMPTY)


class Rounds:
    """What one crawl finds at its sources."""

    def __init__(self) -> None:
        self._feeds: dict[str, dict[str, FeedHealth]] = defaultdict(dict)
        self._outcomes: dict[str, Counter[str]] = defaultdict(Counter)
        self._documents: Counter[str] = Counter()
        self._last: dict[str, datetime] = {}

    def feed(self, source_id: str, url: str, status: FeedStatus, detail: str = "") -> None:
        """Note how a feed was found."""
        self._feeds[source_id][url] = FeedHealth(url=url, status=status, detail=detail)

    def document(self, source_id: str, at: datetime) -> None:
        """Note a document."""
        self._documents[source_id] += 1
        self._last[source_id] = at

    def outcome(self, source_id: str, outcome: Outcome) -> None:
        """Note a page that became no document."""
        self._outcomes[source_id][outcome.value] += 1

    def documents(self) -> int:
        """Return how many documents were taken in all."""
        return self._documents.total()

    def outcomes(self) -> Counter[str]:
        """Return the outcomes of all sources together."""
        return sum(self._outcomes.values(), Counter())

    def health(
        self, source_ids: Iterable[str], before: Mapping[str, SourceHealth], now: datetime
    ) -> list[SourceHealth]:
        """Return the health of those sources after this crawl; `before` is what it was."""
        return [self._one(source_id, before.get(source_id), now) for source_id in source_ids]

    def _one(self, source_id: str, before: SourceHealth | None, now: datetime) -> SourceHealth:
        feeds = tuple(self._feeds[source_id].values())
        failed = not any(f.status in _READ for f in feeds)
        return SourceHealth(
            source_id=source_id,
            checked_at=now,
            feeds=feeds,
            failures=(before.failures if before else 0) + 1 if failed else 0,
            documents=self._documents[source_id],
            outcomes=dict(self._outcomes[source_id]),
            last_document_at=self._last.get(source_id) or (before.last_document_at if before else None),
        )


def read_health(path: Path) -> dict[str, SourceHealth]:
    """Return the health of every source that was ever crawled, by its id."""
    if not path.exists():
        return {}
    return {h.source_id: h for h in (from_dict(SourceHealth, values) for _, values in read_lines(path))}


def write_health(path: Path, health: Mapping[str, SourceHealth]) -> None:
    """Replace the file as a whole.  Raises StoreUnavailable."""
    part = path.with_suffix(".part")
    with writing(path):
        with part.open("w", encoding="utf-8") as lines:
            lines.writelines(to_line(h) + "\n" for h in health.values())
            lines.flush()
            os.fsync(lines.fileno())
        part.replace(path)
