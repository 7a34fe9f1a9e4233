"""Vehicle plates: 29A-123.45, 51F 12345, 59-X1 234.56, 30H-1234, and army plates after the word for plate."""

import re
from collections.abc import Iterator

from nlp.disguise import View

Found = tuple[str, int, int]

# Two digits of a province, a series of letters, then 123.45, 12345 or the older 1234.
_PLATE = re.compile(
    r"(?<![\w.,/-])(?P<province>[1-9][0-9])(?P<gap>[\s.-]?)(?P<series>[a-z]{1,2}|[a-z]\s?[0-9])(?P<mid>[\s.-]{0,3})"
    r"(?P<number>[0-9]{3}[\s.-]?[0-9]{2}|[0-9]{4})(?![\w%]|[.,/][0-9])"
)
_ARMY = re.compile(r"(?<![\w.,/-])[a-z]{2}[\s.-]?[0-9]{2}[\s.-][0-9]{2}(?![\w%]|[.,/][0-9])")
_WORD = re.compile(
    r"(?<![a-z0-9])(?:bien so|bien kiem soat|bien|bks|bsx|xe|oto|o to|sh|wave|taxi|mazda|vios|toyota|honda"
    r"|vision|ab|exciter)"
    r"(?:\s[a-z]{1,10}){0,3}[\s:.,(-]{0,3}$"
)
_PLATE_WORD = re.compile(r"(?<![a-z0-9])(?:bien so|bien kiem soat|bien|bks|bsx)(?:\s[a-z]{1,5}){0,2}[\s:.,(-]{0,3}$")
_UNIT = re.compile(
    r"\s?(?:dong|d\b|k\b|vnd|usd|nguoi|met|m\b|m2|km|kg|tan|cai|chiec|bo\b|lon|chai|thung|ve\b|luot|suat|phieu)"
)
_UNUSED = frozenset({"13", "42", "44", "45", "46", "91", "96"})
_HINT = re.compile(r"[0-9]{3}[\s.-]?[0-9]|[a-z]{2}[\s.-]?[0-9]{2}[\s.-][0-9]{2}")


def plates(view: View) -> Iterator[Found]:
    """Yield the plates; in small letters ("29a 12345") only with a dot, a hyphen or a word for a vehicle."""
    if not _HINT.search(view.plain):
        return
    for match in _PLATE.finditer(view.plain):
        if match["province"] not in _UNUSED and _is_plate(view, match):
            yield "plate", *match.span()
    if "bien" in view.plain or "bks" in view.plain:
        for match in _ARMY.finditer(view.plain):
            if _PLATE_WORD.search(view.plain, max(0, match.start() - 30), match.start()):
                yield "plate", *match.span()


def _is_plate(view: View, match: re.Match[str]) -> bool:
    start = match.start()
    if _WORD.search(view.plain, max(0, start - 45), start):
        return True
    if _UNIT.match(view.plain, match.end()):
        return False
    upper = view.text[slice(*match.span("series"))].replace(" ", "")[0].isupper()
    joined = not match["gap"].isspace() and "\n" not in match[0]
    dotted = "." in match["number"]
    dashed = "-" in match["gap"] + match["mid"]
    if len(match["number"]) == 4:
        return upper and joined and dashed and match["number"][:2] not in ("19", "20")
    return joined and (dotted or upper or dashed or match["series"][-1].isdigit())
