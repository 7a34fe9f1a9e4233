"""The watch stage: what arrived since the last pass goes through detection; issues and alerts come out."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime

import orjson

from monitor.alerts import follow_issues, open_alert
from monitor.config import Settings
from monitor.desk import Desk
from monitor.detect import signals
from monitor.detect.detector import Found, detect
from monitor.detect.snapshot import from_bytes, to_bytes
from monitor.detect.state import Settings as Asked
from monitor.detect.state import State
from monitor.detect.worth import Worth
from monitor.jsonl import from_dict, to_dict
from monitor.records import Issue
from monitor.store import Hit, Page, Store
from nlp.duplicates import WINDOW, Recent
from nlp.worth import LinearWorth

BATCH = 400

_KEPT_AS = "detection"


@dataclass(frozen=True, kw_only=True, slots=True)
class Mark:
    """Where the arrivals stood at a time; documents after it are read again after a restart."""

    after: str | None
    at: datetime


@dataclass(kw_only=True, slots=True)
class Watch:
    """Where detection stands in a store: its state, the newest texts, the arrivals taken, marks a window apart."""

    state: State = field(default_factory=State)
    recent: Recent = field(default_factory=Recent)
    after: str | None = None
    marks: tuple[Mark, ...] = ()


def resume(store: Store) -> Watch:
    """Return the watch as the last pass left it, the texts of the last days read again to find copies of."""
    kept = store.state(_KEPT_AS)
    if kept is None:
        return Watch()
    head, _, body = kept.partition(b"\n")
    values = orjson.loads(head)
    marks = tuple(from_dict(Mark, mark) for mark in values["marks"])
    watch = Watch(state=from_bytes(body), after=values["after"], marks=marks)
    cursor = marks[0].after
    while cursor != watch.after and (page := store.arrivals(cursor, BATCH)).hits:
        for hit in page.hits:
            watch.recent.add(hit.document)
        cursor = page.after
    return watch


def keep(store: Store, watch: Watch) -> None:
    """Keep the watch, once what it found is kept."""
    if watch.marks:
        head = orjson.dumps({"after": watch.after, "marks": [to_dict(mark) for mark in watch.marks]})
        store.save_state(_KEPT_AS, head + b"\n" + to_bytes(watch.state))


def look(
    store: Store, watch: Watch, *, worth: Worth, settings: Asked, until: datetime | None = None
) -> Iterator[Found]:
    """Yield what each batch of arrivals brings, and at the end what `until` shows to be over.

    The watch moves on only when the next is asked for: whoever takes a batch keeps its results first.
    """
    while (page := store.arrivals(watch.after, BATCH)).hits:
        yield step(store, watch, page.hits, worth=worth, settings=settings)
        _move_on(watch, page)
    if until is not None:
        yield detect(watch.state, (), worth=worth, settings=settings, until=until)


def watch(store: Store, desk: Desk, settings: Settings, now: datetime) -> Counter[str]:
    """Take everything that arrived to issues and alerts; return how many issues changed and alerts were opened.

    The first pass over a store takes what the feeds still hold as if it had been followed all along: each document at
    the time of its publication; people are told of what is not over yet.
    """
    asked = Asked(budget=settings.budget, voices=settings.voices)
    found = resume(store)
    past = not found.marks
    counts = Counter(issues=0, alerts=0)
    for batch in (backlog if past else look)(store, found, worth=LinearWorth.load(), settings=asked, until=now):
        store.save_issues(batch.issues)
        for raised in batch.raised:
            told = open_alert(desk, raised.issue, evidence(store, raised.issue), now)
            counts["alerts"] += told is not None
        follow_issues(desk, batch.issues, now)
        counts["issues"] += len(batch.issues)
        keep(store, found)
    store.save_state(signals.KEPT_AS, signals.to_bytes(signals.signals(found.state.counts, now)))
    return counts


def backlog(store: Store, watch: Watch, *, worth: Worth, settings: Asked, until: datetime) -> Iterator[Found]:
    """Yield what the documents of a store that was never watched bring, each at the time of its publication."""
    hits: list[Hit] = []
    while (page := store.arrivals(watch.after, BATCH)).hits:
        hits += [_when_published(hit) for hit in page.hits]
        _move_on(watch, page)
    hits.sort(key=lambda hit: (hit.document.fetched_at, hit.document.id))
    yield step(store, watch, tuple(hits), worth=worth, settings=settings)
    yield detect(watch.state, (), worth=worth, settings=settings, until=until)


def evidence(store: Store, issue: Issue) -> list[Hit]:
    """Return the documents that an issue rests on."""
    return [hit for document_id in issue.evidence if (hit := store.get(document_id))]


def step(store: Store, watch: Watch, hits: tuple[Hit, ...], *, worth: Worth, settings: Asked) -> Found:
    """Return what some arrivals bring; which documents are copies is written back to the store."""
    named = [_with_copy(hit, watch.recent) for hit in hits]
    store.annotate(hit.annotation for hit in named if hit.annotation and hit.annotation.copy_of)
    return detect(watch.state, named, worth=worth, settings=settings)


def _when_published(hit: Hit) -> Hit:
    at = min(hit.document.fetched_at, hit.document.published_at)
    return replace(hit, document=replace(hit.document, fetched_at=at))


def _with_copy(hit: Hit, recent: Recent) -> Hit:
    copied = recent.add(hit.document)
    if copied is None or hit.annotation is None:
        return hit
    return replace(hit, annotation=replace(hit.annotation, copy_of=copied))


def _move_on(watch: Watch, page: Page) -> None:
    at = page.hits[-1].document.fetched_at
    if not watch.marks or at - watch.marks[-1].at > WINDOW:
        watch.marks = (*watch.marks[-1:], Mark(after=watch.after, at=at))
    watch.after = page.after
