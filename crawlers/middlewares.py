"""What every request and answer passes: addresses, robots.txt, pace."""

import asyncio
from time import monotonic
from typing import Any, Self
from urllib.parse import urlsplit

from protego import Protego
from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import CannotResolveHostError, IgnoreRequest
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK

from crawlers.addresses import AddressRefused, refusal
from crawlers.gate import run_of
from crawlers.pace import PATIENCE, HostWait, Pace, retry_after
from crawlers.robots import TOKEN, Disallowed, RobotsWait, read_rules
from monitor.records import Source

_PRIORITY = 1000


class AddressMiddleware:
    """Refuses other schemes, ports other than the standard ones, and the hosts of local sources to all others.

    Raises AddressRefused to the request's errback; redirects pass here like any request.
    """

    def __init__(self, local: frozenset[str]) -> None:
        self._local = local

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(frozenset(crawler.settings.getlist("LOCAL_HOSTS")))

    def process_request(self, request: Request) -> None:
        reason = refusal(request.url, request.meta["source"], self._local)
        if reason:
            raise AddressRefused(reason)


class RobotsMiddleware:
    """Asks robots.txt of every host before its first page.  Raises Disallowed or RobotsWait to the errback."""

    def __init__(self, crawler: Crawler, pace: Pace) -> None:
        self._crawler, self._pace = crawler, pace
        self._asked: dict[str, asyncio.Task[Protego]] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler, run_of(crawler).pace)

    async def process_request(self, request: Request) -> None:
        if request.meta.get("robots"):
            return
        parts = urlsplit(request.url)
        origin = f"{parts.scheme}://{parts.netloc}"
        if origin not in self._asked:
            self._asked[origin] = asyncio.ensure_future(self._rules(origin, request.meta["source"]))
        rules = await asyncio.shield(self._asked[origin])
        self._pace.slow_down(parts.hostname or "", float(rules.crawl_delay(TOKEN) or 0))
        if not rules.can_fetch(request.url, TOKEN):
            raise Disallowed("disallowed by robots.txt")

    async def _rules(self, origin: str, source: Source) -> Protego:
        meta = {"robots": True, "source": source, "dont_retry": True}
        request = Request(f"{origin}/robots.txt", callback=NO_CALLBACK, priority=_PRIORITY, meta=meta)
        assert self._crawler.engine
        try:
            response = await self._crawler.engine.download_async(request)
        except AddressRefused:
            raise
        except CannotResolveHostError as error:
            raise AddressRefused("no such host, or none of its addresses is public") from error
        except IgnoreRequest as error:
            if "redirections" in str(error):  # RFC 9309, 2.3.1.2: after five, as if there were none
                return Protego.parse("")
            raise RobotsWait(f"robots.txt: {error}") from error
        except Exception as error:  # whatever keeps the file from us, the answer is to wait
            raise RobotsWait(f"robots.txt: {type(error).__name__}") from error
        return read_rules(response)


class PaceMiddleware:
    """Keeps Scrapy's slot of each host at the slowest of its sources' pace and what the host asks for.

    A delay counts from the end of the last answer, and a run starts with one: the run before may have ended just now.
    Raises HostWait to the errback when the host wants to be left alone for longer than a minute.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        run = run_of(crawler)
        self._pace, self._now = run.pace, run.now
        self._met: set[str] = set()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        middleware = cls(crawler)
        crawler.signals.connect(middleware.queued, signals.request_reached_downloader)
        crawler.signals.connect(middleware.received, signals.response_downloaded)
        return middleware

    def process_request(self, request: Request) -> None:
        host = urlsplit(request.url).hostname or ""
        request.meta["download_slot"] = host
        if self._pace.resting(host, self._now()):
            raise HostWait(f"{host} asked us to wait")

    def process_response(self, request: Request, response: Response) -> Response:
        wait = retry_after(response, self._now())
        if not wait:
            return response
        host = request.meta["download_slot"]
        if wait > PATIENCE:
            self._pace.rest(host, self._now() + wait)
            raise HostWait(f"{host} asked us to wait {wait.total_seconds():.0f} s")
        slot = self._slot(request)
        slot.lastseen = max(slot.lastseen, monotonic() + wait.total_seconds() - slot.delay)
        return response

    def queued(self, request: Request) -> None:
        """Set the pace of the host's slot as a request is put into it."""
        host, slot = request.meta["download_slot"], self._slot(request)
        slot.delay = max(slot.delay, request.meta["source"].pace.total_seconds(), self._pace.delay(host))
        if host not in self._met:
            self._met.add(host)
            slot.lastseen = monotonic()

    def received(self, response: Response, request: Request) -> None:
        """Count the delay from here: the server saw the request some time after it was sent."""
        slot = self._slot(request)
        slot.lastseen = max(slot.lastseen, monotonic())

    def _slot(self, request: Request) -> Any:
        assert self._crawler.engine
        return self._crawler.engine.downloader.slots[request.meta["download_slot"]]
