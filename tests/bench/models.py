"""The gate on the figures of the models: python -m tests.bench.models [--update [--allow-lower]] [--docs] [DATA].

Fails where a figure is below its floor in baseline.json by more than its noise.  --update raises floors to what is
measured, and lowers one only with --allow-lower.  --docs writes docs/calibration.svg.
"""

import argparse
import json
import os
import sys
from collections.abc import Mapping
from hashlib import blake2b
from pathlib import Path
from typing import Any

from nlp.evaluate import evaluate

BASELINE = Path(__file__).with_name("baseline.json")
SVG = Path(__file__).parents[2] / "docs/calibration.svg"
# Two items of 600 that change sides: what another processor's arithmetic may do.
NOISE = 0.004
GATED = {
    "news_gold": (
        "topic_macro_f1", "tone_macro_f1", "concern_f1", "concern_average_precision", "places_micro_f1",
    ),
    "news_gold_without_marks": ("topic_macro_f1", "tone_macro_f1"),
    "comments_held_out_by_context": ("tone_macro_f1",),
    "uit_vsfc_dev": ("weighted_f1",),
}  # fmt: skip


def measured(figures: Mapping[str, Any]) -> dict[str, float]:
    """Return the figures that have floors, by `set.figure`."""
    return {f"{group}.{name}": figures[group][name][0] for group, names in GATED.items() for name in names}


def below(found: Mapping[str, float], floors: Mapping[str, float]) -> dict[str, tuple[float, float]]:
    """Return the figures that are below their floor by more than noise, each with its floor."""
    return {name: (found[name], floor) for name, floor in floors.items() if found[name] < floor - NOISE}


def raised(found: Mapping[str, float], floors: Mapping[str, float], *, allow_lower: bool) -> dict[str, float]:
    """Return the new floors: what was found, but never less than the old floor unless that is allowed."""
    return {name: value if allow_lower else max(value, floors.get(name, value)) for name, value in found.items()}


def digest_of(data: Path) -> str:
    """Return a digest of the labelled files, so that floors are not held against other data."""
    return blake2b(
        b"".join(p.read_bytes() for p in sorted((data / "labels").glob("*.jsonl"))), digest_size=8
    ).hexdigest()


def plot(shares: list[tuple[float, float, int]]) -> str:
    """Return an SVG of how often what is given a chance of concern is one; area of a dot: number of items."""
    dots = "".join(
        f'<circle cx="{40 + 300 * chance:.1f}" cy="{320 - 300 * share:.1f}" r="{2 + size**0.5 / 2:.1f}"/>'
        for chance, share, size in shares
    )
    return f"""\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 360 360" font-family="sans-serif" font-size="11">
<rect width="360" height="360" fill="white"/>
<path d="M40 320H340M40 320V20M40 320L340 20" stroke="#999" fill="none"/>
<g fill="#1f5fa8" fill-opacity="0.8">{dots}</g>
<text x="190" y="350" text-anchor="middle">Probability of concern</text>
<text transform="translate(16 170) rotate(-90)" text-anchor="middle">Share that is a concern</text>
<text x="40" y="334">0</text><text x="334" y="334">1</text><text x="28" y="24">1</text>
</svg>
"""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path, nargs="?", default=Path(os.environ.get("LANGNGHE_DATA", "../shared/data")))
    for flag in ("--update", "--allow-lower", "--docs"):
        parser.add_argument(flag, action="store_true")
    options = parser.parse_args()
    figures = evaluate(options.data)
    found, stored = measured(figures), json.loads(BASELINE.read_text()) if BASELINE.exists() else {"nlp": {}}
    floors = stored["nlp"].get("floors", {})
    sys.stdout.write(json.dumps(figures, ensure_ascii=False, indent=1) + "\n")
    if options.docs:
        SVG.write_text(plot(figures["news_gold"]["concern_shares"]))
    if options.update:
        floors = raised(found, floors, allow_lower=options.allow_lower)
        stored["nlp"] = {"data": digest_of(options.data), "floors": floors}
        BASELINE.write_text(json.dumps(stored, indent=2) + "\n")
    if stored["nlp"].get("data") != digest_of(options.data):
        sys.stderr.write("The floors were set on other labels; --update sets them anew.\n")
        return 1
    missed = below(found, floors)
    for name, (value, floor) in missed.items():
        sys.stderr.write(f"{name}: {value} is below its floor {floor}\n")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
