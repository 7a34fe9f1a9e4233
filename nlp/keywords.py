"""Keywords of a document and of a group of documents: what they speak of more than news usually does."""

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from zlib import crc32

from monitor.errors import ModelError
from monitor.text import normalize
from nlp.network import read_arrays

_SYLLABLE = re.compile(r"[A-ZĐ]{1,3}\.[A-ZĐ]\w*|[^\W_]+|[^\w\s]")
_LONGEST = 4
_READ = 4_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Background:
    """In how many of `documents` news items each word stands, by the word's name (see `named`)."""

    counts: Mapping[int, int]
    documents: int

    def count(self, word: str) -> float:
        """Return how many documents hold the word; half of one for a word never seen."""
        return self.counts.get(named(word), 0.5)


def load_background(path: Path) -> Background:
    """Return the background that training wrote.  Raises ModelError naming the file."""
    arrays = read_arrays(path)
    try:
        counts = dict(zip(arrays["names"].tolist(), arrays["counts"].tolist(), strict=True))
        return Background(counts=counts, documents=int(arrays["documents"]))
    except (KeyError, TypeError, ValueError):
        raise ModelError(f"{path}: not a background of this version; rebuild it with `langnghe train`") from None


def named(word: str) -> int:
    """Return the name of a word: 32 bits of a hash, the same however its case is written."""
    return crc32(word.casefold().encode("utf-8", "replace"))


def split(text: str, background: Background) -> list[str]:
    """Return the words of a text, syllables joined by underscores: the longest known word, or a run of capitals.

    The background knows what underthesea took for words in every third unlabelled news item.  Segmenting each document
    anew would be two thirds of the time that annotating takes: 450 documents a second instead of 1,240 (measured).
    """
    syllables = _SYLLABLE.findall(normalize(text[:_READ]))
    found, at = [], 0
    while at < len(syllables):
        length = _known(syllables, at, background) or _capitals(syllables, at, background)
        found.append("_".join(syllables[at : at + length]))
        at += length
    return found


def _known(syllables: Sequence[str], at: int, background: Background) -> int:
    for length in range(min(_LONGEST, len(syllables) - at), 1, -1):
        if named("_".join(syllables[at : at + length])) in background.counts:
            return length
    return 0


def _capitals(syllables: Sequence[str], at: int, background: Background) -> int:
    end = at
    while end < len(syllables) and end - at < _LONGEST and _is_name(syllables[end]):
        end += _known(syllables, end, background) or 1
    return max(1, end - at)


def _is_name(syllable: str) -> bool:
    return syllable[0].isupper() and "." not in syllable


def keywords(title: Sequence[str], body: Sequence[str], background: Background, *, limit: int = 8) -> tuple[str, ...]:
    """Return the words that tell most of a document, best first: frequent in it (title twice), rare elsewhere."""
    written = _telling([*title, *title, *body])
    scores = {key: _weight(key, count, background) for key, (_, count) in written.items()}
    best = sorted(scores, key=lambda key: (-scores[key], key))[:limit]
    return tuple(written[key][0].replace("_", " ") for key in best)


def group_keywords(documents: Iterable[Sequence[str]], background: Background, *, limit: int = 12) -> tuple[str, ...]:
    """Return the words that a group of documents (as segmented words) uses more than news does, best first.

    Log-odds with an informative Dirichlet prior, by z-score (Monroe, Colaresi and Quinn, "Fightin' Words", 2008),
    on numbers of documents, so that one long text does not speak for all; the prior is as strong as the group.
    """
    told = [_telling(words) for words in documents]
    counts = Counter(key for words in told for key in words)
    written = {key: surface for words in told for key, (surface, _) in words.items()}
    scores = {key: _surprise(count, len(told), key, background) for key, count in counts.items()}
    best = sorted(scores, key=lambda key: (-scores[key], key))[:limit]
    return tuple(written[key].replace("_", " ") for key in best if scores[key] > 0)


def _surprise(count: int, documents: int, key: str, background: Background) -> float:
    usual = background.count(key)
    prior = documents * usual / background.documents
    inside = math.log((count + prior) / (2 * documents - count - prior + 1))
    outside = math.log((usual + prior) / (background.documents + documents - usual - prior + 1))
    return (inside - outside) / math.sqrt(1 / (count + prior) + 1 / (usual + prior))


def _weight(key: str, count: int, background: Background) -> float:
    rarity = math.log(background.documents / background.count(key))
    return (1 + math.log(count)) * rarity * (1.0 if "_" in key else 0.6)


def _telling(words: Sequence[str]) -> Mapping[str, tuple[str, int]]:
    """Return the words that can be keywords: how each is first written, and how often it stands there."""
    found: dict[str, tuple[str, int]] = {}
    for word in words:
        key = word.casefold()
        if _can_tell(key):
            surface, count = found.get(key, (word, 0))
            found[key] = (surface, count + 1)
    return found


def _can_tell(key: str) -> bool:
    return 2 <= len(key) <= 60 and key not in _stop_words() and key[0].isalpha() and key[-1].isalnum()


@cache
def _stop_words() -> frozenset[str]:
    lines = Path(__file__).with_name("stopwords.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())
