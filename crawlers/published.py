"""When an article was published: what the page claims, checked against what it prints."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from crawlers.blocks import Block, Page
from crawlers.times import parse_time, says_clock
from monitor.records import VIETNAM

_HAS_DAY = re.compile(
    r"\d{1,2}\s?[/.-]\s?\d{1,2}\s?[/.-]\s?\d{2,4}|\d{4}-\d{2}-\d{2}|\btháng\s+\w+|\btrước\b|\bhôm (?:nay|qua|kia)\b",
    re.IGNORECASE,
)
_MODIFIED = re.compile(r"cập nhật|chỉnh sửa|sửa lúc|updated|modified", re.IGNORECASE)
_STATEMENT = re.compile(r"(?=(?:cập nhật|chỉnh sửa|sửa lúc|updated|modified|đăng|xuất bản|published)\b)", re.IGNORECASE)
_OFFSET = timedelta(hours=7)
_BEFORE, _AFTER, _FAR = 8, 12, 400


def published_at(page: Page, first: int, claims: Sequence[str], now: datetime) -> datetime | None:
    """Return when the page says it was published: as claimed in its data, else as printed near the headline."""
    printed = [(text, parse_time(text, now)) for text in _printed(page, first)]
    seen = [(text, moment) for text, moment in printed if moment is not None]
    for claim in claims:
        moment = parse_time(claim, now)
        if moment is not None:
            return _checked(claim, moment, seen)
    clocked = [moment for text, moment in seen if says_clock(text)]
    return next(iter(clocked or [moment for _, moment in seen]), None) or _anywhere(page, now)


def _anywhere(page: Page, now: datetime) -> datetime | None:
    """The first day with a clock that stands on the page: where the headline is not known, nothing is near it."""
    texts = (text for block in page.blocks[:_FAR] if not block.is_link for text in _statements(page, block))
    moments = (parse_time(text, now) for text in texts if says_clock(text))
    return next((moment for moment in moments if moment), None)


def _checked(claim: str, claimed: datetime, seen: list[tuple[str, datetime]]) -> datetime:
    """The reader's clock is right where the machine's has a wrong offset, local time with a Z, or no clock at all."""
    for text, moment in seen:
        local = moment.astimezone(VIETNAM)
        if not says_clock(text):
            continue
        shifted = abs(abs(moment - claimed) - _OFFSET) < timedelta(minutes=1)
        if shifted or f"{local:%Y-%m-%dT%H:%M}" in claim:
            return moment
        if not says_clock(claim) and local.date() == claimed.astimezone(VIETNAM).date():
            return moment
    return claimed


def _printed(page: Page, first: int) -> list[str]:
    """Texts that hold a day, the likeliest first: after the headline, then before it, updates last."""
    before = page.blocks[max(first - 1 - _BEFORE, 0) : max(first - 1, 0)]
    texts = [text for block in page.blocks[first : first + _AFTER] + before[::-1] for text in _statements(page, block)]
    return sorted(texts, key=lambda text: bool(_MODIFIED.search(text)))


def _statements(page: Page, block: Block) -> list[str]:
    stated = page.nodes[block.node].element.get("datetime")
    pieces = (
        [piece for piece in _STATEMENT.split(block.text) if _HAS_DAY.search(piece)] if len(block.text) < 120 else []
    )
    return [stated, *pieces] if stated else pieces
