"""What a page says of itself, before anyone reads its text: JSON-LD, Open Graph, meta tags, microdata."""

import html
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

from lxml.etree import _Element as Element

from crawlers.markup import squeeze, text_of
from monitor.text import clean

_ARTICLE = re.compile(r"article|posting|report|webpage", re.IGNORECASE)
_WRAPPING = re.compile(
    r"^\s*(?:<!--|//\s*<!\[CDATA\[|<!\[CDATA\[|/\*.*?\*/)+|(?:-->|//\s*\]\]>|\]\]>)\s*;?\s*$", re.DOTALL
)
_TRAILING_COMMA = re.compile(r",\s*([}\]])")
_LOOSE = re.compile(r'"(headline|datePublished|dateModified|articleSection|description)"\s*:\s*"((?:[^"\\]|\\.)*)"')
_TRACKING = re.compile(
    r"^(?:utm_\w+|fbclid|gclid|zarsrc|zalo\w*|gidzl|ref|vn_\w+|vnn_\w+|mc_\w+|igshid|amp)$", re.IGNORECASE
)
_PUBLISHED = (
    "article:published_time datepublished pubdate publishdate publish_date dc.date.issued dc.date dc.date.created date "
    "og:published_time article:published cms-date datecreated"
)
_SECTIONS = ("article:section", "articlesection", "its_section_name", "category", "section")
_TITLES = ("og:title", "headline", "twitter:title", "title", "dc.title")


@dataclass(frozen=True, kw_only=True, slots=True)
class Metadata:
    """What a page says of itself; several values of one thing are in the order of trust."""

    headlines: tuple[str, ...] = ()
    published: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    description: str = ""
    canonical: str = ""


def metadata(root: Element, url: str) -> Metadata:
    """Return what the page at `url` says of itself; every text entity-free, in NFC, on one line."""
    objects, metas = _linked_data(root), _metas(root)
    linked = [o for o in objects if _ARTICLE.search(str(o.get("@type", "")))] or [o for o in objects if "headline" in o]
    title = _first_text(root, "title")
    return Metadata(
        headlines=_texts([*_values(linked, "headline"), *(metas.get(n, "") for n in _TITLES), title]),
        published=_texts([*_values(linked, "datePublished"), *(metas.get(n, "") for n in _PUBLISHED.split())]),
        sections=_texts([*_values(linked, "articleSection"), *(metas.get(n, "") for n in _SECTIONS), *_crumbs(objects)])
        or _texts(_printed_crumbs(root)),
        description=_text(
            metas.get("og:description") or next(_values(linked, "description"), "") or metas.get("description")
        ),
        canonical=canonical_url(url, _canonical(root, metas, linked)),
    )


def canonical_url(url: str, claimed: str = "") -> str:
    """Return the address a document is known by: the claimed one if it is of the same site, without tracking marks.

    A claim that names another site, the front page or no page is not believed.
    """
    url = _believed(url, claimed) or url
    parts = urlsplit(url)
    kept = [(k, v) for k, v in parse_qsl(parts.query, keep_blank_values=True) if not _TRACKING.match(k)]
    return urlunsplit((parts.scheme, parts.netloc.lower(), parts.path or "/", urlencode(kept), ""))


def _believed(url: str, claimed: str) -> str:
    try:
        joined = urljoin(url, claimed)
        here, there = urlsplit(url), urlsplit(joined)
        same = _bare(here.hostname) == _bare(there.hostname) and here.port == there.port
    except ValueError:
        return ""
    front_page = there.path in ("", "/") and here.path not in ("", "/")
    return joined if same and there.scheme in ("http", "https") and not front_page else ""


def _bare(host: str | None) -> str:
    """An article's mobile and AMP editions sit on m., amp. and www. of one host."""
    return re.sub(r"^(?:www|m|amp|mobile|wap)\.", "", host or "")


def _canonical(root: Element, metas: dict[str, str], linked: list[dict[str, Any]]) -> str:
    links = (e.get("href", "") for e in root.iter("link") if "canonical" in e.get("rel", "").lower().split())
    pages = (p.get("@id", "") if isinstance(p, dict) else p for p in (x.get("mainEntityOfPage") for x in linked))
    return next((str(v).strip() for v in (*links, metas.get("og:url"), *pages) if v), "")


def _metas(root: Element) -> dict[str, str]:
    found: dict[str, str] = {}
    for element in root.iter("meta"):
        content = element.get("content") or element.get("value") or ""
        for name in (element.get("property"), element.get("name"), element.get("itemprop"), element.get("class")):
            if name and content:
                found.setdefault(name.strip().lower(), content)
    return found


def _linked_data(root: Element) -> list[dict[str, Any]]:
    objects: list[dict[str, Any]] = []
    for script in root.iter("script"):
        if "ld+json" in (script.get("type") or "").lower() and script.text:
            objects.extend(_objects(_loads(script.text)))
    return objects


def _loads(text: str) -> Any:
    text = _WRAPPING.sub("", text[:500_000])
    for attempt in (text, _TRAILING_COMMA.sub(r"\1", text)):
        try:
            return json.loads(attempt, strict=False)
        except (ValueError, RecursionError):
            continue
    # Quotes or line ends that no parser takes: what matters still stands there as "key": "value".
    return {"@type": "Article"} | dict(reversed(_LOOSE.findall(text)))


def _objects(value: Any, depth: int = 0) -> Iterator[dict[str, Any]]:
    if depth > 4:
        return
    if isinstance(value, list):
        for item in value:
            yield from _objects(item, depth + 1)
    elif isinstance(value, dict):
        yield value
        yield from _objects(value.get("@graph"), depth + 1)


def _values(objects: list[dict[str, Any]], key: str) -> Iterator[str]:
    for one in objects:
        value = one.get(key)
        value = value[0] if isinstance(value, list) and value else value
        if isinstance(value, str):
            yield value


def _crumbs(objects: list[dict[str, Any]]) -> list[str]:
    """The way from the front page to the article, the nearest section first."""
    lists = [o.get("itemListElement") for o in objects if o.get("@type") == "BreadcrumbList"]
    items = [item for one in lists if isinstance(one, list) for item in one if isinstance(item, dict)]
    named = [i.get("name") or (i["item"].get("name") if isinstance(i.get("item"), dict) else "") for i in items]
    return [str(name or "") for name in reversed(named)]


def _printed_crumbs(root: Element) -> list[str]:
    links = root.xpath('//*[contains(@class,"breadcrumb") or contains(@class,"bread-crumb")][1]//a')
    return [text_of(a) for a in reversed(links[:6])]


def _first_text(root: Element, tag: str) -> str:
    element = next(root.iter(tag), None)
    return "" if element is None else text_of(element)


def _texts(values: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(t for t in map(_text, values) if t))


def _text(value: str | None) -> str:
    return squeeze(clean(html.unescape(value or "")))[:1000]
