"""The topic of a document: probabilities of the fifteen topics, likeliest first."""

from collections.abc import Mapping

from monitor.records import TOPICS
from nlp.grams import Floats
from nlp.network import softmax


def topics(logits: Floats) -> Mapping[str, float]:
    """Return the probability of each topic, likeliest first; they sum to one but for rounding."""
    chances = zip(TOPICS, softmax(logits).tolist(), strict=True)
    return {topic: round(chance, 4) for topic, chance in sorted(chances, key=lambda pair: -pair[1])}
