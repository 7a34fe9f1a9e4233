"""Telephone numbers in every written form; the lines of offices and the 1900 and 1800 numbers stay."""

import re
from collections.abc import Iterator

from nlp.disguise import View

Found = tuple[str, int, int]

_SEP = r"[^0-9a-z\n\x00]{0,3}"
_MORE = rf"(?:{_SEP}[0-9])"
_CANDIDATE = re.compile(
    rf"(?<![0-9])[(]?\+?[(]?(?:(?:0{_SEP}0{_SEP})?8{_SEP}4{_SEP}(?:0{_SEP})?|0{_SEP})"
    rf"(?:[35789]{_MORE}{{8}}|[12]{_MORE}{{9}})(?![0-9])"
)
_SHAPE = re.compile(
    r"(?:0|(?:00)?840?)(?:(?:3[2-9]|5[25689]|7[06-9]|8[1-9]|9[0-9])[0-9]{7}|1[2689][0-9]{8}"
    r"|2[0-9]{9})"
)
_ABROAD = re.compile(
    r"(?<![0-9a-z])\+[1-9][0-9]{0,2}(?:[ -][0-9]{1,5}){2,4}(?![0-9]|[.,][0-9])"
    r"|(?<![0-9a-z])\+[1-9][0-9]{9,12}(?![0-9.,])"
)
_LEADS = (
    r"s ?d ?t|so dt|dt|d/t|dien thoai|di dong|phone|mobile|tel|call|hotline|lh|l/h|lien he|lien lac|zalo|zl"
    r"|zalu|viber|whatsapp|alo|goi(?: so)?"
    r"|nhan tin|so may|sim|sms|ib|so"
)
_LED = re.compile(
    rf"(?<![a-z0-9])(?:{_LEADS})(?![a-z])[^0-9\n!?\x00]{{0,16}}(?P<number>(?<![0-9])[(]?[0-9]{{1,4}}[)]?"
    rf"(?:[ .-]{{0,2}}[0-9]{{1,5}}){{1,9}})(?![0-9]|[.,][0-9])"
)
_ATTACHED = re.compile(rf"(?<![a-z])(?:{_LEADS})$")
_DATE = re.compile(r"(?<![0-9])(?:0?[1-9]|[12][0-9]|3[01])[/.-](?:0?[1-9]|1[0-2])[/.-](?:19|20)[0-9]{2}(?![0-9])")
_LOTTERY = re.compile(
    r"xo so|vietlott|mega|power|lo to|giai (?:nhat|nhi|ba|dac biet)|day so|bo so|ket qua|trung thuong|ti so|ty so"
)
_GROUP = re.compile(r"[0-9]+")

# Letters for digits, as in "o9l2.345.67B": never at the cost of a word, so most must be digits.
_DRESSED = re.compile(r"(?<![\w])[0oO][0-9oOlIi|sSbBzZ.\- ]{8,22}(?![\w])")
_AS_DIGIT = str.maketrans("oOlIi|sSbBzZ", "001111558822")

_NAMES = (
    r"(?:khong|khog|kong|hong|hog|ko|k|mot|moot|hai|ba|bon|tu|nam|lam|sau|xau|bay|bai|tam|chin|9in|zero"
    r"|one|two|three|four|five|six|seven|eight|nine|[0-9o])"
)
_SPELLED = re.compile(
    r"(?<![a-z0-9])(?:khong|khog|kong|hong|ko|zero|0|o|k)(?![a-z])"
    rf"(?:[\s,.\-_/|*~]{{0,3}}(?<![a-z]){_NAMES}(?![a-z])){{8,10}}(?![a-z0-9])"
    rf"|(?<![a-z0-9])(?:cong )?tam (?:bon|tu)(?:[\s,.\-]{{1,3}}{_NAMES}(?![a-z])){{9}}(?![a-z0-9])"
)
_SPELLED_HINT = re.compile(r"khong|khog|kong|hong|ko|zero|mot|chin|tam (?:bon|tu)")

# "đường dây nóng của Sở Y tế: 0967..., 0966...": an office's own line, told in one breath, and no one's private number.
_OFFICE = (
    r"(?<![a-z])(?:so|bo|cuc|chi cuc|tong cuc|cong an|canh sat|csgt|pccc|ubnd|uy ban|hdnd|benh vien|bv"
    r"|trung tam|ban|phong|thanh tra|vien|toa an"
    r"|dien luc|evn[a-z]*|cap nuoc|bao hiem|hai quan|bien phong|cong dich vu|kiem lam|cdc|thue|van phong|hoi"
    r"|tinh|thanh pho|tp|quan|huyen|phuong"
    r"|xa|sawaco|cap cuu|truong|thuy loi|khi tuong)(?![a-z])"
)
_LINE = (
    r"(?<![a-z])(?:duong day nong|hotline|tong dai|so truc|truc ban|so nong|dien thoai nong"
    r"|tiep nhan phan anh|tiep nhan tin bao|to giac)(?![a-z])"
)
_ONE_BREATH = re.compile(r"[^.!?;\n]*$")
_LISTED = re.compile(r"(?:[(]?\+?[0-9][0-9\s.()+-]{5,17}(?:[\s,;/–()-]|va|hoac|hay){1,8})+$")
_HAS_LINE, _HAS_OFFICE = re.compile(_LINE), re.compile(_OFFICE)
_OFFICE_AFTER = re.compile(rf"\s?-?\s?\({_OFFICE}")
_OWN = re.compile(r"(?<![a-z])(?:toi|minh|em|tui|nha|shop|anh|chi|cua hang|quan an|ban hang|cho)(?![a-z])|,")


def telephones(view: View) -> Iterator[Found]:
    """Yield the telephone numbers."""
    offices = _HAS_LINE.search(view.plain) is not None or "(" in view.plain
    for start, end in _candidates(view):
        if not (offices and _is_office_line(view.plain, start, end)):
            yield "phone", start, end


def _candidates(view: View) -> Iterator[tuple[int, int]]:
    plain = view.plain
    yield from _written(plain)
    if _HAS_DIGITS.search(plain):
        yield from (match.span("number") for match in _LED.finditer(plain) if _is_led(plain, match))
    if "+" in plain:
        yield from (match.span() for match in _ABROAD.finditer(plain))
    for match in _DRESSED.finditer(view.text):
        shown = match[0].rstrip(" .-")
        if _is_dressed(shown):
            yield match.start(), match.start() + len(shown)
    if _SPELLED_HINT.search(plain):
        yield from (match.span() for match in _SPELLED.finditer(plain) if _is_spelled(match[0]))


_HAS_DIGITS = re.compile(r"[0-9](?:[ .()-]{0,3}[0-9]){6}")


def _written(plain: str) -> Iterator[tuple[int, int]]:
    place = 0
    while match := _CANDIDATE.search(plain, place):
        if _is_phone(plain, match):
            place = match.end()
            yield match.span()
        else:
            place = _after_first_group(match)


def _after_first_group(match: re.Match[str]) -> int:
    group = _GROUP.search(match[0])
    return match.start() + (group.end() if group else len(match[0]))


def _is_phone(plain: str, match: re.Match[str]) -> bool:
    groups = _GROUP.findall(match[0])
    if not _SHAPE.fullmatch("".join(groups)) or _DATE.search(plain, max(0, match.start() - 1), match.end() + 5):
        return False
    start, end = match.span()
    if start and plain[start - 1].isalpha() and not _ATTACHED.search(plain, max(0, start - 12), start):
        return False
    if len(groups) == 1:
        return True
    seps = {part.strip(" ()") for part in _GROUP.split(match[0])[1:-1]}
    return _is_even(plain, start, end, groups, seps)


def _is_even(plain: str, start: int, end: int, groups: list[str], seps: set[str]) -> bool:
    led = _ATTACHED.search(plain[max(0, start - 14) : start].rstrip(" :.-"))
    if seps & {",", ";", ":", "%", "="} and not (led or (seps == {","} and min(map(len, groups)) >= 3)):
        return False
    if groups[0] == "0" and len(groups) == 2 and seps <= {".", ","}:
        return False  # 0.912345678
    if groups[0][0] != "0" and _THOUSANDS.fullmatch(plain, start, end):
        return False  # 842.000.000.000
    if re.search(r"[0-9][.,]$", plain[max(0, start - 2) : start]) or re.match(
        r"[.,][0-9]{3}(?![0-9])", plain[end : end + 5]
    ):
        return False
    if all(len(group) == 2 for group in groups) and not led:
        return not _LOTTERY.search(plain, max(0, start - 80), start) and not re.match(
            r"\D{1,3}[0-9]{2}(?![0-9])", plain[end : end + 6]
        )
    return len(seps) <= 2 or bool(led)


def _is_led(plain: str, match: re.Match[str]) -> bool:
    digits = "".join(_GROUP.findall(match["number"]))
    if not _LOOSE.fullmatch(digits) or digits.startswith(("1900", "1800")):
        return False
    _start, end = match.span("number")
    if not digits.startswith("0") and (plain[match.start() : match.start() + 2] == "so" or len(digits) == 8):
        return False
    return not (_DATE.search(match["number"]) or _UNIT.match(plain, end) or _THOUSANDS.fullmatch(match["number"]))


_LOOSE = re.compile(r"(?:0|840?)?[1-9][0-9]{8,9}|0?2?[0-9]{2}[2-9][0-9]{6,7}")
_THOUSANDS = re.compile(r"[0-9]{1,3}(?:[.,][0-9]{3})+")
_UNIT = re.compile(r"[\s.]{0,2}(?:dong|vnd|usd|ty|trieu|nghin|nguoi|luot|m2|km|d(?![a-z])|k(?![a-z])|[%$₫€])")


def _is_dressed(shown: str) -> bool:
    digits = "".join(c for c in shown.translate(_AS_DIGIT) if c.isdigit())
    real = sum(c.isdigit() for c in shown)
    return bool(_SHAPE.fullmatch(digits)) and 3 <= real < len(digits) and len(shown) - len(digits) <= 6


def _is_spelled(words: str) -> bool:
    return len(re.findall(r"[a-z]{2,}", words)) >= 2 and not re.search(r"[0-9]{4}", words)


def _is_office_line(plain: str, start: int, end: int) -> bool:
    if _OFFICE_AFTER.match(plain, end):
        return True
    before = plain[max(0, start - 200) : start]
    listed = _LISTED.search(before, max(0, len(before) - 80))
    breath = _ONE_BREATH.search(before[: listed.start()] if listed else before)
    said = breath[0] if breath else ""
    lines = list(_HAS_LINE.finditer(said))
    if not lines or not _HAS_OFFICE.search(said, max(0, lines[-1].start() - 70)):
        return False
    return not _OWN.search(said, lines[-1].end())
