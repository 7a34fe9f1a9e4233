"""When to tell a story, learned from judged stories: which of the moments in which it grew were right to tell it.

    python -m tests.bench.moments STREAM... --judged DATA/labels/stories_train.jsonl --to FOLDER [--save]

A moment is right when at least half of the story's core belongs to one judged happening that came to four documents or
more; worth at each moment comes from a model that had not seen the month.  Prints alerts a day, recall and precision
for each bar, one month left out at a time, without the inhibition of parts; `--save` writes the choice that is shipped.
The choice learns from the moments of two groupings, the product's and a finer one by nearest neighbours, so that it
knows stories small and large.
"""

import math
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path

from monitor.detect import choice
from monitor.detect.detector import LEAST, TICK, entry_of
from monitor.detect.issues import SHOWN
from monitor.detect.join import FEATURES
from monitor.detect.law import Law, shipped
from monitor.detect.stories import Stories, core
from monitor.jsonl import read_lines
from monitor.store import Hit
from nlp.annotate import Annotator
from nlp.choice_training import Moment, fit, save
from nlp.worth import LinearWorth
from nlp.worth_training import calibration, held_out
from nlp.worth_training import fit as fit_worth
from tests.bench.judged import arguments, fold_of, judged_stories, most_of
from tests.bench.prepare import annotated

MODEL = Path(choice.__file__).with_name("choice.npz")
BARS = (0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
RATES = (0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0)
# Joins a document to the story of a neighbour from a cosine of 0.24 on, and seldom ties two.
FINER = Law(features=FEATURES, weights=(200.0, *[0.0] * (len(FEATURES) - 1)), intercept=math.log(0.3 / 0.7) - 48.0)
_LONGEST = 14
_UNKNOWN = 0.6
_GREW = 4


@dataclass(frozen=True, kw_only=True, slots=True)
class Grown:
    """A story at a look: how it stood, and the URLs of its core and of all its documents."""

    story: int
    features: tuple[float, ...]
    core: tuple[str, ...]
    size: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Happenings:
    """The happenings of a month that came to four documents: which each URL belongs to, severities, all judged URLs."""

    of: Mapping[str, str]
    severity: Mapping[str, int]
    judged: frozenset[str]

    def told(self, urls: Sequence[str]) -> str | None:
        """Return the happening that most of the URLs belong to."""
        return most_of(self.of, urls)


def grown(hits: Sequence[Hit], worth: LinearWorth, law: Law) -> Iterator[Grown]:
    """Yield each story at each look at which it grew, documents being joined by a law."""
    stories, number = Stories(law=law), 0
    waiting: list[Hit] = []
    for hit in [*sorted(hits, key=lambda h: (h.document.fetched_at, h.document.id)), None]:
        if waiting and (hit is None or _tick(hit) > _tick(waiting[0])):
            changed = {}
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
        result[grew.story] = max(result.get(grew.story, 0.0), chooser.probability(grew.features))
    return result


def told(seen: Sequence[Grown], chooser: choice.Choice, bar: float) -> list[Grown]:
    """Return each story as it first stood at the bar."""
    first: dict[int, Grown] = {}
    for grew in seen:
        if grew.story not in first and chooser.probability(grew.features) >= bar:
            first[grew.story] = grew
    return list(first.values())


def happenings_of(path: Path, fold: str) -> Happenings:
    """Return the happenings of one month of the judged stories."""
    urls: dict[str, set[str]] = {}
    severity: dict[str, int] = {}
    judged: set[str] = set()
    for _, line in read_lines(path):
        if line["id"].split("_")[0] == fold:
            judged.update(line["urls"])
            if line["event"]:
                urls.setdefault(line["event"], set()).update(line["urls"])
                severity[line["event"]] = max(severity.get(line["event"], 0), line["severity"])
    grew = {event: found for event, found in urls.items() if len(found) >= _GREW}
    return Happenings(
        of={u: e for e, found in grew.items() for u in found}, severity=severity, judged=frozenset(judged)
    )


def _stands(stories: Stories, story: int, now: float, worth: LinearWorth) -> Grown:
    entries = stories.of(story)
    hours = (entries[-1].at - entries[0].at) / 3600
    judgement = worth.judge([e.reading for e in entries], [e.publisher for e in entries], hours)
    features = choice.features(entries, [stories.links[e.number] for e in entries], judgement, now)
    urls = tuple(e.url for e in core(entries[-2 * SHOWN :], SHOWN))
    return Grown(story=story, features=tuple(features), core=urls, size=len(entries))


def _tick(hit: Hit) -> float:
    return -(-hit.document.fetched_at.timestamp() // TICK) * TICK


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


def months_of(paths: Sequence[Path], judged: Path, folder: Path, annotator: Annotator) -> dict[str, Month]:
    """Return the judged months, each read by a worth that had not seen it; FOLDER keeps annotations."""
    found = {fold_of(path.name): list(annotated(path, folder, annotator)) for path in paths}
    stories = judged_stories(judged, chain.from_iterable(found.values()))
    platt = calibration(held_out(stories), stories)
    result = {}
    for fold, month in found.items():
        worth = fit_worth([story for story in stories if story.fold != fold], platt)
        hits = [Hit(document=d, annotation=a) for d, a in month]
        seen, finer = (list(grown(hits, worth, law)) for law in (shipped("join"), FINER))
        known = happenings_of(judged, fold)
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


def _report(months: Mapping[str, Month], chosen: Mapping[str, choice.Choice]) -> None:
    """Print figures for each bar, each month chosen by the others."""
    days = sum(month.days for month in months.values())
    for bar in BARS:
        alerts = {
            m: [month.known.told(g.core) for g in told(month.seen, chosen[m], bar)] for m, month in months.items()
        }
        count = sum(map(len, alerts.values()))
        hit = sum(len({e for e in found if e}) for found in alerts.values())
        right = sum(e is not None for found in alerts.values() for e in found)
        events = sum(len(set(month.known.of.values())) for month in months.values())
        sys.stdout.write(
            f"bar {bar}: {count / days:.2f} a day, recall {hit / events:.3f}, precision {right / max(count, 1):.3f}, "
            f"repeats {(right - hit) / max(count, 1):.3f}\n"
        )


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--save", action="store_true")
    asked = parser.parse_args()
    months = months_of(asked.stream, asked.judged, asked.to, Annotator.load())
    chosen = choices(months)
    _report(months, chosen)
    if asked.save:
        bars = next(iter(chosen.values())).bars
        save(fit([x for month in months.values() for x in month.taught], RATES, bars), MODEL)


if __name__ == "__main__":
    main()
