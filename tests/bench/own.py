"""What the product's own series say of a stream: minus the logarithm of the chance, at every arrival."""

import math
from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import groupby

import numpy as np

from monitor.detect.baseline import Baseline, learn
from monitor.detect.counts import Counts, Measure, Mention, day_of
from monitor.detect.series import surprises
from tests.bench.candidates import CONCERN, SHOWN, Saying, keys_of
from tests.bench.items import Item

Shown = dict[str, list[tuple[datetime, str, float]]]


def say(
    items: Sequence[Item], first: datetime, last: datetime, measure: Measure, more: Mapping[str, Sequence[str]]
) -> list[Saying]:
    """Return the sayings of all series from `first` to `last`; `more` are keys that texts (by URL) have besides."""
    counts, baseline, shown = Counts(), None, Shown()
    result: list[Saying] = []
    for at, batch in groupby(items, key=lambda item: item.at):
        if at > last:
            break
        touched = {key for item in batch for key in _add(counts, item, more.get(item.url, ()), shown)}
        if at >= first:
            baseline = _learned(counts, baseline, day_of(at), measure)
            found = surprises(counts, baseline, sorted(touched), at)
            result += [_saying(e.key, at, e.p_value, shown[e.key], measure) for e in found]
    return sorted(result, key=lambda saying: (saying.at, saying.candidate))


def _add(counts: Counts, item: Item, more: Sequence[str], shown: Shown) -> list[str]:
    keys = (*keys_of(item), *more)
    if not counts.add(Mention(at=item.at, publisher=item.publisher, root=item.root, keys=keys, concern=item.concern)):
        return []
    for key in keys:
        recent = [text for text in shown.get(key, ()) if (item.at - text[0]).total_seconds() < 86400]
        shown[key] = [*recent, (item.at, item.url, item.concern)]
    return list(keys)


def _learned(counts: Counts, baseline: Baseline | None, day: int, measure: Measure) -> Baseline:
    if baseline is not None and baseline.day == day:
        return baseline
    return learn(counts, day, counts.series(before=day), measure)


def _saying(
    key: str, at: datetime, chance: float, texts: Sequence[tuple[datetime, str, float]], measure: Measure
) -> Saying:
    concerned = [text for text in texts if text[2] >= CONCERN] if measure is Measure.CONCERNED else []
    urls = tuple(url for _, url, _ in (concerned if len(concerned) > 1 else list(texts))[::-1][:SHOWN])
    score = np.array([-math.log10(max(chance, 1e-300))])
    return Saying(at=at, candidate=key, is_story=False, scores=score, urls=urls)
