"""From one store to another, whatever they are: resumable, and compared at the end."""

from collections.abc import Callable
from dataclasses import dataclass

import orjson

from monitor.batches import batches
from monitor.errors import StoreError
from monitor.query import Query
from monitor.store import Store
from monitor.store.kept import fingerprint

BATCH = 500
ALL_ISSUES = 1_000_000

_NOTE = "copy"


@dataclass(frozen=True, kw_only=True, slots=True)
class Copied:
    """What both stores hold after a copy; `digest` is the same for both."""

    documents: int
    issues: int
    states: int
    digest: str


def copy(source: Store, target: Store, seen: Callable[[int], None] = lambda n: None) -> Copied:
    """Copy documents, versions, annotations, issues and states, and return what both hold then.

    Goes on after the last whole batch when it was broken off.  Nobody may write to either meanwhile; readers go on.
    Raises StoreError for a target that holds anything else, and when both do not hold the same at the end.
    """
    for batch in batches(source.kept(_reached(target)), BATCH):
        target.keep(batch)
        last = batch[-1]
        target.save_state(_NOTE, orjson.dumps([last.arrived, last.document.id]))
        seen(len(batch))
    target.save_issues(issues := source.issues(limit=ALL_ISSUES))
    names = [name for name in source.states() if name != _NOTE]
    for name in names:
        target.save_state(name, source.state(name) or b"")
    documents, digest = _same(source, target)
    return Copied(documents=documents, issues=len(issues), states=len(names), digest=digest)


def _reached(target: Store) -> tuple[int, str]:
    if note := target.state(_NOTE):
        arrived, document_id = orjson.loads(note)
        return arrived, document_id
    if target.total(Query()) or target.issues(limit=1):
        raise StoreError("the store to copy to is not empty; name a new one")
    return 0, ""


def _same(source: Store, target: Store) -> tuple[int, str]:
    wanted, found = fingerprint(source.kept()), fingerprint(target.kept())
    if wanted != found:
        raise StoreError(
            f"the copy holds {found[0]} of {wanted[0]} documents, or other ones: stop the writers, copy anew"
        )
    return found
