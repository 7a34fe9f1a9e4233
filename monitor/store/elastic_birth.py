"""How the indices of a month begin: they hold nothing before every copy is there, and are searched only from then on.

A node that dies for good takes with it what it alone held.  An index whose first copy died so can never be written
again, but was never written either: the month begins in its next part instead.  What says that an index is ready is the
alias by which it is searched.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from elasticsearch import ApiError, BadRequestError

from monitor.errors import StoreUnavailable
from monitor.store.elastic_client import Cluster, spoken

_LONGEST_WAIT = timedelta(seconds=10)
_BORN = ("versions", "documents")


def begin(cluster: Cluster, home: str) -> str:
    """Return the home that is ready: this one, or the next part of its month when the first copy of this one is lost.

    Doing it again changes nothing.  Raises StoreUnavailable when copies are missing that may still come.
    """
    states = [_made(cluster, cluster.index(noun, home)) for noun in _BORN]
    if "red" in states:
        return begin(cluster, next_part(home))
    if states != ["ready"] * len(_BORN):
        raise StoreUnavailable(f"{cluster.name}: {home} has not all its copies yet; try again")
    added = [{"add": {"index": cluster.index(noun, home), "alias": cluster.index(noun)}} for noun in _BORN]
    with spoken(cluster):
        cluster.client.indices.update_aliases(actions=added)
    return home


def began(cluster: Cluster, wanted: Mapping[str, str], ready: Mapping[str, str]) -> dict[str, str]:
    """Return the wanted home of each id, begun where it is not among those that are ready by month."""
    homes = {home: home if home in ready.values() else begin(cluster, home) for home in set(wanted.values())}
    return {id_: homes[home] for id_, home in wanted.items()}


def next_part(home: str) -> str:
    """Return the home after this one in its month."""
    month, _, part = home.partition("-")
    return f"{month}-{int(part) + 1:06}"


def make_index(cluster: Cluster, index: str, **how: Any) -> None:
    """Make an index with every copy that it asks for; one that is there stays as it is."""
    try:
        cluster.client.indices.create(index=index, wait_for_active_shards="all", **how)
    except BadRequestError as error:
        if "resource_already_exists" not in str(error.error):
            raise


def _made(cluster: Cluster, index: str) -> str:
    """Make the index if it is not there; return `ready` when it has all its copies, else how it is."""
    wait = min(cluster.patience, _LONGEST_WAIT)
    timeout = f"{int(1000 * wait.total_seconds()) + 1}ms"
    with spoken(cluster):
        make_index(cluster, index, timeout=timeout)
        return _state(cluster, index, timeout)


def _state(cluster: Cluster, index: str, timeout: str) -> str:
    try:
        health = cluster.client.cluster.health(index=index, wait_for_active_shards="all", timeout=timeout)
    except ApiError as error:
        if error.status_code != 408 or not isinstance(error.body, dict):
            raise
        return str(error.body["status"])
    return str(health["status"]) if health["timed_out"] else "ready"
