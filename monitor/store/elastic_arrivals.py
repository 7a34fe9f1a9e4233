"""The order in which documents arrive, which a single reader follows and never misses one of."""

from itertools import takewhile

from monitor.store import Page
from monitor.store.cursor import arrival_cursor, arrival_position
from monitor.store.elastic_client import Cluster
from monitor.store.elastic_reading import ARRIVAL, refresh, rows
from monitor.store.elastic_rows import annotation_of, hit_of
from monitor.store.elastic_state import floor_of, set_floor


def arrivals(cluster: Cluster, after: str | None, limit: int, now: int) -> Page:
    """Return the page of `Store.arrivals`; `now` is not earlier than any arrival that this process stamped.

    A document counts as arrived when its writer stamped it, and can be seen only later.  So the page first says up to
    where it may read, the floor; what is annotated for the first time and lies below the floor then is stamped anew by
    `annotate`.  What was there before the floor was written is seen after the refresh, and stops the page if it is not
    annotated.  So nothing is passed over, however late a writer is.
    """
    last = arrival_position(after)
    before = floor_of(cluster)
    set_floor(cluster, now)
    refresh(cluster, "documents")
    span = {"range": {"order.arrived": {"gte": last[0], "lte": now}}}
    arrived = rows(cluster, "documents", span, ARRIVAL, limit, last)
    found = list(takewhile(lambda row: annotation_of(row["_source"]["annotation"]), arrived))
    position = found[-1]["sort"] if found else last
    set_floor(cluster, max(before, position[0]))
    return Page(hits=tuple(hit_of(row["_source"]) for row in found), after=arrival_cursor(*position))
