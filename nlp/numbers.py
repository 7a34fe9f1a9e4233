"""Numbers that name a person: identity papers, bank accounts and cards, tax codes, telephones.

First what a word announces ("stk", "cccd"), then what its digits give away; patterns are bounded, so time is linear.
"""

import re
from collections.abc import Iterator

from nlp.disguise import View
from nlp.telephones import telephones

Found = tuple[str, int, int]

_MANY = re.compile(r"[0-9](?:[^0-9a-z\n\x00]{0,3}[0-9]){5}")
_NUMBER = r"(?P<number>[0-9]{2,19}(?![0-9])(?:[ .-]{1,2}[0-9]{2,7}(?![0-9])){0,6})"
_GAP = r"(?P<gap>[^0-9\n!?\x00]{0,40})"

_BANKS = (
    r"(?:vietcombank|vcb|techcombank|tcb|bidv|agribank|viett?inbank|ctg|mb ?bank|mb|acb|sacombank|stb|tp ?bank"
    r"|tpb|vp ?bank|vpb|vib|shb|hdbank"
    r"|ocb|msb|seabank|lp ?bank|lien viet(?: ?post ?bank)?|eximbank|nam a bank|bac a bank|pvcombank|abbank|ncb"
    r"|kien ?long ?bank|scb"
    r"|dong a bank|vietbank|vietabank|bao ?viet ?bank|saigonbank|cake|timo|shinhan(?: ?bank)?|woori ?bank|hsbc"
    r"|momo|zalo ?pay"
    r"|viettel ?money|viettel ?pay|vnpay|shopee ?pay)"
)
_ANNOUNCED = {
    "account": (
        (
            r"s ?t ?k|so (?:tai khoan|tk|account)|tai khoan(?: ngan hang)? so|tai khoan nhan|account(?: number"
            r"| no)?|acc no|stknh|tknh"
        ),
        range(6, 20),
    ),
    "transfer": (rf"{_BANKS}|tai khoan|tk|chuyen khoan|ck|ung ho|gui tien|chuyen tien|ngan hang", range(8, 20)),
    "identity": (
        (
            r"c ?c ?c ?d|can cuoc(?: cong dan)?|c ?m ?n ?d|cmtnd|cmt|chung minh(?: nhan dan| thu)?"
            r"|so dinh danh(?: ca nhan)?|dinh danh(?: ca nhan)?"
            r"|ho chieu|passport|giay to tuy than"
        ),
        (9, 12),
    ),
    "tax": (r"ma so thue|mst|m\.s\.t|ma thue|tax(?: code| id)?", (10, 12, 13)),
    "card": (
        r"so the|the (?:visa|master(?:card)?|atm|tin dung|napas|ghi no|jcb)|visa|mastercard|card(?: number)?",
        range(13, 20),
    ),
}
_LEAD = {
    kind: re.compile(rf"(?<![a-z0-9])(?:{words})(?![a-z]){_GAP}{_NUMBER}") for kind, (words, _) in _ANNOUNCED.items()
}
_LENGTHS = {kind: frozenset(lengths) for kind, (_, lengths) in _ANNOUNCED.items()}
_BEFORE_BANK = re.compile(
    rf"(?<![0-9a-z])(?<![0-9][.,]){_NUMBER}[\s,:;/|(–-]{{0,3}}(?:(?:tai|o|ngan hang|nh|stk|bank"
    rf"|cua)\s){{0,3}}(?P<bank>{_BANKS})(?![a-z])"
)
_OTHER = re.compile(
    r"(?<![a-z])(?:s ?d ?t|dt|dien thoai|zalo|zl|lh|lien he|goi|phone|tel|hotline|call|viber|ma (?:don|van don"
    r"|giao dich))(?![a-z])"
)
_BANK_HINT = re.compile(_BANKS)
_PASSPORT = re.compile(
    r"(?<![a-z0-9])(?:ho chieu|passport"
    r"|pp)(?![a-z])[^0-9\n!?\x00]{0,40}?(?<![a-z0-9])(?P<number>[a-z]{1,2} ?[0-9]{6,8})(?![0-9a-z])"
)

_CITIZEN = re.compile(r"(?<![0-9a-z])(?<![0-9][.,])0[0-9]{2}[ .-]?[0-3](?:[ .-]?[0-9]){8}(?![0-9]|[.,][0-9])")
_NINE = re.compile(r"(?<![0-9a-z])(?<![0-9][.,])(?!123456789)[0-3][0-9]{8}(?![0-9a-z]|[.,][0-9])")
_CARD = re.compile(
    r"(?<![0-9a-z])(?<![0-9][.,])(?:4|5[1-5]|2[2-7]|3[47568]|6[0245]|9704)(?:[ .-]{0,2}[0-9]){11,18}(?![0-9]"
    r"|[.,][0-9])"
)
_TAX = re.compile(r"(?<![0-9a-z])(?<![0-9][.,])[0-9]{10}-[0-9]{3}(?![0-9])")
_CODE = re.compile(
    r"(?<![a-z0-9])(?:(?:ma|so) (?:[a-z]{1,6} ){0,2}(?:don|hang|van don|hop dong|hoa don|san pham|hieu|seri"
    r"|serial|ho so|phieu|cho|giao dich"
    r"|bien lai|bien nhan|kien|chuyen|lo|gd|hd)|id|sku|model|seri|serial|isbn|imei|van don|don hang|code"
    r"|version|phien ban|ma|#)[\s:#.]{0,3}(?:la |so )?$"
)
_UNIT = re.compile(
    r"[\s.]{0,2}(?:dong|vnd|usd|do la|eur|ty|trieu|nghin|ngan(?! hang)|nguoi|luot|view|m2|m3|met|km|kg|tan"
    r"|phieu|co phieu|cu tri|ho dan|san pham"
    r"|like|follow|theo doi|btc|won|yen|nhan dan te|d(?![a-z])|k(?![a-z])|tr(?![a-z])|ha(?![a-z])|cp(?![a-z])|[%$₫€])"
)
_MONEY = re.compile(
    r"(?<![a-z])(?:tru|con|hoan|mat|rut|so du|lai|tang|giam|vay|nop|phi|hon|gan|khoang|them|duoc|du no|von|gia"
    r"|dat|lo|tong|thu|chi)(?![a-z])"
)
_YEARS = re.compile(r"(?:19|20)[0-9]{2} ?- ?(?:19|20)[0-9]{2}$|[0-3]?[0-9][.-][01]?[0-9][.-](?:19|20)[0-9]{2}$")
_THOUSANDS = re.compile(r"[1-9][0-9]{0,2}(?:[.,][0-9]{3})+")


def numbers(view: View) -> Iterator[Found]:
    """Yield the numbers of papers, accounts, cards, tax payers and telephones."""
    if _MANY.search(view.plain):
        announced = _announced(view.plain)
        yield from announced
        if announced:
            view = view.blank([one[1:] for one in announced])
        given_away = sorted(_given_away(view.plain), key=lambda one: one[1:])
        yield from given_away
        if given_away:
            view = view.blank(_apart(given_away))
    yield from telephones(view)


def _announced(plain: str) -> list[Found]:
    nearest: dict[int, tuple[int, Found]] = {}
    for kind, pattern in _LEAD.items():
        for match in pattern.finditer(plain):
            start = match.start("number")
            last = 0 if _OTHER.search(match["gap"]) else _whole(match["number"], start, _LENGTHS[kind])
            if last and not (_is_count(plain[start:last]) or (kind == "transfer" and _is_sum(plain, match, last))):
                found = ("account" if kind == "transfer" else kind, start, last)
                nearest[start] = max(nearest.get(start, (-1, found)), (match.start() - (kind == "transfer"), found))
    for match in _PASSPORT.finditer(plain):
        nearest[match.start("number")] = (match.start(), ("identity", *match.span("number")))
    for match in _BEFORE_BANK.finditer(plain) if _BANK_HINT.search(plain) else ():
        start = match.start("number")
        last = _whole(match["number"], start, _LENGTHS["transfer"])
        if start not in nearest and last and not _THOUSANDS.fullmatch(match["number"]):
            nearest[start] = (start, ("account", start, last))
    ordered = sorted((found for _, found in nearest.values()), key=lambda one: one[1:])
    return [one for one, (start, _) in zip(ordered, _apart(ordered), strict=True) if one[1] == start]


def _whole(number: str, start: int, lengths: frozenset[int]) -> int:
    """Return where the longest stretch of whole groups with an allowed count of digits ends, or 0."""
    best = count = 0
    for group in re.finditer(r"[0-9]+", number):
        count += len(group[0])
        if count in lengths:
            best = start + group.end()
            if len(group[0]) >= 8 and 8 in lengths:  # an account in one piece; what follows is another number
                break
    return best


def _is_count(number: str) -> bool:
    """Return whether the digits are a sum in thousands, years from and to, or a date."""
    return bool(_YEARS.match(number)) or (number.count(".") < 2 and bool(_THOUSANDS.fullmatch(number)))


def _is_sum(plain: str, match: re.Match[str], end: int) -> bool:
    number = plain[match.start("number") : end]
    if _THOUSANDS.fullmatch(number) or _UNIT.match(plain, end) or number.startswith(("1900", "1800")):
        return True
    return bool(_MONEY.search(match["gap"])) or (number[0] != "0" and number.endswith("0000"))


def _given_away(plain: str) -> Iterator[Found]:
    yield from (("card", *match.span()) for match in _CARD.finditer(plain) if _luhn(match[0]))
    yield from (("identity", *match.span()) for match in _CITIZEN.finditer(plain) if _is_citizen(plain, match))
    yield from (("identity", *match.span()) for match in _NINE.finditer(plain) if _is_nine(plain, match))
    yield from (("tax", *match.span()) for match in _TAX.finditer(plain) if _is_tax(match[0]))


def _is_citizen(plain: str, match: re.Match[str]) -> bool:
    groups = len(re.findall("[0-9]+", match[0]))
    return 1 <= int(match[0][:3]) <= 96 and groups <= 5 and not _is_code(plain, match)


def _is_nine(plain: str, match: re.Match[str]) -> bool:
    return not (_is_code(plain, match) or _UNIT.match(plain, match.end()))


def _is_code(plain: str, match: re.Match[str]) -> bool:
    return bool(_CODE.search(plain, max(0, match.start() - 40), match.start()))


def _luhn(number: str) -> bool:
    digits = [int(c) for c in number if c.isdigit()][::-1]
    return len(digits) >= 13 and sum(digits[::2] + [sum(divmod(2 * d, 10)) for d in digits[1::2]]) % 10 == 0


def _is_tax(number: str) -> bool:
    weighed = sum(w * int(c) for w, c in zip((31, 29, 23, 19, 17, 13, 7, 5, 3), number, strict=False))
    return int(number[9]) == 10 - weighed % 11


def _apart(found: list[Found]) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    for _, start, end in found:
        if spans and start < spans[-1][1]:
            spans[-1] = (spans[-1][0], max(end, spans[-1][1]))
        else:
            spans.append((start, end))
    return spans
