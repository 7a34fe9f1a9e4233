"""A timeline as bars on a canvas: where each stands, in the units of the picture."""

from collections.abc import Sequence
from dataclasses import dataclass

from monitor.store import Bucket

WIDE, NARROW = (720, 200), (360, 180)
"""Width and height of the picture on a desk and on a phone."""

_LEFT, _RIGHT, _TOP, _BOTTOM = 44, 8, 12, 24
_LABEL = 80


@dataclass(frozen=True, kw_only=True, slots=True)
class Bar:
    """One day; `marked` ones are drawn dark, `label` is "" where there is no room."""

    x: float
    y: float
    width: float
    height: float
    label: str
    marked: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One line across, with the number it stands for."""

    y: float
    value: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Drawing:
    """What the template draws."""

    width: int
    height: int
    left: int
    floor: float
    bars: tuple[Bar, ...]
    lines: tuple[Line, ...]


def draw(days: Sequence[Bucket], since: str = "", size: tuple[int, int] = WIDE) -> Drawing:
    """Return the drawing of a count a day; days from `since` on (all when it is "") are marked."""
    width, height = size
    room, tall = width - _LEFT - _RIGHT, height - _TOP - _BOTTOM
    step = _step(max((day.count for day in days), default=0))
    top = max(step, -(-max((day.count for day in days), default=0) // step) * step)
    slot = room / max(1, len(days))
    every = max(1, -(-len(days) * _LABEL // room))
    bars = (
        Bar(
            x=round(_LEFT + n * slot + 0.12 * slot, 2),
            y=round(_TOP + tall * (1 - day.count / top), 2),
            width=round(0.76 * slot, 2),
            height=round(tall * day.count / top, 2),
            label=f"{day.key[8:10]}/{day.key[5:7]}" if n % every == 0 else "",
            marked=day.key >= since,
        )
        for n, day in enumerate(days)
    )
    return Drawing(
        width=width,
        height=height,
        left=_LEFT,
        floor=_TOP + tall,
        bars=tuple(bars),
        lines=tuple(Line(y=round(_TOP + tall * (1 - v / top), 2), value=v) for v in range(0, top + 1, step)),
    )


def _step(most: int) -> int:
    """A round step that gives two to five lines."""
    step = 1
    while most > 4 * step:
        step *= 5 if str(step)[0] == "1" and most > 8 * step else 2
    return step
