"""The body of an article: the subtree of a page with the greatest balance of prose over links.

After Pasternack and Roth, "Extracting article text from the web with maximum subsequence segmentation" (WWW 2009), on
the tree in place of the token sequence, with what class names say as a prior.
"""

import re
from collections.abc import Container, Iterator
from dataclasses import dataclass, field

from lxml import etree
from lxml.etree import _Element as Element

from crawlers import clutter
from crawlers.markup import squeeze


def _tags(names: str) -> frozenset[str]:
    return frozenset(names.split())


_BLOCKS = _tags(
    "address article aside blockquote body br center dd details div dl dt fieldset figcaption figure footer form "
    "h1 h2 h3 h4 h5 h6 header hr html li main nav ol p pre section summary table tbody td tfoot th thead tr ul img "
    "iframe"
)
_SKIPPED = _tags(
    "script style noscript svg iframe template select option button textarea input video audio object embed canvas map "
    "head nav dialog math applet"
)
_CARDS = _tags("div li ul ol section article aside table blockquote td")
_HEADINGS = _tags("h1 h2 h3 h4 h5 h6")
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_ALIGNED = re.compile(r"text-align\s*:\s*(center|right)", re.IGNORECASE)
_SENTENCE = re.compile(r"[.!?…:;,]")
_ENDING = re.compile(r"[.!?…:;]['\"”’)\]]*\s*$")
_NAMES = ("class", "id", "type", "data-type", "data-role", "itemprop", "data-vnnembedtype", "data-component-type")
# A block this long with a comma or full stop is prose; navigation and titles in lists are mostly shorter.
_PROSE = 50
_LINK_COST = 12
_NAMED_SHARE = 0.8


@dataclass(slots=True)
class Node:
    """An element of the page with the sums of its subtree."""

    element: Element
    parent: int
    kind: str
    prose: int = 0
    chars: int = 0
    links: int = 0
    balance: float = 0.0
    images: int = 0
    dropped: str = ""


@dataclass(slots=True)
class Block:
    """A run of text between two block boundaries."""

    text: str
    node: int
    linked: int
    strong: int
    after_image: bool

    @property
    def is_link(self) -> bool:
        return self.linked > 0.7 * len(self.text)

    @property
    def is_prose(self) -> bool:
        return (
            len(self.text) - self.linked >= _PROSE
            and self.linked < 0.5 * len(self.text)
            and bool(_SENTENCE.search(self.text))
        )


@dataclass(slots=True)
class Page:
    """The blocks of a page in order of the document, and the elements they stand in."""

    nodes: list[Node] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)

    def above(self, node: int) -> Iterator[int]:
        """Yield a node and those it stands in, inside out."""
        while node >= 0:
            yield node
            node = self.nodes[node].parent

    def inside(self, node: int, others: Container[int]) -> bool:
        """Return whether a node is one of the others or below one."""
        return any(n in others for n in self.above(node))


class _Reader:
    """Collects blocks while the tree is walked once."""

    def __init__(self) -> None:
        self.page = Page()
        self.open: list[int] = []
        self.parts: list[str] = []
        self.linked = self.strong = self.in_link = self.in_strong = 0
        self.image = False

    def add(self, text: str | None) -> None:
        if text:
            self.parts.append(text)
            length = len(text) if text.strip() else 0
            self.linked += length if self.in_link else 0
            self.strong += length if self.in_strong else 0

    def flush(self) -> None:
        if not self.parts:
            return
        text = squeeze("".join(self.parts))
        self.parts.clear()
        if text and self.open:
            self.page.blocks.append(Block(text, self.open[-1], min(self.linked, len(text)), self.strong, self.image))
            self.image = False
        self.linked = self.strong = 0

    def start(self, element: Element, tag: str) -> None:
        if tag in _BLOCKS:
            self.flush()
            parent = self.open[-1] if self.open else -1
            self.open.append(len(self.page.nodes))
            self.page.nodes.append(Node(element, parent, _kind(element, tag)))
        self.in_link += tag == "a"
        self.in_strong += tag in ("b", "strong", "em", "i")
        if tag == "img":
            self.image = True
            self.page.nodes[self.open[-1]].images += 1
        self.add(element.text)

    def end(self, element: Element, tag: str) -> None:
        if tag in _BLOCKS:
            self.flush()
            self.open.pop()
        elif "location" in (element.get("class") or ""):
            self.add(" - ")
        self.in_link -= tag == "a"
        self.in_strong -= tag in ("b", "strong", "em", "i")


def read(root: Element) -> Page:
    """Return the page's blocks and nodes, sums made, clutter and captions marked as dropped."""
    reader = _Reader()
    walk = etree.iterwalk(root, events=("start", "end"))
    for event, element in walk:
        tag = str(element.tag)
        skipped = tag in _SKIPPED
        if event == "end":
            if not skipped:
                reader.end(element, tag)
            reader.add(element.tail if element is not root else None)
        elif skipped:
            reader.flush()
            walk.skip_subtree()
        else:
            reader.start(element, tag)
    return reader.page


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
    within = homes or {container(page)}
    blocks = page.blocks if homes else page.blocks[first:]
    return lines(page, [b for b in blocks if not page.nodes[b.node].dropped and page.inside(b.node, within)], captions)


def _drop(page: Page, first: int, *, captions: bool) -> None:
    """Mark what is not of the story; never what holds the headline or half of the page's prose."""
    total = page.nodes[0].prose
    headed = set(page.above(page.blocks[first - 1].node)) if first else set()
    for index, node in enumerate(page.nodes):
        above = page.nodes[node.parent].dropped if node.parent >= 0 else ""
        own = "" if above == "clutter" or index in headed or node.prose * 2 > total else _reason(page, index)
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
        if clutter.is_heading(block.text):
            in_box = True
            continue
        in_box = in_box and not _ends_box(block)
        if not in_box and block.text not in seen and not _is_noise(page, block, captions):
            kept.append(block)
            seen.add(block.text)
    return _without_tail(page, kept)


def _kind(element: Element, tag: str) -> str:
    attributes = element.attrib
    if tag == "figure" or tag == "figcaption":
        return "caption"
    if tag in ("aside", "footer") or "hidden" in attributes or _HIDDEN.search(attributes.get("style", "")):
        return "clutter"
    names = " ".join([attributes[name] for name in _NAMES if name in attributes])
    return clutter.kind_of(names) if names else ""


def _sum(page: Page, first: int) -> None:
    for number, block in enumerate(page.blocks):
        node = page.nodes[block.node]
        node.chars += len(block.text)
        if block.is_link and len(block.text) >= 15:
            node.links += len(block.text)
        if number >= first and block.is_prose:
            node.prose += len(block.text) - block.linked
    for node in reversed(page.nodes[1:]):
        parent = page.nodes[node.parent]
        parent.chars += node.chars
        parent.links += node.links
        parent.prose += node.prose
        parent.images += node.images


def _reason(page: Page, index: int) -> str:
    node = page.nodes[index]
    if node.kind in ("clutter", "caption"):
        return node.kind
    tag = node.element.tag
    if tag == "table" and node.images and node.chars < 700:
        return "caption"
    if tag == "article" and any(page.nodes[a].element.tag == "article" for a in page.above(node.parent)):
        return "clutter"
    # A title that is a link, with or without some words below it: a card of another article.
    return "clutter" if tag in _CARDS and node.chars < 800 and node.links * 4 > node.chars else ""


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
    if not captions and (clutter.is_caption(text) or (block.after_image and _looks_like_caption(page, block))):
        return True
    return not any(c.isalnum() for c in text)


def _looks_like_caption(page: Page, block: Block) -> bool:
    """Under a photograph: centred, or all in italics, and short; a paragraph of the story is neither."""
    style = page.nodes[block.node].element.attrib
    centred = "center" in (style.get("align", "") + "".join(_ALIGNED.findall(style.get("style", ""))))
    return len(block.text) < 350 and (centred or block.strong >= 0.9 * len(block.text))


def _without_tail(page: Page, kept: list[Block]) -> list[Block]:
    """The byline, the source and a heading of nothing stand last: at most four lines."""
    for _ in range(4):
        if not kept or not _is_tail(page, kept[-1]):
            break
        kept.pop()
    return kept


def _is_tail(page: Page, block: Block) -> bool:
    element = page.nodes[block.node].element
    right = "right" in (element.get("align", "") + "".join(_ALIGNED.findall(element.get("style", ""))))
    return len(block.text) < 90 and (right or element.tag in _HEADINGS or clutter.is_byline(block.text))
