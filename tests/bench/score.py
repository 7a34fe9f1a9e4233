"""The score of alerts against the events of a month, by the rules of the shared scorer, with bootstrap intervals."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from monitor.jsonl import read_lines


@dataclass(frozen=True, kw_only=True, slots=True)
class Event:
    """A public concern of the month: its documents, and severity 1 (small) to 3 (national)."""

    id: str
    severity: int
    urls: frozenset[str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """One alert: when, of what, and the documents it showed."""

    at: datetime
    issue: str
    urls: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Score:
    """What a month's alerts are worth: events hit (id to hours after the third text), and what each alert was."""

    events: tuple[Event, ...]
    hit: Mapping[str, float]
    outcomes: tuple[str, ...]
    days: float

    @property
    def per_day(self) -> float:
        return len(self.outcomes) / self.days

    @property
    def precision(self) -> float:
        return sum(o != "false" for o in self.outcomes) / len(self.outcomes) if self.outcomes else 0.0

    @property
    def repeats(self) -> float:
        return self.outcomes.count("repeat") / len(self.outcomes) if self.outcomes else 0.0

    @property
    def delays(self) -> list[float]:
        return sorted(self.hit.values())

    def recall(self, *severities: int) -> float:
        wanted = [event.id in self.hit for event in self.events if event.severity in severities]
        return sum(wanted) / len(wanted) if wanted else 0.0


def read_events(path: Path) -> list[Event]:
    """Return the events of a file of the shared data."""
    return [
        Event(id=line["event"], severity=line["severity"], urls=frozenset(line["urls"])) for _, line in read_lines(path)
    ]


def score(alerts: Sequence[Told], events: Sequence[Event], seen: Mapping[str, datetime]) -> Score:
    """Return the score of the alerts of the month whose documents arrived as `seen` says.

    An alert matches an event when at least two of its documents, and at least half of them, belong to it; the first
    alert of an issue counts.  Raises ValueError when an alert shows what had not arrived.
    """
    first, last = min(seen.values()), max(seen.values())
    third = {event.id: _third(event, seen) for event in events}
    hit: dict[str, float] = {}
    outcomes: list[str] = []
    for alert in _counted(alerts, first, last + timedelta(hours=6)):
        urls = _shown(alert, seen)
        best = max(events, key=lambda event: len(urls & event.urls), default=None)
        common = len(urls & best.urls) if best else 0
        if best is None or common < 2 or common * 2 < len(urls):
            outcomes.append("false")
        elif best.id in hit:
            outcomes.append("repeat")
        else:
            outcomes.append("hit")
            hit[best.id] = (alert.at - third[best.id]).total_seconds() / 3600
    days = max(1.0, (last - first).total_seconds() / 86400)
    return Score(events=tuple(events), hit=hit, outcomes=tuple(outcomes), days=days)


def pooled(scores: Sequence[Score]) -> Score:
    """Return several months as one."""
    return Score(
        events=tuple(event for found in scores for event in found.events),
        hit={event: delay for found in scores for event, delay in found.hit.items()},
        outcomes=tuple(outcome for found in scores for outcome in found.outcomes),
        days=sum(found.days for found in scores),
    )


def bounds(values: Sequence[float], draws: int = 2000, seed: int = 1) -> tuple[float, float]:
    """Return the 95 % bootstrap interval of the mean of the values."""
    if not values:
        return 0.0, 0.0
    means = _resampled(np.asarray(values, dtype=float), draws, seed)
    return float(np.quantile(means, 0.025)), float(np.quantile(means, 0.975))


def _resampled(values: NDArray[np.float64], draws: int, seed: int) -> NDArray[np.float64]:
    places = np.random.default_rng(seed).integers(0, len(values), (draws, len(values)))
    means: NDArray[np.float64] = values[places].mean(axis=1)
    return means


def _third(event: Event, seen: Mapping[str, datetime]) -> datetime:
    arrivals = sorted(seen[url] for url in event.urls if url in seen)
    return arrivals[2] if len(arrivals) > 2 else arrivals[-1]


def _counted(alerts: Sequence[Told], first: datetime, last: datetime) -> list[Told]:
    known: dict[str, Told] = {}
    for alert in alerts:
        if first <= alert.at <= last:
            known.setdefault(alert.issue, alert)
    return sorted(known.values(), key=lambda alert: alert.at)


def _shown(alert: Told, seen: Mapping[str, datetime]) -> frozenset[str]:
    urls = frozenset(url for url in alert.urls if url in seen)
    early = [url for url in urls if seen[url] > alert.at]
    if early:
        raise ValueError(f"alert {alert.issue} at {alert.at} shows {early[0]}, which had not arrived")
    return urls
