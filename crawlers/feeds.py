"""Feeds, sitemaps and list pages as entries: the pages that a source says it has."""

import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

from lxml import etree
from parsel import Selector

from monitor.records import VIETNAM, digest

SITEMAP_AGE = timedelta(days=30)
_TIMES = ("updated", "lastmod", "pubDate", "published", "date", "{*}news/{*}publication_date")
_TITLES = ("title", "{*}news/{*}title")
_TRACKING = ("utm_", "fbclid", "gclid", "zarsrc")
_GZIP = b"\x1f\x8b"


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """One page that a feed names; `mark` changes when the feed says that the page changed."""

    url: str
    mark: str = ""
    at: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Feed:
    """What one feed, sitemap, sitemap index or list page names; `sitemaps` are the children of an index."""

    entries: tuple[Entry, ...] = ()
    sitemaps: tuple[str, ...] = ()


class FeedError(ValueError):
    """The body is no feed; the message says what it is."""


def parse_feed(body: bytes, url: str, now: datetime, limit: int = 8 << 20) -> Feed:
    """Return what an RSS, RDF or Atom feed, a news sitemap or a sitemap index names, newest first.

    Broken XML is read as far as it goes.  Of a sitemap only the last 30 days are taken.  Raises FeedError.
    """
    root = _root(_unzipped(body, limit))
    kind = etree.QName(root).localname
    match kind:
        case "rss" | "RDF":
            return Feed(entries=_newest(_entry(e, url) for e in root.iter("{*}item")))
        case "feed":
            return Feed(entries=_newest(_entry(e, url) for e in root.iter("{*}entry")))
        case "urlset":
            found = (_entry(e, url) for e in root.iter("{*}url"))
            return Feed(entries=_newest(e for e in found if e and e.at and e.at > now - SITEMAP_AGE))
        case "sitemapindex":
            return Feed(sitemaps=_children(root, url, now))
    raise FeedError(f"not a feed but <{kind}>")


def parse_list(html: str, url: str, selector: str) -> Feed:
    """Return the links that the CSS selector picks on a list page, in the order of the page."""
    links = Selector(text=html, type="html").css(selector).xpath("descendant-or-self::a/@href").getall()
    entries = dict.fromkeys(tidy(urljoin(url, link.strip())) for link in links)
    return Feed(entries=tuple(Entry(url=e) for e in entries if e))


def tidy(url: str) -> str:
    """Return the URL without fragment and tracking parameters, or "" when it is no http address."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https") or not parts.netloc:
        return ""
    query = parts.query
    if any(word in query for word in _TRACKING):
        kept = [(k, v) for k, v in parse_qsl(query, keep_blank_values=True) if not k.startswith(_TRACKING)]
        query = urlencode(kept)
    return urlunsplit((parts.scheme, parts.netloc.lower(), parts.path or "/", query, ""))


def _root(body: bytes) -> etree._Element:
    text = body.lstrip(b"\xef\xbb\xbf \t\r\n")
    if not text:
        raise FeedError("empty")
    # Some sites declare UTF-16 and send UTF-8; what decodes as UTF-8 is UTF-8.
    encoding = "utf-8" if _is_utf8(text) else None
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True, encoding=encoding)
    try:
        root = etree.fromstring(text, parser)
    except etree.XMLSyntaxError as error:
        raise FeedError(f"not XML: {error.msg}") from error
    if root is None:
        raise FeedError("not XML")
    return root


def _is_utf8(body: bytes) -> bool:
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _unzipped(body: bytes, limit: int) -> bytes:
    if not body.startswith(_GZIP):
        return body
    unzip = zlib.decompressobj(zlib.MAX_WBITS | 16)
    try:
        plain = unzip.decompress(body, limit)
    except zlib.error as error:
        raise FeedError(f"not gzip: {error}") from error
    if unzip.unconsumed_tail:
        raise FeedError(f"larger than {limit} bytes when unzipped")
    if not plain and not unzip.eof:
        raise FeedError("gzip that breaks off")
    return plain


def _entry(element: etree._Element, base: str) -> Entry | None:
    link = _link(element)
    url = tidy(urljoin(base, link))
    if not link or not url:
        return None
    times = [text for name in _TIMES if (text := _text(element, name))]
    titles = [text for name in _TITLES if (text := _text(element, name))]
    return Entry(url=url, mark=digest(*titles, *times), at=next((t for t in map(_time, times) if t), None))


def _link(element: etree._Element) -> str:
    for link in element.iterfind("{*}link"):
        address = (link.text or "").strip() or (link.get("href") or "").strip()
        if address and link.get("rel", "alternate") == "alternate":
            return address
    guid = element.find("{*}guid")
    if guid is not None and guid.get("isPermaLink") == "false":
        return ""
    return _text(element, "guid") or _text(element, "loc")


def _text(element: etree._Element, name: str) -> str:
    found = element.find(name if name.startswith("{") else f"{{*}}{name}")
    return "" if found is None else " ".join("".join(found.itertext()).split())


def _time(text: str) -> datetime | None:
    for parse in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            moment = parse(text)
        except (ValueError, TypeError, IndexError):
            continue
        return (moment if moment.tzinfo else moment.replace(tzinfo=VIETNAM)).astimezone(UTC)
    return None


def _newest(entries: Iterable[Entry | None]) -> tuple[Entry, ...]:
    """An entry without a time keeps its place among those of the feed's top."""
    unique = {e.url: e for e in entries if e}
    return tuple(sorted(unique.values(), key=lambda e: -(e.at.timestamp() if e.at else float("inf"))))


def _children(root: etree._Element, base: str, now: datetime) -> tuple[str, ...]:
    """Children changed in the last days; where none has a time, those named after this month, or the first."""
    rows = [(tidy(urljoin(base, _text(e, "loc"))), _time(_text(e, "lastmod"))) for e in root.iter("{*}sitemap")]
    dated = [url for url, at in sorted(rows, key=lambda r: r[1] or now, reverse=True) if at and at > now - SITEMAP_AGE]
    if dated or any(at for _, at in rows):
        return tuple(dated)
    months = {now.astimezone(VIETNAM).strftime(form) for form in ("%Y-%m", "%Y/%m", "%Y%m", "%Y-%-m")}
    return tuple(url for url, _ in rows if any(m in url for m in months)) or tuple(url for url, _ in rows[:1])
