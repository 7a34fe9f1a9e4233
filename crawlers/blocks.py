"""The text of a page in blocks, and the elements that they stand in."""

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
    "h1 h2 h3 h4 h5 h6 header hr html li main nav ol p pre section summary table tbody td tfoot th thead time tr "
    "ul img iframe"
)
_SKIPPED = _tags(
    "script style noscript svg iframe template select option button textarea input video audio object embed canvas map "
    "head nav dialog math applet"
)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_SENTENCE = re.compile(r"[.!?…:;,。，；]")
_NAMES = frozenset({"class", "id", "type", "data-type", "itemprop", "data-vnnembedtype", "data-component-type"})
# <div data-role="content">, <h2 data-field="sapo">: parts of the article, whatever else they are called.
_PARTS = frozenset({"data-role", "data-field"})
# A block this long with a comma or full stop is prose; navigation and titles in lists are mostly shorter.
_PROSE = 50
# Real pages have under 4,000 elements with text of their own; a page of 700,000 paragraphs must not take seconds.
_MOST_NODES = 30_000


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
    opens_with_link: bool | None = None


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

    def under(self, roots: Container[int]) -> list[bool]:
        """Return for each node whether it is one of the roots or below one."""
        flags: list[bool] = []
        for index, node in enumerate(self.nodes):
            flags.append(index in roots or (node.parent >= 0 and flags[node.parent]))
        return flags

    def tagged(self, tag: str) -> set[int]:
        """Return the nodes of one tag."""
        return {n for n, node in enumerate(self.nodes) if node.element.tag == tag}


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
        if len(reader.page.nodes) > _MOST_NODES:
            break
        if event == "end":
            if not skipped:
                reader.end(element, tag)
            reader.add(element.tail if element is not root else None)
        elif skipped:
            reader.flush()
            walk.skip_subtree()
        else:
            reader.start(element, tag)
    reader.flush()
    return reader.page


def _kind(element: Element, tag: str) -> str:
    if tag in ("figure", "figcaption"):
        return "caption"
    attributes = dict(element.items())
    if tag in ("aside", "footer") or "hidden" in attributes or _HIDDEN.search(attributes.get("style", "")):
        return "clutter"
    names = " ".join([value for name, value in attributes.items() if name in _NAMES])
    names += "".join([f" article-{value}" for name, value in attributes.items() if name in _PARTS])
    return clutter.kind_of(names) if names else ""
