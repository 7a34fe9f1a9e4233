"""One document as detection keeps it for some days, and how it lay among the others when it arrived."""

from collections.abc import Mapping
from dataclasses import dataclass

from monitor.detect.worth import Reading
from monitor.records import Kind, Tone

DAY = 86_400.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """One document as detection keeps it for some days; `at` is its arrival in seconds since 1970.

    `asks` is the sentence in which residents ask for something, or "".
    """

    number: int
    id: str
    url: str
    title: str
    publisher: str
    kind: Kind
    voice: str | None
    at: float
    vector: Mapping[int, float]
    topics: tuple[float, ...]
    tone: Tone
    concern: float
    places: tuple[str, ...]
    reading: Reading
    alone: bool = False
    asks: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """How near a document was to its nearest neighbour when it arrived, and how many others were rather near."""

    cosine: float = 0.0
    crowd: int = 0
