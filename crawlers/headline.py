"""The headline of a page: what stands over the article, not what was written for social networks."""

import re
from collections.abc import Sequence
from urllib.parse import urlsplit

from crawlers.blocks import Page
from crawlers.markup import text_of
from monitor.text import clean, fold

_BARS = re.compile(r"\s*[|»•]\s*")
_LAST_SEGMENT = re.compile(r"^(.{8,})\s+[-–—]\s+([^-–—]{2,60})$")
_TITLED = re.compile(r"title|headline|tieu-?de", re.IGNORECASE)
_REACH = 10
_OUTLET = re.compile(r"^(?:báo|tạp chí|đài|cổng|trang|tin tức|tin|truyền hình|thông tấn)\b", re.IGNORECASE)
_WORD = re.compile(r"\w+")
# Headlines of one article for readers, search and social networks share at least this part of their words.
_SHARED = 0.5


def headline(page: Page, claims: Sequence[str], url: str) -> tuple[str, int]:
    """Return the headline and the number of the first block after it (0 where it stands nowhere in the text).

    The h1 counts if any claim of the page (JSON-LD, Open Graph, title) bears it out, else the best claim, else the h1.
    """
    claims = [c for c in (without_site(claim, url) for claim in claims) if c]
    headings = _headings(page)
    if claims:
        agreed = [(h, n) for h, n in headings if any(_shared(h, c) >= _SHARED for c in claims)]
        if agreed:
            return agreed[0]
        position = _position(page, claims)
        return (claims[0], position) if position or headings else _titled(page) or (claims[0], 0)
    return headings[0] if headings else ("", 0)


def without_site(title: str, url: str) -> str:
    """Return a page title without the name of the site that ends it."""
    host = (urlsplit(url).hostname or "").removeprefix("www.").split(".")[0]
    title = max(_BARS.split(title), key=len).strip()
    while match := _LAST_SEGMENT.match(title):
        kept, last = match.groups()
        if not _OUTLET.match(last) and not (host and host in fold(last).replace(" ", "")):
            break
        title = kept.strip()
    return title


def _headings(page: Page) -> list[tuple[str, int]]:
    inside, headings = page.under(page.tagged("h1")), page.tagged("h1")
    found: dict[int, int] = {}
    for number, block in enumerate(page.blocks):
        if inside[block.node]:
            heading = next(node for node in page.above(block.node) if node in headings)
            found[heading] = number + 1
    texts = [(clean(text_of(page.nodes[node].element)), number) for node, number in found.items()]
    return [(text, number) for text, number in texts if len(_WORD.findall(text)) > 1]


def _position(page: Page, claims: Sequence[str]) -> int:
    wanted = {fold(claim) for claim in claims}
    for number, block in enumerate(page.blocks):
        if not block.is_link and fold(block.text) in wanted:
            return number + 1
    return 0


def _titled(page: Page) -> tuple[str, int] | None:
    """Without an h1, and with a title that is not on the page: what is named a title just above the first prose."""
    prose = next((n for n, block in enumerate(page.blocks) if block.is_prose), 0)
    for number in range(prose - 1, max(prose - _REACH, 0) - 1, -1):
        block = page.blocks[number]
        element = page.nodes[block.node].element
        named = element.tag in ("h2", "h3") or _TITLED.search(element.get("class", "") + element.get("id", ""))
        if named and not block.is_link and len(_WORD.findall(block.text)) > 3:
            return clean(block.text), number + 1
    return None


def _shared(one: str, other: str) -> float:
    words, others = set(_WORD.findall(fold(one))), set(_WORD.findall(fold(other)))
    return len(words & others) / max(min(len(words), len(others)), 1)
