"""Sources: whether each is heard, and how much its newsroom published against what is usual."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from crawlers.health import read_health
from crawlers.sources import SHIPPED, load
from dashboard.contexts import SourcePage, Sources
from dashboard.errors import NotFound
from dashboard.given import Health, Now, TheCounts, TheHealth, TheStore
from dashboard.lines import document_line
from dashboard.overview import HEARD, coverage, source_lines
from monitor.config import Settings
from monitor.errors import MonitorError
from monitor.query import By, Query
from monitor.records import Source

_DAYS = timedelta(days=30)
_SHOWN = 20


def sources(counted: TheCounts, health: TheHealth, now: Now) -> Sources:
    """Return all sources, those in trouble first."""
    lines = source_lines(health, coverage(counted, now))
    heard = sum(line.state in HEARD for line in lines)
    return Sources(at=now, sources=tuple(lines), heard=heard, problem=health.problem)


def source_page(store: TheStore, counted: TheCounts, health: TheHealth, now: Now, source_id: str) -> SourcePage:
    """Return one source.  Raises NotFound."""
    source = next((s for s in health.sources if s.id == source_id), None)
    if source is None:
        raise NotFound("source")
    query = Query(sources=(source.id,), since=now - _DAYS, until=now)
    return SourcePage(
        source=source_lines(replace(health, sources=(source,)), coverage(counted, now))[0],
        days=counted.count(query, By.DAY),
        documents=tuple(document_line(hit) for hit in store.search(query, _SHOWN).hits),
    )


def publisher_names(sources: Iterable[Source]) -> Mapping[str, str]:
    """Return the name of each newsroom: that of the source called like it, else of its only one."""
    by_publisher: dict[str, dict[str, str]] = {}
    for source in sources:
        by_publisher.setdefault(source.publisher, {})[source.id] = source.name
    return {
        publisher: names.get(publisher) or next(iter(names.values()))
        for publisher, names in by_publisher.items()
        if publisher in names or len(names) == 1
    }


def health_reader(settings: Settings) -> Callable[[], Health]:
    """Return the function that reads the sources and their health as the crawler left it."""

    def read() -> Health:
        try:
            sources = load(settings.sources or SHIPPED)
            return Health(sources=sources, found=read_health(_file(settings)))
        except MonitorError as error:
            return Health(problem=str(error))

    return read


def _file(settings: Settings) -> Path:
    return settings.home / "health.jsonl"
