"""Sentences for people, in Vietnamese and in English, from TOML files that hold both of each."""

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

LANGUAGES = ("vi", "en")

WRONG = Path(__file__).with_name("wrong.toml")
"""Why something that somebody typed, chose or uploaded cannot be taken."""

Sentences = Mapping[str, tuple[str, str]]


def load_sentences(path: Path) -> Sentences:
    """Return the Vietnamese and the English text of each key, such as `level.hot`; `_` is the word of a table."""
    return dict(_flat("", tomllib.loads(path.read_text(encoding="utf-8"))))


def wrong(key: str, language: str, values: Mapping[str, object]) -> str:
    """Return a sentence of WRONG with its slots filled, in `vi` or `en`."""
    return _wrong()[key][LANGUAGES.index(language)].format_map(values)


@cache
def _wrong() -> Sentences:
    return load_sentences(WRONG)


def _flat(prefix: str, values: Mapping[str, Any]) -> Iterator[tuple[str, tuple[str, str]]]:
    for key, value in values.items():
        if isinstance(value, dict):
            yield from _flat(f"{prefix}{key}.", value)
        else:
            vietnamese, english = value
            yield (prefix.rstrip(".") if key == "_" else prefix + key), (vietnamese, english)
