"""The command line: `langnghe`.  Each command parses its options, calls one function, and prints what it returned."""

import os
import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

import cli_desk
import cli_models
import cli_store
from monitor.config import make_home
from monitor.errors import MonitorError
from monitor.store import open_store
from terminal import AsJson, StoreUrl, err, now, out, progress, put, put_line, settings, store_url

app = typer.Typer(
    name="langnghe",
    help="Lắng Nghe: what residents complain about, heard and answered.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
)
app.add_typer(cli_desk.users, name="user")
app.add_typer(cli_store.app, name="store")
app.command()(cli_desk.labels)
app.command()(cli_models.train)
app.command()(cli_models.evaluate)

SourceIds = Annotated[list[str] | None, typer.Option("--source", help="Only this source; may be given again.")]
Files = Annotated[list[Path], typer.Argument(help="JSON Lines, plain or .gz.")]


def main() -> None:
    """Run the command line: a known error is one line and exit status 1."""
    try:
        app()
    except MonitorError as error:
        err.print(f"langnghe: {error}", style="red", markup=False, soft_wrap=True)
        sys.exit(1)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)


@app.command()
def demo(
    home: Annotated[Path | None, typer.Option(help="Keep everything in this folder; default a new one.")] = None,
    store: Annotated[str, typer.Option(help="Store URL; default a file in that folder.")] = "",
) -> None:
    """Serve a small newsroom on localhost, crawl it for real, run the whole chain, print what was found.

    Example: `langnghe demo`
    """
    from demo.show import show

    show(home, store, out)


@app.command()
def run() -> None:
    """One pass: due sources, spool, store, annotate, detect, alert.

    Example: `LANGNGHE_CONTACT=mailto:office@example.vn langnghe run`
    """
    from flows.up import prefect_environ

    os.environ.update({k: v for k, v in prefect_environ(make_home(settings())).items() if k != "PREFECT_API_URL"})
    from briefing.tables import counts_table
    from flows.ingest import ingest
    from flows.watch import watch

    out.print(counts_table("Kết quả", ingest()))
    out.print(counts_table("Vấn đề và cảnh báo", watch()))


@app.command()
def up() -> None:
    """Run the schedules and the dashboard until stopped.

    Example: `langnghe up`
    """
    from flows.up import up as run_all

    run_all(settings(), os.environ)


@app.command()
def crawl(source: SourceIds = None, as_json: AsJson = False) -> None:
    """Fetch what is new from the sources into the spool.

    Example: `langnghe crawl --source vnexpress`
    """
    from briefing.tables import counts_table
    from crawlers.crawl import crawl as crawl_sources
    from crawlers.sources import SHIPPED, load, pick
    from nlp.redact import redact

    asked = settings()
    report = crawl_sources(
        pick(load(asked.sources or SHIPPED), source or ()),
        data=asked.home,
        redact=lambda text, names: redact(text, names=names),
        now=now,
        environ=os.environ,
    )
    counts = {"documents": report.documents, **report.outcomes}
    put(counts, as_json, lambda: counts_table("Trang", counts))


@app.command()
def sources(as_json: AsJson = False) -> None:
    """State and health of every source.

    Example: `langnghe sources --json`
    """
    from briefing.sources import sources_rows, sources_table
    from crawlers.health import read_health
    from crawlers.sources import SHIPPED, load

    asked = settings()
    rows = sources_rows(load(asked.sources or SHIPPED), read_health(asked.home / "health.jsonl"))
    put(rows, as_json, lambda: sources_table(rows))


@app.command()
def extract(
    file: Annotated[Path, typer.Argument(help="An HTML page; .gz is taken too.")],
    url: Annotated[str, typer.Option(help="The address that the page was fetched from.")],
) -> None:
    """One page to one Document, as JSON.

    Example: `langnghe extract page.html --url https://example.vn/bai-1.html`
    """
    from crawlers.pages import extract_file

    put_line(extract_file(file, url, now()))


@app.command()
def ingest(files: Files, store: StoreUrl = "", as_json: AsJson = False) -> None:
    """Put documents (JSON Lines, or pages of a WARC) into the store.

    Example: `langnghe ingest documents.jsonl.gz pages.warc.gz`
    """
    from briefing.tables import counts_table
    from crawlers.sources import SHIPPED, load
    from flows.stages import documents_of
    from flows.stages import ingest as ingest_documents

    with open_store(store_url(store)) as opened, progress("Ingesting") as seen:
        counts = ingest_documents(documents_of(files, now(), load(settings().sources or SHIPPED)), opened, seen)
    put(counts, as_json, lambda: counts_table("Kết quả", counts))


@app.command()
def annotate(file: Annotated[Path, typer.Argument(help="JSON Lines, plain or .gz.")]) -> None:
    """Documents in, Annotations out, as JSON Lines in the same order; needs no store.

    Example: `langnghe annotate documents.jsonl > annotations.jsonl`
    """
    from nlp.lines import annotate_lines

    with progress("Annotating") as seen:
        for line in annotate_lines(file, now(), seen):
            sys.stdout.write(line + "\n")


@app.command()
def replay(
    files: Files,
    alerts: Annotated[Path, typer.Option(help="Where alerts are written, one JSON object a line.")],
    budget: Annotated[float, typer.Option(help="Alerts a day.")] = 6.0,
    batch: Annotated[int, typer.Option(help="Documents that arrive at once; the result does not depend on it.")] = 400,
    store: Annotated[str, typer.Option(help="Another store than a temporary one.")] = "",
    as_json: AsJson = False,
) -> None:
    """A time-ordered stream through the whole chain with the clock of the stream.

    Example: `langnghe replay 2025-11.jsonl.gz --alerts alerts.jsonl --budget 6`
    """
    from briefing.tables import counts_table
    from flows.replay import replay as replay_files
    from monitor.detect.state import Settings

    with progress("Replaying") as seen:
        counts = replay_files(
            files, alerts, settings=Settings(budget=budget), batch=batch, store_url=store, now=now(), seen=seen
        )
    put(counts, as_json, lambda: counts_table("Kết quả", counts))


@app.command()
def search(
    query: Annotated[str, typer.Argument(help='Words, "phrases", -without, and fields such as place:Huế.')],
    limit: Annotated[int, typer.Option(min=1, max=1000)] = 20,
    after: Annotated[str | None, typer.Option(help="Go on from the page before.")] = None,
    relevance: Annotated[bool, typer.Option(help="Best first instead of newest first.")] = False,
    store: StoreUrl = "",
    as_json: AsJson = False,
) -> None:
    """Find documents, with or without marks.

    Example: `langnghe search 'ngập "triều cường" -bóng place:TP.HCM since:2025-11-01'`
    """
    from dataclasses import replace

    from briefing.tables import hits_table
    from monitor.jsonl import to_dict
    from monitor.query import Order, parse_query

    asked = replace(parse_query(query), order=Order.RELEVANCE if relevance else Order.NEWEST)
    with open_store(store_url(store)) as opened:
        page = opened.search(asked, limit, after)
        total = opened.total(asked)
    found = {"total": total, "after": page.after, "hits": [to_dict(hit) for hit in page.hits]}
    put(found, as_json, lambda: hits_table(page.hits))
    if not as_json:
        out.print(f"{len(page.hits)} / {total}" + (f"   --after {page.after}" if page.after else ""))


@app.command()
def issues(store: StoreUrl = "", limit: int = 30, as_json: AsJson = False) -> None:
    """The issues, highest score first.

    Example: `langnghe issues --json`
    """
    from briefing.tables import issues_table
    from monitor.jsonl import to_dict

    with open_store(store_url(store)) as opened:
        found = opened.issues(limit=limit)
    put([to_dict(issue) for issue in found], as_json, lambda: issues_table(found))


@app.command()
def brief(
    since: Annotated[datetime, typer.Option("--from", formats=["%Y-%m-%d"], help="First day, of Viet Nam.")],
    until: Annotated[datetime, typer.Option("--to", formats=["%Y-%m-%d"], help="Last day, of Viet Nam.")],
    form: Annotated[str, typer.Option("--format", help="text, html or docx.")] = "text",
    output: Annotated[Path | None, typer.Option(help="Where it is written; default brief-FROM-TO.")] = None,
    store: StoreUrl = "",
) -> None:
    """The briefing on a period: what was hot, since when, why, and where to read on.

    Example: `langnghe brief --from 2025-11-01 --to 2025-11-07 --format docx`
    """
    from briefing.brief import brief as brief_period
    from briefing.write import write
    from monitor.desk import Desk, cases

    with open_store(store_url(store)) as opened:
        make_home(settings())
        known = cases.cases(Desk(settings().desk), now())
        made = brief_period(opened, since.date(), until.date(), known)
    out.print(write(made, form, output), markup=False)


if __name__ == "__main__":
    main()
