"""Notices over HTTP: signed webhooks, Slack's incoming webhooks, Telegram's bot API."""

import hashlib
import hmac
import logging
from base64 import b64encode
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from urllib.parse import unquote, urlsplit

import httpx
import orjson

from monitor.errors import ConfigError, NotifyError
from monitor.notice import Notice, Notifier

logger = logging.getLogger(__name__)

# Both log the whole address of a request, and here addresses hold secrets.
for _name in ("httpx", "httpcore"):
    logging.getLogger(_name).setLevel(logging.WARNING)

SIGNATURE, TIMESTAMP, KEY = "X-LangNghe-Signature", "X-LangNghe-Timestamp", "Idempotency-Key"

_PATIENCE = 20.0
_LONGEST_TELEGRAM = 4096
_LONGEST_CAPTION = 1024
_LONGEST_SLACK = 3000
_MOST_BLOCKS = 50


def webhook(address: str, now: datetime) -> Notifier:
    """Return the notifier for `webhook+https://:SECRET@HOST/PATH`: JSON with key, title, text, chart (PNG as base64).

    `X-LangNghe-Signature` is `sha256=` and the HMAC-SHA256 of `TIMESTAMP.BODY` under the secret; a receiver refuses
    old timestamps, and takes a second notice of the same `Idempotency-Key` as the first.
    """
    url, secret = _parts(address)

    def deliver(notice: Notice) -> None:
        chart = b64encode(notice.chart).decode()
        body = orjson.dumps({"key": notice.key, "title": notice.title, "text": notice.text, "chart": chart})
        at = str(int(now.timestamp()))
        headers = {TIMESTAMP: at, SIGNATURE: signature(secret, at, body), KEY: notice.key}
        _post("webhook", notice, url, content=body, headers={**headers, "Content-Type": "application/json"})

    return deliver


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """Return what the signature header of a webhook holds."""
    return "sha256=" + hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()


def slack(address: str) -> Notifier:
    """Return the notifier for an incoming webhook of Slack, `slack+https://hooks.slack.com/services/...`."""
    url, _ = _parts(address)

    def deliver(notice: Notice) -> None:
        parts = [f"*{_slack_text(notice.title)}*", *pieces(_slack_text(notice.text), _LONGEST_SLACK)][:_MOST_BLOCKS]
        blocks = [{"type": "section", "text": {"type": "mrkdwn", "text": part}} for part in parts if part]
        _post("slack", notice, url, json={"text": _slack_text(notice.title), "blocks": blocks})

    return deliver


def telegram(address: str) -> Notifier:
    """Return the notifier for `telegram+https://:TOKEN@api.telegram.org/CHAT`: the chart as a photo, then the text."""
    url, token = _parts(address)
    host, chat = url.rpartition("/")[0], unquote(url.rpartition("/")[2])
    if not token or not chat:
        raise ConfigError("notify address telegram+https://...: needs a token and a chat")
    api = f"{host}/bot{token}"

    def deliver(notice: Notice) -> None:
        for text in pieces(f"{notice.title}\n\n{notice.text}", _LONGEST_TELEGRAM):
            _post("telegram", notice, f"{api}/sendMessage", json={"chat_id": chat, "text": text})
        if notice.chart:
            data = {"chat_id": chat, "caption": notice.title[:_LONGEST_CAPTION]}
            files = {"photo": ("bieu-do.png", notice.chart, "image/png")}
            try:
                _post("telegram", notice, f"{api}/sendPhoto", data=data, files=files)
            except NotifyError:
                logger.warning("telegram took the text of %s without its chart", notice.key)

    return deliver


def pieces(text: str, longest: int) -> Iterator[str]:
    """Yield the text in pieces of at most `longest` signs, parted at line ends where there are any."""
    while len(text) > longest:
        end = text.rfind("\n", 1, longest + 1)
        end = end if end > 0 else longest
        yield text[:end]
        text = text[end:].removeprefix("\n")
    if text:
        yield text


def _parts(address: str) -> tuple[str, str]:
    """The address without its secret, and the secret."""
    url = urlsplit(address)
    if not url.hostname:
        raise ConfigError(f"notify address {url.scheme}://...: needs a host")
    host = url.netloc.rpartition("@")[2]
    bare = url._replace(scheme=url.scheme.rpartition("+")[2], netloc=host).geturl()
    return bare, unquote(url.password or url.username or "")


def _post(name: str, notice: Notice, url: str, **content: Any) -> None:
    try:
        answer = httpx.post(url, timeout=_PATIENCE, follow_redirects=False, **content)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise NotifyError(f"{name}: {notice.key} was not accepted ({type(error).__name__})") from None
    if not answer.is_success:
        raise NotifyError(f"{name}: {notice.key} was not accepted (status {answer.status_code})")
    logger.info("notified %s of %s", name, notice.key)


def _slack_text(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
