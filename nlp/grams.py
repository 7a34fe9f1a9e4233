"""Runs of syllables as numbers: what every model reads.

A run of one to three syllables is named by 32 bits of a hash, the same on every machine; a model keeps the sorted
names it knows, so that no word of any text is shipped.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

Names = NDArray[np.uint32]
Floats = NDArray[np.float32]

# Golden-ratio multiplier of Fibonacci hashing.
_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)
_SHIFT = np.uint64(29)


def grams(tokens: Sequence[str], *, longest: int = 3, view: int = 0) -> Names:
    """Return the names of all runs of up to `longest` tokens; runs of another `view` (title, context) never collide."""
    single = np.fromiter((crc32(t.encode("utf-8", "replace")) for t in tokens), np.uint64, len(tokens))
    run = single + np.uint64(view)
    runs = [_scramble(run)]
    for length in range(1, min(longest, len(tokens))):
        run = _scramble(run[:-1]) + single[length:]
        runs.append(_scramble(run + np.uint64(length)))
    return (np.concatenate(runs) >> np.uint64(32)).astype(np.uint32)


@dataclass(frozen=True, kw_only=True, slots=True)
class Vocabulary:
    """The names a model knows, sorted, and the weight of each (inverse document frequency)."""

    names: Names
    weights: Floats

    def vector(self, names: Names) -> tuple[NDArray[np.int64], Floats]:
        """Return positions and values of the known names: (1 + log count) x weight, of length one."""
        known, counts = np.unique(names, return_counts=True)
        at = np.searchsorted(self.names, known)
        at[at == len(self.names)] = 0
        hit = self.names[at] == known
        at = at[hit]
        values = (1 + np.log(counts[hit].astype(np.float32))) * self.weights[at]
        length = np.sqrt(np.sum(values * values))
        return at, values / length if length else values


def _scramble(numbers: NDArray[np.uint64]) -> NDArray[np.uint64]:
    mixed = numbers * _MULTIPLIER
    return mixed ^ (mixed >> _SHIFT)
