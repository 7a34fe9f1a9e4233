"""The book of surveys: shares with margins of error, beside what media show on the same topic and time."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from monitor.desk import schema
from monitor.desk.alerts import needed
from monitor.desk.audit import Action, note
from monitor.desk.database import Desk, stamp
from monitor.desk.known import known_place, known_topic
from monitor.desk.survey_files import Count
from monitor.errors import WrongInput
from monitor.query import By, Query
from monitor.records import Tone, digest
from monitor.store import Store

Z = 1.959964
"""Intervals hold with 95 % confidence."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Survey:
    """One survey, of some days on one topic in some provinces (none: the country)."""

    id: str
    title: str
    topic: str
    places: tuple[str, ...]
    since: datetime
    until: datetime
    by: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Share:
    """One answer of one group: its share with Wilson's 95 % interval, for a simple random sample; `margin` is half."""

    question: str
    part: str
    answer: str
    count: int
    sample: int
    share: float
    low: float
    high: float
    margin: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Media:
    """What the store holds on the topic, places and days of a survey."""

    documents: int
    publishers: int
    negative: int
    concerns: int
    negative_share: float


def keep_survey(
    desk: Desk,
    title: str,
    topic: str,
    places: Sequence[str],
    since: datetime,
    until: datetime,
    counts: Sequence[Count],
    by: str,
    now: datetime,
) -> Survey:
    """Keep the counts that `read_survey` returned; the same title, topic and days again replaces them."""
    topic, codes = known_topic(topic), [known_place(place) for place in places]
    if not counts or until <= since:
        raise WrongInput("survey.days")
    title, by = needed(title, "survey", 300), needed(by, "who")
    row = {
        "id": digest("survey", title, topic, stamp(since), stamp(until)),
        "title": title,
        "topic": topic,
        "places": ";".join(codes),
        "since": stamp(since),
        "until": stamp(until),
        "by": by,
        "at": stamp(now),
    }
    with desk.write() as connection:
        for table, key in (
            (schema.surveys, schema.surveys.c.id),
            (schema.survey_counts, schema.survey_counts.c.survey_id),
        ):
            connection.execute(sa.delete(table).where(key == row["id"]))
        connection.execute(sa.insert(schema.surveys).values(**row))
        connection.execute(sa.insert(schema.survey_counts), [_count_row(row["id"], one) for one in counts])
        note(connection, by, Action.SURVEY, f"survey:{row['id']}", now, title)
        return _surveys(connection, row["id"])[0]


def surveys(desk: Desk) -> list[Survey]:
    """All surveys, newest first."""
    with desk.read() as connection:
        return _surveys(connection)


def survey(desk: Desk, survey_id: str) -> Survey | None:
    """The survey of that id."""
    with desk.read() as connection:
        found = _surveys(connection, survey_id)
    return found[0] if found else None


def shares(desk: Desk, survey_id: str) -> list[Share]:
    """The answers of a survey in the order of its file, with shares and intervals."""
    table = schema.survey_counts
    query = sa.select(table).where(table.c.survey_id == survey_id).order_by(table.c.number)
    with desk.read() as connection:
        return [_share(row) for row in connection.execute(query).mappings()]


def beside_media(store: Store, one: Survey) -> Media:
    """Return what media show on the same topic, places and days."""
    query = Query(topics=(one.topic,), places=one.places, since=one.since, until=one.until)
    tones = {bucket.key: bucket.count for bucket in store.count(query, By.TONE)}
    total = sum(tones.values())
    worried = Query(topics=query.topics, places=query.places, since=query.since, until=query.until, concern=0.5)
    negative = tones.get(Tone.NEGATIVE, 0)
    return Media(
        documents=total,
        publishers=len(store.count(query, By.PUBLISHER)),
        negative=negative,
        concerns=store.total(worried),
        negative_share=negative / total if total else 0.0,
    )


def wilson(count: int, sample: int) -> tuple[float, float]:
    """Return Wilson's 95 % interval of a share (Wilson 1927); (0, 1) when nobody was asked."""
    if sample == 0:
        return 0.0, 1.0
    share, square = count / sample, Z * Z / sample
    middle = (share + square / 2) / (1 + square)
    half = Z * math.sqrt(share * (1 - share) / sample + square / (4 * sample)) / (1 + square)
    return max(0.0, middle - half), min(1.0, middle + half)


def _surveys(connection: sa.Connection, survey_id: str = "") -> list[Survey]:
    table = schema.surveys
    query = sa.select(table).order_by(table.c.until.desc(), table.c.id)
    rows = connection.execute(query.where(table.c.id == survey_id) if survey_id else query).mappings()
    return [_survey(row) for row in rows]


def _count_row(survey_id: str, one: Count) -> dict[str, str | int]:
    counts = {"count": one.count, "sample": one.sample}
    return {"survey_id": survey_id, "question": one.question, "part": one.part, "answer": one.answer, **counts}


def _share(row: sa.RowMapping) -> Share:
    low, high = wilson(row["count"], row["sample"])
    names = ("question", "part", "answer", "count", "sample")
    share = row["count"] / row["sample"] if row["sample"] else 0.0
    return Share(**{name: row[name] for name in names}, share=share, low=low, high=high, margin=(high - low) / 2)


def _survey(row: sa.RowMapping) -> Survey:
    return Survey(
        **{name: row[name] for name in ("id", "title", "topic", "by")},
        places=tuple(code for code in row["places"].split(";") if code),
        since=datetime.fromisoformat(row["since"]),
        until=datetime.fromisoformat(row["until"]),
    )
