"""The demo newsroom on localhost: pages, feeds, sitemaps, robots.txt, and its own log of what was asked for when."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path, PurePosixPath
from typing import Any

import jinja2

from demo.newsroom import PUBLISHERS, Article, Newsroom

ENTRY = {
    "songhong": "rss.xml",
    "banmai": "rss.xml",
    "duyenhai": "atom.xml",
    "phuongnam": "rss.xml",
    "caonguyen": "list.html",
    "mienta": "rss.xml",
}

_TEMPLATES = {"sitemap.xml": "sitemapindex.xml", "sitemap-1.xml": "sitemap.xml"}
_ROBOTS = "User-agent: *\nDisallow: /noibo/\n"
_TYPES = {".xml": "application/xml", ".html": "text/html; charset=utf-8", ".txt": "text/plain; charset=utf-8"}
_EDITED_AFTER = timedelta(hours=30)


@dataclass(frozen=True, kw_only=True, slots=True)
class Request:
    """One line of the server's log; `at` is its monotonic clock."""

    at: float
    path: str
    status: int
    agent: str


@dataclass(kw_only=True)
class Site:
    """A running newsroom; `edits` decides whether corrected articles show their correction."""

    newsroom: Newsroom
    home: str = ""
    edits: bool = False
    log: list[Request] = field(default_factory=list)

    def sources(self, pace: str = "20ms") -> str:
        """Return the sources.toml that points to this site."""
        return _render("sources.toml", home=self.home, publishers=PUBLISHERS, entry=ENTRY, pace=pace)

    def body(self, path: str) -> str | None:
        """Return what the site shows at a path, or None."""
        if path == "/robots.txt":
            return _ROBOTS
        if path.startswith("/dien-dan/"):
            return self._forum(path)
        publisher, _, name = path.strip("/").partition("/")
        if publisher not in PUBLISHERS:
            return None
        articles = [a for a in self.newsroom.articles if a.publisher == publisher]
        if name in (ENTRY[publisher], "sitemap.xml", "sitemap-1.xml"):
            return self._entry(publisher, name, articles)
        return next((self._article(a) for a in articles if a.path == path), None)

    def _entry(self, publisher: str, name: str, articles: list[Article]) -> str:
        return _render(
            _TEMPLATES.get(name, name),
            home=self.home,
            publisher=PUBLISHERS[publisher],
            publisher_id=publisher,
            articles=articles,
            extra=["/noibo/ke-hoach.html"] if publisher == "songhong" else [],
            updated=self._updated,
        )

    def _article(self, article: Article) -> str:
        paragraphs = article.paragraphs
        if self.edits and article.edited:
            paragraphs = (article.edited, *paragraphs[1:])
        return _render(
            "article.html",
            home=self.home,
            publisher=PUBLISHERS[article.publisher],
            article=article,
            paragraphs=paragraphs,
            style=list(PUBLISHERS).index(article.publisher) % 3,
            ld=_json_ld(article),
        )

    def _forum(self, path: str) -> str | None:
        if path == "/dien-dan/":
            return _render("threads.html", threads=self.newsroom.threads)
        return next((_render("thread.html", thread=t) for t in self.newsroom.threads if t.path == path), None)

    def _updated(self, article: Article) -> datetime:
        return article.published_at + (_EDITED_AFTER if self.edits and article.edited else timedelta())


@contextmanager
def serve(newsroom: Newsroom, port: int = 0) -> Iterator[Site]:
    """Serve the newsroom on 127.0.0.1 until the block ends; port 0 takes a free one."""
    site = Site(newsroom=newsroom)
    server = ThreadingHTTPServer(("127.0.0.1", port), _handler(site))
    site.home = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _handler(site: Site) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            at = time.monotonic()
            body = site.body(self.path)
            status, payload, etag = _answer(body, self.headers.get("If-None-Match", ""))
            site.log.append(Request(at=at, path=self.path, status=status, agent=self.headers.get("User-Agent", "")))
            self.send_response(status)
            self.send_header("Content-Type", _TYPES.get(PurePosixPath(self.path).suffix, _TYPES[".html"]))
            self.send_header("Content-Length", str(len(payload)))
            if etag:
                self.send_header("ETag", etag)
            self.end_headers()
            self.wfile.write(payload)

        def log_message(self, format: str, *args: Any) -> None:
            """The site keeps its own log."""

    return Handler


def _answer(body: str | None, known: str) -> tuple[int, bytes, str]:
    if body is None:
        return 404, b"", ""
    payload = body.encode()
    etag = f'"{sha256(payload).hexdigest()[:16]}"'
    return (304, b"", etag) if etag == known else (200, payload, etag)


def _json_ld(article: Article) -> dict[str, Any]:
    return {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": article.title,
        "description": article.lead,
        "datePublished": article.published_at.isoformat(),
        "articleSection": article.section,
    }


_templates = jinja2.Environment(
    loader=jinja2.FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=jinja2.select_autoescape(["html", "xml"]),
)


def _render(name: str, **context: Any) -> str:
    return _templates.get_template(name).render(**context)
