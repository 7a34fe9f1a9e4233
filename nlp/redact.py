"""Personal data out of a text before anything is stored: each find becomes a bracketed Vietnamese word."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from nlp.addresses import addresses
from nlp.disguise import View, undisguise
from nlp.links import emails, handles, links
from nlp.numbers import numbers
from nlp.persons import persons
from nlp.plates import plates

WORDS = {
    "email": "[email]",
    "link": "[liên kết cá nhân]",
    "phone": "[số điện thoại]",
    "identity": "[số định danh]",
    "account": "[số tài khoản]",
    "card": "[số thẻ]",
    "tax": "[mã số thuế]",
    "plate": "[biển số]",
    "address": "[địa chỉ]",
    "handle": "[tài khoản]",
    "name": "[tên riêng]",
}
_DONE = re.compile("|".join(re.escape(word) for word in WORDS.values()))
_ORDER = {kind: place for place, kind in enumerate(WORDS)}

Found = tuple[str, int, int]


@dataclass(frozen=True, kw_only=True, slots=True)
class Span:
    """One find: its kind (a key of WORDS) and where it stands in the original text."""

    kind: str
    start: int
    end: int


def redact(text: str, *, names: bool) -> str:
    """Return the text with each find replaced by its word; with `names`, names of private persons too.

    Never raises; redacting what is redacted changes nothing.
    """
    while spans := find(text, names=names):
        text = _replaced(text, spans)
    return text


def find(text: str, *, names: bool) -> tuple[Span, ...]:
    """Return what one look finds, in order and apart, with offsets into the text as given (any form, any marks)."""
    view = undisguise(text)
    if "[" in view.text:
        view = view.blank([match.span() for match in _DONE.finditer(view.text)])
    found = _merged(_found(view, names))
    return tuple(_span(view, one) for one in found)


def _found(view: View, names: bool) -> list[Found]:
    online = sorted((*emails(view), *links(view)), key=lambda one: one[1:])
    if online:
        view = view.blank([one[1:] for one in _merged(online)])
    finds = [one for one in online if one[0] != "page"]
    finds += handles(view)
    finds += plates(view)
    finds += addresses(view)
    finds += numbers(view)
    if names:
        finds += persons(view)
    return finds


def _merged(found: Iterable[Found]) -> list[Found]:
    merged: list[Found] = []
    for kind, start, end in sorted(found, key=lambda one: one[1:]):
        if merged and start < merged[-1][2]:
            other, first, last = merged.pop()
            kind, start, end = min(kind, other, key=lambda k: _ORDER.get(k, -1)), first, max(last, end)
        merged.append((kind, start, end))
    return merged


def _span(view: View, found: Found) -> Span:
    start, end = view.origin(*found[1:])
    return Span(kind=found[0], start=start, end=end)


def _replaced(text: str, spans: tuple[Span, ...]) -> str:
    parts, place = [], 0
    for span in spans:
        parts += [text[place : span.start], WORDS[span.kind]]
        place = span.end
    return "".join((*parts, text[place:]))
