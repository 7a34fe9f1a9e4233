"""The chance that a story is a public concern, and how severe: a linear model over its words and annotations."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from monitor.detect.terms import bucket
from monitor.detect.worth import Judgement, Reading
from monitor.errors import ModelError
from monitor.records import TOPICS, Annotation, Tone
from monitor.store import Hit

MODEL = Path(__file__).with_name("models") / "worth.npz"

Array = NDArray[np.float64]

# What `read` keeps of one document, in this order; the first two are sums over its words.
CONCERN_WORDS, SEVERITY_WORDS, CONCERN = 0, 1, 2
TONES = slice(3, 6)
PLACES = 6
TOPIC = slice(7, 7 + len(TOPICS))

# A reason is a word or a pair that moves the log odds of a story of three such documents by more than this.
_TELLING = 0.15
_REASONS = 3


@dataclass(frozen=True, kw_only=True, slots=True)
class LinearWorth:
    """Word weights by bucket (concern, severity of two or more), feature weights, and the calibration of each head."""

    words: Mapping[int, tuple[float, float]]
    weights: Array
    middle: Array
    scale: Array
    calibration: Array

    @classmethod
    def load(cls, path: Path = MODEL) -> "LinearWorth":
        """Return the model of a file.  Raises ModelError naming the file."""
        try:
            with np.load(path) as arrays:
                keys, values = arrays["buckets"].tolist(), arrays["words"].astype(np.float64).tolist()
                words = {key: (a, b) for key, (a, b) in zip(keys, values, strict=True)}
                rest = {name: arrays[name].astype(np.float64) for name in ("weights", "middle", "scale", "calibration")}
        except (OSError, EOFError, KeyError, ValueError, BadZipFile) as error:
            raise ModelError(f"{path}: no model of worth can be read: rebuild it with `langnghe train`") from error
        return cls(words=words, **rest)

    def read(self, hit: Hit, vector: Mapping[int, float], terms: Sequence[str]) -> Reading:
        """Return the numbers and the telling words of one annotated document."""
        found = [(self.words[key], weight) for key, weight in vector.items() if key in self.words]
        concern = sum(w[0] * weight for w, weight in found)
        severity = sum(w[1] * weight for w, weight in found)
        raises, lowers = self._reasons(vector, terms)
        noted = [] if hit.annotation is None else notes(hit.annotation)
        return Reading((concern, severity, *noted), raises, lowers)

    def judge(self, readings: Sequence[Reading], publishers: Sequence[str], hours: float) -> Judgement:
        """Return the calibrated judgement of a story."""
        values = np.array([reading.values for reading in readings])
        shape = (features(values, len(set(publishers)), hours) - self.middle) / self.scale
        heads = (
            values[:, [CONCERN_WORDS, SEVERITY_WORDS]].mean(axis=0) + self.weights[:, 1:] @ shape + self.weights[:, 0]
        )
        concern, severe = (_chance(a * z + b) for z, (a, b) in zip(heads, self.calibration, strict=True))
        return Judgement(probability=concern, severity=concern + min(severe, concern), logit=float(heads[0]))

    def _reasons(self, vector: Mapping[int, float], terms: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
        moved = {term: self._moves(vector, term) for term in dict.fromkeys(terms)}
        order = sorted(moved, key=lambda term: (moved[term], term))
        raises = [term for term in reversed(order) if moved[term] > _TELLING][:_REASONS]
        lowers = [term for term in order if moved[term] < -_TELLING][:_REASONS]
        return tuple(raises), tuple(lowers)

    def _moves(self, vector: Mapping[int, float], term: str) -> float:
        key = bucket(term)
        return vector.get(key, 0.0) * self.words[key][0] if key in self.words else 0.0


def notes(annotation: Annotation) -> list[float]:
    """Return what a reading keeps of an annotation: log odds of concern, tone, number of places, topics."""
    tone = [float(annotation.tone == t) for t in Tone]
    topics = [annotation.topics.get(t, 0.0) for t in TOPICS]
    return [_odds(annotation.concern), *tone, float(len(annotation.places)), *topics]


def features(values: Array, publishers: int, hours: float) -> Array:
    """Return the features of a story from the readings of its documents, one row each."""
    concern = np.sort(values[:, CONCERN])
    topics = values[:, TOPIC].mean(axis=0)
    placed = values[:, PLACES]
    shape = [publishers, math.log1p(hours), math.log1p(min(len(values), 30))]
    where = [placed.mean(), (placed > 0).mean(), (placed > 2).mean()]
    felt = [concern.mean(), concern[-1], concern[0], concern[max(len(concern) - 2, 0)]]
    return np.array([*felt, *values[:, TONES].mean(axis=0), *topics, topics.max(), *where, *shape])


def _odds(chance: float) -> float:
    return math.log(chance + 1e-3) - math.log(1 - chance + 1e-3)


def _chance(logit: float) -> float:
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, float(logit)))))
