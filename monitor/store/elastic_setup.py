"""The indices of the store as the files of index_mappings describe them."""

import json
from importlib.resources import files
from typing import Any

from elasticsearch import ApiError, NotFoundError

from monitor.errors import StoreError
from monitor.store.elastic_birth import begin, make_index, next_part
from monitor.store.elastic_client import Cluster, spoken
from monitor.store.elastic_homes import newest_parts
from monitor.store.elastic_reading import refresh

VERSION = 1
NOUNS = ("documents", "versions", "issues", "homes", "state", "refused")
# These are there from the beginning; those of documents and versions begin with the month.
SINGLE = ("issues", "homes", "state", "refused")

LARGEST_SHARD = 50 << 30

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


def setup(cluster: Cluster, largest: int = LARGEST_SHARD) -> list[str]:
    """Apply every template and make what is missing; return what was done.  Doing it again changes nothing.

    A month whose newest index has shards of more than `largest` bytes goes on in a next one.
    """
    done = [_lifecycle(cluster)]
    with spoken(cluster):
        for noun in ("settings", *NOUNS):
            body = shipped(cluster, f"component-{noun}.json")
            cluster.client.cluster.put_component_template(name=cluster.index(noun), **body)
        for noun in NOUNS:
            body = shipped(cluster, f"index-{noun}.json")
            cluster.client.indices.put_index_template(name=cluster.index(noun), **body)
        done += [f"{cluster.index(noun)}: {_made(cluster, noun)}" for noun in SINGLE]
        done += [f"{index}: begun, the one before is full" for index in _parts(cluster, largest)]
    return done


def check(cluster: Cluster) -> list[str]:
    """Return what is wrong and what to do, a line each."""
    with spoken(cluster):
        refresh(cluster, "refused")
        refused = cluster.client.count(index=cluster.index("refused"))["count"]
        health = cluster.client.cluster.health(index=f"{cluster.prefix}-*")
        found = [
            f"{noun}: template differs; run langnghe store setup" for noun in NOUNS if not _is_applied(cluster, noun)
        ]
        found += [f"{index}: may only be read; run langnghe store migrate" for index in _blocked(cluster)]
    if refused:
        found.append(f"{cluster.index('refused')}: {refused} documents were not kept; its reasons say why")
    if health["status"] != "green":
        found.append(f"{cluster.name}: {health['unassigned_shards']} shards have no node ({health['status']})")
    return found


def shipped(cluster: Cluster, name: str) -> dict[str, Any]:
    """Return a file of index_mappings, with the prefix of this cluster in place of ours."""
    text = files("index_mappings").joinpath(name).read_text(encoding="utf-8")
    body: dict[str, Any] = json.loads(text.replace(f'"{_SHIPPED}', f'"{cluster.prefix}-'))
    body["meta"] = body.pop("_meta", None)
    return {name: value for name, value in body.items() if value is not None}


def _made(cluster: Cluster, noun: str) -> str:
    if cluster.client.indices.exists_alias(name=cluster.index(noun)):
        return "is there"
    make_index(cluster, cluster.index(noun, "000001"))
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


def _parts(cluster: Cluster, largest: int) -> list[str]:
    begun = []
    for home in newest_parts(cluster).values():
        stats = cluster.client.indices.stats(index=cluster.index("documents", home), metric="store", level="shards")
        shards = [
            shard["store"]["size_in_bytes"]
            for i in stats["indices"].values()
            for s in i["shards"].values()
            for shard in s
        ]
        if max(shards, default=0) > largest:
            begun.append(cluster.index("documents", begin(cluster, next_part(home))))
    return begun


def _is_applied(cluster: Cluster, noun: str) -> bool:
    wanted = shipped(cluster, f"component-{noun}.json")["template"]
    try:
        (held,) = cluster.client.cluster.get_component_template(name=cluster.index(noun))["component_templates"]
    except NotFoundError:
        return False
    return bool(held["component_template"]["template"] == wanted)


def _blocked(cluster: Cluster) -> list[str]:
    settings = cluster.client.indices.get_settings(index=f"{cluster.prefix}-*", name="index.blocks.*")
    return [index for index, kept in settings.items() if kept["settings"]]
