"""Notices to people: a Notifier delivers one notice to one address, or raises NotifyError."""

import logging
import sys
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from monitor.errors import ConfigError, NotifyError

logger = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True, slots=True)
class Notice:
    """What one alert says to people: a line and a plain text, both in Vietnamese."""

    key: str
    title: str
    text: str


Notifier = Callable[[Notice], None]


def notifier(address: str) -> Notifier:
    """Return the notifier for an address: `print:` for this terminal, else any URL that apprise knows.

    Raises ConfigError naming only the scheme: the rest of an address is a secret.
    """
    if address == "print:":
        return _print
    import apprise

    service = apprise.Apprise.instantiate(address, suppress_exceptions=True)
    if service is None:
        raise ConfigError(f"notify address {scheme(address)}://... is not one that apprise understands")

    def deliver(notice: Notice) -> None:
        if not service.notify(title=notice.title, body=notice.text, body_format=apprise.NotifyFormat.TEXT):
            raise NotifyError(f"{scheme(address)}: {notice.key} was not accepted")
        logger.info("notified %s of %s", scheme(address), notice.key)

    return deliver


def scheme(address: str) -> str:
    """Return the part of an address that may be shown."""
    return urlsplit(address).scheme or "?"


def _print(notice: Notice) -> None:
    sys.stdout.write(f"\n{notice.title}\n{notice.text}\n")
    sys.stdout.flush()
