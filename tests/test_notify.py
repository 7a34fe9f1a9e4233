"""Notices reach people over real SMTP and HTTP, and secrets stay out of errors."""

import json
import socket
import threading
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message

from monitor.errors import ConfigError, NotifyError
from monitor.notify import Notice, notifier

NOW = datetime(2026, 1, 5, 2, 0, tzinfo=UTC)
NOTICE = Notice(key="k1", title="[Nóng] Nước máy có mùi lạ - Huế", text="Quan sát 12, thường lệ 1,5.")


class Mailbox(Message):
    def __init__(self):
        super().__init__()
        self.messages = []

    def handle_message(self, message):
        self.messages.append(message)


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


@contextmanager
def webhook(status=200):
    bodies = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            bodies.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *args):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server.server_address[1], bodies
    finally:
        server.shutdown()
        server.server_close()


def test_a_mail_arrives_with_its_marks():
    mailbox = Mailbox()
    port = free_port()
    controller = Controller(mailbox, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        notifier(f"mailto://127.0.0.1:{port}/?from=langnghe@example.vn&to=duty@example.vn&mode=insecure", NOW)(NOTICE)
    finally:
        controller.stop()
    (message,) = mailbox.messages
    parts = [part.get_payload(decode=True) or b"" for part in message.walk()]
    assert "Quan sát 12" in b"".join(parts).decode()


def test_a_webhook_gets_title_and_text():
    with webhook() as (port, bodies):
        notifier(f"json://127.0.0.1:{port}/hook", NOW)(NOTICE)
    assert bodies[0]["title"] == NOTICE.title


def test_a_refusing_webhook_is_an_error_without_the_address():
    with webhook(status=500) as (port, _), pytest.raises(NotifyError) as error:
        notifier(f"json://user:s3cret@127.0.0.1:{port}/hook", NOW)(NOTICE)
    assert "s3cret" not in str(error.value)


def test_an_unknown_address_is_an_error_without_the_address():
    with pytest.raises(ConfigError) as error:
        notifier("carrierpigeon://s3cret@loft", NOW)
    assert "s3cret" not in str(error.value)


def test_the_terminal_is_an_address(capsys):
    notifier("print:", NOW)(NOTICE)
    assert NOTICE.title in capsys.readouterr().out
