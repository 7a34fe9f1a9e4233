"""`langnghe demo`: the newsroom on localhost, two real passes over it, and what they found."""

import os
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.markup import escape

from briefing.sources import sources_rows, sources_table
from briefing.tables import issues_table
from crawlers.health import read_health
from crawlers.sources import load
from demo.newsroom import newsroom
from demo.site import Site, serve
from flows.up import prefect_environ
from monitor.errors import MonitorError
from monitor.query import Query
from monitor.records import VIETNAM, Issue
from monitor.store import Store, open_store

_SHOWN = 12
_OFFICE = ("LANGNGHE_", "PREFECT_")
_CLUSTER = "LANGNGHE_ES_"


def show(home: Path | None, store_url: str, out: Console) -> None:
    """Run the demo in a folder and print what it found.  Raises MonitorError when a pass failed.

    Without `store_url` the store is a file in the folder, whatever the office's own settings say.
    """
    folder = home or Path(tempfile.mkdtemp(prefix="langnghe-demo-"))
    folder.mkdir(parents=True, exist_ok=True)
    with serve(newsroom(datetime.now(UTC))) as site:
        out.print(f"Tòa soạn thử ở {site.home}: {len(site.newsroom.articles)} bài của 21 ngày.", highlight=False)
        environ = _environ(folder, store_url or f"sqlite:///{folder}/langnghe.db", site)
        _run(environ, out, "Lượt 1: thu, lưu, gán nhãn, phát hiện")
        site.edits = True
        _run(environ, out, "Lượt 2: chỉ những gì mới hoặc đã sửa")
        _print(folder, environ["LANGNGHE_STORE"], site, out)


def _environ(folder: Path, store_url: str, site: Site) -> Mapping[str, str]:
    sources = folder / "sources.toml"
    sources.write_text(site.sources(), encoding="utf-8")
    own = {"HOME": str(folder), "SOURCES": str(sources), "NOTIFY": "print:", "STORE": store_url}
    kept = {k: v for k, v in os.environ.items() if k.startswith(_CLUSTER) or not k.startswith(_OFFICE)}
    local = {k: v for k, v in prefect_environ(folder).items() if k != "PREFECT_API_URL"}
    return {**kept, **{f"LANGNGHE_{k}": v for k, v in own.items()}, **local}


def _run(environ: Mapping[str, str], out: Console, what: str) -> None:
    out.print(f"\n[bold]{what}[/bold]")
    done = subprocess.run([sys.executable, "-m", "cli", "run"], env=environ, check=False)
    if done.returncode:
        raise MonitorError(f"{what}: the pass ended with status {done.returncode}; its last lines are above")


def _print(folder: Path, store_url: str, site: Site, out: Console) -> None:
    out.print("\n[bold]Các nguồn[/bold]")
    out.print(sources_table(sources_rows(load(folder / "sources.toml"), read_health(folder / "health.jsonl"))))
    with open_store(store_url) as store:
        issues = store.issues(limit=_SHOWN)
        out.print(f"\n[bold]Vấn đề tìm thấy trong {store.total(Query())} tài liệu[/bold]")
        out.print(issues_table(issues))
        for issue in issues:
            _print_issue(store, issue, out)
    out.print(f"\nĐã yêu cầu {len(site.log)} trang; trang bị cấm trong robots.txt: {_forbidden(site)} lần.")
    _print_hints(folder, store_url, out)


def _print_hints(folder: Path, store_url: str, out: Console) -> None:
    where = {"HOME": folder, "SOURCES": folder / "sources.toml", "STORE": store_url}
    hints = [
        "export " + " ".join(f"LANGNGHE_{name}={shlex.quote(str(value))}" for name, value in where.items()),
        ".venv/bin/langnghe search 'nước máy place:\"Hải Phòng\"'",
        ".venv/bin/langnghe issues",
        ".venv/bin/langnghe user add lan --role administrator",
        ".venv/bin/langnghe up  # bảng điều khiển: http://127.0.0.1:8000",
        f"rm -r {shlex.quote(str(folder))}",
    ]
    out.print("Xem tiếp:", *(f"  {hint}" for hint in hints), sep="\n", markup=False, highlight=False, soft_wrap=True)


def _print_issue(store: Store, issue: Issue, out: Console) -> None:
    out.print(f"\n[bold]{escape(issue.title)}[/bold]\n{escape(issue.explanation)}")
    hits = [hit for document_id in issue.evidence if (hit := store.get(document_id))]
    for hit in sorted(hits, key=lambda hit: hit.document.published_at)[:3]:
        clock = hit.document.published_at.astimezone(VIETNAM)
        out.print(f"  {clock:%d/%m %H:%M} {escape(hit.document.title)}\n    {hit.document.url}", highlight=False)


def _forbidden(site: Site) -> int:
    return sum(request.path.startswith("/noibo/") for request in site.log)
