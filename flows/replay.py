"""A time-ordered stream through the whole chain with the clock of the stream."""

import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO

import orjson

from flows import stages
from flows.watching import Watch, look
from monitor.batches import batches
from monitor.detect.detector import TICK, Found
from monitor.detect.replay import alert_line
from monitor.detect.state import Settings
from monitor.errors import InputError, StoreUnavailable
from monitor.records import Document
from monitor.store import Store, open_store
from nlp.annotate import Annotator
from nlp.worth import LinearWorth


def replay(
    files: Iterable[Path],
    alerts: Path,
    *,
    settings: Settings,
    batch: int,
    store_url: str,
    now: datetime,
    seen: Callable[[int], None],
) -> Counter[str]:
    """Write one line for each alert and return counts of documents by outcome, of issues and of alerts.

    Without `store_url` the store is a temporary one.  Raises InputError when the files are not in order of time.
    """
    with tempfile.TemporaryDirectory() as folder, open_store(store_url or f"sqlite:///{folder}/replay.db") as store:
        return _replay(stages.documents_of(files, now), alerts, store, settings, batch, seen)


def _replay(
    documents: Iterable[Document],
    alerts: Path,
    store: Store,
    settings: Settings,
    batch: int,
    seen: Callable[[int], None],
) -> Counter[str]:
    annotator, worth, watch = Annotator.load(), LinearWorth.load(), Watch()
    counts: Counter[str] = Counter()
    last: datetime | None = None
    with _written(alerts) as lines:
        for some in batches(documents, batch):
            last = _in_order(some, last)
            counts += stages.ingest(some, store)
            stages.annotate(store, annotator)
            for found in look(store, watch, worth=worth, settings=settings):
                counts += _take(found, store, lines)
            seen(len(some))
        until = last + timedelta(seconds=TICK) if last else None
        for found in look(store, watch, worth=worth, settings=settings, until=until):
            counts += _take(found, store, lines)
    return counts


def _take(found: Found, store: Store, lines: BinaryIO) -> Counter[str]:
    store.save_issues(found.issues)
    lines.writelines(orjson.dumps(alert_line(raised)) + b"\n" for raised in found.raised)
    return Counter(alerts=len(found.raised))


def _in_order(documents: Sequence[Document], last: datetime | None) -> datetime:
    for document in documents:
        if last and document.fetched_at < last:
            raise InputError(f"{document.url or document.title!r} arrived before the one above it: sort by time first")
        last = document.fetched_at
    return documents[-1].fetched_at


@contextmanager
def _written(path: Path) -> Iterator[BinaryIO]:
    try:
        with path.open("wb") as lines:
            yield lines
    except OSError as error:
        raise StoreUnavailable(f"{path}: cannot be written: {error.strerror}") from error
