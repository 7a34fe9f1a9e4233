"""What a large reader thinks of texts, as training hears it; docs/decisions/0014 says why and how."""

from collections.abc import Mapping, Sequence
from hashlib import blake2b
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from monitor.errors import ModelError
from nlp.grams import Floats
from nlp.network import read_arrays

NEWS, POSTS, FEEDBACK = (Path(__file__).with_name("teaching") / f"{name}.npz" for name in ("news", "posts", "feedback"))

LATE, EARLY = "late", "early"
"""The reader of news that saw all labels, and the one that saw none from UNSEEN on."""

UNSEEN = "2025-12"
"""The first month that the early reader had not seen; it is heard where the months from then on are tried."""

WHOLE = "whole"
"""The reader of posts that saw all labels; the others, "0" to "4", saw none of that fold."""

_STEPS, _SILENT = 250, 255


def named(text: tuple[str, str]) -> int:
    """Return the name that a text has among the votes: 64 bits of a hash of its title or context and its body."""
    return int.from_bytes(blake2b("\n".join(text).encode(), digest_size=8).digest(), "big")


def heard(texts: Sequence[tuple[str, str]], voter: str, path: Path) -> Floats:
    """Return a reader's votes on each text, a row each, heads side by side; NaN where it did not vote.

    Raises ModelError naming the file.
    """
    arrays = read_arrays(path)
    if not {"names", voter} <= arrays.keys():
        raise ModelError(f"{path}: no votes of the reader {voter!r}; docs/decisions/0014 and 0016 say what makes them")
    names, votes = arrays["names"], arrays[voter]
    mine = np.array([named(text) for text in texts], np.uint64)
    at = np.minimum(np.searchsorted(names, mine), len(names) - 1)
    found = votes[at].astype(np.float32) / _STEPS
    found[(names[at] != mine) | (votes[at, 0] == _SILENT)] = np.nan
    return np.asarray(found, np.float32)


def save(texts: Sequence[tuple[str, str]], votes: Mapping[str, Floats], path: Path) -> None:
    """Write the votes of each reader, in steps of 1/250; NaN for what it did not vote on."""
    names: NDArray[np.uint64] = np.array([named(text) for text in texts], np.uint64)
    kept, order = np.unique(names, return_index=True)
    packed = {voter: _packed(vote)[order] for voter, vote in votes.items()}
    path.parent.mkdir(exist_ok=True)
    np.savez_compressed(path, allow_pickle=False, names=kept, **packed)


def _packed(votes: Floats) -> NDArray[np.uint8]:
    return np.where(np.isnan(votes), _SILENT, np.rint(votes * _STEPS)).astype(np.uint8)
