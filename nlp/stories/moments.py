"""When to tell a story: the moments in which judged stories grew, and whether telling them then was right.

A moment is right when at least half of the story's core belongs to one judged happening that came to four documents or
more; worth at each moment comes from a model that had not seen the month.  The moments are of two groupings, the
product's and a finer one by nearest neighbours, so that the choice knows stories small and large.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from monitor.detect import choice
from monitor.detect.detector import LEAST, TICK, entry_of
from monitor.detect.issues import SHOWN
from monitor.detect.join import FEATURES
from monitor.detect.law import Law
from monitor.detect.stories import Stories, core
from monitor.store import Hit
from nlp.stories.choice import Moment, fit
from nlp.stories.judged import Happenings, grown_happenings
from nlp.stories.worth import Judged, calibration, held_out
from nlp.stories.worth import fit as fit_worth
from nlp.worth import LinearWorth

RATES = (0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0)
# Joins a document to the story of a neighbour from a cosine of 0.24 on, and seldom ties two.
FINER = Law(features=FEATURES, weights=(200.0, *[0.0] * (len(FEATURES) - 1)), intercept=math.log(0.3 / 0.7) - 48.0)
_LONGEST = 14
_UNKNOWN = 0.6


@dataclass(frozen=True, kw_only=True, slots=True)
class Grown:
    """A story at a look: how it stood, the chance that it is a concern, the URLs of its core, and its size."""

    story: int
    worth: float
    features: tuple[float, ...]
    core: tuple[str, ...]
    size: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Month:
    """A judged month: its documents, the worth learned from the others, its stories as they grew, what they teach."""

    hits: Sequence[Hit]
    worth: LinearWorth
    seen: Sequence[Grown]
    known: Happenings
    taught: Sequence[Moment]

    @property
    def days(self) -> float:
        arrived = [hit.document.fetched_at for hit in self.hits]
        return (max(arrived) - min(arrived)).total_seconds() / 86400


def grown(hits: Sequence[Hit], worth: LinearWorth, law: Law) -> Iterator[Grown]:
    """Yield each story at each look at which it grew, documents being joined by a law."""
    stories, number = Stories(law=law), 0
    waiting: list[Hit] = []
    for hit in [*sorted(hits, key=lambda h: (h.document.fetched_at, h.document.id)), None]:
        if waiting and (hit is None or _tick(hit) > _tick(waiting[0])):
            changed: dict[int, None] = {}
            for taken in waiting:
                entry = replace(entry_of(taken, taken.document.fetched_at.timestamp(), worth), number=number)
                number += 1
                changed[stories.add(entry).story] = None
            yield from (_stands(stories, s, _tick(waiting[0]), worth) for s in changed if len(stories.of(s)) >= LEAST)
            waiting = []
        if hit is not None:
            waiting.append(hit)


def moments(seen: Sequence[Grown], happenings: Happenings) -> list[Moment]:
    """Return what the choice learns from; what nobody judged counts as wrong, but less."""
    result = []
    for grew in seen:
        if grew.size <= _LONGEST:
            event = happenings.told(grew.core)
            known = event is not None or sum(url in happenings.judged for url in grew.core) * 2 >= len(grew.core)
            severity = happenings.severity[event] if event else 0
            weight = (1 + 0.5 * severity) * (1.0 if known else _UNKNOWN) / min(grew.size, 8)
            result.append(Moment(features=grew.features, right=event is not None, weight=weight))
    return result


def peaks(seen: Sequence[Grown], chooser: choice.Choice) -> dict[int, float]:
    """Return the greatest chance that each story reached."""
    result: dict[int, float] = {}
    for grew in seen:
        result[grew.story] = max(result.get(grew.story, 0.0), chooser.chance(grew.worth, grew.features))
    return result


def months_of(
    found: Mapping[str, Sequence[Hit]], stories: Sequence[Judged], judged: Path, law: Law
) -> dict[str, Month]:
    """Return the judged months by fold, grouped by a law, each read by a worth that had not seen its stories."""
    platt = calibration(held_out(stories), stories)
    result = {}
    for fold, hits in found.items():
        worth = fit_worth([story for story in stories if story.fold != fold], platt)
        seen, finer = (list(grown(hits, worth, by)) for by in (law, FINER))
        known = grown_happenings(judged, fold)
        taught = [*moments(seen, known), *moments(finer, known)]
        result[fold] = Month(hits=hits, worth=worth, seen=seen, known=known, taught=taught)
    return result


def choices(months: Mapping[str, Month]) -> dict[str, choice.Choice]:
    """Return for each month the choice that the others teach, all with the bars of all months."""
    learned = {m: fit([x for n in months if n != m for x in months[n].taught]) for m in months}
    ranked = sorted((p for m in months for p in peaks(months[m].seen, learned[m]).values()), reverse=True)
    days = sum(month.days for month in months.values())
    bars = tuple(ranked[min(int(rate * days), len(ranked) - 1)] for rate in RATES)
    return {m: replace(chosen, rates=RATES, bars=bars) for m, chosen in learned.items()}


def choice_of(months: Mapping[str, Month]) -> choice.Choice:
    """Return the choice that all months teach, with bars from the months left out."""
    bars = next(iter(choices(months).values())).bars
    return fit([x for month in months.values() for x in month.taught], RATES, bars)


def _stands(stories: Stories, story: int, now: float, worth: LinearWorth) -> Grown:
    entries = stories.of(story)
    hours = (entries[-1].at - entries[0].at) / 3600
    judgement = worth.judge([e.reading for e in entries], [e.publisher for e in entries], hours)
    features = choice.features(entries, [stories.links[e.number] for e in entries], judgement, now)
    urls = tuple(e.url for e in core(entries[-2 * SHOWN :], SHOWN))
    return Grown(story=story, worth=judgement.probability, features=tuple(features), core=urls, size=len(entries))


def _tick(hit: Hit) -> float:
    return -(-hit.document.fetched_at.timestamp() // TICK) * TICK
