"""The level of an issue from its volume, with hysteresis so that it does not flicker."""

from collections.abc import Sequence
from dataclasses import dataclass

from monitor.detect.stories import REACH
from monitor.records import Level

# As long as a new document can still join a story: what comes later opens an issue that continues the closed one.
SILENT_HOURS = REACH / 3600
_HOT_TEXTS = 5
_HOT_PUBLISHERS = 2
_SEVERE = 1.5


@dataclass(frozen=True, kw_only=True, slots=True)
class Volume:
    """How much of an issue arrived: in the last 24 hours, in its fullest 24 hours, and how long nothing has."""

    last_24h: int
    peak_24h: int
    publishers: int
    silent_hours: float


def volume(arrivals: Sequence[float], publishers: Sequence[str], now: float, peak: int) -> Volume:
    """Return the volume from arrivals in seconds; `peak` is the fullest 24 hours known before."""
    last = sum(now - at < 86_400 for at in arrivals)
    silent = (now - max(arrivals)) / 3600
    return Volume(last_24h=last, peak_24h=max(peak, last), publishers=len(set(publishers)), silent_hours=silent)


def level(before: Level, seen: Volume, severity: float) -> Level:
    """Return the level after `before`: up at half of the peak, down at a quarter, closed after six silent days."""
    if before == Level.CLOSED or seen.silent_hours >= SILENT_HOURS:
        return Level.CLOSED
    if before == Level.EMERGING:
        return _from_emerging(seen, severity)
    if before == Level.HOT:
        return Level.COOLING if 4 * seen.last_24h <= seen.peak_24h else Level.HOT
    return Level.HOT if 2 * seen.last_24h >= seen.peak_24h and _full(seen) else Level.COOLING


def _from_emerging(seen: Volume, severity: float) -> Level:
    if seen.last_24h == 0:
        return Level.COOLING
    severe = severity >= _SEVERE and seen.publishers >= _HOT_PUBLISHERS
    return Level.HOT if _full(seen) or severe else Level.EMERGING


def _full(seen: Volume) -> bool:
    return seen.last_24h >= _HOT_TEXTS and seen.publishers >= _HOT_PUBLISHERS
