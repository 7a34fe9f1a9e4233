"""Times as Vietnamese sites write them: day before month, Viet Nam time where no offset is given."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone

from monitor.records import VIETNAM
from monitor.text import clean

EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
_AHEAD = timedelta(days=1)

_ISO = re.compile(
    r"(?P<y>\d{4})[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})"
    r"(?:[T\s]+(?P<H>\d{1,2}):(?P<M>\d{2})(?::(?P<S>\d{2})(?:[.,]\d{1,9})?)?"
    r"\s*(?P<half>[AaPp][Mm]\b)?\s*(?P<zone>Z\b|[+-]\d{2}:?\d{2}(?!\d)|[+-]\d{1,2}(?![\d:/-]))?)?"
)
_DAY = re.compile(
    r"(?<![\d/.-])(?:(?P<d>\d{1,2})\s?(?P<sep>[/.-])\s?(?P<m>\d{1,2})\s?(?P=sep)\s?(?P<y>\d{4}|\d{2})(?![\d])"
    r"|(?P<d2>\d{1,2})\s+tháng\s+(?P<m2>\d{1,2})[\s,]+(?:năm\s+)?(?P<y2>\d{4})"
    r"|(?P<d3>\d{1,2})\s+tháng\s+(?P<word>một|hai|ba|tư|bốn|năm|sáu|bảy|bẩy|tám|chín|mười một|mười hai|mười|giêng|chạp)"
    r"[\s,]+(?:năm\s+)?(?P<y3>\d{4}))",
    re.IGNORECASE,
)
_CLOCK = re.compile(
    r"(?<![\d:+/-])(?P<H>\d{1,2})\s?(?::|giờ|h|g(?=\d))\s?(?P<M>\d{2})?(?:\s?[:'p]\s?(?P<S>\d{2}))?(?!\d)"
    r"\s*(?:phút)?\s*(?P<half>[AaPp]\.?[Mm]\b|SA\b|CH\b|sáng|trưa|chiều|tối)?",
)
_ZONE = re.compile(r"(?:GMT|UTC)\s*(?P<zone>[+-]\s*\d{1,2}(?::?\d{2})?)|(?<=\d)\s*(?P<z>Z)\b", re.IGNORECASE)
_AGO = re.compile(
    r"(?<!\d)(?P<n>\d{1,3}|một|vài)\s*(?P<unit>giây|phút|giờ|tiếng|ngày|tuần|tháng|năm)\s+trước", re.IGNORECASE
)
_NEAR = re.compile(r"\b(?P<day>hôm nay|hôm qua|hôm kia)\b", re.IGNORECASE)
_JUST_NOW = re.compile(r"\b(?:vừa xong|vừa mới|mới đây|ngay bây giờ)\b", re.IGNORECASE)

_UNITS = {"giây": 1, "phút": 60, "giờ": 3600, "tiếng": 3600, "ngày": 86400, "tuần": 604800}
_UNITS |= {"tháng": 30 * 86400, "năm": 365 * 86400}
_NEAR_DAYS = {"hôm nay": 0, "hôm qua": 1, "hôm kia": 2}
_MONTH_WORDS = {"một": 1, "giêng": 1, "hai": 2, "ba": 3, "tư": 4, "bốn": 4, "năm": 5, "sáu": 6, "bảy": 7, "bẩy": 7}
_MONTH_WORDS |= {"tám": 8, "chín": 9, "mười": 10, "mười một": 11, "mười hai": 12, "chạp": 12}
_AFTERNOON = {"pm", "p.m", "ch", "chiều", "tối"}
_MORNING = {"am", "a.m", "sa", "sáng"}


def parse_time(text: str, now: datetime) -> datetime | None:
    """Return the moment that a text states, in UTC; None when it states none, or one more than a day after `now`.

    A text without an offset is in Viet Nam time.  A date without a clock is the midnight that begins it.
    Relative times ("5 phút trước", "hôm qua 14:20") count from `now`.
    """
    text = clean(text[:200]).strip()
    for form in _FORMS:
        moment = _try(form, text, now)
        if moment is not None:
            return moment if EARLIEST <= moment <= now + _AHEAD else None
    return None


def says_clock(text: str) -> bool:
    """Return whether a text gives a clock time that is not the midnight of a bare date."""
    return bool(_CLOCK.search(text) or re.search(r"\d[T\s]\d{1,2}:\d{2}", text))


def _try(form: Callable[[str, datetime], datetime | None], text: str, now: datetime) -> datetime | None:
    try:
        return form(text, now)
    except (ValueError, OverflowError):
        return None


def _iso(text: str, _: datetime) -> datetime | None:
    match = _ISO.search(text)
    if not match or (match.start() and text[match.start() - 1].isdigit()):
        return None
    hour = _hour(int(match["H"] or 0), match["half"])
    parts = (int(match["y"]), int(match["m"]), int(match["d"]), hour, int(match["M"] or 0), int(match["S"] or 0))
    return datetime(*parts, tzinfo=_zone(match["zone"])).astimezone(UTC)


def _epoch(text: str, _: datetime) -> datetime | None:
    if not re.fullmatch(r"\d{10}|\d{13}", text):
        return None
    return datetime.fromtimestamp(int(text[:10]), UTC)


def _dated(text: str, _: datetime) -> datetime | None:
    match = _DAY.search(text)
    if not match:
        return None
    day, month, year = _day_month_year(match)
    rest = text[: match.start()] + " | " + text[match.end() :]
    return _at(datetime(year, month, day, tzinfo=VIETNAM), rest)


def _day_month_year(match: re.Match[str]) -> tuple[int, int, int]:
    day = int(match["d"] or match["d2"] or match["d3"])
    month = _MONTH_WORDS[match["word"].lower()] if match["word"] else int(match["m"] or match["m2"])
    year = int(match["y"] or match["y2"] or match["y3"])
    # "11/21/2025": no such month, so a server with American settings wrote it.
    if month > 12 >= day:
        day, month = month, day
    return day, month, year if year > 99 else 2000 + year


def _at(midnight: datetime, text: str) -> datetime:
    zone = _ZONE.search(text)
    clock = _CLOCK.search(_ZONE.sub(" ", text))
    offset = _zone(zone["zone"] or zone["z"]) if zone else VIETNAM
    if not clock:
        return midnight.astimezone(UTC)
    hour, minute = _hour(int(clock["H"]), clock["half"]), int(clock["M"] or 0)
    return midnight.replace(hour=hour, minute=minute, second=int(clock["S"] or 0), tzinfo=offset).astimezone(UTC)


def _hour(hour: int, half: str | None) -> int:
    """CafeF prints "17:09 PM": an hour above 12 is already of the 24-hour clock."""
    half = (half or "").lower()
    if half in _AFTERNOON and hour < 12:
        return hour + 12
    return 0 if half in _MORNING and hour == 12 else hour


def _ago(text: str, now: datetime) -> datetime | None:
    match = _AGO.search(text)
    if not match:
        return _near(text, now)
    count = {"một": 1, "vài": 3}.get(match["n"].lower()) or int(match["n"])
    return (now - timedelta(seconds=count * _UNITS[match["unit"].lower()])).astimezone(UTC)


def _near(text: str, now: datetime) -> datetime | None:
    match = _NEAR.search(text)
    if match:
        day = now.astimezone(VIETNAM) - timedelta(days=_NEAR_DAYS[match["day"].lower()])
        return _at(day.replace(hour=0, minute=0, second=0, microsecond=0), text)
    return now.astimezone(UTC) if _JUST_NOW.search(text) else None


def _zone(text: str | None) -> timezone:
    if not text:
        return VIETNAM
    digits = re.sub(r"[^\d]", "", text)
    if not digits:
        return UTC
    hours, minutes = (int(digits[:-2]), int(digits[-2:])) if len(digits) > 2 else (int(digits), 0)
    delta = timedelta(hours=hours, minutes=minutes)
    return timezone(-delta if text.lstrip().startswith("-") else delta)


_FORMS: tuple[Callable[[str, datetime], datetime | None], ...] = (_epoch, _iso, _dated, _ago)
