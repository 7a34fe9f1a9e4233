"""What a story is worth telling: the judgement that the detector asks for, given by a model of another package."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from monitor.store import Hit


@dataclass(frozen=True, slots=True)
class Reading:
    """What the judge noted of one document: numbers that only it understands, words that raise and that lower."""

    values: tuple[float, ...]
    raises: tuple[str, ...] = ()
    lowers: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Judgement:
    """The chance that a story is a public concern, the severity (0 to 3) to expect, and log odds before calibration."""

    probability: float
    severity: float
    logit: float


class Worth(Protocol):
    """Reads each document once, judges a story from its readings as often as it changes."""

    def read(self, hit: Hit, vector: Mapping[int, float], terms: Sequence[str]) -> Reading:
        """What there is to note of an annotated document; `vector` and `terms` are those of `monitor.detect.terms`."""

    def judge(self, readings: Sequence[Reading], publishers: Sequence[str], hours: float) -> Judgement:
        """The judgement of a story whose documents arrived within so many hours, by publisher, in order of arrival."""
