"""Each stage of the chain as a plain function: it reads what is not yet done and writes its result back."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Protocol

from crawlers import spool
from crawlers.archive import documents_in
from monitor.batches import batches
from monitor.jsonl import read_documents
from monitor.records import Annotation, Document, Kind, Outcome, Source
from monitor.store import Store
from nlp.redact import redact

BATCH = 400


class Annotates(Protocol):
    """What the annotate stage needs of an annotator."""

    @property
    def model(self) -> str: ...

    def annotate(self, documents: Sequence[Document]) -> list[Annotation]: ...


def ingest(documents: Iterable[Document], store: Store, seen: Callable[[int], None] = lambda n: None) -> Counter[str]:
    """Add documents to the store and return their outcomes; `seen` is told how many each batch held."""
    outcomes: Counter[str] = Counter({outcome.value: 0 for outcome in Outcome})
    for batch in batches(documents, BATCH):
        outcomes.update(added.outcome.value for added in store.add(batch))
        seen(len(batch))
    return outcomes


def documents_of(files: Iterable[Path], now: datetime, sources: Sequence[Source] = ()) -> Iterator[Document]:
    """Yield the documents of JSON Lines files and of WARC archives, redacted; pages that are no articles are not."""
    for path in files:
        if ".warc" in path.suffixes:
            pages = documents_in(path, sources, lambda part, names: redact(part, names=names))
            yield from (page for page in pages if isinstance(page, Document))
        else:
            yield from map(redacted, read_documents(path, now))


def redacted(document: Document) -> Document:
    """Return the document without personal data; names of persons too where people write for themselves."""
    names = document.kind is not Kind.ARTICLE
    title, lead, text = (redact(part, names=names) for part in (document.title, document.lead, document.text))
    return replace(document, title=title, lead=lead, text=text)


def ingest_spool(folder: Path, store: Store, now: datetime) -> Counter[str]:
    """Add every whole file of the spool to the store, deleting each once its documents are kept."""
    outcomes: Counter[str] = Counter()
    for path in spool.whole_files(folder):
        outcomes += ingest(spool.take(path, now), store)
        spool.done(path)
    return outcomes


def annotate(store: Store, annotator: Annotates, seen: Callable[[int], None] = lambda n: None) -> int:
    """Annotate whatever this annotator has not annotated and return how many documents that were."""
    done = 0
    while documents := store.unannotated(annotator.model, BATCH):
        store.annotate(annotator.annotate(documents))
        done += len(documents)
        seen(len(documents))
    return done
