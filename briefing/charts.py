"""Charts as Vega-Lite from Altair: documents a day, for pages, notices and briefings; drawn by vl-convert."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from monitor.bulletins import few
from monitor.detect.explain import number
from monitor.query import By, Query
from monitor.records import VIETNAM, Issue
from monitor.store import Bucket, Store

DAYS = 14
SIZE, BARE = (560, 220), (560, 150)
"""Width and height of a chart with its title, and of one that stands under a heading."""

DARK, LIGHT, TEXT, RULE = "#0b5563", "#6f97a0", "#4d585d", "#e3e8ea"
"""Bars that are marked and those that are not (each 3 to 1 on white at least), words, and lines across."""

# The Liberation that Debian ships lacks letters of Vietnamese, so DejaVu comes before it.
_FONT = "Segoe UI, Roboto, Noto Sans, DejaVu Sans, Liberation Sans, sans-serif"
_LONGEST_TITLE = 62
_REMEMBERED = 128
# A chart of nothing, or of one document, still has an axis that can be read.
_LOWEST_TOP = 4

_TITLE: Mapping[str, Any] = {"anchor": "start", "subtitleColor": TEXT}
_ALONG: Mapping[str, Any] = {
    "labelExpr": "slice(datum.value, 8, 10) + '/' + slice(datum.value, 5, 7)",
    "labelAngle": 0,
    "labelOverlap": True,
    "labelSeparation": 8,
    "ticks": False,
}
_ACROSS: Mapping[str, Any] = {
    "tickMinStep": 1,
    "tickCount": 4,
    "format": ",d",
    "ticks": False,
    "domain": False,
    "gridColor": RULE,
}

Spec = dict[str, Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class Wording:
    """What a chart says: what it is, for whoever cannot see it, the names of its two values, and how numbers look."""

    description: str
    day: str = "Ngày"
    documents: str = "Tin, bài"
    decimal: str = ","
    thousands: str = "."


def days_spec(
    days: Sequence[Bucket],
    words: Wording,
    *,
    since: str = "",
    size: tuple[int, int] = SIZE,
    title: str = "",
    subtitle: Sequence[str] = (),
    link: Callable[[str], str] = lambda day: "",
) -> Spec:
    """Return the Vega-Lite description of a count a day; days from `since` on are dark, and lead to their link."""
    values = [
        {"day": d.key, "date": written(d.key), "count": d.count, "dark": d.key >= since, "link": link(d.key)}
        for d in days
    ]
    chart = _bars(values, words).properties(width=size[0], height=size[1])
    if title:
        chart = chart.properties(title={"text": title, "subtitle": list(subtitle), **_TITLE})
    return _looking(chart, words)


def issue_spec(issue: Issue, buckets: Sequence[Bucket], *, titled: bool = True) -> Spec:
    """Return the Vega-Lite description of the documents a day on the topic and places of an issue, for a notice."""
    title = issue.title if len(issue.title) <= _LONGEST_TITLE else issue.title[: _LONGEST_TITLE - 1] + "…"
    numbers = f"Quan sát {number(issue.observed)}, thường lệ {few(issue.expected)}"
    return days_spec(
        buckets,
        Wording(description=f"Số tin, bài mỗi ngày cùng chủ đề và nơi: {title}"),
        since=f"{issue.first_seen_at.astimezone(VIETNAM):%Y-%m-%d}",
        size=SIZE if titled else BARE,
        title=title if titled else "",
        subtitle=(numbers, "Số tin, bài mỗi ngày cùng chủ đề và nơi; cột đậm: từ khi nổi lên"),
    )


def issue_buckets(store: Store, issue: Issue) -> list[Bucket]:
    """Return how many documents a day there were on its topic and places, up to when it was last seen."""
    until = issue.last_seen_at + timedelta(days=1)
    query = Query(topics=(issue.topic,), places=issue.places, since=_since(issue, until), until=until)
    return store.count(query, By.DAY)


def issue_png(store: Store, issue: Issue) -> bytes:
    """Return the chart of an issue as PNG."""
    return png(issue_spec(issue, issue_buckets(store, issue)))


def issue_svg(store: Store, issue: Issue) -> str:
    """Return the chart of an issue as SVG."""
    return svg(issue_spec(issue, issue_buckets(store, issue)))


def png(spec: Mapping[str, Any]) -> bytes:
    """Return a Vega-Lite description drawn as PNG; nothing is fetched."""
    import vl_convert

    drawn: bytes = vl_convert.svg_to_png(svg(spec), scale=2)
    return drawn


def svg(spec: Mapping[str, Any]) -> str:
    """Return a Vega-Lite description drawn as SVG; nothing is fetched, and the last ones drawn are remembered."""
    return _drawn(json.dumps(spec, sort_keys=True))


@lru_cache(maxsize=_REMEMBERED)
def _drawn(spec: str) -> str:
    import vl_convert

    drawn: str = vl_convert.vegalite_to_svg(spec, allowed_base_urls=[])
    return drawn


def written(key: str) -> str:
    """Return a day such as 2025-11-03 as people write it, 03/11/2025."""
    return f"{key[8:10]}/{key[5:7]}/{key[:4]}"


def _bars(values: Sequence[Mapping[str, Any]], words: Wording) -> Any:
    import altair as alt

    top = max([_LOWEST_TOP, *(value["count"] for value in values)])
    tooltip = [alt.Tooltip("date:N", title=words.day), alt.Tooltip("count:Q", title=words.documents, format=",d")]
    bars = (
        alt.Chart(alt.InlineData(values=values), description=words.description)
        .mark_bar()
        .encode(
            x=alt.X("day:O", title=None, axis=alt.Axis(**_ALONG)),
            y=alt.Y("count:Q", title=None, scale=alt.Scale(domain=[0, top]), axis=alt.Axis(**_ACROSS)),
            color=alt.condition("datum.dark", alt.value(DARK), alt.value(LIGHT)),
            tooltip=tooltip,
        )
        .properties(autosize=alt.AutoSizeParams(type="fit", contains="padding"))
    )
    return bars.encode(href="link:N") if any(value["link"] for value in values) else bars


def _looking(chart: Any, words: Wording) -> Spec:
    """The chart as a description, in the one look of all charts."""
    locale = {"decimal": words.decimal, "thousands": words.thousands, "grouping": [3], "currency": ["", " ₫"]}
    axis = {"labelColor": TEXT, "labelFontSize": 12, "labelPadding": 5, "domainColor": TEXT}
    spec: Spec = (
        chart.configure(font=_FONT, background="white", locale={"number": locale}, axis=axis)
        .configure_view(stroke=None)
        .to_dict()
    )
    return spec


def _since(issue: Issue, until: datetime) -> datetime:
    return max(min(issue.first_seen_at - timedelta(days=7), until - timedelta(days=DAYS)), until - timedelta(days=60))
