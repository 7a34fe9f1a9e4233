"""Viet Nam as tiles: where each of the 34 provinces stands on a grid of columns and rows."""

from collections.abc import Mapping
from types import MappingProxyType

# Neighbours stand beside each other as far as a grid allows; north is up, the sea to the right.
_ROWS = (
    "12 15 08 04 ..",
    "11 14 19 20 ..",
    ".. 25 01 24 22",
    ".. .. 37 33 31",
    ".. .. 38 .. ..",
    ".. .. 40 .. ..",
    ".. .. 42 .. ..",
    ".. .. 44 46 ..",
    ".. .. .. 48 ..",
    ".. .. .. 51 ..",
    ".. .. .. 52 ..",
    ".. .. .. 66 56",
    ".. 80 75 68 ..",
    "91 82 79 .. ..",
    "92 86 .. .. ..",
    "96 .. .. .. ..",
)

TILES: Mapping[str, tuple[int, int]] = MappingProxyType(
    {
        code: (column, row)
        for row, line in enumerate(_ROWS, 1)
        for column, code in enumerate(line.split(), 1)
        if code != ".."
    }
)
"""The column and the row of each province, from 1."""


def shade(count: int, most: int) -> int:
    """Return the shade of a tile, 0 for none to 5 for the most."""
    return 0 if count <= 0 or most <= 0 else min(5, 1 + (5 * count - 1) // most)
