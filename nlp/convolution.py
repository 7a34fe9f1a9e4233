"""A small network over syllables in order: windows of one to four, the strongest and the summed answer of each."""

from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from monitor.errors import ModelError
from nlp.grams import Floats, Names
from nlp.network import read_arrays

WIDTHS = (1, 2, 3, 4)
BEFORE, AFTER = WIDTHS[-1] // 2, (WIDTHS[-1] - 1) // 2
"""Empty places before and behind a text, so that each syllable stands in as many windows."""

NOTHING, UNKNOWN = 0, 1


@dataclass(frozen=True, kw_only=True, slots=True)
class Convolution:
    """What a committee learned (Kim, 2014): a vector for each known syllable, filters, their biases, outputs.

    Shapes: names (known,), table (members, known + 2, size) times scale (members, 1, size), filters
    (members, (1 + 2 + 3 + 4) x size, hidden), hidden_bias (members, 4, hidden), output (members, 8 x hidden, answers),
    bias (members, answers).
    """

    names: Names
    table: NDArray[np.int8]
    scale: Floats
    filters: Floats
    hidden_bias: Floats
    output: Floats
    bias: Floats

    def logits(self, names: Names) -> Floats:
        """Return the outputs for the syllables of one text, the mean of the committee."""
        at = np.pad(places(self.names, names), (BEFORE, AFTER))
        vectors = self.table[:, at].astype(np.float32) * self.scale
        pooled = []
        for number, width in enumerate(WIDTHS):
            seen = windows(vectors, width) @ self.filters[:, filter_rows(width, vectors.shape[2])]
            seen = np.maximum(seen + self.hidden_bias[:, number, None], 0)
            pooled += [seen.max(axis=1), seen.sum(axis=1) / np.float32(len(names)) ** 0.5]
        told = np.einsum("mp,mpa->ma", np.concatenate(pooled, axis=1), self.output) + self.bias
        return np.asarray(told.mean(axis=0), np.float32)


def places(known: Names, names: Names) -> NDArray[np.int64]:
    """Return the row of each name in a table; UNKNOWN where it is not among the sorted known ones."""
    at = np.minimum(np.searchsorted(known, names), max(0, len(known) - 1))
    return np.where(known[at] == names, at + 2, UNKNOWN) if len(known) else np.full(len(names), UNKNOWN)


def windows(vectors: Floats, width: int) -> Floats:
    """Return the window of so many vectors around each syllable, side by side: (texts, length, width x size)."""
    texts, padded, size = vectors.shape
    length, start = padded - BEFORE - AFTER, BEFORE - width // 2
    parts = [vectors[:, start + shift : start + shift + length] for shift in range(width)]
    return np.concatenate(parts, axis=2).reshape(texts, length, width * size)


def filter_rows(width: int, size: int) -> slice:
    """Return which rows of the filters are those of a width."""
    return slice(width * (width - 1) // 2 * size, width * (width + 1) // 2 * size)


def save(network: Convolution, path: Path) -> None:
    """Write the network; the same network gives the same bytes."""
    arrays: dict[str, Any] = {part.name: getattr(network, part.name) for part in fields(network)}
    np.savez_compressed(path, allow_pickle=False, **arrays)


def load(path: Path) -> Convolution:
    """Return the network that `save` wrote.  Raises ModelError naming the file."""
    try:
        return Convolution(**read_arrays(path))
    except TypeError:
        raise ModelError(f"{path}: not a network of this version; rebuild it with `langnghe train`") from None
