"""Whether a story is part of an issue that is open already: one storm is told once, however many stories it has."""

import math
from collections.abc import Sequence

from monitor.detect.entry import DAY
from monitor.detect.gist import HALF_LIFE, Gist, places_compared, terms_cosine, topics_cosine
from monitor.detect.law import shipped
from monitor.records import TOPICS

_DISASTER = TOPICS.index("disaster")

FEATURES = (
    "terms", "topics", "places", "both placed", "apart", "gap", "span", "count", "mass",
    "disaster", "disaster there", "disaster gap", "disaster mass", "same topic",
)  # fmt: skip


def features(story: Gist, issue: Gist, now: float) -> list[float]:
    """Return the FEATURES of a story beside an open issue."""
    there, placed, apart = places_compared(story.places, issue.places)
    gap = math.log1p(max(0.0, now - issue.last) / DAY)
    mass = math.log1p(issue.mass * 0.5 ** ((now - issue.last) / HALF_LIFE))
    disaster = (story.topics[_DISASTER] / story.mass) * (issue.topics[_DISASTER] / issue.mass)
    topics = topics_cosine(story.topics, issue.topics)
    span = math.log1p(max(0.0, now - issue.first) / DAY)
    storm = [disaster, disaster * there, disaster * gap, disaster * mass]
    same = float(_top(story.topics) == _top(issue.topics))
    seen = [terms_cosine(story, issue), topics, there, placed, apart]
    return [*seen, gap, span, math.log1p(issue.count), mass, *storm, same]


def chance(values: Sequence[float]) -> float:
    """Return the chance that story and issue are one happening; `values` are FEATURES."""
    return shipped("kinship").chance(values)


def _top(topics: Sequence[float]) -> int:
    return max(range(len(topics)), key=lambda k: topics[k])
