"""A Query as SQL over the SQLite store: conditions and rank."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from sqlite3 import Connection, Row
from typing import Any

from monitor.query import Order, Phrase, Query, excluded, required
from monitor.store.sqlite_rows import HIT
from monitor.store.times import from_micros, to_micros

Part = tuple[str, tuple[Any, ...]]
Bounds = tuple[int, int]

# Reading the keys of this many documents costs about a millisecond, and may save reading every posting of a word.
WINDOW = 20_000
EVER = (0, 1 << 62)

_FOUND = "d.seq IN (SELECT rowid FROM words WHERE words MATCH ? AND rowid BETWEEN ? AND ?)"


def found(connection: Connection, query: Query, limit: int, keys: Sequence[Any]) -> list[Row]:
    """Return rows of HIT with `rank`, in order, those that follow the rank, published_at and id of `keys`.

    Looks among the newest first, and under relevance among those of the highest rank: they fill a page when the words
    are common, which is when looking at all is slow.
    """
    if (newest := _newest(connection, query, keys)) is not None:
        rows = connection.execute(*_page_sql(newest, limit, keys, _bounds_of(connection, newest), best=True)).fetchall()
        if len(rows) == limit:
            return rows
    return connection.execute(*_page_sql(query, limit, keys, _bounds_of(connection, query))).fetchall()


def _bounds_of(connection: Connection, query: Query) -> Bounds:
    """Return the least and greatest seq of the time asked for, EVER where they are not worth reading.

    Documents arrive much in the order in which they are published, so a time is a short run of seq.
    """
    if not required(query) or not (query.since or query.until):
        return EVER
    where, values = _where_sql(Query(since=query.since, until=query.until), EVER)
    sql = f"SELECT seq FROM documents d WHERE {where} ORDER BY published_at DESC LIMIT {WINDOW + 1}"
    least, most, number = connection.execute(f"SELECT min(seq), max(seq), count(*) FROM ({sql})", values).fetchone()
    return EVER if number > WINDOW else (least or 0, most or 0)


def _where_sql(query: Query, bounds: Bounds = EVER) -> Part:
    """Return the condition over `documents d` and its values."""
    parts = list(_parts(query, bounds))
    return " AND ".join(sql for sql, _ in parts) or "true", tuple(v for _, values in parts for v in values)


def _newest(connection: Connection, query: Query, keys: Sequence[Any]) -> Query | None:
    if not required(query) or query.since:
        return None
    until = keys[1] if keys else to_micros(query.until) - 1 if query.until else EVER[1]
    sql = "SELECT published_at FROM documents WHERE published_at <= ? ORDER BY published_at DESC LIMIT 1 OFFSET ?"
    edge = connection.execute(sql, (until, WINDOW - 1)).fetchone()
    return replace(query, since=from_micros(edge["published_at"])) if edge else None


def _page_sql(query: Query, limit: int, keys: Sequence[Any], bounds: Bounds, best: bool = False) -> Part:
    ranked, values = _best_sql(query, bounds) if best else _ranked_sql(query, bounds)
    order = "rank DESC, published_at DESC, id"
    if not _tiers(query, bounds):
        order = "published_at DESC, id"
        ranked, values = f"{ranked} AND d.published_at <= ?", (*values, keys[1] if keys else EVER[1])
    start = "WHERE (-rank, -published_at, id) > (?, ?, ?)" if keys else ""
    last = (-keys[0], -keys[1], keys[2]) if keys else ()
    page = f"SELECT seq, rank FROM ({ranked}) {start} ORDER BY {order} LIMIT ?"
    sql = f"SELECT h.*, k.rank FROM ({page}) k JOIN ({HIT}) h USING (seq) ORDER BY {order}"
    return sql, (*values, *last, limit)


def _ranked_sql(query: Query, bounds: Bounds) -> Part:
    where, values = _where_sql(query, bounds)
    tiers = _tiers(query, bounds)
    rank = " + ".join(f"{weight} * ({sql})" for weight, (sql, _) in tiers.items()) or "0"
    sql = f"SELECT d.seq, d.published_at, d.id, {rank} AS rank FROM documents d WHERE {where}"
    return sql, (*(v for _, some in tiers.values() for v in some), *values)


def _best_sql(query: Query, bounds: Bounds) -> Part:
    where, values = _where_sql(query, bounds)
    tiers = _tiers(query, bounds)
    where = " AND ".join((where, *(sql for sql, _ in tiers.values())))
    sql = f"SELECT d.seq, d.published_at, d.id, {sum(tiers)} AS rank FROM documents d WHERE {where}"
    return sql, (*values, *(v for _, some in tiers.values() for v in some))


def _parts(query: Query, bounds: Bounds) -> Iterator[Part]:
    if phrases := required(query):
        yield _FOUND, (match("title lead text", phrases), *bounds)
    for phrase in excluded(query):
        yield f"NOT {_FOUND}", (match("title lead text", (phrase,)), *bounds)
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


def _tiers(query: Query, bounds: Bounds) -> dict[int, Part]:
    """Each condition of relevance by its weight, as `Store.search` says."""
    phrases = required(query)
    if query.order is not Order.RELEVANCE or not phrases:
        return {}
    matches = {1: match("title", phrases)}
    if len(phrases) > 1:
        matches[2] = match("title lead text", (Phrase(folded=" ".join(p.folded for p in phrases), exact=""),))
    if marked := [Phrase(folded=p.exact, exact="") for p in phrases if p.marked]:
        matches[4] = match("exact", marked)
    return {weight: (_FOUND, (match, *bounds)) for weight, match in matches.items()}


def match(columns: str, phrases: Sequence[Phrase]) -> str:
    """Return what FTS5 is asked for: all phrases in those columns.

    Only letters, digits and spaces stand inside the quotes, so no syntax of FTS5 comes from what people type.
    """
    quoted = " AND ".join(f'"{p.folded}"' for p in phrases)
    return f"{{{columns}}} : ({quoted})"
