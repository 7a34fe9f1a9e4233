"""Vietnamese text as both stores and the annotator see it: one normal form, one folded form."""

import re
import unicodedata

# Eth and African D are typed for Đ on foreign keyboards; the rest look like the Latin letters beside them.
_LOOKALIKES = str.maketrans("ÐðƉɖ", "ĐđĐđ")
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb]"
)
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_SPACE = re.compile(r"\s+")
_TONES = "\u0300\u0301\u0303\u0309\u0323"
# hoà, hoè, thuý and the like: the tone belongs on the first vowel when the syllable ends there (rule of the 1984 decree).
_LATE_TONE = re.compile(rf"(?<![qQ])([oO])([aAeE])([{_TONES}])(?![\w])|(?<![qQ])([uU])([yY])([{_TONES}])(?![\w])")


def clean(text: str) -> str:
    """Return the text in NFC without invisible and control characters; letters, case and line ends stay as published."""
    return unicodedata.normalize("NFC", _CONTROL.sub(" ", _INVISIBLE.sub("", text)))


def normalize(text: str) -> str:
    """Return the text cleaned, eth as đ, tone marks in their usual place (hoà as hòa), one space between words."""
    decomposed = unicodedata.normalize("NFD", clean(text).translate(_LOOKALIKES))
    return _SPACE.sub(" ", unicodedata.normalize("NFC", _LATE_TONE.sub(_early_tone, decomposed))).strip()


def fold(text: str) -> str:
    """Return the text without case, marks and đ, so that "o nhiem", "Ô nhiễm" and its NFD form are one."""
    decomposed = unicodedata.normalize("NFD", normalize(text).casefold())
    plain = "".join(c for c in decomposed if not unicodedata.combining(c))
    return unicodedata.normalize("NFC", plain.replace("đ", "d"))


def _early_tone(match: re.Match[str]) -> str:
    first, second, tone = (g for g in match.groups() if g)
    return first + tone + second
