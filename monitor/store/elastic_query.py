"""A Query as filters of Elasticsearch; nothing that people type is read as syntax."""

from collections.abc import Iterator, Sequence
from typing import Any

from monitor.query import By, Order, Phrase, Query, excluded, required
from monitor.store.elastic_rows import words_of
from monitor.store.times import to_micros

Body = dict[str, Any]

# What is longer is not in the index: "ignore_above" of its fields.
LONGEST_VALUE = 8191

FIELDS = {
    By.SOURCE: "source_id",
    By.PUBLISHER: "publisher",
    By.KIND: "kind",
    By.TOPIC: "annotation.topic",
    By.TONE: "annotation.tone",
    By.PLACE: "annotation.places",
}


def matching(query: Query) -> Body:
    """Return the query that finds what matches, all of it as filters, which are cached and cost no score."""
    without = [_beside("terms.parts", phrase.folded) for phrase in excluded(query)]
    return {"bool": {"filter": list(_filters(query)), "must_not": without}}


def ranked(query: Query) -> Body:
    """Return `matching` with the tiers of `Store.search` as score: a whole number from 0 to 7."""
    body = matching(query)
    body["bool"]["should"] = [
        {"constant_score": {"filter": {"bool": {"filter": clauses}}, "boost": weight}}
        for weight, clauses in _tiers(query).items()
    ]
    return body


def order_of(query: Query) -> list[Body]:
    """Return the sort of a page; its values are what the next page goes on from."""
    newest: list[Body] = [{"order.published": "desc"}, {"id": "asc"}]
    return [{"_score": "desc"}, *newest] if _tiers(query) else newest


def counted(by: By) -> Body:
    """Return the aggregation of a facet; times come as the start of their hour or day in milliseconds."""
    if by in FIELDS:
        order = [{"_count": "desc"}, {"_key": "asc"}]
        return {"terms": {"field": FIELDS[by], "size": 20_000, "shard_size": 20_000, "order": order}}
    times = {"field": "published_at", "calendar_interval": str(by), "time_zone": "+07:00", "min_doc_count": 1}
    return {"date_histogram": times}


def _filters(query: Query) -> Iterator[Body]:
    for phrase in required(query):
        yield _beside("terms.parts", phrase.folded)
    values = {
        "source_id": query.sources,
        "publisher": query.publishers,
        "kind": query.kinds,
        "annotation.topic": query.topics,
        "annotation.tone": query.tones,
        "annotation.places": query.places,
    }
    for field, wanted in values.items():
        if wanted:
            yield {"terms": {field: [_value(value) for value in wanted if len(value) <= LONGEST_VALUE]}}
    if query.concern is not None:
        yield {"range": {"annotation.concern": {"gte": query.concern}}}
    limits = {"gte": query.since, "lt": query.until}
    if span := {side: to_micros(moment) for side, moment in limits.items() if moment}:
        yield {"range": {"order.published": span}}


def _value(value: str) -> str:
    return value.encode("utf-8", "replace").decode()


def _tiers(query: Query) -> dict[int, list[Body]]:
    phrases = required(query)
    if query.order is not Order.RELEVANCE or not phrases:
        return {}
    tiers = {1: [_beside("terms.title", phrase.folded) for phrase in phrases]}
    if len(phrases) > 1:
        tiers[2] = [_beside("terms.parts", _joined(phrases))]
    if marked := [_beside("terms.exact", phrase.exact) for phrase in phrases if phrase.marked]:
        tiers[4] = marked
    return tiers


def _joined(phrases: Sequence[Phrase]) -> str:
    return " ".join(phrase.folded for phrase in phrases)


def _beside(field: str, words: str) -> Body:
    """Words are letters, digits and single spaces, so the tokenizer gives back the very words."""
    kept = words_of(words)
    return {"match_phrase": {field: kept}} if " " in kept else {"term": {field: kept}}
