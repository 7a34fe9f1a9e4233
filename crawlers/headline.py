"""The headline of a page: what stands over the article, not what was written for social networks."""

import re
from collections.abc import Sequence
from urllib.parse import urlsplit

from crawlers.blocks import Page
from crawlers.markup import text_of
from monitor.text import clean, fold

_BARS = re.compile(r"\s*[|»•]\s*")
_LAST_SEGMENT = re.compile(r"^(.{8,})\s+[-–—]\s+([^-–—]{2,60})$")
_FIRST_SEGMENT = re.compile(r"^([^-–—]{2,40})\s+[-–—]\s+(.{8,})$")
_TITLED = re.compile(r"title|headline|tieu-?de", re.IGNORECASE)
_REACH = 10
_OUTLET = re.compile(r"^(?:báo|tạp chí|đài|cổng|trang|tin tức|tin|truyền hình|thông tấn)\b", re.IGNORECASE)
_WORD = re.compile(r"\w+")
# Headlines of one article for readers, search and social networks share at least this part of their words.
_SHARED = 0.5


def headline(page: Page, claims: Sequence[str], url: str) -> tuple[str, int]:
    """Return the headline and the number of the first block after it (0 where it stands nowhere in the text).

    An h1 that a claim of the page (JSON-LD, Open Graph, title) bears out, else a claim that the page prints, else the
    first h1 that is no site name, else what is named a title above the text, else the first claim.
    """
    claims = [c for c in (without_site(claim, url) for claim in claims) if c]
    headings = _headings(page)
    agreed = [(h, n) for h, n in headings if any(_shared(h, c) >= _SHARED for c in claims)]
    likely = [(h, n) for h, n in headings if _is_headline(h, url)]
    found = agreed or _printed(page, claims) or likely[:1] or _titled(page) or [(c, 0) for c in claims] or headings
    return found[0] if found else ("", 0)


def without_site(title: str, url: str) -> str:
    """Return a page title without the name of the site that ends or opens it."""
    title = max(_BARS.split(title), key=len).strip()
    while match := _LAST_SEGMENT.match(title):
        kept, last = match.groups()
        if not _is_site(last, url):
            break
        title = kept.strip()
    opening = _FIRST_SEGMENT.match(title)
    return opening.group(2) if opening and _is_site(opening.group(1), url) else title


def _is_site(text: str, url: str) -> bool:
    host = (urlsplit(url).hostname or "").removeprefix("www.").split(".")[0]
    return bool(_OUTLET.match(text)) or (len(host) > 2 and host in fold(text).replace(" ", ""))


def _headings(page: Page) -> list[tuple[str, int]]:
    inside, headings = page.under(page.tagged("h1")), page.tagged("h1")
    found: dict[int, int] = {}
    for number, block in enumerate(page.blocks):
        if inside[block.node]:
            heading = next(node for node in page.above(block.node) if node in headings)
            found[heading] = number + 1
    texts = [(clean(text_of(page.nodes[node].element)), number) for node, number in found.items()]
    return [(text, number) for text, number in texts if len(_WORD.findall(text)) > 1]


def _printed(page: Page, claims: Sequence[str]) -> list[tuple[str, int]]:
    wanted = {fold(claim): claim for claim in claims}
    folded = ((number, fold(b.text)) for number, b in enumerate(page.blocks) if len(b.text) < 400 and not b.is_link)
    return [(wanted[text], number + 1) for number, text in folded if text in wanted][:1] if wanted else []


def _is_headline(text: str, url: str) -> bool:
    """The h1 of some portals is their own name."""
    return len(_WORD.findall(text)) > 4 and not _is_site(text, url)


def _titled(page: Page) -> list[tuple[str, int]]:
    """What is named a title just above the first prose."""
    prose = next((n for n, block in enumerate(page.blocks) if block.is_prose), 0)
    for number in range(prose - 1, max(prose - _REACH, 0) - 1, -1):
        block = page.blocks[number]
        element = page.nodes[block.node].element
        named = element.tag in ("h2", "h3") or _TITLED.search(element.get("class", "") + element.get("id", ""))
        if named and not block.is_link and len(_WORD.findall(block.text)) > 3:
            return [(clean(block.text), number + 1)]
    return []


def _shared(one: str, other: str) -> float:
    words, others = set(_WORD.findall(fold(one))), set(_WORD.findall(fold(other)))
    return len(words & others) / max(min(len(words), len(others)), 1)
