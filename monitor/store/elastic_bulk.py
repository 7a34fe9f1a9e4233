"""Writing to Elasticsearch in bulk: what is too much now is tried again, and each item has a fate."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from itertools import chain
from typing import Any

import orjson

from monitor.errors import StoreError, StoreUnavailable
from monitor.store.elastic_client import Cluster, patiently, refusal_of, spoken

# What else an answer holds costs more to read than to write.
_FATE = ["items.*.status", "items.*.error"]


class Fate(Enum):
    """What became of one action: done, not done because somebody else wrote, or refused for good."""

    DONE = auto()
    CONFLICT = auto()
    REFUSED = auto()


@dataclass(frozen=True, slots=True)
class Action:
    """One operation (`create`, `index`, `update`, `delete`), what it is done to, and its body."""

    kind: str
    where: Mapping[str, Any]
    body: Mapping[str, Any] | None = None

    def lines(self) -> list[bytes]:
        head = orjson.dumps({self.kind: self.where})
        return [head] if self.body is None else [head, orjson.dumps(self.body)]


@dataclass(frozen=True, slots=True)
class Result:
    """The fate of one action; `reason` says why it was refused."""

    fate: Fate
    reason: str = ""


_DONE, _CONFLICT = Result(Fate.DONE), Result(Fate.CONFLICT)


def write(cluster: Cluster, actions: Sequence[Action]) -> list[Result]:
    """Return the result of each action, in order.

    What the cluster cannot take now is tried again until its patience ends, then raises StoreUnavailable; StoreError is
    raised at once when trying again would not help.
    """
    results: dict[int, Result] = {}

    def send() -> None:
        waiting = [n for n in range(len(actions)) if n not in results]
        found = [_result(cluster, answer) for answer in _send(cluster, [actions[n] for n in waiting])]
        results.update((n, one) for n, one in zip(waiting, found, strict=True) if isinstance(one, Result))
        for later in (one for one in found if isinstance(one, StoreUnavailable)):
            raise later

    if actions:
        patiently(cluster, send)
    return [results[n] for n in range(len(actions))]


def _send(cluster: Cluster, actions: Sequence[Action]) -> list[Mapping[str, Any]]:
    operations: Any
    try:
        operations = b"\n".join([*chain.from_iterable(action.lines() for action in actions), b""])
    except orjson.JSONEncodeError as error:
        raise StoreError(
            f"{cluster.name}: a text holds half of a surrogate pair; clean it before it is kept"
        ) from error
    with spoken(cluster):
        items = cluster.client.bulk(operations=operations, filter_path=_FATE)["items"]
    return [answer for item in items for answer in item.values()]


def _result(cluster: Cluster, answer: Mapping[str, Any]) -> Result | StoreUnavailable:
    """The result, or why it may be taken later."""
    error = answer.get("error")
    if error is None:
        return _DONE
    if answer["status"] == 409:
        return _CONFLICT
    refusal = refusal_of(cluster, answer["status"], error["type"])
    if refusal is None:
        return Result(Fate.REFUSED, f"{error['type']}: {error['reason']}"[:500])
    if isinstance(refusal, StoreUnavailable):
        return refusal
    raise refusal
