"""What detection learns from judged stories, rebuilt from files on disk: the same files give the same bytes."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path

import numpy as np
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from monitor import detect
from monitor.detect import join, kinship
from monitor.detect.entry import Entry
from monitor.detect.law import Law
from monitor.detect.outlook import Law as OutlookLaw
from monitor.detect.terms import measure, terms
from monitor.errors import InputError
from monitor.jsonl import read_documents
from monitor.records import Document
from monitor.store import Hit
from nlp.annotate import Annotator
from nlp.stories import choice, joins, kin, laws, outlook, worth
from nlp.stories.judged import folds, happenings, judged_stories, month_of
from nlp.stories.worth import Judged

DETECTORS = Path(detect.__file__).parent
"""Where detection has its models."""

# Terms of fewer texts are as rare as those of none.
_LEAST_TEXTS = 3


@dataclass(frozen=True, kw_only=True, slots=True)
class Months:
    """The months that stories were judged of, by fold: annotated documents, and as detection keeps them."""

    judged: Path
    hits: Mapping[str, Sequence[Hit]]
    entries: Mapping[str, Sequence[Entry]]


def train_stories(data: Path, models: Path, detectors: Path = DETECTORS, office: Sequence[Judged] = ()) -> None:
    """Write worth into `models`, rarity, join, kinship, choice and outlook into `detectors`.

    From news_stream/ and labels/stories_train.jsonl of the folder `data`, read by the networks in `models`, and what an
    office judged.  What is learned weighs words by the rarity in use, so that of other news counts from the next time.
    """
    with threadpool_limits(1):
        months = months_in(data, Annotator.load(models))
        _save_rarity(chain.from_iterable(map(read, sorted((data / "news_stream").glob("*.jsonl.gz")))), detectors)
        law = join_law(months)
        laws.save(law, detectors / "join.json")
        laws.save(kinship_law(months, law), detectors / "kinship.json")
        judged = [*judged_stories(months.judged, chain.from_iterable(months.hits.values())), *office]
        worth.save(worth.train(judged), models / "worth.npz")
        choice.save(choice.choice_of(choice.months_of(months.hits, judged, law)), detectors / "choice.json")
        outlook.save(outlook_laws(months, law), detectors / "outlook.json")


def read(path: Path) -> list[Document]:
    """Return the documents of a file of the stream; what has no time is of its end."""
    return list(read_documents(path, datetime.now(UTC)))


def months_in(data: Path, annotator: Annotator) -> Months:
    """Return the months of a folder that have judged stories.  Raises InputError for fewer than two."""
    judged, hits = data / "labels" / "stories_train.jsonl", {}
    if len(known := folds(judged)) < 2:
        raise InputError(
            f"{judged}: stories of two months or more are needed, as each is tried by models of the others"
        )
    for fold in known:
        documents = read(data / "news_stream" / f"{month_of(fold)}.jsonl.gz")
        annotations = annotator.annotate(documents)
        hits[fold] = [Hit(document=d, annotation=a) for d, a in zip(documents, annotations, strict=True)]
    return Months(judged=judged, hits=hits, entries={fold: joins.entries(found) for fold, found in hits.items()})


def join_law(months: Months) -> Law:
    """Return the law that joins documents to stories."""
    examples = (joins.examples(found, happenings(months.judged, fold)) for fold, found in months.entries.items())
    return laws.fit(join.FEATURES, list(chain.from_iterable(examples)))


def kinship_law(months: Months, joining: Law) -> Law:
    """Return the law that makes stories parts of an issue."""
    found: list[laws.Example] = []
    for fold, entries in months.entries.items():
        concerns = set(happenings(months.judged, fold, least=1).values())
        found.extend(kin.examples(entries, concerns, happenings(months.judged, fold), joining))
    return laws.fit(kinship.FEATURES, found)


def outlook_laws(months: Months, joining: Law) -> Sequence[OutlookLaw]:
    """Return the laws of what an issue will bring."""
    parts: list[outlook.States] = []
    for fold, entries in months.entries.items():
        parts.append(outlook.states(entries, happenings(months.judged, fold, least=1)))
        parts.append(outlook.states(entries, joins.grouped(entries, joining)).thinned())
    return outlook.laws(outlook.joined(parts))


def _save_rarity(documents: Iterable[Document], folder: Path) -> None:
    texts = {document.url: document for document in documents}
    counts = Counter(chain.from_iterable(set(terms(document)) for document in texts.values()))
    known = {term: count for term, count in counts.items() if count >= _LEAST_TEXTS}
    buckets, rarity, unseen = measure(known, len(texts))
    np.savez_compressed(folder / "rarity.npz", allow_pickle=False, buckets=buckets, rarity=rarity, unseen=unseen)
