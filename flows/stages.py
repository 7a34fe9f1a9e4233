"""Each stage of the chain as a plain function: it reads what is not yet done and writes its result back."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Protocol

from crawlers import spool
from crawlers.archive import documents_in
from crawlers.redacting import redacted
from monitor.batches import batches
from monitor.jsonl import read_documents
from monitor.records import Annotation, Document, Outcome, Source
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
            pages = documents_in(path, sources, _redact)
            yield from (page for page in pages if isinstance(page, Document))
        else:
            yield from (redacted(document, _redact) for document in read_documents(path, now))


def _redact(text: str, names: bool) -> str:
    return redact(text, names=names)


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
