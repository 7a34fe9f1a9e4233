"""News: feeds, sitemaps and list pages to articles."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from scrapy import Request, Spider
from scrapy.http import Response, TextResponse
from twisted.python.failure import Failure

from crawlers.extract import extract
from crawlers.failures import explain, may_pass
from crawlers.feeds import Entry, Feed, FeedError, parse_feed, parse_list
from crawlers.gate import Run
from crawlers.sources import belongs
from crawlers.state import TRIES, FeedState, PageState
from monitor.errors import MonitorError
from monitor.records import Document, FeedStatus, Outcome, Source, SourceKind, digest

Requests: TypeAlias = Iterator[Request]


@dataclass(kw_only=True)
class Listing:
    """A feed as it was listed in this run; it is remembered once none of its pages is out any more."""

    source: Source
    feed: FeedState
    out: int = 0
    whole: bool = True


class NewsSpider(Spider):
    """Reads every news source of the run; each page ends in exactly one document or outcome."""

    name = "news"

    def __init__(self, run: Run) -> None:
        super().__init__()
        self.run = run
        self._met: set[str] = set()

    def closed(self, reason: str) -> None:
        """Note whether the run was told to stop."""
        self.run.stopped = reason == "shutdown"

    async def start(self) -> AsyncIterator[Request]:
        """Yield the feeds, sitemaps and lists of every source."""
        for source in self.run.sources:
            if source.kind is SourceKind.NEWS:
                for url in (*source.feeds, *source.sitemaps, *source.lists):
                    yield self._ask(source, url)

    def _ask(self, source: Source, url: str) -> Request:
        known = self.run.state.feeds.get(url, FeedState(key=url))
        headers = {"If-None-Match": known.etag, "If-Modified-Since": known.modified}
        return Request(
            url,
            headers={name: value for name, value in headers.items() if value},
            callback=self.feed,
            errback=self.feed_failed,
            cb_kwargs={"source": source, "url": url},
            meta={"source": source},
            priority=10,
        )

    def feed(self, response: Response, source: Source, url: str) -> Requests:
        """Yield what a feed names that is not yet known."""
        known = self.run.state.feeds.get(url, FeedState(key=url))
        if response.status == 304:
            self.run.rounds.feed(source.id, url, FeedStatus.NOT_MODIFIED)
            yield from self._articles(source, known, self._again(known))
        elif response.status != 200:
            self.run.rounds.feed(source.id, url, FeedStatus.FAILED, f"answered {response.status}")
        else:
            yield from self._read(response, source, url)

    def _read(self, response: Response, source: Source, url: str) -> Requests:
        try:
            found = self._found(response, source, url)
        except FeedError as error:
            status = FeedStatus.EMPTY if str(error) == "empty" else FeedStatus.INVALID
            self.run.rounds.feed(source.id, url, status, str(error))
            return
        for child in found.sitemaps:
            if belongs(child, source):
                yield self._ask(source, child)
        entries = [e for e in found.entries if belongs(e.url, source)]
        foreign = len(found.entries) - len(entries)
        status = FeedStatus.OK if entries or found.sitemaps else FeedStatus.EMPTY
        self.run.rounds.feed(source.id, url, status, f"{foreign} links to other sites left out" if foreign else "")
        # An index is asked for whole each time: whether its children changed is for them to say.
        validators = {} if found.sitemaps else _validators(response)
        keys = tuple(digest(e.url) for e in entries)
        yield from self._articles(source, FeedState(key=url, pages=keys, **validators), entries)

    def _found(self, response: Response, source: Source, url: str) -> Feed:
        if url in source.lists:
            if not isinstance(response, TextResponse):
                raise FeedError("not a page of text")
            return parse_list(response.text, response.url, source.selectors["links"])
        return parse_feed(response.body, response.url, self.run.now())

    def _again(self, feed: FeedState) -> list[Entry]:
        """The pages that a feed that did not change still names, as it last named them."""
        pages = [self.run.state.pages[key] for key in feed.pages if key in self.run.state.pages]
        return [Entry(url=p.url, mark=p.marks.get(feed.key, "")) for p in pages]

    def _articles(self, source: Source, feed: FeedState, entries: list[Entry]) -> Requests:
        listing = Listing(source=source, feed=feed)
        due = [e for e in entries if self._is_due(feed.key, e)]
        listing.whole = len(due) <= self.run.pages
        listing.out = len(due[: self.run.pages])
        for entry in due[: self.run.pages]:
            self._met.add(entry.url)
            yield Request(
                entry.url,
                callback=self.article,
                errback=self.article_failed,
                cb_kwargs={"entry": entry, "listing": listing},
                meta={"source": source},
            )
        if not due and feed != self.run.state.feeds.get(feed.key):
            self._settle(listing)

    def _is_due(self, feed: str, entry: Entry) -> bool:
        if entry.url in self._met:
            return False
        page = self.run.state.pages.get(digest(entry.url))
        if page is None or page.due(feed, entry.mark, self.run.now()):
            return True
        if page.marks.get(feed) != entry.mark:
            self.run.gate.remember(replace(page, marks={**page.marks, feed: entry.mark}))
        return False

    def article(self, response: Response, entry: Entry, listing: Listing) -> None:
        """Take the article, or the outcome that says why there is none."""
        if self.run.error:
            return
        try:
            self._take(response, entry, listing)
        except MonitorError as error:
            raise self.run.stop(error) from error
        except Exception as error:  # no page may end a crawl, whatever it makes of the code that reads it
            self.run.drop(listing.source, entry.url, Outcome.FAILED, f"{type(error).__name__}: {error}")
            self._finish(entry, listing, Outcome.FAILED)

    def _take(self, response: Response, entry: Entry, listing: Listing) -> None:
        found = self._extracted(response, listing.source)
        if not isinstance(found, Document):
            self.run.drop(listing.source, entry.url, found, f"answered {response.status}")
            return self._finish(entry, listing, found, again=may_pass(response.status))
        self.run.accept(listing.source, found)
        if self.run.archive:
            self.run.archive.write(response, self.run.now())
        return self._finish(entry, listing, "")

    def _extracted(self, response: Response, source: Source) -> Document | Outcome:
        if response.status != 200:
            return Outcome.FAILED
        kind = (response.headers.get("Content-Type") or b"").decode("latin-1")
        return extract(response.body, url=response.url, source=source, fetched_at=self.run.now(), content_type=kind)

    def feed_failed(self, failure: Failure) -> None:
        """Note why a feed could not be read."""
        request: Any = failure.request  # type: ignore[attr-defined]
        status, reason = explain(failure.value)
        self.run.rounds.feed(request.cb_kwargs["source"].id, request.cb_kwargs["url"], status, reason)

    def article_failed(self, failure: Failure) -> None:
        """Note why an article could not be fetched; when its host asked us to wait, it is left for a later run."""
        if self.run.error:
            return
        request: Any = failure.request  # type: ignore[attr-defined]
        entry, listing = request.cb_kwargs["entry"], request.cb_kwargs["listing"]
        status, reason = explain(failure.value)
        outcome = Outcome.DISALLOWED if status is FeedStatus.DISALLOWED else Outcome.FAILED
        self.run.drop(listing.source, entry.url, outcome, reason)
        try:
            if status is FeedStatus.WAITING:
                self._put_off(listing)
            else:
                self._finish(entry, listing, outcome, again=may_pass(failure.value))
        except MonitorError as error:
            raise self.run.stop(error) from error

    def _put_off(self, listing: Listing) -> None:
        listing.whole = False
        self._return(listing)

    def _finish(self, entry: Entry, listing: Listing, outcome: str, again: bool = False) -> None:
        key, now = digest(entry.url), self.run.now()
        known = self.run.state.pages.get(key)
        page = PageState(
            key=key,
            url=entry.url,
            marks={**(known.marks if known else {}), listing.feed.key: entry.mark},
            first_at=known.first_at if known else now,
            fetched_at=now,
            fetches=known.fetches + 1 if known else 1,
            outcome=outcome,
            again=again,
        )
        self.run.gate.remember(page)
        listing.whole &= not (again and page.fetches < TRIES)
        self._return(listing)

    def _return(self, listing: Listing) -> None:
        listing.out -= 1
        if listing.out == 0:
            self._settle(listing)

    def _settle(self, listing: Listing) -> None:
        """Without validators the next run reads the feed again, and finds what this one left."""
        feed = listing.feed if listing.whole else replace(listing.feed, etag="", modified="")
        self.run.gate.remember(feed)


def _validators(response: Response) -> dict[str, str]:
    values = {"etag": response.headers.get("ETag"), "modified": response.headers.get("Last-Modified")}
    return {name: value.decode("latin-1") for name, value in values.items() if value}
