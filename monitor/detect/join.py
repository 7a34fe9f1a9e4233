"""Whether a document tells of the happening of a story: learned from judged stories of four months."""

import math
from collections.abc import Sequence

from monitor.detect.entry import DAY, Entry
from monitor.detect.gist import Gist, places_compared, product, topics_cosine

FEATURES = ("nearest", "three", "middle", "size", "gap", "age", "topics", "places", "placed", "apart", "rank")
_THREE = 3


def features(entry: Entry, story: Gist, cosines: Sequence[float], nearest: float) -> list[float]:
    """Return the FEATURES of a document beside a story.

    `cosines` are those of the story's documents that are near at all, greatest first; `nearest` is that of the nearest
    of all documents.
    """
    three = sum(cosines[:_THREE]) / min(_THREE, story.count)
    middle = product(entry.vector, story.terms) / math.sqrt(story.square)
    ages = [math.log1p((entry.at - time) / DAY) for time in (story.last, story.first)]
    topics = topics_cosine(entry.topics, story.topics)
    places = places_compared(dict.fromkeys(entry.places, 1.0), story.places)
    return [cosines[0], three, middle, math.log(story.count), *ages, topics, *places, cosines[0] / nearest]
