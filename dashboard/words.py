"""What readers see, in Vietnamese and in English, from words.toml."""

import tomllib
from collections.abc import Callable, Iterator, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Any

from dashboard.errors import UnknownWord

Translate = Callable[..., str]

_FILE = Path(__file__).with_name("words.toml")


class Language(StrEnum):
    VIETNAMESE = "vi"
    ENGLISH = "en"


def load_words(path: Path = _FILE) -> Mapping[str, tuple[str, str]]:
    """Return the Vietnamese and the English text of each key, such as `level.hot`; `_` is the word of a table."""
    return dict(_flat("", tomllib.loads(path.read_text(encoding="utf-8"))))


def translator(words: Mapping[str, tuple[str, str]], language: Language) -> Translate:
    """Return the function from a key, and values for its {slots}, to text.  It raises UnknownWord."""
    column = tuple(Language).index(language)

    def translate(key: str, **values: object) -> str:
        if key not in words:
            raise UnknownWord(key)
        return words[key][column].format_map(values) if values else words[key][column]

    return translate


def language_of(cookie: str, accept: str) -> Language:
    """Return the language chosen before, else the one that the browser likes better, else Vietnamese."""
    if cookie in tuple(Language):
        return Language(cookie)
    liked = {tag.split("-")[0]: weight for tag, weight in reversed(list(_accepted(accept)))}
    return Language.ENGLISH if liked.get("en", 0.0) > liked.get("vi", 0.0) else Language.VIETNAMESE


def _flat(prefix: str, values: Mapping[str, Any]) -> Iterator[tuple[str, tuple[str, str]]]:
    for key, value in values.items():
        if isinstance(value, dict):
            yield from _flat(f"{prefix}{key}.", value)
        else:
            vietnamese, english = value
            yield (prefix.rstrip(".") if key == "_" else prefix + key), (vietnamese, english)


def _accepted(accept: str) -> Iterator[tuple[str, float]]:
    for part in accept.lower().split(","):
        tag, _, quality = part.strip().partition(";q=")
        try:
            yield tag, float(quality or 1)
        except ValueError:
            continue
