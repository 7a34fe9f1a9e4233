"""Forum pages as threads and posts: XenForo's markup unless the source's selectors say otherwise.

Who wrote a post is hashed while the page is read; no name leaves this module.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urljoin

from lxml.etree import strip_elements
from parsel import Selector, SelectorList

from monitor.records import VIETNAM
from monitor.text import clean

XENFORO: Mapping[str, str] = {
    "thread": ".structItem--thread",
    "thread_link": ".structItem-title a:not(.labelLink)",
    "thread_time": ".structItem-latestDate",
    "next_page": "a.pageNav-jump--next",
    "last_page": ".pageNav-main li:last-child a",
    "thread_title": ".p-title-value",
    "post": "article.message--post",
    "post_text": ".message-body .bbWrapper",
    "post_time": ".message-attribution time",
    "post_writer": ".message-name",
    "post_reactions": ".reactionsBar-link",
    "post_remove": ".bbCodeBlock--quote, .message-signature, .message-lastEdit, .username, [data-user-id], script",
}
_PLACE_IN_THREAD = re.compile(r"(?:unread|latest|page-\d+|post-\d+)/?(?:\?.*)?(?:#.*)?$|#.*$")
_POST = re.compile(r"post-(\d+)")
_PAGE = re.compile(r"page-(\d+)")
_MENTION = re.compile(r"(?<!\w)@[\w.-]+")
_OTHERS = re.compile(r"(\d+)\s+(?:others|người khác)")
_BLOCKS = ("br", "p", "div", "li", "tr", "blockquote")


@dataclass(frozen=True, kw_only=True, slots=True)
class Thread:
    """A thread as a list names it; `latest_at` is when it was last written in."""

    url: str
    latest_at: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class ThreadList:
    """One page of a list of threads, and the next."""

    threads: tuple[Thread, ...]
    next_page: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Post:
    """One post of a thread; `voice` is the keyed hash of its writer, "" when the page does not say."""

    number: int
    text: str
    at: datetime | None
    voice: str
    reactions: int


@dataclass(frozen=True, kw_only=True, slots=True)
class ThreadPage:
    """One page of a thread; `last_page` is "" where the next page is the last or there is none."""

    title: str
    posts: tuple[Post, ...]
    next_page: str
    last_page: str


def thread_url(url: str) -> str:
    """Return the address of a thread without a place in it."""
    return _PLACE_IN_THREAD.sub("", url)


def page_number(url: str) -> int:
    """Return the number in a page's address, 1 where there is none."""
    found = _PAGE.search(url)
    return int(found[1]) if found else 1


def parse_threads(html: str, url: str, selectors: Mapping[str, str]) -> ThreadList:
    """Return the threads that a list page names, in its order."""
    css = {**XENFORO, **selectors}
    page = Selector(text=html, type="html")
    threads = {}
    for row in page.css(css["thread"]):
        link = row.css(css["thread_link"]).attrib.get("href", "")
        if link:
            address = thread_url(urljoin(url, link))
            threads[address] = Thread(url=address, latest_at=_time(row.css(css["thread_time"])))
    return ThreadList(threads=tuple(threads.values()), next_page=_link(page, css["next_page"], url))


def parse_thread(html: str, url: str, selectors: Mapping[str, str], voice: Callable[[str], str]) -> ThreadPage:
    """Return the posts of a thread page, in its order."""
    css = {**XENFORO, **selectors}
    page = Selector(text=html, type="html")
    title = " ".join("".join(page.css(css["thread_title"]).xpath("(.)[1]/text()").getall()).split())
    return ThreadPage(
        title=clean(title),
        posts=tuple(post for row in page.css(css["post"]) if (post := _post(row, css, voice))),
        next_page=_link(page, css["next_page"], url),
        last_page=_link(page, css["last_page"], url),
    )


def _post(row: Selector, css: Mapping[str, str], voice: Callable[[str], str]) -> Post | None:
    number = _POST.search(row.attrib.get("data-content", "") + " " + row.attrib.get("id", ""))
    if not number:
        return None
    writer = row.attrib.get("data-author") or "".join(row.css(css["post_writer"]).css("::text").getall()).strip()
    return Post(
        number=int(number[1]),
        at=_time(row.css(css["post_time"])),
        voice=voice(writer) if writer else "",
        reactions=_reactions(row, css["post_reactions"]),
        text=_text(row, css),
    )


def _text(row: Selector, css: Mapping[str, str]) -> str:
    """The post's own words: quotes, signatures and mentions of others are cut out first."""
    body = next(iter(row.css(css["post_text"])), None)
    if body is None:
        return ""
    for unwanted in body.css(css["post_remove"]):
        unwanted.root.tag = "unwanted"
    strip_elements(body.root, "unwanted", with_tail=False)
    for element in body.root.iter(*_BLOCKS):
        element.tail = "\n" + (element.tail or "")
    lines = (" ".join(line.split()) for line in "".join(body.root.itertext()).splitlines())
    return _MENTION.sub("", clean("\n".join(line for line in lines if line))).strip()


def _reactions(row: Selector, selector: str) -> int:
    """How many reacted: the names shown are counted, and what "and 3 others" says is added."""
    bar = row.css(selector)
    others = _OTHERS.search(" ".join(bar.css("::text").getall()))
    return len(bar.css("bdi")) + (int(others[1]) if others else 0)


def _link(page: Selector, selector: str, base: str) -> str:
    href = page.css(selector).attrib.get("href", "")
    return urljoin(base, href) if href else ""


def _time(found: SelectorList[Selector]) -> datetime | None:
    for element in found:
        stamp = element.attrib.get("data-time", "")
        if stamp.isdigit():
            return datetime.fromtimestamp(int(stamp), UTC)
        try:
            moment = datetime.fromisoformat(element.attrib.get("datetime", ""))
        except ValueError:
            continue
        return (moment if moment.tzinfo else moment.replace(tzinfo=VIETNAM)).astimezone(UTC)
    return None
