"""`langnghe store`: what the administrator of a store does now and then."""

import json
from dataclasses import asdict
from typing import Annotated, Any

import typer

from terminal import AsJson, StoreUrl, progress, put_line, store_url

app = typer.Typer(
    name="store",
    help="Set up, check, migrate, reindex and copy a store.",
    no_args_is_help=True,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
)


@app.command()
def setup(store: StoreUrl = "", as_json: AsJson = False) -> None:
    """Make the indices and templates that are missing, and begin a next index where one grew too large.

    Again, it changes nothing.  Example: `langnghe store setup --store https://es.example:9200`
    """
    from monitor.store.upkeep import setup as set_up

    _print(set_up(store_url(store)), as_json)


@app.command()
def check(store: StoreUrl = "", as_json: AsJson = False) -> None:
    """Say what is wrong with a store and what to do; exit status 1 when anything is.

    Example: `langnghe store check`
    """
    from monitor.store import open_store

    with open_store(store_url(store)) as opened:
        found = opened.check()
    _print(found or ["all is well"], as_json)
    raise typer.Exit(1 if found else 0)


@app.command()
def migrate(store: StoreUrl = "", as_json: AsJson = False) -> None:
    """Bring a store to the fields of this version; readers go on, writers wait.  Broken off, run it again.

    Example: `langnghe store migrate --store https://es.example:9200`
    """
    from monitor.store.upkeep import migrate as bring_over

    with progress("Migrating") as seen:
        done = bring_over(store_url(store), seen)
    _print(done, as_json)


@app.command()
def reindex(store: StoreUrl = "", as_json: AsJson = False) -> None:
    """Cut and fold the words of every document anew, after a change of `monitor/text.py`.

    Example: `langnghe store reindex`
    """
    from monitor.store import open_store

    with open_store(store_url(store)) as opened, progress("Reindexing") as seen:
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

    with open_store(source) as old, open_store(target) as new, progress("Copying") as seen:
        copied = copy_store(old, new, seen)
    _print([f"{name}: {value}" for name, value in asdict(copied).items()], as_json, asdict(copied))


def _print(lines: list[str], as_json: bool, value: Any = None) -> None:
    put_line(json.dumps(lines if value is None else value, ensure_ascii=False) if as_json else "\n".join(lines))
