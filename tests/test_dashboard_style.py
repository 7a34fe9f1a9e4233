"""The style sheet and the pictures by computation: contrast as WCAG 2.2 defines it, nothing from elsewhere."""

import re

import pytest

from briefing.charts import DARK, LIGHT, Wording, days_spec, svg
from dashboard.charts import NARROW, WIDE
from dashboard.rendering import TEMPLATES
from dashboard.style import STYLE
from dashboard.tiles import TILES, shade
from monitor.provinces import PROVINCES
from monitor.store import Bucket

CSS = STYLE.decode()
COLOURS = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", CSS))

# Text on its ground: 4.5 to 1 (AA).
TEXT = [
    *(("ink", ground) for ground in ("paper", "ground", "accent-soft", "good-soft", "hot-soft", "warn-soft")),
    *(("ink", f"tile-{n}") for n in range(4)),
    *(("on-accent", ground) for ground in ("accent", "accent-dark", "tile-4", "tile-5")),
    *((word, ground) for word in ("soft", "accent") for ground in ("paper", "ground", "accent-soft")),
    *(("hot", "hot-soft"), ("warn", "warn-soft"), ("good", "good-soft"), ("mute", "mute-soft")),
    *(("hot", "paper"), ("warn", "paper"), ("soft", "hot-soft"), ("accent", "hot-soft")),
]


def luminance(colour: str) -> float:
    channels = (int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(("text", "ground"), TEXT)
def test_text_can_be_read_on_its_ground(text: str, ground: str):
    assert contrast(COLOURS[text], COLOURS[ground]) >= 4.5


@pytest.mark.parametrize("ground", ["paper", "ground"])
def test_the_mark_of_focus_stands_out(ground: str):
    assert contrast(COLOURS["accent"], COLOURS[ground]) >= 3


def test_every_colour_of_text_is_one_that_was_computed():
    used = set(re.findall(r"(?<![-\w])color: var\(--([\w-]+)\)", CSS))
    assert used <= {text for text, _ in TEXT} | {"accent-dark"}


def test_nothing_is_fetched_from_elsewhere():
    assert "url(" not in CSS
    assert "@import" not in CSS
    for template in TEMPLATES.glob("*"):
        source = template.read_text(encoding="utf-8")
        assert not re.search(r'(?:src|href)="https?:', source), template


def test_no_template_holds_script_or_style():
    for template in TEMPLATES.glob("*"):
        source = template.read_text(encoding="utf-8")
        source = source.replace('<script src="{{ script_path }}" defer></script>', "")
        assert not re.search(r"<script|<style|\sstyle=|\son\w+=|\|\s*safe\b", source), template


def test_every_province_has_a_tile_of_its_own():
    assert set(TILES) == set(PROVINCES)
    assert len(set(TILES.values())) == len(TILES)
    places = {f".{axis}{place[n]} " for place in TILES.values() for n, axis in enumerate("cr")}
    assert all(place in CSS for place in places)


def test_shades_run_from_none_to_most():
    assert [shade(count, 100) for count in (0, 1, 20, 21, 100)] == [0, 1, 1, 2, 5]
    assert shade(0, 0) == 0


@pytest.mark.parametrize("bar", [DARK, LIGHT])
def test_bars_stand_out_from_the_paper(bar: str):
    assert contrast(bar, COLOURS["paper"]) >= 3


@pytest.mark.parametrize("size", [WIDE, NARROW])
@pytest.mark.parametrize("counts", [[], [0], [1, 2, 3], [0, 7, 1234567], [5] * 60])
def test_a_chart_has_the_size_of_its_frame(size: tuple[int, int], counts: list[int]):
    days = [Bucket(key=f"2025-11-{n % 28 + 1:02}", count=count) for n, count in enumerate(counts)]
    drawn = svg(days_spec(days, Wording(description="Số tin mỗi ngày"), size=size))
    assert f'width="{size[0]}" height="{size[1]}"' in drawn[:200]
    assert drawn.count('aria-roledescription="bar"') == len(days)
