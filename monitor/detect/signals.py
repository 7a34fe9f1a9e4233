"""Series far from what is normal for them: topics, and topics in a province, that rise or fall silent."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import orjson

from monitor.detect.baseline import GUARD, learn
from monitor.detect.counts import ALL, NOWHERE, Counts, Measure, day_of
from monitor.detect.series import Evidence, quiet, surprises
from monitor.jsonl import from_dict, to_dict

KEPT_AS = "signals"
"""The name of the last ones among the states of a store."""

RISEN = 0.05
SILENT = 0.01
"""Greatest share of false ones among all that are told (q-value); of a silence, every series is asked."""

# With less than two weeks behind it nothing is normal yet.
_LEAST_DAYS = 14
_MOST = 6
# Nobody is shown what was last looked at before that: detection stands still, and so do these.
_FRESH = timedelta(days=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class Signal:
    """A topic (in a province, a code, or anywhere) with its texts of the last hours beside those expected.

    What rises is counted in texts of concern, what falls silent in all texts.  `expected` allows for what the sources
    published at all.
    """

    at: datetime
    topic: str
    place: str | None
    window: int
    observed: int
    expected: float
    publishers: int
    q_value: float

    @property
    def risen(self) -> bool:
        return self.observed > self.expected


def signals(counts: Counts, at: datetime) -> tuple[Signal, ...]:
    """Return what rises and then what is silent, the most surprising first; nothing in the first two weeks."""
    day = day_of(at)
    if min(counts.days.get(ALL, {day: {}})) > day - GUARD - _LEAST_DAYS:
        return ()
    keys = [k for k in counts.series(before=day) if k.startswith("topic:") and not k.endswith(f":{NOWHERE}")]
    concerned, texts = (learn(counts, day, keys, measure) for measure in (Measure.CONCERNED, Measure.TEXTS))
    risen = [e for e in surprises(counts, concerned, keys, at) if e.q_value <= RISEN]
    silent = [e for e in quiet(counts, texts, keys, at) if e.q_value <= SILENT]
    return tuple(_signal(found) for part in (risen, silent) for found in part[:_MOST])


def to_bytes(found: Sequence[Signal]) -> bytes:
    """Return signals as the store keeps them."""
    return orjson.dumps([to_dict(signal) for signal in found])


def from_bytes(data: bytes | None, now: datetime) -> tuple[Signal, ...]:
    """Return the signals kept, none where there are none or they are more than a day old."""
    found = (from_dict(Signal, values) for values in orjson.loads(data or b"[]"))
    return tuple(signal for signal in found if now - signal.at < _FRESH)


def _signal(found: Evidence) -> Signal:
    topic, _, place = found.key.removeprefix("topic:").partition("|place:")
    return Signal(
        at=found.at,
        topic=topic,
        place=place or None,
        window=found.window,
        observed=int(found.observed),
        expected=round(found.expected, 2),
        publishers=len(found.publishers),
        q_value=found.q_value,
    )
