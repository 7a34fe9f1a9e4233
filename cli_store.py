"""`langnghe store`: what the administrator of a store does now and then."""

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from monitor.config import load_settings

app = typer.Typer(
    name="store",
    help="Set up, check, migrate, reindex and copy a store.",
    no_args_is_help=True,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
)
err = Console(stderr=True, highlight=False)

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of lines.")]
StoreUrl = Annotated[str, typer.Option("--store", help="Store URL; default LANGNGHE_STORE, else data/langnghe.db.")]


@app.command()
def setup(store: StoreUrl = "", as_json: AsJson = False) -> None:
    """Make the indices and templates that are missing, and begin a next index where one grew too large.

    Again, it changes nothing.  Example: `langnghe store setup --store https://es.example:9200`
    """
    from monitor.store.upkeep import setup as set_up

    _print(set_up(_url(store)), as_json)


@app.command()
def check(store: StoreUrl = "", as_json: AsJson = False) -> None:
    """Say what is wrong with a store and what to do; exit status 1 when anything is.

    Example: `langnghe store check`
    """
    from monitor.store import open_store

    with open_store(_url(store)) as opened:
        found = opened.check()
    _print(found or ["all is well"], as_json)
    raise typer.Exit(1 if found else 0)


@app.command()
def migrate(store: StoreUrl = "", as_json: AsJson = False) -> None:
    """Bring a store to the fields of this version; readers go on, writers wait.  Broken off, run it again.

    Example: `langnghe store migrate --store https://es.example:9200`
    """
    from monitor.store.upkeep import migrate as bring_over

    with _progress("Migrating") as seen:
        done = bring_over(_url(store), seen)
    _print(done, as_json)


@app.command()
def reindex(store: StoreUrl = "", as_json: AsJson = False) -> None:
    """Cut and fold the words of every document anew, after a change of `monitor/text.py`.

    Example: `langnghe store reindex`
    """
    from monitor.store import open_store

    with open_store(_url(store)) as opened, _progress("Reindexing") as seen:
        done = opened.reindex(seen)
    _print(done, as_json)


@app.command()
def copy(
    source: Annotated[str, typer.Argument(help="URL of the store to copy.")],
    target: Annotated[str, typer.Argument(help="URL of a new store, or of one whose copy was broken off.")],
    as_json: AsJson = False,
) -> None:
    """Copy a whole store into another and compare both; stop the writers first.  Broken off, run it again.

    Example: `langnghe store copy sqlite:///data/langnghe.db https://es.example:9200`
    """
    from monitor.store import open_store
    from monitor.store.copy import copy as copy_store

    with open_store(source) as old, open_store(target) as new, _progress("Copying") as seen:
        copied = copy_store(old, new, seen)
    _print([f"{name}: {value}" for name, value in asdict(copied).items()], as_json, asdict(copied))


def _url(store: str) -> str:
    return store or load_settings(os.environ).store


def _print(lines: list[str], as_json: bool, value: Any = None) -> None:
    text = json.dumps(lines if value is None else value, ensure_ascii=False) if as_json else "\n".join(lines)
    sys.stdout.write(text + "\n")


@contextmanager
def _progress(what: str) -> Iterator[Callable[[int], None]]:
    """A bar on a terminal, nothing elsewhere; yields what is told how many more are done."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as progress:
        task = progress.add_task(what, total=None)
        yield lambda n: progress.advance(task, n)
