"""A small network over runs of syllables: their vectors are averaged, and a hidden layer gives the outputs."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from monitor.errors import ModelError
from nlp.grams import Floats, Names, Vocabulary


@dataclass(frozen=True, kw_only=True, slots=True)
class Network:
    """What was learned: for each known run a row of `table` (times `scale`), then hidden units, then outputs.

    Shapes: table (runs, hidden), scale and hidden_bias (hidden,), output (hidden, outputs), bias (outputs,).
    """

    vocabulary: Vocabulary
    table: NDArray[np.int8]
    scale: Floats
    hidden_bias: Floats
    output: Floats
    bias: Floats

    def logits(self, names: Names) -> Floats:
        """Return the outputs for the runs of one text."""
        at, values = self.vocabulary.vector(names)
        hidden = values @ self.table[at].astype(np.float32) * self.scale + self.hidden_bias
        return np.asarray(np.maximum(hidden, 0) @ self.output + self.bias, np.float32)


def softmax(logits: Floats) -> Floats:
    """Return the probabilities of answers that exclude each other, along the last axis."""
    raised = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=-1, keepdims=True))


def quantized(vocabulary: Vocabulary, vectors: Floats, **rest: Floats) -> Network:
    """Return the network with its vectors rounded to eight bits a number, one scale for each hidden unit."""
    table, scale = eight_bits(vectors)
    return Network(vocabulary=vocabulary, table=table, scale=scale[0], **rest)


def eight_bits(vectors: Floats) -> tuple[NDArray[np.int8], Floats]:
    """Return vectors rounded to eight bits a number, (..., runs, size), and the scale of each, (..., 1, size)."""
    scale = np.abs(vectors).max(axis=-2, keepdims=True) / 127 + 1e-12
    return np.rint(vectors / scale).astype(np.int8), scale.astype(np.float32)


def save(network: Network, path: Path) -> None:
    """Write the network; the same network gives the same bytes."""
    arrays: dict[str, Any] = {
        "names": network.vocabulary.names,
        "weights": network.vocabulary.weights,
        "table": network.table,
        "scale": network.scale,
        "hidden_bias": network.hidden_bias,
        "output": network.output,
        "bias": network.bias,
    }
    np.savez_compressed(path, allow_pickle=False, **arrays)


def load(path: Path) -> Network:
    """Return the network that `save` wrote.  Raises ModelError naming the file."""
    arrays = read_arrays(path)
    try:
        vocabulary = Vocabulary(names=arrays.pop("names"), weights=arrays.pop("weights"))
        network = Network(vocabulary=vocabulary, **arrays)
    except (KeyError, TypeError):
        raise ModelError(f"{path}: not a network of this version; rebuild it with `langnghe train`") from None
    return network


def read_arrays(path: Path) -> dict[str, Any]:
    """Return the arrays of a model file; nothing in it is executed.  Raises ModelError naming the file."""
    try:
        with np.load(path, allow_pickle=False) as stored:
            return {name: stored[name] for name in stored.files}
    except FileNotFoundError:
        raise ModelError(f"{path}: missing; rebuild it with `langnghe train`") from None
    except Exception as error:  # a damaged archive raises whatever its broken bytes lead to
        raise ModelError(f"{path}: damaged ({type(error).__name__}); rebuild it with `langnghe train`") from None
