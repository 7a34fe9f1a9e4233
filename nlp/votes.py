"""What a large reader thinks of the unlabelled news, as training hears it; docs/decisions/0014 says why and how."""

from collections.abc import Sequence
from hashlib import blake2b
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nlp.grams import Floats
from nlp.labels import Item
from nlp.network import read_arrays

VOTES = Path(__file__).with_name("teaching") / "votes.npz"
UNSEEN = "2025-12"
"""The first month that the early reader had not seen; it is heard where the months from then on are tried."""


def named(item: Item) -> int:
    """Return the name that a text has among the votes: 64 bits of a hash."""
    return int.from_bytes(blake2b(f"{item.title}\n{item.lead}".encode(), digest_size=8).digest(), "big")


def heard(items: Sequence[Item], *, early: bool = False, path: Path = VOTES) -> Floats:
    """Return the votes on each item, a row each: topics, tones, concern; NaN where the reader did not vote.

    `early` asks for the votes of the reader that had seen nothing from UNSEEN on.  Raises ModelError naming the file.
    """
    arrays = read_arrays(path)
    names, votes = arrays["names"], arrays["early" if early else "late"]
    mine = np.array([named(item) for item in items], np.uint64)
    at = np.minimum(np.searchsorted(names, mine), len(names) - 1)
    found = votes[at].astype(np.float32) / 250
    found[(names[at] != mine) | (votes[at, 0] == 255)] = np.nan
    return np.asarray(found, np.float32)


def save(items: Sequence[Item], late: Floats, early: Floats, path: Path = VOTES) -> None:
    """Write the votes, in steps of 1/250; NaN for what was not voted on."""
    names: NDArray[np.uint64] = np.array([named(item) for item in items], np.uint64)
    order = np.unique(names, return_index=True)[1]
    whole = {"late": late, "early": early}
    packed = {k: np.where(np.isnan(v), 255, np.rint(v * 250)).astype(np.uint8)[order] for k, v in whole.items()}
    path.parent.mkdir(exist_ok=True)
    np.savez_compressed(path, allow_pickle=False, names=names[order], late=packed["late"], early=packed["early"])
