"""Timelines from this very server: SVG for the page, PNG to put into documents, and Vega-Lite for the page's script."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from typing import Annotated, Any

from fastapi import Depends, FastAPI
from fastapi.responses import JSONResponse, Response

from briefing.charts import Spec, Wording, days_spec, png, svg
from dashboard.access import Access
from dashboard.counting import Counts
from dashboard.errors import NotFound
from dashboard.finding import Text, days_of
from dashboard.given import Given, Now, TheCounts, TheGiven, TheStore
from dashboard.issues import found_issue, timeline
from dashboard.lines import day_search, subject_query
from dashboard.visitor import TheVisitor
from dashboard.words import Language, Translate
from monitor.provinces import PROVINCES
from monitor.query import By, Query, parse_query
from monitor.records import TOPICS, VIETNAM
from monitor.store import Bucket

WIDE, NARROW = (720, 200), (360, 180)
"""Width and height of a picture on a desk and on a phone."""

FORMS = ("svg", "png", "json")

_DAYS = timedelta(days=30)
# As long as counts are remembered.
_A_MINUTE = "private, max-age=60"


@dataclass(frozen=True, kw_only=True, slots=True)
class Series:
    """Days with their counts, the key of the caption, the search that finds the documents, the first day to mark."""

    days: tuple[Bucket, ...]
    caption: str
    q: str
    since: str = ""


def issue_series(store: TheStore, counted: TheCounts, now: Now, issue_id: str) -> Series:
    """Return the days of an issue's topic and places, marked from when it began."""
    issue = found_issue(store, issue_id)
    since = f"{issue.first_seen_at.astimezone(VIETNAM):%Y-%m-%d}"
    return Series(days=timeline(counted, issue, now), caption="timeline_caption", q=subject_query(issue), since=since)


def topic_series(counted: TheCounts, now: Now, topic: str) -> Series:
    """Return the last 30 days of a topic."""
    return _month(counted, Query(topics=(topic,)), f"topic:{topic}", topic in TOPICS, now)


def place_series(counted: TheCounts, now: Now, code: str) -> Series:
    """Return the last 30 days of a province."""
    return _month(counted, Query(places=(code,)), f"place:{code}", code in PROVINCES, now)


def source_series(counted: TheCounts, now: Now, source_id: str) -> Series:
    """Return the last 30 days of a source."""
    return _month(counted, Query(sources=(source_id,)), f"source:{source_id}", True, now)


def search_series(store: TheStore, counted: TheCounts, now: Now, q: Text = "") -> Series:
    """Return the days of what a search finds."""
    query = parse_query(q)
    return Series(days=days_of(counted, query, store.search(query, 1), now), caption="search.timeline", q=q)


def add_charts(app: FastAPI, given: Given) -> None:
    """Add the charts."""
    for path, series in (
        ("/charts/issues/{issue_id}", issue_series),
        ("/charts/topics/{topic}", topic_series),
        ("/charts/places/{code}", place_series),
        ("/charts/sources/{source_id}", source_series),
        ("/charts/search", search_series),
    ):
        for form in FORMS:
            given.access[f"GET {path}.{form}"] = Access.READ
            app.add_api_route(f"{path}.{form}", _endpoint(series, form), methods=["GET"], include_in_schema=False)


def spec_of(series: Series, t: Translate, language: Language, size: tuple[int, int] = WIDE) -> Spec:
    """Return the chart of a series in a language; a day leads to its documents."""
    decimal, thousands = (",", ".") if language is Language.VIETNAMESE else (".", ",")
    words = Wording(
        description=t(series.caption),
        day=t("day"),
        documents=t("documents"),
        decimal=decimal,
        thousands=thousands,
    )
    return days_spec(series.days, words, since=series.since, size=size, link=partial(day_search, series.q))


def _month(counted: Counts, query: Query, q: str, known: bool, now: Now) -> Series:
    if not known:
        raise NotFound("chart")
    days = counted.count(replace(query, since=now - _DAYS, until=now), By.DAY)
    return Series(days=days, caption="days_caption", q=q)


def _endpoint(series: Callable[..., Series], form: str) -> Callable[..., Response]:
    def chart(
        given: TheGiven,
        visitor: TheVisitor,
        found: Annotated[Any, Depends(series)],
        download: bool = False,
        narrow: bool = False,
    ) -> Response:
        t = given.renderer.translations[visitor.language]
        spec = spec_of(found, t, visitor.language, NARROW if narrow else WIDE)
        headers = {"Cache-Control": _A_MINUTE, "Vary": "Cookie, Accept-Language"}
        if download:
            headers["Content-Disposition"] = f'attachment; filename="chart.{form}"'
        return _drawn(spec, form, headers)

    return chart


def _drawn(spec: Spec, form: str, headers: dict[str, str]) -> Response:
    match form:
        case "json":
            return JSONResponse(spec, headers=headers)
        case "png":
            return Response(png(spec), media_type="image/png", headers=headers)
    return Response(svg(spec), media_type="image/svg+xml", headers=headers)
