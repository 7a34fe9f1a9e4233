"""Where a document lives: the index of the month in which it was first seen, written down once for ever.

Neither a search, which sees a second late, nor the month of the offer, which is another one for an edit, can say
whether a document is there already.  So the home of an id is created before the document, and an id is created once.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from monitor.errors import StoreUnavailable
from monitor.records import VIETNAM
from monitor.store.elastic_bulk import Action, Fate, write
from monitor.store.elastic_client import Cluster, patiently, spoken
from monitor.store.elastic_rows import Present, present_of

_HOME = re.compile(r"-documents-(\d{4}\.\d\d-\d{6})")


def home_of(moment: datetime, newest: Mapping[str, str]) -> str:
    """Return the home of what is first seen then, such as `2025.11-000001`; `newest` is the newest part by month."""
    day = moment.astimezone(VIETNAM)
    month = f"{day.year:04}.{day.month:02}"
    return newest.get(month, f"{month}-000001")


def newest_parts(cluster: Cluster) -> dict[str, str]:
    """Return the newest home of each month that is ready: one that grew too large goes on in a second one."""
    with spoken(cluster):
        found = cluster.client.indices.get_alias(index=f"{cluster.index('documents')}-*")
    ready = {index: kept["aliases"] for index, kept in found.items() if cluster.index("documents") in kept["aliases"]}
    names = [name for index, aliases in ready.items() for name in (index, *aliases)]
    homes = [match[1] for name in names if (match := _HOME.search(name))]
    return {home.partition("-")[0]: home for home in sorted(homes)}


def claim(cluster: Cluster, wanted: Mapping[str, str]) -> tuple[dict[str, str], set[str]]:
    """Return the home of each id, that of `wanted` where there was none yet, and the ids that have it now only."""
    index = cluster.index("homes")
    actions = [
        Action("create", {"_index": index, "_id": id_, "require_alias": True}, {"home": home})
        for id_, home in wanted.items()
    ]
    fates = dict(zip(wanted, write(cluster, actions), strict=True))
    known = [id_ for id_, result in fates.items() if result.fate is Fate.CONFLICT]
    return {**wanted, **homes_of(cluster, known)}, wanted.keys() - set(known)


def homes_of(cluster: Cluster, ids: Iterable[str]) -> dict[str, str]:
    """Return the home of each id that has one."""
    index = cluster.index("homes")
    found = _found(cluster, [{"_index": index, "_id": id_} for id_ in ids])
    return {d["_id"]: d["_source"]["home"] for d in found}


def presents_of(cluster: Cluster, homes: Mapping[str, str]) -> dict[str, Present]:
    """Return each document that is there, as it is now; a home alone is what a killed writer leaves behind."""
    found = _found(cluster, [{"_index": cluster.index("documents", home), "_id": id_} for id_, home in homes.items()])
    return {d["_id"]: present_of(d) for d in found}


def _found(cluster: Cluster, docs: Sequence[Mapping[str, str]]) -> list[Mapping[str, Any]]:
    if not docs:
        return []

    def ask() -> list[Mapping[str, Any]]:
        with spoken(cluster):
            answers = cluster.client.mget(docs=docs, source_excludes=["terms"])["docs"]
        for answer in answers:
            if "error" in answer and answer["error"]["type"] != "index_not_found_exception":
                raise StoreUnavailable(f"{cluster.name}: {answer['_index']} does not answer; try again")
        return [answer for answer in answers if answer.get("found")]

    return patiently(cluster, ask)
