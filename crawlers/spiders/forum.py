"""Forums: lists of threads to posts, and to the comments that answer them; raw pages are not kept."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

from scrapy import Request, Spider
from scrapy.http import Response, TextResponse
from twisted.python.failure import Failure

from crawlers.failures import explain, may_pass
from crawlers.gate import Run
from crawlers.sources import belongs
from crawlers.state import FeedState, ThreadState
from crawlers.threads import Post, Thread, ThreadPage, page_number, parse_thread, parse_threads
from monitor.errors import MonitorError
from monitor.jsonl import document_id
from monitor.records import Document, FeedStatus, Kind, Outcome, Source, SourceKind

Requests: TypeAlias = Iterator[Request]

LIST_PAGES = 3
THREAD_PAGES = 10


@dataclass(kw_only=True)
class Board:
    """A list of threads as read in this run; it is remembered once none of its threads is out any more."""

    source: Source
    feed: FeedState
    out: int = 0
    whole: bool = True


@dataclass(frozen=True, kw_only=True, slots=True)
class Visit:
    """A thread being read: how far earlier runs came, and how many pages this one took."""

    board: Board
    thread: Thread
    last_post: int
    pages: int = 1


class ForumSpider(Spider):
    """Reads every forum of the run; of a thread read before, only what was written since."""

    name = "forum"

    def __init__(self, run: Run) -> None:
        super().__init__()
        self.run = run
        self._met: set[str] = set()

    def closed(self, reason: str) -> None:
        """Note whether the run was told to stop."""
        self.run.stopped = reason == "shutdown"

    async def start(self) -> AsyncIterator[Request]:
        """Yield the lists of threads of every forum."""
        for source in self.run.sources:
            if source.kind is SourceKind.FORUM:
                for url in source.lists:
                    yield self._ask_list(source, url)

    def _ask_list(self, source: Source, url: str, page: int = 1) -> Request:
        etag = self.run.state.feeds.get(url, FeedState(key=url)).etag
        return Request(
            url,
            headers={"If-None-Match": etag} if etag else {},
            callback=self.threads,
            errback=self.list_failed,
            cb_kwargs={"source": source, "url": url, "page": page},
            meta={"source": source},
            priority=10,
        )

    def threads(self, response: Response, source: Source, url: str, page: int) -> Requests:
        """Yield the threads of a list that were written in since the last run."""
        if response.status != 200 or not isinstance(response, TextResponse):
            unchanged = response.status == 304
            status = FeedStatus.NOT_MODIFIED if unchanged else FeedStatus.FAILED
            self.run.rounds.feed(source.id, url, status, "" if unchanged else f"answered {response.status}")
            return
        found = parse_threads(response.text, response.url, source.selectors)
        due = [t for t in found.threads if belongs(t.url, source) and self._is_due(t)]
        self.run.rounds.feed(source.id, url, FeedStatus.OK if found.threads else FeedStatus.EMPTY)
        etag = (response.headers.get("ETag") or b"").decode("latin-1")
        board = Board(source=source, feed=FeedState(key=url, etag=etag), out=len(due))
        for thread in due:
            yield self._ask(board, thread)
        if not due:
            self._settle(board)
        if due and len(due) == len(found.threads) and found.next_page and page < LIST_PAGES:
            yield self._ask_list(source, found.next_page, page + 1)

    def _is_due(self, thread: Thread) -> bool:
        if thread.url in self._met:
            return False
        known = self.run.state.threads.get(thread.url)
        return known is None or (thread.latest_at is not None and thread.latest_at > known.latest_at)

    def _ask(self, board: Board, thread: Thread) -> Request:
        self._met.add(thread.url)
        known = self.run.state.threads.get(thread.url)
        visit = Visit(board=board, thread=thread, last_post=known.last_post if known else 0)
        return self._page(visit, known.page if known else thread.url)

    def _page(self, visit: Visit, url: str) -> Request:
        return Request(
            url,
            callback=self.posts,
            errback=self.posts_failed,
            cb_kwargs={"visit": visit},
            meta={"source": visit.board.source},
        )

    def posts(self, response: Response, visit: Visit) -> Requests:
        """Take the posts of a page that are new, and yield the next page."""
        if self.run.error:
            return
        try:
            if response.status == 200 and isinstance(response, TextResponse):
                yield from self._read(response, visit)
            else:
                reason = f"answered {response.status}"
                self._lost(visit, Outcome.FAILED, reason, again=may_pass(response.status))
        except MonitorError as error:
            raise self.run.stop(error) from error
        except Exception as error:  # no page may end a crawl; the text of the error might quote a post
            self._lost(visit, Outcome.FAILED, type(error).__name__, again=False)

    def _read(self, response: TextResponse, visit: Visit) -> Requests:
        source = visit.board.source
        page = parse_thread(response.text, response.url, source.selectors, lambda w: self.run.voice(f"{source.id} {w}"))
        for place, post in enumerate(page.posts):
            if post.number > visit.last_post:
                self._take(post, page, visit, first=place == 0 and page_number(response.url) == 1)
        following = self._following(page, response.url, visit)
        self._remember(page, response.url, visit, at_end=not following)
        if following:
            yield self._page(
                Visit(board=visit.board, thread=visit.thread, last_post=visit.last_post, pages=visit.pages + 1),
                following,
            )
        else:
            self._return(visit.board)

    def _following(self, page: ThreadPage, url: str, visit: Visit) -> str:
        """The next page; of a long thread met for the first time, the last one: its past is not news."""
        if not page.next_page or visit.pages >= THREAD_PAGES:
            return ""
        long = page_number(page.last_page) - page_number(url) > THREAD_PAGES
        return page.last_page if long and not visit.last_post else page.next_page

    def _take(self, post: Post, page: ThreadPage, visit: Visit, first: bool) -> None:
        source, top = visit.board.source, visit.thread.url
        url = top if first else f"{top.rstrip('/')}/post-{post.number}"
        if not any(c.isalpha() for c in post.text):
            return self.run.drop(source, url, Outcome.NO_TEXT)
        if post.at is None:
            return self.run.drop(source, url, Outcome.NO_DATE)
        document = Document(
            id=document_id(url),
            url=url,
            source_id=source.id,
            publisher=source.publisher,
            kind=Kind.POST if first else Kind.COMMENT,
            title=page.title,
            text=post.text,
            published_at=post.at,
            fetched_at=self.run.now(),
            parent_id=None if first else document_id(top),
            voice=post.voice or None,
            reactions={"reactions": post.reactions} if post.reactions else {},
        )
        return self.run.accept(source, document)

    def _remember(self, page: ThreadPage, url: str, visit: Visit, at_end: bool) -> None:
        known = self.run.state.threads.get(visit.thread.url)
        times = [post.at for post in page.posts if post.at]
        times += [visit.thread.latest_at] if at_end and not page.next_page and visit.thread.latest_at else []
        last = max([visit.last_post, known.last_post if known else 0, *(p.number for p in page.posts)])
        now = self.run.now()
        latest = max(times, default=now)
        self.run.gate.remember(
            ThreadState(key=visit.thread.url, page=url, last_post=last, latest_at=latest, read_at=now)
        )

    def list_failed(self, failure: Failure) -> None:
        """Note why a list could not be read."""
        request: Any = failure.request  # type: ignore[attr-defined]
        status, reason = explain(failure.value)
        self.run.rounds.feed(request.cb_kwargs["source"].id, request.cb_kwargs["url"], status, reason)

    def posts_failed(self, failure: Failure) -> None:
        """Note why a thread could not be read; the next run goes on where this one stopped."""
        if self.run.error:
            return
        request: Any = failure.request  # type: ignore[attr-defined]
        status, reason = explain(failure.value)
        outcome = Outcome.DISALLOWED if status is FeedStatus.DISALLOWED else Outcome.FAILED
        again = status is FeedStatus.WAITING or may_pass(failure.value)
        try:
            self._lost(request.cb_kwargs["visit"], outcome, reason, again)
        except MonitorError as error:
            raise self.run.stop(error) from error

    def _lost(self, visit: Visit, outcome: Outcome, reason: str, again: bool) -> None:
        self.run.drop(visit.board.source, visit.thread.url, outcome, reason)
        visit.board.whole &= not again
        self._return(visit.board)

    def _return(self, board: Board) -> None:
        board.out -= 1
        if board.out == 0:
            self._settle(board)

    def _settle(self, board: Board) -> None:
        if board.whole and board.feed != self.run.state.feeds.get(board.feed.key):
            self.run.gate.remember(board.feed)
