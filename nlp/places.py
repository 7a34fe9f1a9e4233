"""Which of the 34 provinces, and which wards, a text is about, and what in the text said so."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from nlp import mentions
from nlp.mentions import Mention, Words
from nlp.place_features import candidates, describe, read


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """A province that a text is about: its code, the chance that it is, codes of wards where certain, the words."""

    code: str
    probability: float
    wards: tuple[str, ...]
    evidence: tuple[str, ...]


@cache
def shipped_weights() -> Mapping[str, float]:
    """Return the shipped weights by feature."""
    return parse_weights(files("nlp").joinpath("models/places.tsv").read_text(encoding="utf-8"))


def parse_weights(lines: str) -> dict[str, float]:
    """Return the weights that a file of features, tabs and numbers holds."""
    return {name: float(value) for name, value in (line.split("\t") for line in lines.splitlines())}


def find_places(
    title: str, body: str = "", *, threshold: float = 0.5, weights: Mapping[str, float] | None = None
) -> tuple[Place, ...]:
    """Return the places that a text is about, the surest first; `body` is the lead and the start of the text."""
    text, known = read(title, body), shipped_weights() if weights is None else weights
    places = []
    for code, told in candidates(mentions.find(text.words)).items():
        probability = _chance(describe(text, code, told), known)
        if probability >= threshold:
            places.append(_place(text.words, code, probability, told.own))
    return tuple(sorted(places, key=lambda p: (-p.probability, p.code)))


def _chance(features: Iterable[str], known: Mapping[str, float]) -> float:
    return 1 / (1 + math.exp(-sum(known.get(f, 0.0) for f in features)))


def _place(words: Words, code: str, probability: float, own: Sequence[Mention]) -> Place:
    evidence = dict.fromkeys(_quote(words, m) for m in own)
    wards = dict.fromkeys(ward for m in own if (ward := _ward(m, code)))
    return Place(code=code, probability=probability, wards=tuple(wards), evidence=tuple(evidence))


def _ward(mention: Mention, code: str) -> str:
    """Return the ward that a name right after its unit word means in a province, if there is one only."""
    wards = [r.ward for r in mention.readings if r.ward and r.code == code]
    return wards[0] if mention.unit and mention.start < mention.first and len(wards) == 1 else ""


def _quote(words: Words, mention: Mention) -> str:
    return words.text[words.starts[mention.start] : words.ends[mention.last - 1]]
