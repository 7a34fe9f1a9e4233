"""The tone of a document: negative, neutral or positive for ordinary people."""

from monitor.records import Tone
from nlp.grams import Floats
from nlp.network import softmax

TONES = tuple(Tone)


def tone(logits: Floats) -> tuple[Tone, float]:
    """Return the likeliest tone, and a score from -1 to 1: the chance of positive less the chance of negative."""
    chances = dict(zip(TONES, softmax(logits).tolist(), strict=True))
    score = chances[Tone.POSITIVE] - chances[Tone.NEGATIVE]
    return max(TONES, key=chances.__getitem__), round(score, 4)
