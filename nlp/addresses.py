"""House addresses: from the number of the house to the name of its street; a street or ward alone stays."""

import re
from collections.abc import Iterator

from nlp.disguise import UPPER, View

Found = tuple[str, int, int]

_HOUSE = r"[0-9]{1,4}(?!\d)(?:\s?[a-h](?![a-z]))?(?:[/-][0-9]{1,4}(?!\d)[a-h]?(?![a-z])){0,5}"
_ALLEY = r"(?:ngo|ngach|ngack|hem|hxh|kiet|xec|xet)"
_STREET = (
    r"(?:duong|pho|dai lo|duong so|d\.|dg|tinh lo|quoc lo|huong lo|tl|ql|thon|xom|ap|to|to dan pho|tdp|khu pho"
    r"|kp|khoi)"
)
_HINT = re.compile(r"[0-9]\s?[a-h]?[\s,]{1,3}(?:[a-z]|[0-9])|[0-9]/[0-9]|(?:can ho|phong|toa)\s")
_PLACE_WORD = (
    r"(?:dia chi|d/c|đ/c|dc|nha(?: (?:em|toi|minh|anh|chi|ong|ba|co|chu|o|rieng))?|o|tai|ship|giao"
    r"|den|toi|ve|qua|ghe|can nha|thue nha|cho o|noi o|thuong tru|tam tru)"
)
# Where a number counts something that is no house: storm 12, decree 5, team 3, bus 8.
_NO_HOUSE = re.compile(
    r"(?<![a-z])(?:nghi dinh|quyet dinh|thong tu|chi thi|cong van|ke hoach|luat|dieu|khoan|nghi quyet|van ban|cang"
    r"|doi|to|khu|tuyen|xe|bus|buyt|goi thau|ben|cua|cong"
    r"|tram|bao|con bao|lo|ca|ban|benh nhan|ao|thu|ghe|chuyen|duong|truong|quoc lo|ql|tinh lo|dl|con|tap|ky"
    r"|phan|chuong|bai|trang|cau|hang|vi tri|top|bang|nhom|quan"
    r"|phuong|khoa|lop|kenh|may|mau|giai|vong|tran|ung vien|bieu mau|mau so|cot|moc|km|nguoi|ong|ba|vu an"
    r"|thong bao|du an|lan|muc|nam|thang|ngay|vung|hang|thon|(?<!hang )xom|ap|phao)\s$"
)
_NUMBERED = re.compile(
    rf"(?<![a-z0-9])(?P<lead>(?:{_PLACE_WORD}\s?:?\s)?)(?P<word>so nha|nha so|so|sn"
    rf"|can so)\s?:?\s?(?P<house>{_HOUSE})(?![0-9%]|[.,][0-9])"
)
_SLASHED = re.compile(
    rf"(?<![\w/.,-])(?P<lead>(?:{_PLACE_WORD}\s?:?\s|hem\s|hem so\s|ngo\s"
    rf"|kiet\s)?)(?P<house>[0-9]{{1,4}}[a-h]?(?:/[0-9]{{1,4}}[a-h]?(?![a-z0-9])){{1,5}})(?=[\s,])"
)
_LED = re.compile(rf"(?<![a-z0-9])(?P<lead>{_PLACE_WORD}\s?:?\s)(?P<house>{_HOUSE})(?=[\s,])")
_BARE = re.compile(rf"(?<![\w/.,-])(?P<lead>)(?P<house>{_HOUSE})(?=[\s,])")
_ALLEYS = re.compile(
    rf"(?:[\s,]{{1,3}}{_ALLEY}\s?(?:so\s)?(?:[0-9]{{1,4}}[a-z]?(?:/[0-9]{{1,4}}[a-z]?){{0,4}}(?![a-z0-9])))+"
)
_ROAD = re.compile(
    rf"[\s,]{{1,3}}(?P<kind>{_STREET})(?![a-z])(?:\s?(?P<rest>(?:so\s)?[0-9]{{1,3}}[a-z]?(?:[/-][0-9]{{1,2}})?"
    rf"(?![0-9a-z])))?"
)
_CAPITAL = rf"(?:[{UPPER}][^\W\d_]*)"
_NAME = re.compile(rf"\s{{0,2}}(?P<name>{_CAPITAL}(?:\s{_CAPITAL}){{0,4}})")
_SMALL = re.compile(r"\s[^\W\d_]{1,7}\s[^\W\d_]{1,7}(?![\w])")
_LONG_SMALL = re.compile(
    r"\s(?:nguyen|tran|le|phan|vo|huynh|ly|ngo|dinh|hoang|cach mang)\s(?:thi|van|hung|quoc|thuong|dinh|huu|cong"
    r"|thang|khac|quang|sy|si|ba|van|minh|trong|chi|phu)\s[a-z]{1,7}(?:\s(?:khai|chieu|kiet|toan))?(?![a-z])"
)
_ADMIN = re.compile(
    r"\s?(?:,\s?|-\s?|\(\s?)?(?:phuong|p\.|p\s?[0-9]|quan|q\.|q\s?[0-9]|tp|thanh pho|xa|huyen|tinh|thi tran|tx"
    r"|kdt|khu do thi|h\.)(?![a-z]{3})"
)
_NOT_STREET = re.compile(
    r"(?:phuong|quan|huyen|xa|tinh|tp|thanh pho|benh vien|truong|cong ty|cty|so|bo|cong an|ubnd|doi|hoi|ban"
    r"|bang|tap doan|nha|thi tran|chung cu|khu|toa|uy|quoc hoi|dang"
    r"|dai hoc|thpt|thcs|san|ngan hang|trung tam|hlv|vdv|csgt|viet nam|ha noi|thang|mua|clb|chi nhanh|cuc"
    r"|chi cuc|vien|du an|nguoi|hoc|can bo|bac si|dai bieu|my|nhat|asean|euro)(?![a-z])"
)
_ROOM = re.compile(
    r"(?<![a-z0-9])(?:can ho|can|phong"
    r"|p\.)\s?(?:so\s)?:?(?P<room>[a-z]{0,2}[0-9]{1,2}?[.-]?[0-9]{2,4}[a-h]?)(?![0-9])[\s,-]{1,3}"
    r"(?:tang\s[0-9]{1,2}[\s,-]{1,3})?"
    r"(?:toa nha|toa|chung cu|cc|block|thap|nha|ct|khu)\s?"
    r"(?P<block>(?:[a-z]{0,3}[0-9]{1,2}[a-z]?|[a-z]{1,2})(?![a-z0-9]))?"
)
_DATE_WORD = re.compile(
    r"(?:ngay|hom|sang|chieu|toi|dem|trua|tu|den|thang|thu [a-z]+|thu [2-7]|cn|nhat|qua|nay|mai|truoc|sau|ty le"
    r"|ti le|het|vao|dip|le|ky niem|khoa hoc)\s?[(,:]?\s?$"
)


def addresses(view: View) -> Iterator[Found]:
    """Yield the addresses of houses and flats."""
    plain = view.plain
    if not _HINT.search(plain):
        return
    for match in _NUMBERED.finditer(plain):
        yield from _numbered(view, match)
    for match in _SLASHED.finditer(plain) if "/" in plain else ():
        yield from _slashed(view, match)
    for match in _LED.finditer(plain):
        yield from _led(view, match)
    for match in _BARE.finditer(plain):
        yield from _bare(view, match)
    for match in _ROOM.finditer(plain):
        if match["block"] or view.text[match.end() : match.end() + 1].isupper():
            yield "address", match.start(), match.end() if match["block"] else _named(view, match.end()) or match.end()


def _bare(view: View, match: re.Match[str]) -> Iterator[Found]:
    end = _street(view, match.end(), small=False)
    counted = _NO_HOUSE.search(view.plain, max(0, match.start() - 14), match.start())
    if end and not counted and _in_ward(view.plain, end):
        yield "address", match.start(), end


def _numbered(view: View, match: re.Match[str]) -> Iterator[Found]:
    start = match.start("word")
    end = _street(view, match.end(), small=True)
    certain = match["word"] in ("so nha", "nha so", "sn", "can so")
    if match["word"] == "sn" and _is_day(match["house"]):  # born in
        return
    counted = not match["lead"] and _NO_HOUSE.search(view.plain, max(0, start - 14), start)
    road = _ROAD.match(view.plain, match.end()) or _ALLEYS.match(view.plain, match.end())
    if certain or (end and (road or not (counted or _is_rank(view, match, end)))):
        yield "address", start, end or match.end()


def _is_rank(view: View, match: re.Match[str], end: int) -> bool:
    """Return whether "số 1 Thế giới" or "SỐ 30 NĂM NAY" is meant, not a house in a street."""
    street = view.text[match.end() : end]
    return len(street.split()) < 2 or view.text[match.start("word") : end].isupper()


def _slashed(view: View, match: re.Match[str]) -> Iterator[Found]:
    start = match.start("house") if match["lead"][:3] not in ("hem", "ngo", "kie") else match.start()
    end = _street(view, match.end(), small=bool(match["lead"]))
    if _NO_HOUSE.search(view.plain, max(0, start - 14), start):
        return
    if not end or (_is_day(match["house"]) and _DATE_WORD.search(view.plain, max(0, start - 16), start)):
        return
    if (
        match["lead"]
        or not _is_day(match["house"])
        or _in_ward(view.plain, end)
        or _ROAD.match(view.plain, match.end())
    ):
        yield "address", start, end


def _led(view: View, match: re.Match[str]) -> Iterator[Found]:
    end = _street(view, match.end(), small=False)
    if not end:
        return
    strong = match["lead"].strip(" :") not in ("tai", "den", "toi", "ve", "qua", "o", "giao")
    if (
        strong
        or _in_ward(view.plain, end)
        or _ROAD.match(view.plain, match.end())
        or len(view.text[match.end() : end].split()) >= 2
    ):
        yield "address", match.start("house"), end


def _in_ward(plain: str, end: int) -> bool:
    return bool(_ADMIN.match(plain, end))


def _is_day(house: str) -> bool:
    parts = [int(part) for part in re.findall(r"[0-9]+", house)]
    if 1900 < parts[-1] < 2100:
        return True
    return len(parts) == 2 and parts[0] <= 31 and parts[1] <= 12 and house[-1].isdigit()


def _street(view: View, place: int, *, small: bool) -> int:
    """Return where the alleys and the street after a house number end, or 0 when none follows."""
    end = 0
    if alleys := _ALLEYS.match(view.plain, place):
        end = place = alleys.end()
    road = _ROAD.match(view.plain, place)
    if road and road["rest"]:
        return road.end()
    if road:
        return _named(view, road.end()) or (_small(view.plain, road.end()) if small else 0) or end
    return _named(view, place) or end


def _named(view: View, place: int) -> int:
    name = _NAME.match(view.text, place)
    if not name or _NOT_STREET.match(view.plain, name.start("name")) or _is_acronym(name["name"].split()):
        return 0
    return name.end()


def _is_acronym(words: list[str]) -> bool:
    return len(words[0]) > 1 and words[0].isupper() and not (len(words) > 1 and words[1].isupper())


def _small(plain: str, place: int) -> int:
    found = _LONG_SMALL.match(plain, place) or _SMALL.match(plain, place)
    return found.end() if found else 0
