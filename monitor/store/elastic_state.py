"""What stages remember, and up to where arrivals were read: documents of one index, read as they were last written."""

from base64 import b64decode, b64encode
from collections.abc import Mapping
from typing import Any

from elasticsearch import NotFoundError

from monitor.store.elastic_client import Cluster, spoken
from monitor.store.elastic_reading import refresh, walk

_FLOOR = "arrivals"


def read_state(cluster: Cluster, name: str) -> bytes | None:
    """Return what was kept under that name."""
    kept = _get(cluster, f"state/{name}")
    return b64decode(kept["value"]) if kept else None


def write_state(cluster: Cluster, name: str, value: bytes) -> None:
    """Keep the bytes, 70 MB of them at most."""
    _put(cluster, f"state/{name}", {"value": b64encode(value).decode()})


def state_names(cluster: Cluster) -> list[str]:
    """Return the names under which something is kept, in order."""
    refresh(cluster, "state")
    pages = walk(cluster, cluster.index("state"), [{"_shard_doc": "asc"}])
    names = (row["_id"].partition("/") for page in pages for row in page)
    return sorted(name for kind, _, name in names if kind == "state" and name)


def floor_of(cluster: Cluster) -> int:
    """Return up to where arrivals may have been read."""
    kept = _get(cluster, _FLOOR)
    return int(kept["floor"]) if kept else 0


def set_floor(cluster: Cluster, floor: int) -> None:
    """Say up to where arrivals may have been read."""
    _put(cluster, _FLOOR, {"floor": floor})


def _get(cluster: Cluster, name: str) -> Mapping[str, Any] | None:
    with spoken(cluster):
        try:
            kept: Mapping[str, Any] = cluster.client.get(index=cluster.index("state"), id=name)["_source"]
        except NotFoundError:
            return None
    return kept


def _put(cluster: Cluster, name: str, row: Mapping[str, Any]) -> None:
    with spoken(cluster):
        cluster.client.index(index=cluster.index("state"), id=name, document=row, require_alias=True)
