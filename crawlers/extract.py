"""One page -> one Document, or the one reason why not."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from urllib.parse import urlsplit

from lxml.cssselect import CSSSelector, SelectorError
from lxml.etree import _Element as Element

from crawlers import clutter
from crawlers.blocks import Block, Page, read
from crawlers.body import story
from crawlers.headline import headline
from crawlers.markup import parse, squeeze, text_of
from crawlers.metadata import Metadata, canonical_url, metadata
from crawlers.published import published_at
from crawlers.times import parse_time
from monitor.errors import ConfigError, InputError
from monitor.jsonl import document_id
from monitor.records import Document, Kind, Outcome, Source, SourceKind
from monitor.text import clean, fold

SELECTOR_KEYS = ("title", "lead", "text", "time", "section", "drop")
MIN_WORDS = 40
_MIN_LEAD_WORDS = 8
# A quarter to a third of the letters of Vietnamese carry marks; of French at most 4 %.
_MIN_MARKED = 0.08
_MARKED = re.compile("[ăâđêôơưàáãèéìíĩòóõùúũýạ-ỹ]", re.IGNORECASE)
_LETTER = re.compile(r"[^\W\d_]")


def extract(
    html: bytes, *, url: str, source: Source, fetched_at: datetime, content_type: str = ""
) -> Document | Outcome:
    """Return the Document of an article page, or the Outcome that says why there is none; never raises for a page.

    `content_type` is the server's header.  Selectors of the source win over the general rules where they match.
    """
    root = parse(html, content_type)
    if root is None:
        return Outcome.NO_TEXT
    selected = _selected(root, source)
    claims = metadata(root, url)
    page = read(root)
    title, first = headline(page, claims.headlines, url)
    title = _chosen(selected, "title") or title
    lead, text = _article(page, first, title, claims.description, selected)
    refused = _refusal(title, lead, text)
    if refused:
        return refused
    published = _time(selected, fetched_at) or published_at(page, first, claims.published, fetched_at)
    if published is None:
        return Outcome.NO_DATE
    address = claims.canonical or canonical_url(url)
    return Document(
        id=document_id(address),
        url=address,
        source_id=source.id,
        publisher=source.publisher,
        kind=Kind.ARTICLE,
        title=title,
        lead=lead,
        text=text,
        section=_chosen(selected, "section") or _section(claims, title),
        published_at=published,
        fetched_at=fetched_at,
    )


def source_for(url: str) -> Source:
    """Return a source made from nothing but an address: its host is the publisher.  Raises InputError."""
    try:
        parts = urlsplit(url)
    except ValueError as error:
        raise InputError(f"{url}: is no address of a page: {error}") from error
    host = (parts.hostname or "unknown").removeprefix("www.")
    home = f"{parts.scheme or 'https'}://{parts.netloc}/"
    return Source(id=host, name=host, home=home, kind=SourceKind.NEWS, publisher=host)


def check_selectors(source: Source) -> None:
    """Raise ConfigError that names the source and the key if a selector is unknown or not CSS."""
    for key, selector in source.selectors.items():
        if key not in SELECTOR_KEYS:
            raise ConfigError(f"source {source.id}: unknown selector {key!r}; known are {', '.join(SELECTOR_KEYS)}")
        _compiled(source.id, key, selector)


@lru_cache(1024)
def _compiled(source_id: str, key: str, selector: str) -> CSSSelector:
    try:
        return CSSSelector(selector, translator="html")
    except SelectorError as error:
        raise ConfigError(f"source {source_id}: selector {key} {selector!r} is not CSS: {error}") from error


def _selected(root: Element, source: Source) -> Mapping[str, Sequence[Element]]:
    found = {key: _compiled(source.id, key, value)(root) for key, value in source.selectors.items()}
    for element in found.pop("drop", ()):
        parent = element.getparent()
        if parent is not None:
            tail, element.tail = element.tail, None
            element.clear()
            element.tail = tail
    return found


def _chosen(selected: Mapping[str, Sequence[Element]], key: str) -> str:
    return next((t for t in (clean(text_of(e)) for e in selected.get(key, ())) if t), "")


def _time(selected: Mapping[str, Sequence[Element]], now: datetime) -> datetime | None:
    for element in selected.get("time", ()):
        texts = (element.get("datetime", ""), element.get("content", ""), text_of(element))
        moment = next((m for m in (parse_time(text, now) for text in texts if text) if m), None)
        if moment:
            return moment
    return None


def _article(
    page: Page, first: int, title: str, description: str, selected: Mapping[str, Sequence[Element]]
) -> tuple[str, str]:
    """Return lead and text, the lead told once."""
    if not page.blocks:
        return "", ""
    homes = frozenset(n for n, node in enumerate(page.nodes) if node.element in selected.get("text", ()))
    told = story(page, first, homes)
    lead = _chosen(selected, "lead") or _lead(page, first, told, description)
    texts = [clean(b.text) for b in told]
    text = "\n".join(_without_repeats(texts, title, lead))
    lead = clutter.without_outlet(lead)
    if not text and not lead and len(description.split()) >= _MIN_LEAD_WORDS and fold(description) != fold(title):
        lead = description
    return lead, text


def _lead(page: Page, first: int, told: list[Block], description: str) -> str:
    """The lead is so named and stands over the third line of the body, or is what the description repeats.

    Else it is the prose between headline and body: of <h2 class="sapo"><p>...</p></h2> the parser leaves the p alone.
    """
    limit = page.blocks.index(told[2]) if len(told) > 2 else len(page.blocks)
    start = page.blocks.index(told[0]) if told else limit
    above = page.blocks[first : start + 1] + [b for b in page.blocks[start + 1 : limit] if not b.after_image]
    before = [b for b in above if not page.nodes[b.node].dropped]
    opening = next((b for b in told[:3] if not _is_dateline(b.text)), None)
    if named := _named_lead(page, before):
        return named
    if opening and _is_lead(opening, description):
        return clean(opening.text)
    between = [b.text for b in page.blocks[first:start] if b in before and b.is_prose]
    return clean(" ".join(between)) if told and len(between) in (1, 2) else ""


def _named_lead(page: Page, before: list[Block]) -> str:
    for node in dict.fromkeys(_lead_node(page, b.node) for b in before):
        inside = page.under({node}) if node >= 0 else []
        text = " ".join(b.text for b in before if inside and inside[b.node] and not b.is_link)
        if len(text.split()) >= _MIN_LEAD_WORDS:
            return clean(text)
    return ""


def _lead_node(page: Page, node: int) -> int:
    return next((n for n in page.above(node) if page.nodes[n].kind == "lead"), -1)


def _is_lead(opening: Block, description: str) -> bool:
    bold = opening.strong >= 0.9 * len(opening.text)
    return len(opening.text.split()) >= _MIN_LEAD_WORDS and (bold or _same_opening(opening.text, description))


def _same_opening(text: str, description: str) -> bool:
    one, other = fold(clutter.without_outlet(text)), fold(clutter.without_outlet(description)).rstrip(" .…")
    return len(other) >= 40 and one.startswith(other[:80])


def _without_repeats(texts: Sequence[str], title: str, lead: str) -> list[str]:
    """Drop the headline and the lead, in whole or line by line, and names and times, from where the text begins."""
    told, start = fold(lead), 0
    for text in texts[:6]:
        folded = fold(text)
        if folded != fold(title) and not (folded in told and told) and not _is_dateline(text):
            break
        start += 1
    return list(texts[start:])


def _is_dateline(text: str) -> bool:
    return len(text) < 60 and (bool(re.search(r"\d{1,2}[/.-]\d{1,2}[/.-]\d{4}", text)) or clutter.is_byline(text))


def _refusal(title: str, lead: str, text: str) -> Outcome | None:
    words = len(f"{lead} {text}".split())
    if not words or not title:
        return Outcome.NO_TEXT
    if not _is_vietnamese(f"{title} {lead} {text}"[:4000]):
        return Outcome.NOT_VIETNAMESE
    return Outcome.TOO_SHORT if words < MIN_WORDS and not lead else None


def _is_vietnamese(text: str) -> bool:
    return len(_MARKED.findall(text)) >= max(_MIN_MARKED * len(_LETTER.findall(text)), 1)


def _section(claims: Metadata, title: str) -> str:
    skipped = {"", fold(title), "trang chu", "home"}
    return next((squeeze(s) for s in claims.sections if fold(s) not in skipped and len(s) < 60), "")
