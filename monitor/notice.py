"""Notices to people: a Notifier delivers one notice to one address, or raises NotifyError."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Notice:
    """What people get: a line, a plain text, the same as HTML and a PNG where there are; `key` names it for ever."""

    key: str
    title: str
    text: str
    html: str = ""
    chart: bytes = b""


Notifier = Callable[[Notice], None]
