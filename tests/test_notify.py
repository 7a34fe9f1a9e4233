"""Notices reach people over real SMTP and HTTP, and secrets stay out of errors and logs."""

import json
import logging
from datetime import UTC, datetime

import pytest
from receivers import mailbox, receiver

from monitor.errors import ConfigError, NotifyError
from monitor.notice import Notice
from monitor.notify import notifier
from monitor.notify_hooks import signature

NOW = datetime(2026, 1, 5, 2, 0, tzinfo=UTC)
PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)
NOTICE = Notice(key="k1", title="[Nóng] Nước máy có mùi lạ - Huế", text="Quan sát 12, thường lệ 1,5.")
RICH = Notice(key="k2", title="[Nóng] A & <b>", text="chữ", html='<p><img src="cid:chart@langnghe"></p>', chart=PNG)
SENT_FROM = "from=langnghe@example.vn&to=duty@example.vn,boss@example.vn"


def mails(notice, times=1):
    with mailbox() as (port, messages):
        for _ in range(times):
            notifier(f"smtp://127.0.0.1:{port}/?{SENT_FROM}&tls=no", NOW)(notice)
    return messages


def test_a_mail_arrives_with_its_marks():
    (message,) = mails(NOTICE)
    assert "Quan sát 12, thường lệ 1,5." in message.get_payload(decode=True).decode()
    assert message["To"] == "duty@example.vn, boss@example.vn"


def test_a_mail_is_text_and_html_with_the_chart_that_the_html_shows():
    (message,) = mails(RICH)
    kinds = {part.get_content_type(): part for part in message.walk()}
    assert {"text/plain", "text/html", "image/png"} <= set(kinds)
    assert kinds["image/png"]["Content-ID"] == "<chart@langnghe>"
    assert kinds["image/png"].get_payload(decode=True) == PNG


def test_a_mail_keeps_its_message_id_through_every_attempt():
    assert [m["Message-ID"] for m in mails(NOTICE, times=2)] == ["<k1@example.vn>"] * 2


def test_a_line_end_in_a_title_makes_no_header():
    (message,) = mails(Notice(key="k", title="Nóng\r\nBcc: all@example.vn", text=""))
    assert message["Bcc"] is None
    assert "Bcc: all@example.vn" in str(message["Subject"])


def test_apprise_sends_where_nothing_here_does():
    with mailbox() as (port, messages):
        notifier(f"mailto://127.0.0.1:{port}/?from=a@example.vn&to=b@example.vn&mode=insecure", NOW)(NOTICE)
    parts = [part.get_payload(decode=True) or b"" for part in messages[0].walk()]
    assert "Quan sát 12" in b"".join(parts).decode()


def test_a_webhook_is_signed_over_time_and_body_and_carries_its_key():
    with receiver() as kept:
        notifier(f"webhook+http://:s3cret@127.0.0.1:{kept.port}/hook?a=1", NOW)(NOTICE)
    (got,) = kept.got
    headers = got.headers
    assert (got.path, json.loads(got.body)["title"], headers["Idempotency-Key"]) == ("/hook?a=1", NOTICE.title, "k1")
    assert headers["X-LangNghe-Timestamp"] == str(int(NOW.timestamp()))
    assert headers["X-LangNghe-Signature"] == signature("s3cret", headers["X-LangNghe-Timestamp"], got.body)


def test_slack_gets_blocks_in_which_nothing_is_a_link_or_a_mention():
    with receiver() as kept:
        notifier(f"slack+http://127.0.0.1:{kept.port}/services/T/B/X", NOW)(
            Notice(key="k", title="<!channel> nóng", text="a & <http://x|y>")
        )
    body = kept.got[0].body.decode()
    assert "&lt;!channel&gt; nóng" in body
    assert "<" not in body


def test_telegram_gets_the_text_and_then_the_chart():
    with receiver() as kept:
        notifier(f"telegram+http://:1:TOKEN@127.0.0.1:{kept.port}/-100", NOW)(RICH)
    assert [got.path for got in kept.got] == ["/bot1:TOKEN/sendMessage", "/bot1:TOKEN/sendPhoto"]
    assert json.loads(kept.got[0].body) == {"chat_id": "-100", "text": f"{RICH.title}\n\nchữ"}
    assert PNG in kept.got[1].body


def test_a_text_too_long_for_telegram_comes_in_pieces_and_whole():
    lines = "\n".join(f"dòng {n} " + "x" * 90 for n in range(100))
    with receiver() as kept:
        notifier(f"telegram+http://:T@127.0.0.1:{kept.port}/1", NOW)(Notice(key="k", title="t", text=lines))
    texts = [json.loads(got.body)["text"] for got in kept.got]
    assert max(map(len, texts)) <= 4096
    assert "\n".join(texts) == f"t\n\n{lines}"


def test_a_chart_that_telegram_refuses_does_not_send_the_text_twice():
    with receiver(lambda n: 200 if n == 1 else 400) as kept:
        notifier(f"telegram+http://:TOKEN@127.0.0.1:{kept.port}/-100", NOW)(RICH)
    assert len(kept.got) == 2


@pytest.mark.parametrize("scheme", ["webhook+http", "slack+http", "telegram+http", "json"])
def test_a_receiver_that_refuses_is_an_error_without_the_secret(scheme, caplog):
    caplog.set_level(logging.DEBUG)
    with receiver(lambda n: 500) as kept, pytest.raises(NotifyError) as error:
        notifier(f"{scheme}://u:s3cret@127.0.0.1:{kept.port}/hook", NOW)(NOTICE)
    assert "s3cret" not in str(error.value) + caplog.text
    assert error.value.__cause__ is None


@pytest.mark.parametrize("scheme", ["webhook+http", "slack+http", "telegram+http", "smtp", "json"])
def test_a_receiver_that_is_not_there_is_an_error_without_the_secret(scheme, caplog):
    caplog.set_level(logging.DEBUG)
    with pytest.raises(NotifyError) as error:
        notifier(f"{scheme}://u:s3cret@127.0.0.1:1/hook?{SENT_FROM}&tls=no", NOW)(NOTICE)
    assert "s3cret" not in str(error.value) + caplog.text


NO_ADDRESSES = (
    "carrierpigeon://s3cret@loft",
    "smtp://s3cret@host",
    "webhook+https://",
    "slack+https:s3cret",
    "http://[s3",
)


@pytest.mark.parametrize("address", NO_ADDRESSES)
def test_an_address_that_is_none_is_an_error_without_the_secret(address):
    with pytest.raises(ConfigError) as error:
        notifier(address, NOW)
    assert "s3cret" not in str(error.value)


def test_a_redirect_is_not_followed():
    with receiver(lambda n: 302) as kept, pytest.raises(NotifyError, match="302"):
        notifier(f"webhook+http://:s@127.0.0.1:{kept.port}/hook", NOW)(NOTICE)


def test_the_terminal_is_an_address(capsys):
    notifier("print:", NOW)(NOTICE)
    assert NOTICE.title in capsys.readouterr().out
