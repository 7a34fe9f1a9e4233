"""A Query as SQL over the SQLite store: conditions, rank and facets."""

from collections.abc import Iterator, Sequence
from typing import Any

from monitor.query import By, Order, Phrase, Query, excluded, required
from monitor.store.sqlite_rows import HIT, to_micros

Part = tuple[str, tuple[Any, ...]]

_FOUND = "d.seq IN (SELECT rowid FROM words WHERE words MATCH ?)"
_ZONE = 7 * 3_600_000_000
WIDTHS = {By.HOUR: 3_600_000_000, By.DAY: 86_400_000_000}
_COLUMNS = {
    By.SOURCE: "d.source_id",
    By.PUBLISHER: "d.publisher",
    By.KIND: "d.kind",
    By.TOPIC: "d.topic",
    By.TONE: "d.tone",
    By.PLACE: "p.place",
}


def page_sql(query: Query, limit: int, after: Sequence[Any]) -> Part:
    """Return the SELECT of `limit` rows of HIT with `rank`, those that follow rank, published_at and id of `after`."""
    where, values = where_sql(query)
    rank, rank_values = _rank_sql(query)
    start = ""
    if after:
        start = "WHERE (-rank, -published_at, id) > (?, ?, ?)"
        after = (-after[0], -after[1], after[2])
    keys = f"SELECT d.seq, d.published_at, d.id, {rank} AS rank FROM documents d WHERE {where}"
    order = "rank DESC, published_at DESC, id" if query.order is Order.RELEVANCE else "published_at DESC, id"
    if not rank_values and after:
        keys += " AND d.published_at <= ?"
        values = (*values, -after[1])
    page = f"SELECT seq, rank FROM ({keys}) {start} ORDER BY {order} LIMIT ?"
    sql = f"SELECT h.*, k.rank FROM ({page}) k JOIN ({HIT}) h USING (seq) ORDER BY {order}"
    return sql, (*rank_values, *values, *after, limit)


def total_sql(query: Query) -> Part:
    """Return the SELECT of how many documents match."""
    where, values = where_sql(query)
    return f"SELECT count(*) FROM documents d WHERE {where}", values


def facet_sql(query: Query, by: By) -> Part:
    """Return the SELECT of value and count, most first; documents without a value are left out."""
    where, values = where_sql(query)
    column, places = _COLUMNS[by], "JOIN places p USING (seq)" if by is By.PLACE else ""
    return (
        f"""SELECT {column} AS value, count(*) FROM documents d {places} WHERE {where} AND value IS NOT NULL
        GROUP BY value ORDER BY count(*) DESC, value""",
        values,
    )


def span_sql(query: Query) -> Part:
    """Return the SELECT of the first and the last time that match."""
    where, values = where_sql(query)
    return f"SELECT min(d.published_at), max(d.published_at) FROM documents d WHERE {where}", values


def times_sql(query: Query, by: By) -> Part:
    """Return the SELECT of `slot_of` and count of the documents that match."""
    where, values = where_sql(query)
    shifted = f"(d.published_at + {_ZONE})"
    slot = f"({shifted} - ({shifted} % {WIDTHS[by]} + {WIDTHS[by]}) % {WIDTHS[by]}) / {WIDTHS[by]}"
    return f"SELECT {slot} AS slot, count(*) FROM documents d WHERE {where} GROUP BY slot", values


def slot_of(micros: int, by: By) -> int:
    """Return the number of the hour or day of Viet Nam in which the time lies."""
    return (micros + _ZONE) // WIDTHS[by]


def slot_start(slot: int, by: By) -> int:
    """Return the microseconds at which the hour or day of Viet Nam begins."""
    return slot * WIDTHS[by] - _ZONE


def where_sql(query: Query) -> Part:
    """Return the condition over `documents d` and its values."""
    parts = list(_parts(query))
    return " AND ".join(sql for sql, _ in parts) or "true", tuple(v for _, values in parts for v in values)


def _parts(query: Query) -> Iterator[Part]:
    if phrases := required(query):
        yield _FOUND, (_match("title lead text", phrases),)
    for phrase in excluded(query):
        yield f"NOT {_FOUND}", (_match("title lead text", (phrase,)),)
    yield from _any_of("d.source_id IN ({})", query.sources)
    yield from _any_of("d.publisher IN ({})", query.publishers)
    yield from _any_of("d.kind IN ({})", query.kinds)
    yield from _any_of("d.topic IN ({})", query.topics)
    yield from _any_of("d.tone IN ({})", query.tones)
    yield from _any_of("d.seq IN (SELECT seq FROM places WHERE place IN ({}))", query.places)
    if query.concern is not None:
        yield "d.concern >= ?", (query.concern,)
    if query.since:
        yield "d.published_at >= ?", (to_micros(query.since),)
    if query.until:
        yield "d.published_at < ?", (to_micros(query.until),)


def _any_of(sql: str, values: Sequence[str]) -> Iterator[Part]:
    if values:
        yield sql.format(", ".join("?" * len(values))), tuple(v.encode("utf-8", "replace").decode() for v in values)


def _rank_sql(query: Query) -> Part:
    phrases = required(query)
    if query.order is not Order.RELEVANCE or not phrases:
        return "0", ()
    marked = [p for p in phrases if p.marked]
    together = Phrase(folded=" ".join(p.folded for p in phrases), exact="")
    tiers = [(1, _match("title", phrases))]
    if len(phrases) > 1:
        tiers.append((2, _match("title lead text", (together,))))
    if marked:
        exact = tuple(Phrase(folded=p.exact, exact="") for p in marked)
        tiers.append((4, _match("exact", exact)))
    return " + ".join(f"{weight} * ({_FOUND})" for weight, _ in tiers), tuple(match for _, match in tiers)


def _match(columns: str, phrases: Sequence[Phrase]) -> str:
    """Only letters, digits and spaces stand inside the quotes, so no syntax of FTS5 comes from what people type."""
    quoted = " AND ".join(f'"{p.folded}"' for p in phrases)
    return f"{{{columns}}} : ({quoted})"
