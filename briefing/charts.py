"""Small charts: an issue's documents by day beside what is usual, as a Vega-Lite description, PNG or SVG."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from monitor.bulletins import number
from monitor.query import By, Query
from monitor.records import VIETNAM, Issue
from monitor.store import Bucket, Store

DAYS = 14
WIDTH, HEIGHT = 520, 180

_RED, _GREY = "#b3261e", "#5f6368"
_LONGEST_TITLE = 70


def issue_spec(issue: Issue, buckets: Sequence[Bucket]) -> dict[str, Any]:
    """Return the Vega-Lite description of the documents a day on the topic and places of an issue."""
    import altair as alt

    values = [{"day": bucket.key, "count": bucket.count} for bucket in buckets]
    first = f"{issue.first_seen_at.astimezone(VIETNAM):%Y-%m-%d}"
    color = alt.condition(f"datum.day >= '{first}'", alt.value(_RED), alt.value(_GREY))
    bars = (
        alt.Chart(alt.InlineData(values=values))
        .mark_bar()
        .encode(
            x=alt.X("day:O", title=None, axis=alt.Axis(labelAngle=0, labelExpr="slice(datum.value, 8, 10)")),
            y=alt.Y("count:Q", title="Số bài, ý kiến", axis=alt.Axis(tickMinStep=1)),
            color=color,
        )
    )
    title = issue.title if len(issue.title) <= _LONGEST_TITLE else issue.title[: _LONGEST_TITLE - 1] + "…"
    subtitle = f"Quan sát {number(issue.observed)}, thường lệ {number(issue.expected)}; đỏ: từ khi nổi lên"
    chart = bars.properties(width=WIDTH, height=HEIGHT, title=alt.Title(title, subtitle=subtitle, anchor="start"))
    spec: dict[str, Any] = chart.configure(font="DejaVu Sans").to_dict()
    return spec


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

    drawn: bytes = vl_convert.vegalite_to_png(dict(spec), scale=1.5, allowed_base_urls=[])
    return drawn


def svg(spec: Mapping[str, Any]) -> str:
    """Return a Vega-Lite description drawn as SVG; nothing is fetched."""
    import vl_convert

    drawn: str = vl_convert.vegalite_to_svg(dict(spec), allowed_base_urls=[])
    return drawn


def _since(issue: Issue, until: datetime) -> datetime:
    return max(min(issue.first_seen_at - timedelta(days=7), until - timedelta(days=DAYS)), until - timedelta(days=60))
