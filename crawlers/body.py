"""The body of an article: the subtree of a page with the greatest balance of prose over links.

After Pasternack and Roth, "Extracting article text from the web with maximum subsequence segmentation" (WWW 2009), on
the tree in place of the token sequence, with what class names say as a prior.
"""

import itertools
import re

from crawlers import clutter
from crawlers.blocks import Block, Node, Page

_CARDS = frozenset({"div", "li", "ul", "ol", "section", "article", "aside", "table", "blockquote", "td"})
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_ALIGNED = re.compile(r"text-align\s*:\s*(center|right)", re.IGNORECASE)
_ENDING = re.compile(r"[.!?…:;]['\"”’)\]]*\s*$")
# Above the story, "Bình luận" is a button; below this many characters of it, the comments begin.
_STORY = 400
_LINK_COST = 12
# A node that the site names its body is preferred to one a little fuller: what is added lies outside the story.
_NAMED_SHARE = 0.8


def story(page: Page, first: int, homes: frozenset[int] = frozenset()) -> list[Block]:
    """Return the blocks that tell the story, from the block `first` on, or of the nodes `homes` where given.

    A story told in photographs has its text in the captions: then they are the text, without the credits.
    """
    _sum(page, first)
    told = _told(page, first, homes, captions=False)
    captions = sum(len(b.text) for b in page.blocks[first:] if b.is_prose and page.nodes[b.node].dropped == "caption")
    return _told(page, first, homes, captions=True) if captions > 1.5 * sum(len(b.text) for b in told) else told


def _told(page: Page, first: int, homes: frozenset[int], *, captions: bool) -> list[Block]:
    _drop(page, first, captions=captions)
    _balance(page, first)
    within = page.under(homes or {container(page)})
    blocks = page.blocks if homes else page.blocks[first:]
    return lines(page, [b for b in blocks if within[b.node] and not page.nodes[b.node].dropped], captions)


def _drop(page: Page, first: int, *, captions: bool) -> None:
    """Mark what is not of the story; never what holds the headline or half of the page's prose."""
    total = page.nodes[0].prose
    headed = set(page.above(page.blocks[first - 1].node)) if first else set()
    in_article = page.under(page.tagged("article"))
    for index, node in enumerate(page.nodes):
        above = page.nodes[node.parent].dropped if node.parent >= 0 else ""
        own = "" if above == "clutter" or index in headed or node.prose * 2 > total else _reason(node, in_article)
        node.dropped = above if own == "" or (captions and own == "caption") else own


def container(page: Page) -> int:
    """Return the node with the greatest balance, or the innermost named body that has nearly as much."""
    best = max(range(len(page.nodes)), key=lambda n: (page.nodes[n].balance, n))
    enough = page.nodes[best].balance * _NAMED_SHARE
    named = [n for n, node in enumerate(page.nodes) if node.kind == "body" and node.balance >= enough > 0]
    return named[-1] if named else best


def lines(page: Page, blocks: list[Block], captions: bool) -> list[Block]:
    """Return the blocks that tell the story, without related boxes, prompts, captions, credits and the byline."""
    kept: list[Block] = []
    in_box = False
    seen: set[str] = set()
    for block in blocks:
        if clutter.opens_comments(block.text) and sum(len(b.text) for b in kept) > _STORY:
            break
        if clutter.is_heading(block.text):
            in_box = True
            continue
        in_box = in_box and not _ends_box(block)
        if not in_box and block.text not in seen and not _is_noise(page, block, captions):
            kept.append(block)
            seen.add(block.text)
    return _without_tail(page, kept)


def _sum(page: Page, first: int) -> None:
    for number, block in enumerate(page.blocks):
        node = page.nodes[block.node]
        node.chars += len(block.text)
        if block.is_link and len(block.text) >= 15:
            node.links += len(block.text)
        if number >= first and block.is_prose:
            node.prose += len(block.text) - block.linked
        for above in itertools.takewhile(lambda n: page.nodes[n].opens_with_link is None, page.above(block.node)):
            page.nodes[above].opens_with_link = block.is_link
    for node in reversed(page.nodes[1:]):
        parent = page.nodes[node.parent]
        parent.chars += node.chars
        parent.links += node.links
        parent.prose += node.prose
        parent.images += node.images


def _reason(node: Node, in_article: list[bool]) -> str:
    if node.kind in ("clutter", "caption"):
        return node.kind
    tag = node.element.tag
    if tag == "table" and node.images and node.chars < 700:
        return "caption"
    if tag == "article" and node.parent >= 0 and in_article[node.parent]:
        return "clutter"
    # A title that is a link, with or without some words below it: a card of another article.
    card = node.links * 4 > node.chars or (node.links and node.opens_with_link)
    return "clutter" if tag in _CARDS and node.chars < 800 and card else ""


def _balance(page: Page, first: int) -> None:
    for node in page.nodes:
        node.balance = 0.0
    for number, block in enumerate(page.blocks):
        node = page.nodes[block.node]
        if block.is_link:
            node.balance -= _LINK_COST + (0 if node.dropped else len(block.text))
        elif number >= first and not node.dropped:
            node.balance += len(block.text) - block.linked if block.is_prose else -2
    for node in reversed(page.nodes[1:]):
        page.nodes[node.parent].balance += node.balance


def _ends_box(block: Block) -> bool:
    return block.is_prose and len(block.text) > 90 and not block.linked and bool(_ENDING.search(block.text))


def _is_noise(page: Page, block: Block, captions: bool) -> bool:
    text = block.text
    if block.is_link or clutter.is_prompt(text) or clutter.is_credit(text) or clutter.is_series(text):
        return True
    if clutter.is_byline(text) and _aligned(page, block, "right"):
        return True
    if not captions and (clutter.is_caption(text) or (block.after_image and _looks_like_caption(page, block))):
        return True
    return not any(c.isalnum() for c in text)


def _looks_like_caption(page: Page, block: Block) -> bool:
    """Under a photograph: centred, or all in italics, and short; a paragraph of the story is neither."""
    return len(block.text) < 350 and (_aligned(page, block, "center") or block.strong >= 0.9 * len(block.text))


def _without_tail(page: Page, kept: list[Block]) -> list[Block]:
    """The byline, the source and a heading of nothing stand last: at most four lines."""
    for _ in range(4):
        if not kept or not _is_tail(page, kept[-1]):
            break
        kept.pop()
    return kept


def _is_tail(page: Page, block: Block) -> bool:
    if len(block.text) >= 90:
        return False
    heading = page.nodes[block.node].element.tag in _HEADINGS
    return heading or _aligned(page, block, "right") or clutter.is_byline(block.text)


def _aligned(page: Page, block: Block, side: str) -> bool:
    attributes = page.nodes[block.node].element.attrib
    return side in (attributes.get("align", "") + "".join(_ALIGNED.findall(attributes.get("style", "")))).lower()
