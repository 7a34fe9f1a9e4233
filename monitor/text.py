"""Vietnamese text as both stores and the annotator see it: one normal form, one folded form."""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from itertools import chain, islice

# Eth and African D are typed for Đ on foreign keyboards; the rest look like the Latin letters beside them.
_LOOKALIKE = re.compile("[ÐðƉɖ]")
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb]"
)
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_SPACE = re.compile(r"\s+")
_TONES = "\u0300\u0301\u0303\u0309\u0323"
_MARKS = "\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
_MARK = re.compile(f"[{_MARKS}]+")
_WORD = re.compile(rf"(?:[^\W_]++|[{_MARKS}]++)+")
_PLAIN_WORD = re.compile(r"[^\W_]+")
# hoà, hoè, thuý: the tone belongs on the first vowel when the syllable ends there (rule of the 1984 decree).
_LATE_TONE = re.compile(rf"([oOuU])(?<![qQ].)((?<=[oO])[aAeE]|(?<=[uU])[yY])([{_TONES}])(?![\w{_MARKS}])")


def clean(text: str) -> str:
    """Return the text in NFC without invisible and control characters; letters, case and line ends stay as they are."""
    return unicodedata.normalize("NFC", _CONTROL.sub(" ", _INVISIBLE.sub("", text)))


def normalize(text: str) -> str:
    """Return the text cleaned, eth as đ, tone marks in their usual place (hoà as hòa), one space between words."""
    decomposed = unicodedata.normalize("NFD", _LOOKALIKE.sub(_usual_letter, clean(text)))
    return _SPACE.sub(" ", unicodedata.normalize("NFC", _LATE_TONE.sub(_early_tone, decomposed))).strip()


def fold(text: str) -> str:
    """Return the text without case, marks and đ, so that "o nhiem", "Ô nhiễm" and its NFD form are one."""
    plain = _MARK.sub("", unicodedata.normalize("NFD", normalize(text).casefold()))
    return _SPACE.sub(" ", unicodedata.normalize("NFC", plain.replace("đ", "d"))).strip()


def terms(text: str) -> list[str]:
    """Return the words of the folded text, letters and digits only: what both stores index and look for."""
    return folded(exact_terms(text))


def exact_terms(text: str) -> list[str]:
    """Return the words as `terms` does, with their marks and đ kept."""
    return [exact for exact, _ in term_pairs(text)]


def term_pairs(text: str) -> list[tuple[str, str]]:
    """Return each word of `exact_terms` beside its folded form, which is empty for a word of marks alone."""
    cleaned = clean(text)
    return list(chain.from_iterable(map(_pairs, _word_of(cleaned).findall(cleaned))))


def folded(words: Iterable[str]) -> list[str]:
    """Return the folded form of each word that has one."""
    return [plain for word in words if (plain := _folded_word(word))]


def folded_words(text: str) -> list[str]:
    """Return the folded form of each word of a text that `clean` returned, empty for a word of marks alone."""
    return list(map(_folded_word, _word_of(text).findall(text)))


def word_spans(text: str, number: int | None = None) -> list[tuple[int, int]]:
    """Return start and end of each word of `folded_words`, or of the first ones."""
    return [match.span() for match in islice(_word_of(text).finditer(text), number)]


def _word_of(text: str) -> re.Pattern[str]:
    """The same words, sooner, where no marks stand apart from their letters, which is nearly always."""
    return _WORD if _MARK.search(text) else _PLAIN_WORD


@lru_cache(maxsize=50_000)
def _pairs(word: str) -> tuple[tuple[str, str], ...]:
    return tuple((exact, _folded_word(exact)) for exact in _WORD.findall(normalize(word).casefold()))


@lru_cache(maxsize=50_000)
def _folded_word(word: str) -> str:
    return fold(word)


def _usual_letter(match: re.Match[str]) -> str:
    return "Đ" if match[0].isupper() else "đ"


def _early_tone(match: re.Match[str]) -> str:
    first, second, tone = match.groups()
    return first + tone + second
