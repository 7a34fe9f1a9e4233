"""Which stories are part of an open issue: examples for the law that says so.

An issue opens for each judged concern when a story of it has three documents, and takes what belongs to it; each other
story beside each open issue, as it grows, is an example.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence

from monitor.detect import kinship
from monitor.detect.entry import Entry
from monitor.detect.gist import Gist
from monitor.detect.law import Law
from monitor.detect.levels import SILENT_HOURS
from monitor.detect.stories import Stories
from nlp.stories.judged import most_of
from nlp.stories.laws import Example

_OPENS = 3
_SIZES = (2, 3, 5, 8, 13, 21)
# A story that nobody judged is probably of another happening; one that hardly concerns anybody is never compared.
_UNKNOWN = 0.3
_CONCERN = 0.15


def examples(
    month: Sequence[Entry], concerns: Collection[str], judged: Mapping[str, str], law: Law
) -> Iterator[Example]:
    """Yield stories, joined by a law, beside issues as the month goes on; `judged` gives the happening of each URL."""
    stories, issues = Stories(law=law), dict[str, Gist]()
    of = dict[int, str]()
    for entry in month:
        joined = stories.add(entry, of)
        if joined.story in of:
            for told in (*joined.brought, entry):
                issues[of[joined.story]].add(told)
            continue
        about = stories.of(joined.story)
        happening = most_of(judged, [told.url for told in about])
        known = happening if happening in concerns else None
        if len(about) in _SIZES and (happening or _mean(about) >= _CONCERN):
            yield from _beside(stories.gists[joined.story], happening, issues, entry.at)
        if known and (known in issues or len(about) >= _OPENS) and len(about) in _SIZES[1:]:
            issue = issues.setdefault(known, Gist())
            of[joined.story] = known
            for told in about:
                issue.add(told)


def _beside(story: Gist, happening: str | None, issues: Mapping[str, Gist], now: float) -> Iterator[Example]:
    for name, issue in issues.items():
        if now - issue.last < SILENT_HOURS * 3600:
            weight = 1.0 if happening else _UNKNOWN
            yield Example(kinship.features(story, issue, now), happening == name, weight)


def _mean(about: Sequence[Entry]) -> float:
    return sum(entry.concern for entry in about) / len(about)
