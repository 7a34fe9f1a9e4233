"""The gate between the web and the rest: here texts are redacted, outcomes counted, and documents handed over."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider, UsageError

from crawlers.archive import Archive
from crawlers.health import Rounds
from crawlers.pace import Pace
from crawlers.redacting import Redact, redacted
from crawlers.spool import Spool
from crawlers.state import Known, State
from monitor.errors import MonitorError
from monitor.records import Document, Outcome, Source

logger = logging.getLogger(__name__)


class Gate:
    """Takes documents and outcomes; what the crawler is to remember of them is kept back until they are handed over.

    `redact(text, names)` removes personal data, and names of persons too where `names` is true.
    """

    def __init__(self, spool: Spool, state: State, redact: Redact, now: Callable[[], datetime]) -> None:
        self._spool, self._state, self._redact, self._now = spool, state, redact, now
        self._kept_back: list[Known] = []

    def accept(self, document: Document) -> None:
        """Redact the document and write it into the spool.  Raises StoreUnavailable."""
        self._spool.write(redacted(document, self._redact), self._now())

    def remember(self, known: Known) -> None:
        """Keep what is known now in the state as soon as all that was accepted before is handed over."""
        self._kept_back.append(known)
        if self._spool.full(self._now()):
            self.hand_over()

    def hand_over(self) -> None:
        """Make the spool file whole, then remember.  Raises StoreUnavailable."""
        self._spool.hand_over()
        self._state.save(self._kept_back)
        self._kept_back = []

    def discard(self) -> None:
        """Drop what was not handed over; it will be fetched again."""
        self._spool.discard()
        self._kept_back = []


@dataclass(kw_only=True)
class Run:
    """What the spiders and middlewares of one crawl share."""

    sources: tuple[Source, ...]
    state: State
    gate: Gate
    archive: Archive | None
    pace: Pace
    rounds: Rounds
    voice: Callable[[str], str]
    now: Callable[[], datetime]
    pages: int
    error: MonitorError | None = None
    stopped: bool = False

    def accept(self, source: Source, document: Document) -> None:
        """Take a document of the source."""
        self.gate.accept(document)
        self.rounds.document(source.id, self.now())

    def drop(self, source: Source, url: str, outcome: Outcome, reason: str = "") -> None:
        """Count and log a page that became no document."""
        self.rounds.outcome(source.id, outcome)
        logger.info("%s %s %s", outcome, url, reason)

    def stop(self, error: MonitorError) -> CloseSpider:
        """Return what ends the spider after the first error that no page can be blamed for, as a full disk."""
        self.error = self.error or error
        return CloseSpider(str(error))


def run_of(crawler: Crawler) -> Run:
    """Return the run that the crawler's spider belongs to."""
    run = getattr(crawler.spider, "run", None)
    if not isinstance(run, Run):
        raise UsageError("start crawls with: langnghe crawl")
    return run
