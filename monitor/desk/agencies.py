"""The directory of agencies that answer for topics and places; filled from the shipped one or from a CSV."""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from monitor.desk import schema
from monitor.desk.audit import Action, note
from monitor.desk.database import Desk, upsert
from monitor.errors import WrongInput
from monitor.provinces import PROVINCES, province_code
from monitor.records import TOPICS, digest
from monitor.text import clean

COLUMNS = ("name", "topics", "places", "address")

# Departments and ministries as they are since the mergers of March 2025, by the topics that they answer for.
_DEPARTMENTS = {
    "Sở Y tế": "health labour_welfare",
    "Sở Giáo dục và Đào tạo": "education",
    "Sở Xây dựng": "transport land_housing",
    "Sở Nông nghiệp và Môi trường": "environment disaster land_housing",
    "Sở Công Thương": "economy",
    "Sở Tài chính": "economy",
    "Sở Nội vụ": "labour_welfare governance",
    "Công an": "crime_law",
    "Sở Văn hóa, Thể thao và Du lịch": "culture sport lifestyle",
    "Sở Khoa học và Công nghệ": "technology",
    "Ủy ban nhân dân": "governance lifestyle",
}
_MINISTRIES = {
    "Bộ Y tế": "health",
    "Bộ Giáo dục và Đào tạo": "education",
    "Bộ Xây dựng": "transport land_housing",
    "Bộ Nông nghiệp và Môi trường": "environment disaster land_housing",
    "Bộ Công Thương": "economy",
    "Bộ Tài chính": "economy",
    "Bộ Nội vụ": "labour_welfare governance",
    "Bộ Công an": "crime_law",
    "Bộ Văn hóa, Thể thao và Du lịch": "culture sport lifestyle",
    "Bộ Khoa học và Công nghệ": "technology",
    "Bộ Ngoại giao": "world",
    "Bộ Tư pháp": "crime_law governance",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Agency:
    """Who answers for some topics in some provinces (none: the whole country); `address` is an office's, if any."""

    id: str
    name: str
    topics: tuple[str, ...]
    places: tuple[str, ...] = ()
    address: str = ""


def shipped_agencies() -> tuple[Agency, ...]:
    """Return the ministries, and the departments of each of the 34 provinces."""
    local = (
        _agency(f"{name} {province.name}", topics.split(), [code])
        for code, province in PROVINCES.items()
        for name, topics in _DEPARTMENTS.items()
    )
    return (*(_agency(name, topics.split(), []) for name, topics in _MINISTRIES.items()), *local)


def read_agencies(text: str, name: str = "CSV") -> tuple[Agency, ...]:
    """Return the agencies of a CSV with the columns name, topics, places, address; lists are parted by `;`.

    Raises InputError that names the line.
    """
    reader = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))
    if set(reader.fieldnames or ()) - set(COLUMNS) or "name" not in (reader.fieldnames or ()):
        raise WrongInput("agencies.columns", name=name, columns=", ".join(COLUMNS))
    return tuple(_read(name, reader.line_num, row) for row in reader)


def keep_agencies(desk: Desk, agencies: Iterable[Agency], by: str, now: datetime) -> int:
    """Keep agencies, replacing those of the same name, and return how many they were."""
    kept = list(agencies)
    with desk.write() as connection:
        for agency in kept:
            upsert(connection, schema.agencies, **_row(agency))
        note(connection, by, Action.AGENCY, "agencies", now, str(len(kept)))
    return len(kept)


def agencies(desk: Desk) -> list[Agency]:
    """All agencies by name: those of the desk, or the shipped ones as long as the desk has none."""
    query = sa.select(schema.agencies).order_by(schema.agencies.c.name)
    with desk.read() as connection:
        kept = [_of(row) for row in connection.execute(query).mappings()]
    return kept or sorted(shipped_agencies(), key=lambda agency: agency.name)


def suggest(known: Sequence[Agency], topic: str, places: Sequence[str], limit: int = 5) -> list[Agency]:
    """Return who may answer for a topic in some places, best first: of the very place, of the country, then others."""
    fitting = [a for a in known if topic in a.topics and (not a.places or not places or set(a.places) & set(places))]
    wide = len(places) != 1

    def order(agency: Agency) -> tuple[bool, bool, int, str]:
        local = bool(set(agency.places) & set(places))
        return (not local if not wide else bool(agency.places), not local, len(agency.topics), agency.name)

    return sorted(fitting, key=order)[:limit]


def _read(name: str, line: int, row: dict[str, str | None]) -> Agency:
    if None in row:
        raise WrongInput("agencies.cells", name=name, line=line)
    cells = {key: clean(value or "").strip() for key, value in row.items()}
    if not cells["name"]:
        raise WrongInput("agencies.no_name", name=name, line=line)
    topics = _list(cells.get("topics", ""))
    if unknown := set(topics) - set(TOPICS):
        topic = min(unknown)
        raise WrongInput("agencies.topic", name=name, line=line, topic=topic, known=", ".join(TOPICS))
    codes = [(place, province_code(place)) for place in _list(cells.get("places", ""))]
    if lost := [place for place, code in codes if code is None]:
        raise WrongInput("agencies.place", name=name, line=line, place=lost[0])
    return _agency(cells["name"], topics, [code for _, code in codes if code], cells.get("address", ""))


def _list(text: str) -> list[str]:
    return [part.strip() for part in text.split(";") if part.strip()]


def _agency(name: str, topics: Iterable[str], places: Iterable[str], address: str = "") -> Agency:
    return Agency(id=digest("agency", name), name=name, topics=tuple(topics), places=tuple(places), address=address)


def _row(agency: Agency) -> dict[str, str]:
    lists = {"topics": ";".join(agency.topics), "places": ";".join(agency.places)}
    return {"id": agency.id, "name": agency.name, "address": agency.address, **lists}


def _of(row: sa.RowMapping) -> Agency:
    lists = {key: tuple(_list(row[key])) for key in ("topics", "places")}
    return Agency(id=row["id"], name=row["name"], address=row["address"], **lists)
