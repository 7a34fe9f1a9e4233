"""What every command shares: where results and errors go, bars for long work, settings and stores as asked for."""

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from monitor.config import Settings, load_settings, make_home

out = Console(highlight=False)
err = Console(stderr=True, highlight=False)

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
StoreUrl = Annotated[str, typer.Option("--store", help="Store URL; default LANGNGHE_STORE, else data/langnghe.db.")]


def now() -> datetime:
    """Return the time."""
    return datetime.now(UTC)


def settings() -> Settings:
    """Return the settings of this process's environment."""
    return load_settings(os.environ)


def store_url(url: str) -> str:
    """Return the URL as given, else that of the settings, whose home is made."""
    asked = settings()
    if not url:
        make_home(asked)
    return url or asked.store


def put(value: Any, as_json: bool, shown: Callable[[], Any]) -> None:
    """Print the value as a line of JSON, or what `shown` makes for people."""
    if as_json:
        put_line(json.dumps(value, ensure_ascii=False))
    else:
        out.print(shown())


def put_line(line: str) -> None:
    """Print a line as it is, however wide the terminal."""
    sys.stdout.write(line + "\n")


@contextmanager
def progress(what: str) -> Iterator[Callable[[int], None]]:
    """A bar on a terminal, nothing elsewhere; yields what is told how many more are done."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as bar:
        task = bar.add_task(what, total=None)
        yield lambda n: bar.advance(task, n)
