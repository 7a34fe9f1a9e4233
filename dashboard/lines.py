"""Records as the lines of lists: what people see of a document, an issue, a source."""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from urllib.parse import urlsplit

from dashboard.contexts import DocumentLine, IssueLine, SourceLine
from dashboard.formats import address
from monitor.records import Alert, FeedStatus, Issue, Kind, Source, SourceHealth
from monitor.store import Bucket, Hit

_EXCERPT = 220
_READ = (FeedStatus.OK, FeedStatus.NOT_MODIFIED, FeedStatus.EMPTY)
_LAST_WORD = re.compile(r"\s+\S*$")


def document_line(hit: Hit) -> DocumentLine:
    """Return a document found; posts and comments carry no link, so that nobody is led to who wrote them."""
    document, annotation = hit.document, hit.annotation
    return DocumentLine(
        id=document.id,
        title=document.title or cut(document.text, 90),
        excerpt=hit.snippet or cut(document.lead or document.text, _EXCERPT),
        publisher=document.publisher,
        source_id=document.source_id,
        kind=document.kind,
        url=web_link(document.url) if document.kind in (Kind.ARTICLE, Kind.REPORT) else "",
        published_at=document.published_at,
        topic=annotation.topic if annotation else "",
        tone=annotation.tone if annotation else None,
        concern=annotation.concern if annotation else None,
        places=annotation.places if annotation else (),
        copy_of=annotation.copy_of if annotation else None,
    )


def issue_line(issue: Issue, alerts: Mapping[str, Alert], since: datetime | None = None) -> IssueLine:
    """Return an issue with the status of its alert; it is fresh when it began after `since`."""
    alert = alerts.get(issue.id)
    return IssueLine(
        id=issue.id,
        title=issue.title,
        topic=issue.topic,
        places=issue.places,
        level=issue.level,
        score=issue.score,
        observed=issue.observed,
        expected=issue.expected,
        publishers=len(issue.publishers),
        negative_share=issue.negative_share,
        first_seen_at=issue.first_seen_at,
        last_seen_at=issue.last_seen_at,
        alert=alert.status if alert else "",
        fresh=since is not None and issue.first_seen_at > since,
    )


def source_line(source: Source, health: SourceHealth | None, day: int = 0, usual: float = 0.0) -> SourceLine:
    """Return a source; `day` is how many documents its publisher had in 24 hours, `usual` the mean of days before."""
    return SourceLine(
        id=source.id,
        name=source.name,
        publisher=source.publisher,
        kind=source.kind,
        region=source.region,
        home=web_link(source.home),
        state=source_state(health),
        checked_at=health.checked_at if health else None,
        last_document_at=health.last_document_at if health else None,
        failures=health.failures if health else 0,
        documents=health.documents if health else 0,
        day=day,
        usual=usual,
        feeds=health.feeds if health else (),
        outcomes=tuple(Bucket(key=k, count=n) for k, n in health.outcomes.items()) if health else (),
    )


def source_state(health: SourceHealth | None) -> str:
    """Return never, dead (no feed could be read), troubled (some could not) or ok."""
    if health is None:
        return "never"
    read = [feed.status in _READ for feed in health.feeds]
    if not any(read):
        return "dead"
    return "ok" if all(read) else "troubled"


def web_link(url: str) -> str:
    """Return the address when it is one of the web, else "": links from outside are never of another scheme."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return url if parts.scheme in ("http", "https") and parts.hostname else ""


def cut(text: str, length: int) -> str:
    """Return the text, shortened at a word."""
    line = " ".join(text[: 4 * length].split())
    return line if len(line) <= length else _LAST_WORD.sub("", line[: length + 1]) + "…"


def counts(buckets: Iterable[Bucket]) -> dict[str, int]:
    """Return the count of each key."""
    return {bucket.key: bucket.count for bucket in buckets}


def subject_query(issue: Issue | IssueLine) -> str:
    """Return the search for an issue's topic and places."""
    return " ".join([f"topic:{issue.topic}", *(f"place:{code}" for code in issue.places)])


def day_search(q: str, day: str) -> str:
    """Return the address of a search narrowed to one day."""
    return address("/search", q=f"{q} since:{day} until:{day}".strip())
