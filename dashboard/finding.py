"""Search: words with or without marks, facets that narrow it, pages by cursor; and one document whole."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Annotated

from fastapi import Query as Asked

from dashboard.contexts import DocumentPage, Search, Version
from dashboard.counting import Counts
from dashboard.errors import NotFound
from dashboard.given import Now, TheCounts, TheDesk, TheStore
from dashboard.issues import every_issue
from dashboard.lines import document_line, issue_line
from dashboard.visitor import TheUser, TheVisitor
from monitor.desk import audit
from monitor.desk.audit import Action
from monitor.errors import InputError
from monitor.query import By, Order, Query, parse_query
from monitor.store import Bucket, Page

PAGE = 20
MOST = 100
_LONGEST = 500
_DAYS = timedelta(days=30)
_FACETS = (By.TOPIC, By.TONE, By.PLACE, By.PUBLISHER, By.KIND)
_SHOWN = 12

Text = Annotated[str, Asked(max_length=_LONGEST)]
Limit = Annotated[int, Asked(ge=1, le=MOST)]


def search(
    store: TheStore,
    counted: TheCounts,
    desk: TheDesk,
    user: TheUser,
    visitor: TheVisitor,
    now: Now,
    q: Text = "",
    order: Order = Order.NEWEST,
    after: Annotated[str | None, Asked(max_length=400)] = None,
    limit: Limit = PAGE,
) -> Search:
    """Return a page of hits; what cannot be read of the query is said in `problem`.  Searches are in the audit."""
    try:
        query = replace(parse_query(q), order=order)
        page = store.search(query, limit, after or None)
        total = store.total(query)
    except InputError as error:
        return _found(q, order, Page(hits=()), 0, {}, (), not after, error.told(visitor.language))
    if q and not after:
        audit.record(desk, user.name, Action.SEARCH, "documents", now, q)
    facets = {by: counted.count(query, by)[:_SHOWN] for by in _FACETS} if total and not after else {}
    days = days_of(counted, query, page, now) if total and not after else ()
    return _found(q, order, page, total, facets, days, not after, "")


def document_page(store: TheStore, desk: TheDesk, user: TheUser, now: Now, document_id: str) -> DocumentPage:
    """Return one document whole, and note in the audit who read it.  Raises NotFound."""
    hit = store.get(document_id)
    if hit is None:
        raise NotFound("document")
    audit.record(desk, user.name, Action.READ, f"document:{hit.document.id}", now)
    document, annotation = hit.document, hit.annotation
    return DocumentPage(
        document=document_line(hit),
        lead=document.lead,
        text=document.text,
        section=document.section,
        fetched_at=document.fetched_at,
        keywords=annotation.keywords if annotation else (),
        model=annotation.model if annotation else "",
        versions=tuple(
            Version(version=v.version, title=v.title, fetched_at=v.fetched_at) for v in store.versions(document.id)
        ),
        issues=tuple(issue_line(i, {}) for i in every_issue(store) if document.id in i.evidence),
    )


def days_of(counted: Counts, query: Query, page: Page, now: datetime) -> tuple[Bucket, ...]:
    """Return the count of the 30 days up to the newest hit, or up to the end asked for."""
    newest = max((hit.document.published_at for hit in page.hits), default=now)
    until = query.until or min(newest + timedelta(days=1), now)
    since = max(query.since or until - _DAYS, until - _DAYS)
    return counted.count(replace(query, since=since, until=until), By.DAY) if since < until else ()


def _found(
    q: str,
    order: Order,
    page: Page,
    total: int,
    facets: dict[By, tuple[Bucket, ...]],
    days: tuple[Bucket, ...],
    first: bool,
    problem: str,
) -> Search:
    return Search(
        q=q,
        order=order,
        total=total,
        hits=tuple(document_line(hit) for hit in page.hits),
        after=page.after,
        first=first,
        partial=page.partial,
        problem=problem,
        days=days,
        topics=facets.get(By.TOPIC, ()),
        tones=facets.get(By.TONE, ()),
        places=facets.get(By.PLACE, ()),
        publishers=facets.get(By.PUBLISHER, ()),
        kinds=facets.get(By.KIND, ()),
    )
