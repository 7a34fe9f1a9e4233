"""Which Notifier an address means."""

import logging
import sys
from datetime import datetime
from urllib.parse import urlsplit

from monitor import notify_hooks, notify_mail
from monitor.errors import ConfigError, NotifyError
from monitor.notice import Notice, Notifier

logger = logging.getLogger(__name__)


def notifier(address: str, now: datetime) -> Notifier:
    """Return the notifier for an address, by its scheme; what has none of its own here is a URL that apprise knows.

    `print:`; `smtp://` and `smtps://USER:PASSWORD@HOST:PORT/?from=A&to=B,C`; `webhook+https://:SECRET@HOST/PATH`;
    `slack+https://hooks.slack.com/services/...`; `telegram+https://:TOKEN@api.telegram.org/CHAT`.
    Raises ConfigError naming only the scheme: the rest of an address is a secret.
    """
    match scheme(address):
        case "print":
            return _print
        case "smtp" | "smtps":
            return notify_mail.mail(address)
        case "webhook+https" | "webhook+http":
            return notify_hooks.webhook(address, now)
        case "slack+https" | "slack+http":
            return notify_hooks.slack(address)
        case "telegram+https" | "telegram+http":
            return notify_hooks.telegram(address)
        case _:
            return _apprise(address)


def scheme(address: str) -> str:
    """Return the part of an address that may be shown."""
    try:
        return urlsplit(address).scheme or "?"
    except ValueError:
        return "?"


def _apprise(address: str) -> Notifier:
    import apprise

    service = apprise.Apprise.instantiate(address, suppress_exceptions=True)
    if service is None:
        raise ConfigError(f"notify address {scheme(address)}://... is not one that apprise understands")

    def deliver(notice: Notice) -> None:
        if not service.notify(title=notice.title, body=notice.text, body_format=apprise.NotifyFormat.TEXT):
            raise NotifyError(f"{scheme(address)}: {notice.key} was not accepted")
        logger.info("notified %s of %s", scheme(address), notice.key)

    return deliver


def _print(notice: Notice) -> None:
    sys.stdout.write(f"\n{notice.title}\n{notice.text}\n")
    sys.stdout.flush()
