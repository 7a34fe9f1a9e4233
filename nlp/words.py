"""Words of Vietnamese text: syllables for the models, segmented words for keywords, shorthand written out."""

import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from monitor.text import normalize

_SYLLABLE = re.compile(r"\w+|[^\w\s]")
_STRETCHED = re.compile(r"([^\W\d_])\1{2,}")
_DIGITS = str.maketrans("0123456789", "0" * 10)
_SENTENCE = re.compile(r"(?<=[.!?…])\s+|\n+")
_LETTERS = re.compile(r"[^\W\d_]+")
# A word is never this long; longer runs are pasted codes, on which the segmenter spends most of its time.
_LONGEST_RUN = re.compile(r"\S{60,}")


def syllables(text: str, *, limit: int = 400) -> list[str]:
    """Return the syllables, numbers and signs of a text in lower case, shorthand written out, each digit as 0."""
    plain = _STRETCHED.sub(r"\1", normalize(text[: limit * 20]).casefold().translate(_DIGITS))
    return expand(_SYLLABLE.findall(plain)[:limit])


def expand(tokens: Sequence[str]) -> list[str]:
    """Return the tokens with teencode and abbreviations written out: `ko dc` as `không được`, `ubnd` in full."""
    known = _shorthand()
    return [syllable for token in tokens for syllable in known.get(token, (token,))]


def segment(text: str) -> list[str]:
    """Return the words of a text in order, the syllables of a word joined by an underscore; case as written."""
    from underthesea import word_tokenize

    plain = _LONGEST_RUN.sub(" ", normalize(text))
    return [w.replace(" ", "_") for part in _SENTENCE.split(plain) if part for w in word_tokenize(part)]


def is_bare(text: str) -> bool:
    """Return whether the text is Vietnamese typed without marks: hardly a syllable has one, where most should."""
    letters = _LETTERS.findall(text[:2000])
    return len(letters) >= 3 and sum(not word.isascii() for word in letters) * 12 < len(letters)


@cache
def _shorthand() -> dict[str, tuple[str, ...]]:
    lines = Path(__file__).with_name("shorthand.tsv").read_text(encoding="utf-8").splitlines()
    pairs = (line.split("\t") for line in lines if line and not line.startswith("#"))
    return {short: tuple(full.split()) for short, full in pairs}
