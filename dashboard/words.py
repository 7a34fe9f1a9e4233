"""What readers see, in Vietnamese and in English, from words.toml."""

from collections.abc import Callable, Iterator
from enum import StrEnum
from pathlib import Path

from dashboard.errors import UnknownWord
from monitor.sentences import Sentences, load_sentences

Translate = Callable[..., str]

_FILE = Path(__file__).with_name("words.toml")


class Language(StrEnum):
    VIETNAMESE = "vi"
    ENGLISH = "en"


def load_words(path: Path = _FILE) -> Sentences:
    """Return the Vietnamese and the English text of each key."""
    return load_sentences(path)


def translator(words: Sentences, language: Language) -> Translate:
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


def _accepted(accept: str) -> Iterator[tuple[str, float]]:
    for part in accept.lower().split(","):
        tag, _, quality = part.strip().partition(";q=")
        try:
            yield tag, float(quality or 1)
        except ValueError:
            continue
