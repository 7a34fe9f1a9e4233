"""Documents and annotations as they are written: read what is there, write only if nobody else has, else read again."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from monitor.errors import StoreError
from monitor.jsonl import to_dict
from monitor.records import Annotation, Document, Outcome
from monitor.store import Added
from monitor.store.elastic_birth import began
from monitor.store.elastic_bulk import Action, Fate, Result, write
from monitor.store.elastic_client import Cluster, patiently
from monitor.store.elastic_homes import claim, home_of, homes_of, presents_of
from monitor.store.elastic_rows import UNREAD, Present, annotation_row, document_row, forgotten, version_row
from monitor.store.offers import content, taken
from monitor.store.times import from_micros, to_micros

# A request may hold 100 MB, and a text goes into it three times.
LONGEST_TEXT = 8 << 20

_MOST_KEPT = 1 << 20
_TOO_LONG = Result(Fate.REFUSED, f"longer than {LONGEST_TEXT} characters")


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """What the offers of one document come to; `earlier` holds past versions and when each was first seen."""

    added: Sequence[Added]
    earlier: Sequence[tuple[Document, int]]
    document: Document
    changed: int
    arrived: int
    present: Present | None

    @property
    def writes(self) -> bool:
        return any(added.outcome is not Outcome.DUPLICATE for added in self.added)

    def is_done(self, present: Present | None) -> bool:
        """Return whether what is there is what this plan wrote, by a request whose answer was lost."""
        ours = (self.document, self.changed, self.arrived)
        return present is not None and (present.document, present.changed, present.arrived) == ours


def add_documents(
    cluster: Cluster,
    offers: Mapping[str, Sequence[Document]],
    stamps: Mapping[str, int],
    newest: Mapping[str, str],
) -> dict[str, Sequence[Added]]:
    """Return what became of the offers of each id; `stamps` says when each arrived if it is new."""
    too_long = {id_: _TOO_LONG for id_, some in offers.items() if any(map(_too_long, some))}
    done = _set_aside(cluster, offers, too_long)
    waiting = {id_: some for id_, some in offers.items() if id_ not in done}
    months = {id_: home_of(some[0].fetched_at, newest) for id_, some in waiting.items()}
    wanted = patiently(cluster, lambda: began(cluster, months, newest))
    homes, new = claim(cluster, wanted)
    presents = presents_of(cluster, {id_: homes[id_] for id_ in waiting if id_ not in new})
    alone = {id_: homes[id_] for id_ in waiting if id_ not in new and id_ not in presents}
    patiently(cluster, lambda: began(cluster, alone, newest))
    while waiting:
        plans = {id_: _plan(some, presents.get(id_), stamps[id_]) for id_, some in waiting.items()}
        results = _carry_out(cluster, homes, plans)
        refused = {id_: result for id_, result in results.items() if result.fate is Fate.REFUSED}
        done |= _set_aside(cluster, offers, refused)
        unsure = [id_ for id_, result in results.items() if result.fate is Fate.CONFLICT]
        presents = presents_of(cluster, {id_: homes[id_] for id_ in unsure})
        again = {id_ for id_ in unsure if not plans[id_].is_done(presents.get(id_))}
        done = {id_: plan.added for id_, plan in plans.items() if id_ not in again} | done
        waiting = {id_: offers[id_] for id_ in again}
    return done


def annotate_documents(
    cluster: Cluster,
    annotations: Mapping[str, Sequence[Annotation]],
    stamps: Mapping[str, int],
    floor: int,
) -> None:
    """Write the annotations of known documents; one that was never read and lies below `floor` arrives at its stamp."""
    homes = homes_of(cluster, annotations)
    waiting = set(homes)
    while presents := presents_of(cluster, {id_: homes[id_] for id_ in waiting}):
        actions = {}
        for id_, present in presents.items():
            if rows := _annotated(present, annotations[id_]):
                arrived = stamps[id_] if not present.was_read and present.arrived <= floor else present.arrived
                where = {"_index": cluster.index("documents", homes[id_]), "_id": id_, **present.unchanged}
                actions[id_] = Action("update", where, {"doc": {"annotation": rows, "order": {"arrived": arrived}}})
        results = dict(zip(actions, write(cluster, list(actions.values())), strict=True))
        for id_, result in results.items():
            if result.fate is Fate.REFUSED:
                raise StoreError(f"{cluster.name}: annotation of {id_}: {result.reason}")
        waiting = {id_ for id_, result in results.items() if result.fate is Fate.CONFLICT}


def _too_long(document: Document) -> bool:
    return sum(map(len, content(document))) > LONGEST_TEXT


def _aside(cluster: Cluster, document: Document, reason: str) -> Action:
    record = json.dumps(to_dict(document))[:_MOST_KEPT]
    row = {"document_id": document.id, "at": document.fetched_at.isoformat(), "reason": reason, "record": record}
    return Action("index", {"_index": cluster.index("refused"), "_id": document.id, "require_alias": True}, row)


def _plan(offers: Iterable[Document], present: Present | None, stamp: int) -> Plan:
    document, changed = (present.document, present.changed) if present else (None, 0)
    added, earlier = [], []
    for offer in offers:
        step = taken(offer, document, from_micros(changed) if document else offer.fetched_at)
        added.append(step)
        if step.outcome is Outcome.DUPLICATE:
            continue
        if document:
            earlier.append((document, changed))
        document, changed = step.document, to_micros(offer.fetched_at)
    assert document is not None
    arrived = present.arrived if present else stamp
    return Plan(added=added, earlier=earlier, document=document, changed=changed, arrived=arrived, present=present)


def _carry_out(cluster: Cluster, homes: Mapping[str, str], plans: Mapping[str, Plan]) -> dict[str, Result]:
    """The earlier versions first: one without its edit is the present version once more, and is not shown."""
    busy = {id_: plan for id_, plan in plans.items() if plan.writes}
    write(cluster, [_earlier(cluster, homes[id_], version) for id_, plan in busy.items() for version in plan.earlier])
    return dict(zip(busy, write(cluster, [_put(cluster, homes[id_], plan) for id_, plan in busy.items()]), strict=True))


def _earlier(cluster: Cluster, home: str, version: tuple[Document, int]) -> Action:
    document, seen = version
    where = {"_index": cluster.index("versions", home), "_id": f"{document.id}-{document.version}"}
    return Action("index", where, version_row(document, seen))


def _put(cluster: Cluster, home: str, plan: Plan) -> Action:
    where: dict[str, Any] = {"_index": cluster.index("documents", home), "_id": plan.document.id}
    annotation = forgotten(plan.present.annotation) if plan.present else UNREAD
    row = document_row(plan.document, changed=plan.changed, arrived=plan.arrived, annotation=annotation)
    return Action("index", where | plan.present.unchanged, row) if plan.present else Action("create", where, row)


def _set_aside(
    cluster: Cluster, offers: Mapping[str, Sequence[Document]], refused: Mapping[str, Result]
) -> dict[str, Sequence[Added]]:
    write(cluster, [_aside(cluster, offers[id_][-1], result.reason) for id_, result in refused.items()])
    return {id_: [Added(document=d, outcome=Outcome.FAILED) for d in offers[id_]] for id_ in refused}


def _annotated(present: Present, annotations: Iterable[Annotation]) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for annotation in annotations:
        if annotation.version in (None, present.document.version):
            rows = annotation_row(annotation, rows or present.annotation)
    return rows
