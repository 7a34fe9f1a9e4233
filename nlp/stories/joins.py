"""Which documents tell of one happening: examples for the law that groups them, and what a law groups.

Each judged document is put into its own story whatever the law would say, and each story that it was near to is an
example.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from monitor.detect import stories
from monitor.detect.detector import entry_of
from monitor.detect.entry import Entry, Link
from monitor.detect.law import Law
from monitor.detect.worth import Judgement, Reading
from monitor.store import Hit
from nlp.stories.laws import Example

# What nobody judged joins its nearest neighbour from here on while examples are taken.
_NEAREST = 0.22
# A story that nobody judged is probably another.
_UNKNOWN = 0.3


class Unread:
    """Stories are grouped without a judgement of what they are worth."""

    def read(self, hit: Hit, vector: Mapping[int, float], terms: Sequence[str]) -> Reading:
        return Reading(())

    def judge(self, readings: Sequence[Reading], publishers: Sequence[str], hours: float) -> Judgement:
        raise NotImplementedError


def entries(hits: Iterable[Hit]) -> list[Entry]:
    """Return the documents of a month as detection keeps them, numbered in order of arrival."""
    found = [entry_of(hit, hit.document.fetched_at.timestamp(), Unread()) for hit in hits]
    return [replace(entry, number=n) for n, entry in enumerate(sorted(found, key=lambda e: (e.at, e.id)))]


def examples(month: Sequence[Entry], known: Mapping[str, str]) -> Iterator[Example]:
    """Yield each document beside each story that it was near to."""
    found, of, about = stories.Stories(), dict[str, int](), dict[int, str]()
    for entry in month:
        found.expire(entry.at)
        close = {} if entry.alone else found.neighbours(entry.vector)
        mine = known.get(entry.url)
        for beside in found.beside(entry, close):
            if (example := _example(beside.features, mine, about.get(beside.story))) is not None:
                yield example
        story = _story(found, entry, close) if mine is None else of.setdefault(mine, entry.number)
        if mine is not None:
            about[story] = mine
        found.keep(entry, story, Link())


def grouped(month: Sequence[Entry], law: Law) -> dict[str, int]:
    """Return the story of each URL by a law."""
    found = stories.Stories(law=law)
    of, into = dict[int, int](), dict[int, int]()
    for entry in month:
        joined = found.add(entry)
        into.update({of[told.number]: joined.story for told in joined.brought if of[told.number] != joined.story})
        of.update({told.number: joined.story for told in (*joined.brought, entry)})
    return {entry.url: _last(into, of[entry.number]) for entry in month}


def _story(found: stories.Stories, entry: Entry, close: Mapping[int, float]) -> int:
    cosine, number = max(((c, n) for n, c in close.items()), default=(0.0, -1))
    return found.story_of[number] if cosine >= _NEAREST else entry.number


def _example(values: Sequence[float], mine: str | None, theirs: str | None) -> Example | None:
    """Stories of no event may be one happening that nobody said to be one."""
    if mine is None and theirs is None:
        return None
    if mine is None or theirs is None:
        return Example(values, False, _UNKNOWN)
    told = mine == theirs or _concern(mine) or _concern(theirs)
    return Example(values, mine == theirs) if told else None


def _concern(happening: str) -> bool:
    return not happening.startswith("s2")


def _last(into: Mapping[int, int], story: int) -> int:
    while story in into:
        story = into[story]
    return story
