"""Mentions of places in a text: every name of the gazetteer that stands in it, with what it can mean there."""

from collections.abc import Sequence
from dataclasses import dataclass

from nlp import gazetteer
from nlp.gazetteer import Gazetteer, Reading

# What may stand between the syllables of a name ("Bà Rịa - Vũng Tàu"), between a unit and its name ("TP."), in a list.
_JOINTS = frozenset((" ", ".", " - ", "-", " – ", "–"))
_UNIT_JOINTS = frozenset((" ", ". ", ".", ""))
_LIST_JOINTS = frozenset((", ", " và ", ", và ", "; "))

# Words before a name that say what sort of unit it is, by the letters of Reading.sort; the first that fits wins.
_UNITS: dict[str, Sequence[str]] = {
    "tỉnh": "PF",
    "thành phố": "PCF",
    "tp": "PCF",
    "t.p": "PCF",
    "quận": "Q",
    "q": "Q",
    "huyện": "H",
    "h": "H",
    "thị xã": "C",
    "tx": "C",
    "phường": ("wv", "x"),
    "p": ("wv", "x"),
    "xã": ("xv", "w"),
    "x": ("xv", "w"),
    "thị trấn": "v",
    "tt": "v",
    "đặc khu": "k",
}
_UNITS |= {"tinh": "PF", "thanh pho": "PCF", "quan": "Q", "huyen": "H", "thi xa": "C"}
_UNITS |= {"phuong": ("wv", "x"), "xa": ("xv", "w"), "thi tran": "v", "dac khu": "k"}
# Words after which a bare name of one ward only is that ward; elsewhere it is as often a person.
_LOCATING = frozenset(("ở", "tại", "lũ", "thcs", "thpt", "tiểu học", "mầm non", "thôn", "làng", "chợ", "đến xã"))
_BARE = ("P", "F", "L", "CQH")
# Names of most rural districts are also everyday words ("thống nhất", "bình tân").
_BARE_IN_SMALL_LETTERS = ("P", "F", "L", "CQ")


@dataclass(frozen=True, slots=True)
class Words:
    """A text cut into words: as written, in lower case, where they start and end; is case, are marks, informative."""

    text: str
    written: Sequence[str]
    lower: Sequence[str]
    starts: Sequence[int]
    ends: Sequence[int]
    cased: bool
    marked: bool

    def gap(self, index: int) -> str:
        """Return what stands between the word before `index` and the word at it."""
        return self.text[self.ends[index - 1] : self.starts[index]] if index else ""


@dataclass(frozen=True, slots=True)
class Mention:
    """A name at words `first` to `last` (exclusive), with its unit word ("quận") or other kind of place at `start`."""

    name: str
    start: int
    first: int
    last: int
    unit: str
    readings: tuple[Reading, ...]

    @property
    def codes(self) -> frozenset[str]:
        return frozenset(r.code for r in self.readings)


def cut(text: str) -> Words:
    """Return the words of a normalized text."""
    spans = [match.span() for match in gazetteer.WORD.finditer(text)]
    written = [text[start:end] for start, end in spans]
    capitals = sum([w[0].isupper() for w in written])
    shouted = sum([w.isupper() for w in written if len(w) > 1]) if 2 * capitals > len(written) else 0
    # One capital is a sentence's start, not a habit.
    cased = capitals > 1 and 2 * shouted < len(written)
    marked = 5 * sum([not w.isascii() for w in written]) > len(written)
    lower = [w.lower().replace("’", "'") for w in written]
    return Words(text, written, lower, [s for s, _ in spans], [e for _, e in spans], cased, marked)


def find(words: Words) -> list[Mention]:
    """Return the mentions in a text, from left to right, longest names first, none inside another."""
    names = gazetteer.marked() if words.marked else gazetteer.plain()
    found: list[Mention] = []
    index, count = 0, len(words.lower)
    while index < count:
        lengths = names.lengths.get(words.lower[index])
        mention = None
        if lengths and (not words.cased or not words.written[index][0].islower()):
            mention = _at(words, index, lengths, names, found[-1] if found else None)
        if mention:
            found.append(mention)
            index = mention.last
        else:
            index += 1
    return found


def _at(words: Words, index: int, lengths: Sequence[int], names: Gazetteer, before: Mention | None) -> Mention | None:
    for length in lengths:
        name = " ".join(words.lower[index : index + length])
        raw = names.names.get(name)
        if raw is not None and _whole(words, index, length):
            mention = _mention(words, index, name, gazetteer.readings(raw), before)
            if mention:
                return mention
    return None


def _mention(
    words: Words, index: int, name: str, readings: tuple[Reading, ...], before: Mention | None
) -> Mention | None:
    own = _unit(words, index)
    unit = own or _listed(words, index, readings, before)
    preceding = tuple(" ".join(words.lower[max(index - size, 0) : index]) for size in (1, 2, 3))
    fitting = _fitting(readings, unit, preceding, words.cased)
    if not fitting or (name[0].isdigit() and not unit):
        return None
    asked = (size for size, kind in enumerate(preceding, 1) if any(kind in r.after for r in fitting))
    size = own.count(" ") + 1 if own else next(asked, 0)
    return Mention(name, index - size, index, index + name.count(" ") + 1, unit, fitting)


def _whole(words: Words, index: int, length: int) -> bool:
    if index + length > len(words.lower):
        return False
    inside = range(index + 1, index + length)
    if any(words.gap(place) not in _JOINTS for place in inside):
        return False
    # Long names have words in small letters ("Nhi Trung ương"); short ones in part in small letters are everyday words.
    return (
        not words.cased
        or length > 2
        or words.lower[index] == "thủ"
        or not any(words.written[i][0].islower() for i in inside)
    )


def _unit(words: Words, index: int) -> str:
    if not index or words.gap(index) not in _UNIT_JOINTS:
        return ""
    one = words.lower[index - 1]
    two = f"{words.lower[index - 2]} {one}" if index > 1 and words.gap(index - 1) == " " else ""
    return two if two in _UNITS else one if one in _UNITS else ""


def _listed(words: Words, index: int, readings: tuple[Reading, ...], before: Mention | None) -> str:
    """Return the unit of the name before this one in a list ("huyện A, B"), unless it is a province ("xã A, Huế")."""
    if before is None or not before.unit or any(r.sort in "PF" for r in readings):
        return ""
    return before.unit if words.text[words.ends[before.last - 1] : words.starts[index]] in _LIST_JOINTS else ""


def _fitting(readings: tuple[Reading, ...], unit: str, preceding: tuple[str, ...], cased: bool) -> tuple[Reading, ...]:
    """Return the readings of the sort that the unit word asks for, else those that need no unit word."""
    allowed = tuple(r for r in readings if not r.after or any(p in r.after for p in preceding))
    # "cửa khẩu Hoa Lư" is not Hoa Lư: a reading that asks for its word wins where the word is there.
    asked = tuple(r for r in allowed if r.after and r.sort == "L")
    if asked and not unit:
        return asked
    for sort in (*_UNITS.get(unit, ()), *(_BARE if cased else _BARE_IN_SMALL_LETTERS)):
        fitting = tuple(r for r in allowed if r.sort in sort)
        if fitting:
            return fitting
    if not cased or _LOCATING.isdisjoint(preceding):
        return ()
    wards = tuple(r for r in allowed if r.sort in "wxk") or allowed
    return wards if len({r.code for r in wards}) == 1 else ()
