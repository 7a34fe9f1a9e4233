"""A web site of the test's own on localhost, with the log of what was asked, and a crawl of it in another process."""

import json
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import blake2b
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from time import monotonic
from typing import Any

ARTICLE = """<!doctype html><html lang="vi"><head><meta charset="utf-8"><title>{title}</title>
<meta property="og:title" content="{title}"><meta property="article:published_time" content="2025-11-21T08:15:00+07:00">
</head><body><article><h1>{title}</h1><p class="sapo">{lead}</p>{text}</article></body></html>"""
SENTENCES = "Người dân khu phố cho biết nước máy có mùi lạ suốt ba ngày qua và chưa ai đến kiểm tra. " * 4
CRAWL = """
import json, sys
from datetime import UTC, datetime
from pathlib import Path
from crawlers.crawl import Limits, crawl
from crawlers.sources import load
from monitor.errors import MonitorError
from monitor.jsonl import to_dict
path, data, options = sys.argv[1:]
def redact(text, names):
    if "[hỏng]" in text:
        raise ValueError("a text that breaks the redactor")
    return text.replace("0900000000", "[số điện thoại]").replace("Nguyễn Văn A", "[tên]" if names else "Nguyễn Văn A")
try:
    report = crawl(load(Path(path)), data=Path(data), redact=redact, now=lambda: datetime.now(UTC), environ={},
                   limits=Limits(**json.loads(options)))
except MonitorError as error:
    sys.exit(str(error))
print(json.dumps(to_dict(report)))
"""


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as the server saw it."""

    path: str
    at: float
    headers: Mapping[str, str]


@dataclass
class Answer:
    """What a path answers; `headers` are added to those of the server."""

    body: bytes = b""
    status: int = 200
    kind: str = "text/html; charset=utf-8"
    headers: dict[str, str] = field(default_factory=dict)


class Site:
    """Pages by path; a page of status 200 has an ETag and answers 304 to who has it."""

    def __init__(self, port: int) -> None:
        self.port, self.root = port, f"http://127.0.0.1:{port}"
        self.pages: dict[str, Answer] = {}
        self.asked: list[Asked] = []

    def page(self, path: str, body: str | bytes, kind: str = "text/html; charset=utf-8", **headers: str) -> None:
        """Put a page at the path."""
        data = body.encode() if isinstance(body, str) else body
        self.pages[path] = Answer(data, 200, kind, {k.replace("_", "-"): v for k, v in headers.items()})

    def article(self, path: str, title: str = "Nước máy có mùi lạ", more: str = "") -> None:
        """Put an article at the path."""
        text = f"<p>{SENTENCES}</p><p>{more}</p><p>{SENTENCES}</p>"
        self.page(path, ARTICLE.format(title=title, lead="Nhiều hộ dân phản ánh nước sinh hoạt có mùi lạ.", text=text))

    def rss(self, path: str, *links: str, title: str = "Tin") -> None:
        """Put an RSS feed at the path."""
        items = "".join(f"<item><title>{title} {link}</title><link>{link}</link></item>" for link in links)
        self.page(
            path, f"<?xml version='1.0'?><rss version='2.0'><channel>{items}</channel></rss>", "application/rss+xml"
        )

    def paths(self) -> list[str]:
        """What was asked, in order, without robots.txt."""
        return [a.path for a in self.asked if a.path != "/robots.txt"]

    def answer(self, path: str, headers: Mapping[str, str]) -> Answer:
        """What a request gets."""
        page = self.pages.get(path, Answer(status=404))
        tag = f'"{blake2b(page.body, digest_size=6).hexdigest()}"'
        if page.status == 200 and headers.get("if-none-match") == tag:
            return Answer(status=304)
        return Answer(page.body, page.status, page.kind, {"ETag": tag, **page.headers})


@contextmanager
def serve() -> Iterator[Site]:
    """Serve a site until the block ends."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            headers = {k.lower(): v for k, v in self.headers.items()}
            site.asked.append(Asked(self.path, monotonic(), headers))
            answer = site.answer(self.path, headers)
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            if answer.body:
                self.send_header("Content-Type", answer.kind)
            self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            try:
                self.wfile.write(answer.body)
            except OSError:
                self.close_connection = True

        def log_message(self, *_: Any) -> None:
            pass

    class Server(ThreadingHTTPServer):
        def handle_error(self, *_: Any) -> None:
            pass

    server = Server(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    site = Site(server.server_address[1])
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def sources_file(folder: Path, *tables: str) -> Path:
    """Write a sources file of those tables."""
    path = folder / "sources.toml"
    path.write_text("".join(f"[[source]]\n{table}\n" for table in tables), "utf-8")
    return path


def source(site: Site, name: str = "bao", pace: str = "50ms", **keys: Any) -> str:
    """A local source of the site as a TOML table."""
    keys = {"feeds": [f"{site.root}/rss"], **keys}
    rows = [f'id = "{name}"\nname = "{name}"\nhome = "{site.root}"\npace = "{pace}"\nlocal = true']
    return "\n".join([*rows, *(f"{k} = {v if isinstance(v, str) else json.dumps(v)}" for k, v in keys.items())])


def crawl(sources: Path, data: Path, **limits: float) -> dict[str, Any]:
    """Crawl in a process of its own and return the report; `error` is the line it ended with."""
    command = [sys.executable, "-c", CRAWL, str(sources), str(data), json.dumps(limits)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    if done.returncode:
        return {"error": done.stderr}
    return {"stderr": done.stderr, **json.loads(done.stdout)}
