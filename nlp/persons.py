"""Names of private persons in posts and comments: by honorific, by surname, by the words that introduce a name.

Holders of office named with their office, figures of history, and places and schools named after people stay.
"""

import re
import tomllib
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from nlp.disguise import FOLDED, UPPER, View

Found = tuple[str, int, int]

_WORDS: dict[str, list[str]] = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))

_SYLLABLE = rf"(?:[{UPPER}][^\W\d_]{{0,7}}(?![\w]))"
_INITIALS = rf"(?:[{UPPER}]\.(?:\s?[{UPPER}](?:\.|(?![\w])))*|[{UPPER}](?![\w]))"
_PART = rf"(?:{_INITIALS}|{_SYLLABLE})"

_SURNAMES = frozenset(_WORDS["surnames"])
_SURNAMES_PLAIN = frozenset(name.translate(FOLDED) for name in _SURNAMES)
_WEAK = frozenset(_WORDS["weak"])
_MIDDLE = frozenset(_WORDS["middle"])

_KIN = (
    r"anh|chị|chi|ông|ong|bà|ba|cô|co|chú|chu|bác|dì|di|cậu|cau|mợ|thím|dượng|em|cháu|chau|bé|thầy|thay|cụ|bạn|ban|mẹ"
    r"|bố|cha|chồng|vợ|con gái|con trai|em gái"
    r"|em trai|bạn gái|bạn trai|cô giáo|co giao|thầy giáo|thay giao|bác sĩ|bác sỹ|bac si|bs|luật sư|ls|y tá|dược sĩ"
    r"|tài xế|hàng xóm|chủ nhà|chủ trọ|shipper|bảo vệ|kế toán|sếp|nhỏ|thằng"
)
_TITLED = re.compile(rf"(?<![\w])(?=[^\W\d_])(?P<title>(?i:{_KIN}))\s(?P<name>{_PART}(?:\s{_PART}){{0,3}})")
_RUN = re.compile(rf"(?<![\w]){_SYLLABLE}(?: {_PART})++")
_TOKEN = re.compile(r"\S+")
_TOLD = re.compile(
    rf"(?<![\w])(?=[^\W\d_])(?i:tên(?: thật| đầy đủ)?(?: của)?(?: em| mình| tôi| con| cháu| bé| anh"
    rf"| chị)?(?: là)?|tên là"
    rf"|ten la|tôi là|mình là|em là|con là|cháu là|ký tên|người gửi|kính đơn|chủ tk|ctk|chủ tài khoản|tên tk"
    rf"|họ tên|họ và tên|ho ten)\s?:?\s"
    rf"(?P<name>{_PART}(?:\s{_PART}){{0,3}})"
)
# A full name in small letters shows itself by "văn" or "thị" only.
_LATER = "thanh|ngọc|minh|thu|kim|hồng|bích|mỹ|thúy|phương|tuyết|xuân|diệu|cẩm|anh|lan|kiều|bảo|quốc|đức|quang"
_FIRST = (
    "nguyễn|trần|lê|phạm|huỳnh|hoàng|phan|vũ|võ|đặng|bùi|đỗ|hồ|ngô|dương|lý|đinh|trịnh|trương|đoàn|lương|mai|đào"
    "|lâm|cao"
)
_SMALL = re.compile(
    rf"(?<![\w])(?=[^\W\d_])(?<!quản )(?<!quan )(?:{_FIRST}) (?:văn|thị) (?:(?:{_LATER}) )?[^\W\d_]{{1,6}}(?![\w])"
)
_SMALL_PLAIN = re.compile(_SMALL.pattern.translate(FOLDED | {ord("W"): "W"}))

# After these a name is of a street, a ward, a school; without marks only where the word is not another too.
_PLACE_WORDS = (
    "đường|phố|phường|xã|quận|huyện|tỉnh|thành phố|tp|thị trấn|thị xã|ngõ|ngách|hẻm|kiệt|cầu|cầu vượt|chợ"
    "|trường|thpt|thcs|tiểu học|đại học|đh|mầm non|mẫu giáo|học viện"
    "|cao đẳng|bệnh viện|bv|công viên|quảng trường|sông|hồ|hầm|hầm chui|nút giao|ngã tư|ngã ba|ngã năm|ngã sáu"
    "|vòng xoay|bùng binh|đại lộ|bến xe|bến|ga|khu|ký túc xá"
    "|ktx|tượng đài|tượng|đền|đền thờ|chùa|nhà thờ|lăng|di tích|bảo tàng|rạp|nhà hát|sân|sân vận động|svđ|giải"
    "|giải thưởng|lớp|quỹ|tập đoàn|công ty|cty|thương hiệu"
    "|siêu thị|điện máy|xóm|thôn|ấp|tổ dân phố|đảo|núi|đèo|đồi|tòa nhà|toà nhà|chung cư|vua|chúa|danh tướng"
    "|anh hùng|nhà thơ|nhà văn|thư viện|tuyến|giao lộ|dốc|kênh|rạch"
    "|khách sạn|nhà hàng|hiệu sách|ngân hàng|trạm|trạm bot|cao tốc|triều đại|phòng khám|biển|vịnh|khu đô thị"
    "|kđt|kcn|khu công nghiệp|đường số|thời|đ|p|q|tt|tx"
)
_AMBIGUOUS = frozenset(_WORDS["ambiguous"])
_PLACE_END = (
    r")\.?(?:\s(?:mang tên|tên|quốc tế|chuyên|năng khiếu|đa khoa|dân lập|tư thục|cũ|mới|mang ten|ten"
    r"|quoc te|chuyen|da khoa))?\s?$"
)
_PLACE = re.compile(rf"(?<![\w])(?:{_PLACE_WORDS}{_PLACE_END}")
_PLACE_PLAIN = re.compile(
    "(?<![a-z0-9])(?:"
    + "|".join(sorted({w.translate(FOLDED) for w in _PLACE_WORDS.split("|")} - _AMBIGUOUS))
    + _PLACE_END
)
_PLACE_LIST = re.compile(r"^(?:\s?[,/–-]\s?|\s(?:và|va|giao|giao với|với|đến|tới|qua|-|–)\s)$")
_OFFICE = re.compile(
    r"(?<![a-z])(?=[a-z])(?:chu tich|pho chu tich|pct|thu tuong|pho thu tuong|bo truong|thu truong|bi thu|pho bi thu"
    r"|tong bi thu|tbt|dai bieu|giam doc so|giam doc cong an|pho giam doc so|cuc truong|pho cuc truong|tong thong"
    r"|dai tuong|thuong tuong|trung tuong|thieu tuong|dai ta|thuong ta|vu truong|chanh van phong|phat ngon vien"
    r"|nguoi phat ngon|hlv|huan luyen vien|cau thu|tien dao|tien ve|hau ve|thu mon|vdv|ca si|dien vien"
    r"|nghe si|hoa hau|a hau|dao dien|nsnd|nsut|rapper|nhac si|mc|danh hai|cuu chu tich|quoc vuong|giao hoang"
    r"|chu tich nuoc|tong giam doc|vien truong|chanh an|vien si|dai su|thong doc|tong thanh tra|truong ban"
    r"|danh thu|tay vot"
    r"|ky thu|vua|nhac sy|nha tho|nha van|danh tuong|anh hung|liet si|tuong)(?![a-z])"
)
# Between an office and its holder stands what it is the office of: "Chủ tịch UBND tỉnh Đồng Nai (ông) ...".
_OFFICE_GAP = re.compile(r"(?:\s(?!va |cua |voi |cho |noi |bi |da )[^\s,.;:!?()\x00]{1,12}){0,9}\s(?:(?:ong|ba)\s)?")
_OFFICE_AFTER = re.compile(
    r"\s?[,(–-]\s?(?:nguyen |cuu |pho )?(?:chu tich|thu tuong|bo truong|thu truong|bi thu|tong bi thu"
    r"|giam doc so|giam doc cong an|cuc truong|tong thong|dai bieu quoc hoi|dbqh|vu truong|chanh van phong)(?![a-z])"
)
_STAY = frozenset(_WORDS["kept"])
_NOT_NAME = frozenset(_WORDS["not_name"])
_NAMES_TOO = frozenset(_WORDS["names_too"])
_ABROAD = re.compile(
    r"(?<![a-z])(?:nuoc|tieng|nguoi|doi|tuyen|mon|ngoai hang|hang nhat|bong da|vuong quoc|san|cuu|o|tai|mua"
    r"|bang|con|sinh|ngu)\s$"
)
# Without marks these are other words too ("ba" three, "co" there is): honorifics only where nothing has marks.
_UNMARKED = frozenset(("ba", "co", "chu", "di", "ong", "chi", "cau", "chau", "thay", "ban"))
_PLURAL = re.compile(r"(?<![a-z])(?:anh|chi|cac|may|nhung|lu|dam|bon|lop|moi|toan|nhieu)\s$")
_VIETNAMESE = re.compile(
    r"(?:b|ch?|d|gh?|gi|h|kh?|l|m|n|nh|ngh?|ph?|qu|r|s|th?|tr|v|x)?[aeiouy]{1,3}(?:ch?|m|n|ng|nh|p|t)?"
    r"|[a-z]|(?:[a-z]\.)+[a-z]?",
    re.ASCII,
)
_AFTER_CAPITAL = re.compile(rf"(?<![\w])[{UPPER}][^\W\d_]*\s$")
_SENTENCE_START = re.compile(r"(?:^|[.!?…\n\x00\"“”:;-]\s*)$")


@dataclass(frozen=True, kw_only=True, slots=True)
class _Reading:
    """A view, where the words for offices end in it, the full names found so far, and those that stay."""

    view: View
    offices: list[int]
    found: list[tuple[int, int]]
    stay: list[tuple[int, int]]


def persons(view: View) -> Iterator[Found]:
    """Yield the names of private persons."""
    offices = [match.end() for match in _OFFICE.finditer(view.plain)]
    reading = _Reading(view=view, offices=offices, found=[], stay=[])
    for run in _RUN.finditer(view.text):
        _read_run(reading, run)
    taken = {start for start, _ in reading.found + reading.stay}
    called = (*_TITLED.finditer(view.text), *_TOLD.finditer(view.text))
    spans = [(match.start("name"), _called(reading, match)) for match in called if match.start("name") not in taken]
    spans += reading.found + [match.span() for match in _small(view) if _is_small_name(reading, match)]
    yield from (("name", start, end) for start, end in spans if end)


def _read_run(reading: _Reading, run: re.Match[str]) -> None:
    """Sort the full names in one run of capitalised words into those found and those that stay."""
    view, stay = reading.view, reading.stay
    tokens = [(run.start() + token.start(), run.start() + token.end()) for token in _TOKEN.finditer(run[0])]
    words = [view.plain[start:end] for start, end in tokens]
    shown = [view.text[start:end] for start, end in tokens]
    shouted = len(tokens) > 4 and run[0].isupper()
    place = 0
    while place < len(tokens) - 1:
        length = _kept(words, place)
        if length:
            stay.append((tokens[place][0], tokens[place + length - 1][1]))
        elif _kept(words, place + 1):  # "Duong Le Loi": a street, not a Dương
            pass
        elif _is_surname(shown[place]) and (length := _full_name(words, place, shouted)):
            span = tokens[place][0], tokens[place + length - 1][1]
            (stay if _is_public(reading, *span) else reading.found).append(span)
        place += length or 1


def _kept(words: list[str], place: int) -> int:
    """Return how many words from here are a name that stays; "Lê Lợi" does, "Lê Lợi Anh" does not."""
    length = next((n for n in (4, 3, 2) if " ".join(words[place : place + n]) in _STAY and place + n <= len(words)), 0)
    after = words[place + length] if place + length < len(words) else ""
    longer = length == 2 and words[place] not in _WEAK and after not in _SURNAMES_PLAIN and _is_given(after)
    return 0 if longer else length


def _full_name(words: list[str], place: int, shouted: bool) -> int:
    """Return how many words from here are a full name, or 0."""
    surname, second = words[place], words[place + 1]
    if not _is_given(second):
        return 0
    length = 2
    while length < 4 and place + length < len(words) and _is_given(words[place + length]):
        length += 1
    if surname in _WEAK or shouted:
        return length if length > 2 and second in _MIDDLE else 0
    return length


def _is_surname(shown: str) -> bool:
    return shown in _SURNAMES_PLAIN if (shown := shown.lower()).isascii() else shown in _SURNAMES


def _is_given(word: str) -> bool:
    return bool(_VIETNAMESE.fullmatch(word)) and (word not in _NOT_NAME or word in _NAMES_TOO or word in _MIDDLE)


def _small(view: View) -> Iterator[re.Match[str]]:
    yield from _SMALL.finditer(view.text)
    yield from (match for match in _SMALL_PLAIN.finditer(view.text) if match[0].isascii())


def _is_small_name(reading: _Reading, match: re.Match[str]) -> bool:
    return reading.view.plain[match.start() : match.end()] not in _STAY and not _is_public(reading, *match.span())


def _is_public(reading: _Reading, start: int, end: int) -> bool:
    text, last = reading.view.text, reading.stay[-1][1] if reading.stay else -99
    if start - last < 12 and _PLACE_LIST.match(text[last:start]):
        return True
    return _is_place(reading.view, start) or _is_office(reading, start, end)


def _is_place(view: View, start: int) -> bool:
    before = view.text[max(0, start - 30) : start].lower()
    return bool((_PLACE_PLAIN if before.isascii() else _PLACE).search(before))


def _is_office(reading: _Reading, start: int, end: int) -> bool:
    plain, before = reading.view.plain, bisect_right(reading.offices, start) - 1
    if _OFFICE_AFTER.match(plain, end):
        return True
    near = before >= 0 and start - reading.offices[before] <= 110
    return near and bool(_OFFICE_GAP.fullmatch(plain, reading.offices[before], start))


def _called(reading: _Reading, match: re.Match[str]) -> int:
    """Return where the name after an honorific or an introduction ends, or 0 when it is no name."""
    view, start = reading.view, match.start("name")
    tokens = [(start + token.start(), start + token.end()) for token in _TOKEN.finditer(match["name"])]
    words = [view.plain[first:last] for first, last in tokens]
    title = match.groupdict().get("title", "").lower().translate(FOLDED)
    if title and _is_no_title(view, match, title, words):
        return 0
    if not _is_given(words[0]) or (_kept(words, 0) and not title):
        return 0
    if _is_office(reading, match.start() if title else start, match.end("name")):
        return 0
    limit = 4 if _is_surname(match["name"].split()[0]) and len(words) > 2 else 2
    length = next((n for n in range(1, len(words)) if not _is_given(words[n]) or n >= limit), len(words))
    return tokens[length - 1][1]


def _is_no_title(view: View, match: re.Match[str], title: str, words: list[str]) -> bool:
    shown, before = match["title"], view.plain[max(0, match.start() - 14) : match.start()]
    if any(" ".join((title, *words[:n])) in _STAY for n in (1, 2, 3)) or words[:2] == ["viet", "nam"]:
        return True
    if shown.lower() in _UNMARKED and not view.text[max(0, match.start() - 20) : match.end() + 20].isascii():
        return True
    if shown[0].isupper() and _is_capital_word(view, match, before):
        return True
    return title in ("anh", "chi", "em", "ban", "ba", "chu", "di", "bac") and bool(_PLURAL.search(before))


def _is_capital_word(view: View, match: re.Match[str], before: str) -> bool:
    """Return whether the capitalised honorific is England, a part of a place's name, or shouted with the rest."""
    if match["title"] == "Anh" and _ABROAD.search(before):
        return True
    if match["title"].isupper() and len(match["name"].split()) < 3:
        return True
    if _AFTER_CAPITAL.search(view.text, max(0, match.start() - 9), match.start()):
        return True
    starts = _SENTENCE_START.search(view.text[max(0, match.start() - 4) : match.start()])
    return not starts and _is_place(view, match.start())
