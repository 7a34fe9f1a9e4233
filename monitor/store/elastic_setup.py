"""The indices of the store as the files of index_mappings describe them."""

import json
from importlib.resources import files
from typing import Any

from elasticsearch import ApiError, BadRequestError, NotFoundError

from monitor.errors import StoreError
from monitor.store.elastic_client import Cluster, spoken

VERSION = 1
NOUNS = ("documents", "versions", "issues", "homes", "state", "refused")
# These are there from the beginning; those of documents and versions begin with the month.
SINGLE = ("issues", "homes", "state", "refused")

_SHIPPED = "langnghe-"


def prepare(cluster: Cluster) -> None:
    """Make the indices where there are none yet.  Raises StoreError when they are of another version."""
    found = version_of(cluster)
    if found is None:
        setup(cluster)
    elif found > VERSION:
        raise StoreError(f"{cluster.name}: was set up by a newer version of langnghe; upgrade langnghe")
    elif found < VERSION:
        raise StoreError(f"{cluster.name}: is of an older version; run langnghe store migrate")


def version_of(cluster: Cluster) -> int | None:
    """Return the version of the mappings in use, None before the first setup."""
    with spoken(cluster):
        try:
            found = cluster.client.indices.get_mapping(index=cluster.index("homes"))
        except NotFoundError:
            return None
    return min(int(kept["mappings"]["_meta"]["version"]) for kept in found.body.values())


def setup(cluster: Cluster) -> list[str]:
    """Apply every template and make what is missing; return what was done.  Doing it again changes nothing."""
    done = [_lifecycle(cluster)]
    with spoken(cluster):
        for noun in ("settings", *NOUNS):
            body = shipped(cluster, f"component-{noun}.json")
            cluster.client.cluster.put_component_template(name=cluster.index(noun), **body)
        for noun in NOUNS:
            body = shipped(cluster, f"index-{noun}.json")
            cluster.client.indices.put_index_template(name=cluster.index(noun), **body)
        done += [f"{cluster.index(noun)}: {_made(cluster, noun)}" for noun in SINGLE]
    return done


def shipped(cluster: Cluster, name: str) -> dict[str, Any]:
    """Return a file of index_mappings, with the prefix of this cluster in place of ours."""
    text = files("index_mappings").joinpath(name).read_text(encoding="utf-8")
    body: dict[str, Any] = json.loads(text.replace(f'"{_SHIPPED}', f'"{cluster.prefix}-'))
    body["meta"] = body.pop("_meta", None)
    return {name: value for name, value in body.items() if value is not None}


def _made(cluster: Cluster, noun: str) -> str:
    if cluster.client.indices.exists_alias(name=cluster.index(noun)):
        return "is there"
    try:
        cluster.client.indices.create(index=cluster.index(noun, "000001"))
    except BadRequestError as error:
        if "resource_already_exists" not in str(error.error):
            raise
    return "made"


def _lifecycle(cluster: Cluster) -> str:
    """Retention is tried and reported, never required: a node without the module goes on without."""
    try:
        policy = shipped(cluster, "lifecycle.json")["policy"]
        cluster.client.ilm.put_lifecycle(name=cluster.index("retention"), policy=policy)
        body = shipped(cluster, "component-lifecycle.json")
        cluster.client.cluster.put_component_template(name=cluster.index("lifecycle"), **body)
    except ApiError as error:
        return f"lifecycle: not applied (HTTP {error.status_code}); old months are kept until you delete them"
    return f"lifecycle: {cluster.index('retention')} applied"
