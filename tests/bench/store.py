"""Prints the speed and size of a store: python tests/bench/store.py [--documents N] [--words N] [--store URL].

The text is invented: syllables from onsets and rhymes by a law that gives the commonest word 40 % of the documents and
the hundredth 8 %, as in headlines with their leads; published over thirty days by 40 sources, seen within hours.
"""

import argparse
import resource
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from statistics import median, quantiles
from time import perf_counter, process_time

from monitor.query import By, Order, Query, parse_query
from monitor.records import TOPICS, Annotation, Document, Kind, Tone, digest
from monitor.store import Store, open_store

BATCH = 500
ONSETS = [
    "b",
    "c",
    "d",
    "đ",
    "g",
    "h",
    "kh",
    "l",
    "m",
    "n",
    "ng",
    "nh",
    "ph",
    "qu",
    "r",
    "s",
    "t",
    "th",
    "tr",
    "v",
    "x",
]
VOWELS = [
    "a",
    "á",
    "à",
    "ạ",
    "ả",
    "ô",
    "ố",
    "ộ",
    "ồ",
    "ơ",
    "ờ",
    "ợ",
    "ê",
    "ế",
    "ệ",
    "u",
    "ủ",
    "ụ",
    "ư",
    "ứ",
    "i",
    "í",
    "ị",
]
ENDS = ["", "n", "ng", "m", "p", "t", "c", "nh", "i"]
SYLLABLES = [onset + vowel + end for end in ENDS for vowel in VOWELS for onset in ONSETS]
WEIGHTS = [1 / (rank + 25) for rank in range(len(SYLLABLES))]
START = datetime(2025, 11, 1, tzinfo=UTC)
QUERIES = {
    "a common word": SYLLABLES[0],
    "a rare word": SYLLABLES[3000],
    "two words": f"{SYLLABLES[60]} {SYLLABLES[90]}",
    "two words without marks": "gap lac",
    "a phrase": f'"{SYLLABLES[1]} {SYLLABLES[5]}"',
    "words, topic and place": f"{SYLLABLES[9]} {SYLLABLES[70]} topic:health place:79",
    "words of one day": f"{SYLLABLES[3]} since:2025-11-20 until:2025-11-20",
    "an exclusion": f"{SYLLABLES[30]} -{SYLLABLES[8]}",
    "no words, concern": "concern:0.9 topic:disaster",
    "nothing": "",
}


def main() -> None:
    """Build a store and print its figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=200_000)
    parser.add_argument("--words", type=int, default=50, help="words of a document")
    parser.add_argument("--store", help="URL; a temporary SQLite file when none is given")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "bench.db")
        with open_store(chosen.store or f"sqlite:///{path}") as store:
            measure(store, chosen.documents, chosen.words)
            if path.exists():
                say("bytes a document", path.stat().st_size / chosen.documents)
        say("peak memory, MB", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def measure(store: Store, number: int, words: int) -> None:
    """Print documents a second and milliseconds a question."""
    rng = Random(20251101)
    adding, annotating, busy = 0.0, 0.0, 0.0
    for start in range(0, number, BATCH):
        seen = START + start / number * timedelta(days=30)
        batch = [document(rng, words, seen) for _ in range(BATCH)]
        busy -= process_time()
        adding += seconds(lambda batch=batch: store.add(batch))
        busy += process_time()
        labels = [annotation(rng, d) for d in batch]
        annotating += seconds(lambda labels=labels: store.annotate(labels))
    say("documents added a second", number / adding)
    say("documents added a second of this process", number / busy)
    say("documents annotated a second", number / annotating)
    say("again, all duplicates, a second", BATCH / seconds(lambda: store.add(batch)))
    office(store)
    for name, ask in questions(store):
        ask()
        say(f"ms, {name}", 1000 * median(seconds(ask) for _ in range(5)))


def office(store: Store) -> None:
    """Print the 95th percentile of what people wait for: a page of hits with facets, and each query of the overview."""
    rng, now = Random(7), START + timedelta(days=30)
    asked = [parse_query(" ".join(rng.choices(SYLLABLES, WEIGHTS, k=rng.choice((1, 2, 2, 3))))) for _ in range(100)]
    asked += [replace(query, topics=(rng.choice(TOPICS),)) for query in asked[:30]]
    looked = [seconds(lambda q=query: (store.search(q, 20), facets(store, q))) for query in asked]
    say("ms, 95th percentile of a search with total and four facets", 1000 * quantiles(looked, n=20)[-1])
    spans = [(1, 0), (8, 1), (7, 0), (14, 7)]
    periods = [Query(since=now - timedelta(days=a), until=now - timedelta(days=b)) for a, b in spans]
    seen = [
        seconds(lambda q=query, by=by: store.count(q, by))
        for _ in range(5)
        for query in periods
        for by in (By.PUBLISHER, By.TOPIC, By.PLACE)
    ]
    say("ms, 95th percentile of the overview's queries", 1000 * quantiles(seen, n=20)[-1])


def facets(store: Store, query: Query) -> list[object]:
    """Return the total and the facets of a page of hits."""
    return [store.total(query), *(store.count(query, by) for by in (By.TOPIC, By.TONE, By.PLACE, By.PUBLISHER))]


def questions(store: Store) -> Iterator[tuple[str, Callable[[], object]]]:
    """Yield what an office asks of a store all day."""
    for name, text in QUERIES.items():
        query = parse_query(text)
        best = replace(query, order=Order.RELEVANCE)
        yield f"search: {name} ({store.total(query)} hits)", lambda q=query: store.search(q, 20)
        yield f"by relevance: {name}", lambda q=best: store.search(q, 20)
    for name in ("a common word", "two words", "nothing"):
        query = parse_query(QUERIES[name])
        yield f"total: {name}", lambda q=query: store.total(q)
        for by in By:
            yield f"facet {by}: {name}", lambda q=query, by=by: store.count(q, by)
    yield "unannotated, none waiting", lambda: store.unannotated("bench", 100)
    yield "unannotated, all waiting", lambda: store.unannotated("next", 100)
    yield "arrivals, first 100", lambda: store.arrivals(None, 100)


def document(rng: Random, words: int, seen: datetime) -> Document:
    """Return an invented article."""
    syllables = rng.choices(SYLLABLES, WEIGHTS, k=words)
    url = f"https://bao.example/{rng.getrandbits(64)}"
    at = seen - timedelta(hours=rng.expovariate(0.5))
    source = f"bao-{rng.randrange(40)}"
    title, lead, text = (" ".join(part) for part in (syllables[:12], syllables[12:50], syllables[50:]))
    usual = {"source_id": source, "publisher": source, "kind": Kind.ARTICLE, "published_at": at, "fetched_at": seen}
    return Document(id=digest(url), url=url, title=title, lead=lead, text=text, **usual)


def annotation(rng: Random, document: Document) -> Annotation:
    """Return an invented annotation."""
    topic, tone = rng.choice(TOPICS), rng.choice(list(Tone))
    labels = {"model": "bench", "topic": topic, "topics": {topic: 1.0}, "tone": tone, "tone_score": rng.random()}
    places = tuple({f"{rng.randrange(1, 97):02}", "79"}) if rng.random() < 0.3 else ()
    return Annotation(document_id=document.id, concern=rng.random(), places=places, keywords=("a", "b"), **labels)


def seconds(work: Callable[[], object]) -> float:
    """Return how long the work takes."""
    began = perf_counter()
    work()
    return perf_counter() - began


def say(name: str, value: float) -> None:
    """Print one figure."""
    sys.stdout.write(f"{value:12,.1f}  {name}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
