"""One crawl: the due pages of the sources, through the gate, into the spool."""

import fcntl
import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from scrapy.crawler import AsyncCrawlerProcess
from scrapy.settings import Settings

from crawlers.archive import Archive
from crawlers.gate import Gate, Run
from crawlers.health import Rounds, read_health, write_health
from crawlers.pace import Pace
from crawlers.redacting import Redact
from crawlers.robots import TOKEN
from crawlers.sources import places
from crawlers.spiders.forum import ForumSpider
from crawlers.spiders.news import NewsSpider
from crawlers.spool import Spool, writing
from crawlers.state import State
from crawlers.voices import daily_key, voice
from monitor.errors import ConfigError, StoreUnavailable
from monitor.records import Source, SourceHealth, SourceKind

_SPIDERS = {SourceKind.NEWS: NewsSpider, SourceKind.FORUM: ForumSpider}


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """What one crawl may take: bytes and seconds a page, new pages a feed, minutes in all."""

    size: int = 8 << 20
    seconds: float = 30
    pages: int = 200
    minutes: float = 50


@dataclass(frozen=True, kw_only=True, slots=True)
class CrawlReport:
    """What a crawl did: documents handed over, pages by outcome that became none, and every source's health."""

    documents: int
    outcomes: Mapping[str, int]
    sources: tuple[SourceHealth, ...]


def crawl(
    sources: Sequence[Source],
    *,
    data: Path,
    redact: Redact,
    now: Callable[[], datetime],
    environ: Mapping[str, str],
    limits: Limits = Limits(),
    archive: bool = True,
) -> CrawlReport:
    """Crawl the sources into `data/spool` and return what was done.  Runs once a process: the reactor ends with it.

    `redact(text, names)` is applied to every title, lead and text.  Raises MonitorError: no contact, a folder that
    cannot be written, another crawl in the same folder, a full disk; what was handed over before stays.
    """
    agent = user_agent(sources, environ)
    with writing(data):
        data.mkdir(parents=True, exist_ok=True)
    with _alone(data / "crawl.lock"):
        run = _run(tuple(sources), data, redact, now, limits, archive)
        before = read_health(data / "health.jsonl")
        _visit(run, _settings(sources, agent, limits))
        _close(run)
        health = run.rounds.health([s.id for s in sources], before, now())
        write_health(data / "health.jsonl", before | {h.source_id: h for h in health})
    if run.error:
        raise run.error
    return CrawlReport(documents=run.rounds.documents(), outcomes=run.rounds.outcomes(), sources=tuple(health))


def user_agent(sources: Sequence[Source], environ: Mapping[str, str]) -> str:
    """Return our name with the contact of the office that crawls.  Raises ConfigError when there is none."""
    contact = environ.get("LANGNGHE_CONTACT", "").strip()
    if not contact and all(s.local for s in sources):
        return f"{TOKEN}/{version('langnghe')}"
    if not contact.startswith(("https://", "http://", "mailto:")) or not contact.isprintable() or " " in contact:
        raise ConfigError(
            "LANGNGHE_CONTACT: set it to an address at which a site can reach you, such as mailto:office@example.vn"
        )
    return f"{TOKEN}/{version('langnghe')} (+{contact})"


def _run(
    sources: tuple[Source, ...], data: Path, redact: Redact, now: Callable[[], datetime], limits: Limits, archive: bool
) -> Run:
    state = State(data / "crawl.jsonl", now())
    return Run(
        sources=sources,
        state=state,
        gate=Gate(Spool(data / "spool"), state, redact, now),
        archive=Archive(data / "archive") if archive else None,
        pace=Pace(state),
        rounds=Rounds(),
        voice=lambda writer: voice(daily_key(data / "voice.key", now()), writer),
        now=now,
        pages=limits.pages,
    )


def _settings(sources: Sequence[Source], agent: str, limits: Limits) -> Settings:
    settings = Settings()
    settings.setmodule("crawlers.settings", "project")
    local = sorted({urlsplit(f"//{p}").hostname or "" for s in sources if s.local for p in places(s)})
    own: dict[str, Any] = {
        "USER_AGENT": agent,
        "LOCAL_HOSTS": local,
        "DOWNLOAD_MAXSIZE": limits.size,
        "DOWNLOAD_TIMEOUT": limits.seconds,
        "CLOSESPIDER_TIMEOUT": limits.minutes * 60,
    }
    settings.setdict(own, "cmdline")
    return settings


def _visit(run: Run, settings: Settings) -> None:
    """Run the spiders one after another: two at once would ask a host that both know at twice its pace."""
    process = AsyncCrawlerProcess(settings)
    logging.getLogger("scrapy").setLevel(logging.WARNING)
    waiting = [spider for kind, spider in _SPIDERS.items() if any(s.kind is kind for s in run.sources)]

    def go_on(_: object = None) -> None:
        if waiting and not (run.error or run.stopped):
            process.crawl(waiting.pop(0), run=run).add_done_callback(go_on)

    go_on()
    process.start()


def _close(run: Run) -> None:
    try:
        if not run.error:
            run.gate.hand_over()
        if run.archive:
            run.archive.close()
    except StoreUnavailable as error:
        run.error = run.error or error
    run.gate.discard()


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Keep other crawls out of the folder: they would ask the same hosts."""
    with writing(path), path.open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise StoreUnavailable(f"{path.parent}: another crawl is running in this folder") from None
        yield
