"""Mail by SMTP: plain text, HTML and the chart, under a Message-ID that stays the same through every attempt."""

import logging
import smtplib
import ssl
from collections.abc import Mapping
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from monitor.errors import ConfigError, NotifyError
from monitor.notice import Notice, Notifier

logger = logging.getLogger(__name__)

CHART_ID = "chart@langnghe"
"""What the HTML of a notice names its chart by: `cid:chart@langnghe`."""

_PATIENCE = 20.0
_PORTS = {"smtp": 587, "smtps": 465}


def mail(address: str) -> Notifier:
    """Return the notifier for `smtp(s)://USER:PASSWORD@HOST:PORT/?from=A&to=B,C`.

    `smtp` turns to TLS before anything is said unless `tls=no` is given, which is for this machine and tests.
    """
    url = urlsplit(address)
    options = {key: values[-1] for key, values in parse_qs(url.query).items()}
    if not url.hostname or not options.get("from") or not options.get("to"):
        raise ConfigError(f"notify address {url.scheme}://...: needs a host, from=... and to=...")

    def deliver(notice: Notice) -> None:
        try:
            with _connect(url, options) as server:
                server.send_message(message(notice, options["from"], options["to"].split(",")))
        except (OSError, smtplib.SMTPException, ValueError) as error:
            raise NotifyError(f"{url.scheme}: {notice.key} was not accepted ({type(error).__name__})") from None
        logger.info("notified %s of %s", url.scheme, notice.key)

    return deliver


def message(notice: Notice, sender: str, to: list[str]) -> EmailMessage:
    """Return a notice as a mail."""
    made = EmailMessage()
    made["Subject"] = " ".join(notice.title.split())
    made["From"] = Address(display_name="Lắng Nghe", addr_spec=sender)
    made["To"] = [Address(addr_spec=one.strip()) for one in to]
    made["Date"] = format_datetime(datetime.now(UTC))
    made["Message-ID"] = f"<{notice.key}@{sender.rpartition('@')[2]}>"
    made["Auto-Submitted"] = "auto-generated"
    made.set_content(notice.text)
    if notice.html:
        made.add_alternative(notice.html, subtype="html")
    body = made.get_body(("html",)) if notice.html else None
    if notice.chart and isinstance(body, EmailMessage):
        body.add_related(notice.chart, "image", "png", cid=f"<{CHART_ID}>", filename="bieu-do.png")
    elif notice.chart:
        made.add_attachment(notice.chart, "image", "png", filename="bieu-do.png")
    return made


def _connect(url: SplitResult, options: Mapping[str, str]) -> smtplib.SMTP:
    host, port = url.hostname or "", url.port or _PORTS[url.scheme]
    context = ssl.create_default_context()
    if url.scheme == "smtps":
        server: smtplib.SMTP = smtplib.SMTP_SSL(host, port, timeout=_PATIENCE, context=context)
    else:
        server = smtplib.SMTP(host, port, timeout=_PATIENCE)
        if options.get("tls") != "no":
            server.starttls(context=context)
    if url.username:
        server.login(unquote(url.username), unquote(url.password or ""))
    return server
