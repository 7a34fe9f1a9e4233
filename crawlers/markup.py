"""Bytes of a page -> a tree, whatever they are: wrong or no encoding declared, truncated, endless, not HTML at all."""

import codecs
import re

from lxml import etree
from lxml.etree import _Element as Element

# The body of an article is in the first megabytes or nowhere; 4 MB take lxml about 20 ms.
MAX_BYTES = 4_000_000
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_DECLARED = re.compile(
    rb"""<(?:meta|\?xml)[^>]{0,200}?(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]{2,30})""", re.IGNORECASE
)
_HEADER = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:-]{2,30})", re.IGNORECASE)
# What single-byte pages call Latin is Windows' own; Vietnamese ones that call themselves so are 1258.
_NAMES = {"iso-8859-1": "cp1252", "latin-1": "cp1252", "windows-1258": "cp1258", "x-cp1258": "cp1258"}
# Of single-byte text read as UTF-8 nearly every marked letter is an error.
_MARKED = re.compile("[à-ỹ]")
_WHOLE = 4
_NOT_TEXT = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"PK\x03\x04", b"\x1f\x8b", b"RIFF")


def encoding_of(html: bytes, content_type: str = "") -> str:
    """Return the codec of a page: by its byte order mark, UTF-8 if it is that, else as header or page declare."""
    for mark, name in _BOMS:
        if html.startswith(mark):
            return name
    if html[:2000].count(0) > 400:
        # Half of the bytes of Latin text in UTF-16 are zero; which half tells the order.
        return "utf-16-be" if html[:1] == b"\0" else "utf-16-le"
    try:
        html.decode("utf-8")
    except UnicodeDecodeError:
        return _declared(html, content_type)
    return "utf-8"


def parse(html: bytes, content_type: str = "") -> Element | None:
    """Return the root of the page's tree without comments, or None when the bytes hold no HTML."""
    if not html or html.isspace() or html.startswith(_NOT_TEXT):
        return None
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True)
    try:
        return etree.fromstring(_utf8(html[:MAX_BYTES], content_type), parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return None


def text_of(element: Element) -> str:
    """Return all text of an element, white space folded."""
    return squeeze("".join(element.itertext("*")))


def squeeze(text: str) -> str:
    """Return the text with one space for each run of white space, none at the ends."""
    return " ".join(text.split())


def _utf8(html: bytes, content_type: str) -> bytes:
    name = encoding_of(html, content_type)
    if name == "utf-8" and b"\0" not in html:
        # A damaged character at the cut or within: the parser replaces it, a copy would cost as much as the parsing.
        return html
    return html.decode(name, "replace").replace("\0", "").encode("utf-8", "ignore")


def _declared(html: bytes, content_type: str) -> str:
    text = html.decode("utf-8", "replace")
    if len(_MARKED.findall(text)) > _WHOLE * text.count("\ufffd"):
        # UTF-8 with some stray bytes, whatever it calls itself: keep the rest.
        return "utf-8"
    header, meta = _HEADER.search(content_type), _DECLARED.search(html[:4096])
    names = [header.group(1)] if header else []
    names += [meta.group(1).decode("ascii", "replace")] if meta else []
    return next((name for name in map(_codec, names) if name not in ("", "utf-8")), "utf-8" if names else "cp1258")


def _codec(name: str) -> str:
    try:
        return _NAMES.get(name.lower(), codecs.lookup(name).name)
    except LookupError:
        return ""
