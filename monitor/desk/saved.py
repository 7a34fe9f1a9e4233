"""What each member of staff keeps for themselves: saved searches, and when they looked last."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from monitor.desk import schema
from monitor.desk.alerts import needed
from monitor.desk.database import Desk, moment, stamp, upsert
from monitor.errors import WrongInput

MOST_SEARCHES = 100


@dataclass(frozen=True, kw_only=True, slots=True)
class SavedSearch:
    """A line of search under a name."""

    name: str
    query: str
    at: datetime


def save_search(desk: Desk, by: str, name: str, query: str, now: datetime) -> None:
    """Keep a search under a name, replacing the one of that name.  Raises InputError beyond MOST_SEARCHES."""
    name, query = needed(name, "search_name", 100), needed(query, "search", 1000)
    table = schema.saved_searches
    mine = sa.select(sa.func.count()).where(table.c.by == by, table.c.name != name)
    with desk.write() as connection:
        if (connection.scalar(mine) or 0) >= MOST_SEARCHES:
            raise WrongInput("search.many", most=MOST_SEARCHES)
        upsert(connection, table, by=by, name=name, query=query, at=stamp(now))


def searches(desk: Desk, by: str) -> list[SavedSearch]:
    """The saved searches of a member of staff by name."""
    table = schema.saved_searches
    query = sa.select(table).where(table.c.by == by).order_by(table.c.name)
    with desk.read() as connection:
        rows = connection.execute(query).mappings()
        return [SavedSearch(name=r["name"], query=r["query"], at=datetime.fromisoformat(r["at"])) for r in rows]


def drop_search(desk: Desk, by: str, name: str) -> None:
    """Forget a saved search; one that is not there is forgotten already."""
    table = schema.saved_searches
    with desk.write() as connection:
        connection.execute(sa.delete(table).where(table.c.by == by, table.c.name == name))


def last_look(desk: Desk, by: str) -> datetime | None:
    """When a member of staff said last that they had seen the overview."""
    with desk.read() as connection:
        return moment(connection.scalar(sa.select(schema.looks.c.at).where(schema.looks.c.by == by)))


def looked(desk: Desk, by: str, now: datetime) -> None:
    """Keep that a member of staff has seen the overview."""
    with desk.write() as connection:
        upsert(connection, schema.looks, by=by, at=stamp(now))
