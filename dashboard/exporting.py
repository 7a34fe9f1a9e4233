"""Tables to take away: CSV, XLSX and JSON Lines; every export is in the audit."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Annotated, Any

from fastapi import Depends, FastAPI
from fastapi.responses import Response

from briefing.export import csv_text, json_lines, xlsx_bytes
from dashboard.access import Access
from dashboard.casework import Day, monday_of, week_rows
from dashboard.contexts import DocumentLine, IssueLine
from dashboard.finding import Text
from dashboard.formats import place_name
from dashboard.given import Given, Now, TheDesk, TheStore
from dashboard.lines import document_line, issue_line
from dashboard.overview import alerts_by_issue
from dashboard.visitor import TheUser
from monitor.desk import audit, cases, judgements
from monitor.desk.audit import Action
from monitor.query import Order, parse_query
from monitor.records import VIETNAM

MOST = 10_000
"""Documents in one export."""

Row = Sequence[object]
Table = tuple[str, str, Sequence[str], list[Row]]
"""The name, what the audit says of it, the columns and the rows."""

TYPES: Mapping[str, str] = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "jsonl": "application/jsonl; charset=utf-8",
}

_DOCUMENTS = ("published_at", "publisher", "kind", "title", "url", "topic", "tone", "concern", "places")
_ISSUES = (
    *("level", "title", "topic", "places", "observed", "expected", "publishers", "negative_share"),
    *("first_seen_at", "last_seen_at", "alert"),
)
_WEEK = ("agency", "sent", "answered", "final", "open", "late", "late_cases")
_CASES = ("status", "agency", "title", "sent_at", "due_at", "answers", "final_at", "final_result")


def document_table(store: TheStore, q: Text = "", order: Order = Order.NEWEST) -> Table:
    """Return the first MOST documents of a search."""
    page = store.search(replace(parse_query(q), order=order), MOST)
    return "documents", q, _DOCUMENTS, [_document_row(document_line(hit)) for hit in page.hits]


def issue_table(store: TheStore, desk: TheDesk) -> Table:
    """Return all issues."""
    alerted = alerts_by_issue(desk)
    return "issues", "", _ISSUES, [_issue_row(issue_line(issue, alerted)) for issue in store.issues(limit=MOST)]


def case_table(desk: TheDesk, now: Now) -> Table:
    """Return all cases."""
    rows = [
        (c.status, c.agency, c.title, c.sent_at, c.due_at, len(c.answers), c.final_at, c.final_result)
        for c in cases.cases(desk, now)
    ]
    return "cases", "", _CASES, list(rows)


def week_table(desk: TheDesk, now: Now, day: Day = None) -> Table:
    """Return the list of a week by agency, with the titles of what is late."""
    monday = monday_of(day, now)
    rows = [
        (w.agency, w.sent, w.answered, w.final, w.open, len(w.late), "; ".join(case.title for case in w.late))
        for w in week_rows(desk, monday, now)
    ]
    return f"cases-week-{monday}", "", _WEEK, list(rows)


def labels(desk: TheDesk, user: TheUser, now: Now) -> Response:
    """Return what staff said of alerts, as labels for the next training."""
    lines = list(judgements.label_lines(desk))
    audit.record(desk, user.name, Action.EXPORT, "judgements", now, f"jsonl, {len(lines)} rows")
    return _file("judgements", "jsonl", "".join(line + "\n" for line in lines).encode(), now)


def add_exports(app: FastAPI, given: Given) -> None:
    """Add a route for each table and form."""
    for path, table in (
        ("/search/export", document_table),
        ("/issues/export", issue_table),
        ("/cases/export", case_table),
        ("/cases/week/export", week_table),
    ):
        for form in TYPES:
            given.access[f"GET {path}.{form}"] = Access.EXPORT
            app.add_api_route(f"{path}.{form}", _endpoint(table, form), methods=["GET"], include_in_schema=False)
    given.access["GET /accuracy/labels.jsonl"] = Access.EXPORT
    app.add_api_route("/accuracy/labels.jsonl", labels, methods=["GET"], include_in_schema=False)


def _endpoint(table: Callable[..., Table], form: str) -> Callable[..., Response]:
    def export(desk: TheDesk, user: TheUser, now: Now, made: Annotated[Any, Depends(table)]) -> Response:
        name, asked, columns, rows = made
        audit.record(desk, user.name, Action.EXPORT, name, now, f"{form}, {len(rows)} rows {asked}".strip())
        return _file(name, form, _content(name, form, columns, rows), now)

    return export


def _content(name: str, form: str, columns: Sequence[str], rows: Sequence[Row]) -> bytes:
    match form:
        case "csv":
            return csv_text(columns, rows).encode()
        case "xlsx":
            return xlsx_bytes(name, columns, rows)
    return json_lines(dict(zip(columns, row, strict=True)) for row in rows).encode()


def _file(name: str, form: str, content: bytes, now: datetime) -> Response:
    file = f"{name}-{now.astimezone(VIETNAM):%Y%m%d-%H%M}.{form}"
    return Response(content, media_type=TYPES[form], headers={"Content-Disposition": f'attachment; filename="{file}"'})


def _document_row(line: DocumentLine) -> Row:
    return (
        *(line.published_at, line.publisher, line.kind, line.title, line.url),
        *(line.topic, line.tone, line.concern, _names(line.places)),
    )


def _issue_row(line: IssueLine) -> Row:
    return (
        *(line.level, line.title, line.topic, _names(line.places), line.observed, line.expected),
        *(line.publishers, line.negative_share, line.first_seen_at, line.last_seen_at, line.alert),
    )


def _names(codes: Sequence[str]) -> str:
    return "; ".join(place_name(code) for code in codes)
