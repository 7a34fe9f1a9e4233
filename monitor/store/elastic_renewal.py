"""New indices in the place of old ones, for other mappings or other words; reads never stop."""

import re
from collections.abc import Callable, Mapping, Sequence
from hashlib import blake2b
from typing import Any

import orjson

from monitor.errors import StoreError
from monitor.store.elastic_birth import make_index
from monitor.store.elastic_bulk import Action, Fate, write
from monitor.store.elastic_client import Cluster, spoken
from monitor.store.elastic_reading import walk
from monitor.store.elastic_rows import document_row, present_of
from monitor.store.elastic_setup import VERSION, setup, shipped

_ANY = ({"_shard_doc": "asc"},)

# `homes` come last: the version of their mapping is the version of the store.
ORDER = ("documents", "versions", "issues", "state", "refused", "homes")


def migrate(cluster: Cluster, seen: Callable[[int], None]) -> list[str]:
    """Bring every index to the mappings of this version, and return what was done; broken off, do it again."""
    done = setup(cluster)
    for noun in ORDER:
        old = [index for index in _indices(cluster, noun) if _is_old(cluster, index)]
        done += [_renewed(cluster, noun, index, seen) for index in old]
    return done


def renew(cluster: Cluster, seen: Callable[[int], None]) -> list[str]:
    """Write every document anew, with its words as the present code cuts and folds them."""
    setup(cluster)
    return [_renewed(cluster, "documents", index, seen) for index in _indices(cluster, "documents")]


def _renewed(cluster: Cluster, noun: str, old: str, seen: Callable[[int], None]) -> str:
    """Writers wait from the first step to the last, so nothing can be missed; they try again by themselves."""
    base, new = _names(cluster, noun, old)
    with spoken(cluster):
        cluster.client.indices.add_block(index=old, block="write")
        cluster.client.indices.refresh(index=old)
    _make(cluster, noun, new)
    for page in walk(cluster, old, _ANY):
        _write_page(cluster, noun, new, page)
        seen(len(page))
    with spoken(cluster):
        cluster.client.indices.refresh(index=new)
    if (copied := _digest(cluster, new)) != (wanted := _digest(cluster, old)):
        raise StoreError(f"{new} holds {copied[0]} of {wanted[0]} rows of {old}, or other ones; {old} stays in use")
    swap = [{"remove_index": {"index": old}}]
    swap += [{"add": {"index": new, "alias": alias}} for alias in (cluster.index(noun), base)]
    with spoken(cluster):
        cluster.client.indices.update_aliases(actions=swap)
    return f"{base}: {wanted[0]} rows written anew"


def _indices(cluster: Cluster, noun: str) -> list[str]:
    with spoken(cluster):
        if not cluster.client.indices.exists_alias(name=cluster.index(noun)):
            return []
        return sorted(cluster.client.indices.get_alias(name=cluster.index(noun)).body)


def _is_old(cluster: Cluster, index: str) -> bool:
    with spoken(cluster):
        found = cluster.client.indices.get(index=index)[index]
    blocked = "blocks" in found["settings"]["index"]
    return bool(found["mappings"]["_meta"]["version"] < VERSION or blocked)


def _names(cluster: Cluster, noun: str, old: str) -> tuple[str, str]:
    """The name that homes know, and one that no template matches, so that no search sees the new index yet."""
    parts = re.fullmatch(rf"{cluster.prefix}(?:-r(\d+))?-({noun}-.+)", old)
    if parts is None:
        raise StoreError(f"{old}: is no index of this store; take it out of the alias {cluster.index(noun)}")
    return f"{cluster.prefix}-{parts[2]}", f"{cluster.prefix}-r{int(parts[1] or 0) + 1}-{parts[2]}"


def _make(cluster: Cluster, noun: str, new: str) -> None:
    settings = shipped(cluster, "component-settings.json")["template"]["settings"]
    mappings = shipped(cluster, f"component-{noun}.json")["template"]["mappings"]
    with spoken(cluster):
        make_index(cluster, new, settings=settings, mappings=mappings)


def _write_page(cluster: Cluster, noun: str, new: str, page: Sequence[Mapping[str, Any]]) -> None:
    row = _document if noun == "documents" else _plain
    results = write(cluster, [Action("index", {"_index": new, "_id": found["_id"]}, row(found)) for found in page])
    for found, result in zip(page, results, strict=True):
        if result.fate is not Fate.DONE:
            raise StoreError(f"{new}: {found['_id']}: {result.reason}")


def _document(found: Mapping[str, Any]) -> Mapping[str, Any]:
    p = present_of(found)
    return document_row(p.document, changed=p.changed, arrived=p.arrived, annotation=p.annotation)


def _plain(found: Mapping[str, Any]) -> Mapping[str, Any]:
    source: Mapping[str, Any] = found["_source"]
    return source


def _digest(cluster: Cluster, index: str) -> tuple[int, int]:
    """How many rows there are, and the sum of their digests, which does not depend on order."""
    digests = list(map(_number, (row for page in walk(cluster, index, _ANY) for row in page)))
    return len(digests), sum(digests)


def _number(row: Mapping[str, Any]) -> int:
    line = orjson.dumps([row["_id"], row["_source"]], option=orjson.OPT_SORT_KEYS)
    return int.from_bytes(blake2b(line, digest_size=16).digest())
