"""Timelines as pictures from this very server: SVG, and PNG to put into documents."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Annotated, Any

from fastapi import Depends, FastAPI
from fastapi.responses import Response

from dashboard.access import Access
from dashboard.counting import Counts
from dashboard.drawing import NARROW, WIDE, draw
from dashboard.errors import NotFound
from dashboard.finding import Text, days_of
from dashboard.given import Given, Now, TheCounts, TheGiven, TheStore
from dashboard.issues import found_issue, timeline
from dashboard.visitor import TheVisitor
from monitor.provinces import PROVINCES
from monitor.query import By, Query, parse_query
from monitor.records import TOPICS, VIETNAM
from monitor.store import Bucket

_DAYS = timedelta(days=30)

Series = tuple[tuple[Bucket, ...], str, str]
"""The days, the first day to mark, and the key of the caption."""


def issue_series(store: TheStore, counted: TheCounts, now: Now, issue_id: str) -> Series:
    """Return the days of an issue, marked from when it began."""
    issue = found_issue(store, issue_id)
    return timeline(counted, issue, now), f"{issue.first_seen_at.astimezone(VIETNAM):%Y-%m-%d}", "timeline_caption"


def topic_series(counted: TheCounts, now: Now, topic: str) -> Series:
    """Return the last 30 days of a topic."""
    return _month(counted, Query(topics=(topic,)), topic in TOPICS, now)


def place_series(counted: TheCounts, now: Now, code: str) -> Series:
    """Return the last 30 days of a province."""
    return _month(counted, Query(places=(code,)), code in PROVINCES, now)


def source_series(counted: TheCounts, now: Now, source_id: str) -> Series:
    """Return the last 30 days of a source."""
    return _month(counted, Query(sources=(source_id,)), True, now)


def search_series(store: TheStore, counted: TheCounts, now: Now, q: Text = "") -> Series:
    """Return the days of what a search finds."""
    query = parse_query(q)
    return days_of(counted, query, store.search(query, 1), now), "", "search.timeline"


def add_charts(app: FastAPI, given: Given) -> None:
    """Add the pictures."""
    for path, series in (
        ("/charts/issues/{issue_id}", issue_series),
        ("/charts/topics/{topic}", topic_series),
        ("/charts/places/{code}", place_series),
        ("/charts/sources/{source_id}", source_series),
        ("/charts/search", search_series),
    ):
        for form in ("svg", "png"):
            given.access[f"GET {path}.{form}"] = Access.READ
            app.add_api_route(f"{path}.{form}", _endpoint(series, form), methods=["GET"], include_in_schema=False)


def _month(counted: Counts, query: Query, known: bool, now: Now) -> Series:
    if not known:
        raise NotFound("there is no such chart")
    return counted.count(replace(query, since=now - _DAYS, until=now), By.DAY), "", "days_caption"


def _endpoint(series: Callable[..., Series], form: str) -> Callable[..., Response]:
    def picture(
        given: TheGiven,
        visitor: TheVisitor,
        drawn: Annotated[Any, Depends(series)],
        download: bool = False,
        narrow: bool = False,
    ) -> Response:
        days, since, caption = drawn
        values = {"drawing": draw(days, since, NARROW if narrow else WIDE), "caption": caption}
        svg = given.renderer.render("timeline.svg", visitor.language, values)
        headers = {"Content-Disposition": f'attachment; filename="chart.{form}"'} if download else {}
        if form == "png":
            return Response(_png(svg), media_type="image/png", headers=headers)
        return Response(svg, media_type="image/svg+xml", headers=headers)

    return picture


def _png(svg: str) -> bytes:
    import vl_convert

    drawn: bytes = vl_convert.svg_to_png(svg, scale=2)
    return drawn
