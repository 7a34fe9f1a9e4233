"""Text as a reader sees it: invisible characters gone, marks composed, dressed-up digits plain, offsets remembered."""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, replace

BLANK = "\x00"
# The capitals of Vietnamese: no range of code points has them and no small letters.
UPPER = "A-ZÀ-ÖØ-ÞĂĐĨŨƠƯẠẢẤẦẨẪẬẮẰẲẴẶẸẺẼẾỀỂỄỆỈỊỌỎỐỒỔỖỘỚỜỞỠỢỤỦỨỪỬỮỰỲỴỶỸ"

_INVISIBLE = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"
    "\ufff9-\ufffb\u20e3\U000e0000-\U000e01ef"
)
_MARKS = "\u0300-\u034e\u0350-\u036f"
# Full-width, circled, superscript and mathematical letters and digits, and the digits of other scripts.
_DRESSED = (
    "\u00b2\u00b3\u00b9\u2070-\u2079\u2080-\u2089\u2460-\u24ea\u24f5-\u24ff\u2776-\u2793"
    "\uff01-\uff5e\U0001d400-\U0001d7ff"
)
_ODD = re.compile(
    rf"(?:[^\W\d_]|[0-9.@])(?=[{_MARKS}])[{_MARKS}{_INVISIBLE}]+"
    rf"|[{_INVISIBLE}\x00]+|[{_DRESSED}]|(?![0-9])\d|[{_MARKS}]+|\u00a0"
)
_DROPPED = re.compile(f"[{_INVISIBLE}\x00]")
_LOOKALIKES = {"ð": "d", "Ð": "d", "Ɖ": "d", "ɖ": "d", "đ": "d", "Đ": "d"} | dict(
    zip("аеорсухкАВЕНКМОРСТХі", "aeopcyxkabehkmopctxi", strict=True)
)


def _folded() -> dict[int, str]:
    letters = (chr(code) for span in ((0x41, 0x250), (0x1EA0, 0x1F00)) for code in range(*span))
    bases = {letter: unicodedata.normalize("NFD", letter)[0].lower() for letter in letters}
    return {ord(letter): base for letter, base in (bases | _LOOKALIKES).items() if base != letter and len(base) == 1}


FOLDED = _folded()


@dataclass(frozen=True, kw_only=True, slots=True)
class View:
    """`text` is what is seen, `plain` the same without case and marks, character for character.

    `pieces` says where each stretch of the view comes from: its start here, its start and end in the original,
    and whether it stands there letter for letter; empty when the whole does.
    """

    text: str
    plain: str
    pieces: tuple[tuple[int, int, int, bool], ...] = ()

    def origin(self, start: int, end: int) -> tuple[int, int]:
        """Return where the characters from `start` to before `end` stand in the original text."""
        if not self.pieces:
            return start, end
        here, first, _, letter = self._piece(start)
        there, last, finish, same = self._piece(end - 1)
        return first + (start - here) * letter, last + end - there if same else finish

    def _piece(self, position: int) -> tuple[int, int, int, bool]:
        return self.pieces[bisect_right(self.pieces, position, key=lambda piece: piece[0]) - 1]

    def blank(self, spans: Iterable[tuple[int, int]]) -> "View":
        """Return the view with some stretches, in order and apart, made unreadable at the same length."""
        return replace(self, text=_blanked(self.text, spans), plain=_blanked(self.plain, spans))


def _blanked(text: str, spans: Iterable[tuple[int, int]]) -> str:
    parts, place = [], 0
    for start, end in spans:
        parts += [text[place:start], BLANK * (end - start)]
        place = end
    return "".join((*parts, text[place:]))


def undisguise(text: str) -> View:
    """Return the view of any string."""
    if _ODD.search(text) is None:
        return View(text=text, plain=text.translate(FOLDED))
    seen, pieces, length, place = [], [], 0, 0
    for match in _ODD.finditer(text):
        for part, start, same in ((text[place : match.start()], place, True), (_shown(match[0]), match.start(), False)):
            if part:
                pieces.append((length, start, match.end(), same))
                seen.append(part)
                length += len(part)
        place = match.end()
    pieces.append((length, place, len(text), True))
    whole = "".join((*seen, text[place:]))
    return View(text=whole, plain=whole.translate(FOLDED), pieces=tuple(pieces))


def _shown(cluster: str) -> str:
    if cluster == "\u00a0":
        return " "
    bare = _DROPPED.sub("", cluster)
    if bare and bare[0].isdigit() and len(bare) == 1:
        return str(unicodedata.digit(bare))
    composed = unicodedata.normalize("NFKC", bare)
    return "".join(c for c in composed if not unicodedata.combining(c))
