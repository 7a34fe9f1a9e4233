"""Writing to Elasticsearch in bulk: what is too much now is tried again, and each item has a fate."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum, auto
from random import Random
from time import monotonic, sleep
from typing import Any

from monitor.errors import StoreError, StoreUnavailable
from monitor.store.elastic_client import Cluster, refusal_of, spoken

_FIRST_PAUSE, _LONGEST_PAUSE = 0.1, 10.0


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

    def lines(self) -> list[Mapping[str, Any]]:
        return [{self.kind: self.where}, *([self.body] if self.body is not None else [])]


@dataclass(frozen=True, slots=True)
class Result:
    """The fate of one action; `reason` says why it was refused."""

    fate: Fate
    reason: str = ""


def write(cluster: Cluster, actions: Sequence[Action], patience: timedelta, rng: Random) -> list[Result]:
    """Return the result of each action, in order.

    What the cluster cannot take now is tried again until `patience` ends, then raises StoreUnavailable; StoreError is
    raised at once when trying again would not help.
    """
    results: dict[int, Result] = {}
    pauses = pauses_of(patience, rng)
    while waiting := [n for n in range(len(actions)) if n not in results]:
        try:
            for n, answer in zip(waiting, _send(cluster, [actions[n] for n in waiting]), strict=True):
                if result := _result(cluster, answer):
                    results[n] = result
            if len(results) < len(actions):
                raise StoreUnavailable(f"{cluster.name}: is too busy; try again")
        except StoreUnavailable:
            if (pause := next(pauses, None)) is None:
                raise
            sleep(pause)
    return [results[n] for n in range(len(actions))]


def pauses_of(patience: timedelta, rng: Random) -> Iterator[float]:
    """Yield seconds to wait between tries, longer each time and by chance, so that writers do not come back at once."""
    end, longest = monotonic() + patience.total_seconds(), _FIRST_PAUSE
    while (left := end - monotonic()) > 0:
        yield min(left, rng.uniform(longest / 2, longest))
        longest = min(2 * longest, _LONGEST_PAUSE)


def _send(cluster: Cluster, actions: Sequence[Action]) -> list[Mapping[str, Any]]:
    operations = [line for action in actions for line in action.lines()]
    with spoken(cluster):
        items = cluster.client.bulk(operations=operations)["items"]
    return [answer for item in items for answer in item.values()]


def _result(cluster: Cluster, answer: Mapping[str, Any]) -> Result | None:
    """The result, None for what may be taken later."""
    status, error = answer["status"], answer.get("error")
    if error is None:
        return Result(Fate.DONE)
    if status == 409:
        return Result(Fate.CONFLICT)
    kind = error["type"]
    refusal: StoreError | None = refusal_of(cluster, status, kind)
    if refusal is None:
        return Result(Fate.REFUSED, f"{kind}: {error['reason']}"[:500])
    if isinstance(refusal, StoreUnavailable):
        return None
    raise refusal
