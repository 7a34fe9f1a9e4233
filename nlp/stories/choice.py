"""Learns when to tell a story: how likely small stories are to grow, from all stories of the judged months.

Nobody has to judge that, so what was not judged teaches as well as what was.  The bars come from months whose worth and
growth were learned from the others.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from monitor.detect.choice import FEATURES, GROWN, Choice, features
from monitor.detect.detector import LEAST, TICK, entry_of
from monitor.detect.law import Law
from monitor.detect.stories import Stories
from monitor.store import Hit
from nlp.stories import laws
from nlp.stories.laws import Example
from nlp.stories.worth import Judged, calibration, held_out
from nlp.stories.worth import fit as fit_worth
from nlp.worth import LinearWorth

RATES = (0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0)


@dataclass(frozen=True, kw_only=True, slots=True)
class Grown:
    """A story at a look: the chance that it is a concern, how it stood, and its size."""

    story: int
    worth: float
    features: tuple[float, ...]
    size: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Month:
    """A judged month: its documents, the worth learned from the others, and its stories as they grew."""

    hits: Sequence[Hit]
    worth: LinearWorth
    seen: Sequence[Grown]

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


def examples(seen: Sequence[Grown]) -> list[Example]:
    """Return small stories as they stood, each with whether it came to GROWN documents."""
    last = {grew.story: grew.size for grew in seen}
    return [Example(grew.features, last[grew.story] >= GROWN) for grew in seen if grew.size < GROWN]


def peaks(seen: Sequence[Grown], choice: Choice) -> dict[int, float]:
    """Return the greatest chance that each story reached."""
    result: dict[int, float] = {}
    for grew in seen:
        result[grew.story] = max(result.get(grew.story, 0.0), choice.chance(grew.worth, grew.features))
    return result


def months_of(found: Mapping[str, Sequence[Hit]], stories: Sequence[Judged], law: Law) -> dict[str, Month]:
    """Return the judged months by fold, grouped by a law, each read by a worth that had not seen its stories."""
    platt = calibration(held_out(stories), stories)
    result = {}
    for fold, hits in found.items():
        worth = fit_worth([story for story in stories if story.fold != fold], platt)
        result[fold] = Month(hits=hits, worth=worth, seen=list(grown(hits, worth, law)))
    return result


def choices(months: Mapping[str, Month]) -> dict[str, Choice]:
    """Return for each month the choice that the others teach, all with the bars of all months."""
    learned = {m: growth([months[n] for n in months if n != m]) for m in months}
    bare = {m: Choice(law=law, rates=(), bars=()) for m, law in learned.items()}
    ranked = sorted((p for m in months for p in peaks(months[m].seen, bare[m]).values()), reverse=True)
    days = sum(month.days for month in months.values())
    bars = tuple(round(ranked[min(int(rate * days), len(ranked) - 1)], 4) for rate in RATES)
    return {m: replace(choice, rates=RATES, bars=bars) for m, choice in bare.items()}


def choice_of(months: Mapping[str, Month]) -> Choice:
    """Return the choice that all months teach, with bars from the months left out."""
    return replace(next(iter(choices(months).values())), law=growth(list(months.values())))


def growth(months: Sequence[Month]) -> Law:
    """Return the law of how likely small stories are to grow."""
    return laws.fit(FEATURES, [example for month in months for example in examples(month.seen)])


def save(choice: Choice, path: Path) -> None:
    """Write the choice as JSON."""
    values = {**laws.values(choice.law), "rates": choice.rates, "bars": choice.bars}
    path.write_text(json.dumps(values, indent=1) + "\n", encoding="utf-8")


def _stands(stories: Stories, story: int, now: float, worth: LinearWorth) -> Grown:
    entries = stories.of(story)
    hours = (entries[-1].at - entries[0].at) / 3600
    judgement = worth.judge([e.reading for e in entries], [e.publisher for e in entries], hours)
    values = features(entries, [stories.links[e.number] for e in entries], now)
    return Grown(story=story, worth=judgement.probability, features=tuple(values), size=len(entries))


def _tick(hit: Hit) -> float:
    return -(-hit.document.fetched_at.timestamp() // TICK) * TICK
