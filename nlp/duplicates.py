"""Which earlier document a new one copies: syndicated reports, republished pages and light rewrites."""

import re
import unicodedata
import zlib
from collections import Counter, deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import numpy as np
from datasketch import MinHash

from monitor.records import Document, Kind

WINDOW = timedelta(days=4)

_BANDS = 16  # of two rows each: they lose none of the judged copies that 32 find, at half the cost
_POSTINGS = 16  # newest documents kept for one band key, so that a flood of twins costs no more than sixteen checks
_WORDS_AT_LEAST = 8  # shorter texts ("hay quá", "chúc mừng cả nhà") are said by many without copying
_WORDS_AT_MOST = 120
# Chosen on 205 pairs of one month, most of them hard ones, judged by reading: 0.83 of copies are found and 0.94 of
# finds are copies (python -m tests.bench.duplicates).  The unweighted share is a cheap first look.
_WEIGHED = 0.65
_CONTAINED = 0.6
_WORD = re.compile(r"\w+")
_NUMBER = re.compile(r"\d+")
_MIXER = np.uint32(0x9E3779B1)
_SEED = MinHash(num_perm=_BANDS * 2)


@dataclass(frozen=True, kw_only=True, slots=True)
class Print:
    """What is kept of a document: the hashes of its pairs of words, and its numbers."""

    id: str
    at: datetime
    pairs: frozenset[int]
    numbers: frozenset[str]


def fingerprint(document: Document) -> Print | None:
    """Return the print of title, lead and the start of the text, or None when they are too short to be copied.

    The title of an answer is that of what it answers, and says nothing.
    """
    title = "" if document.kind is Kind.COMMENT or document.parent_id else document.title
    text = unicodedata.normalize("NFC", f"{title} {document.lead} {document.text[:1200]}").lower()
    words = _WORD.findall(text)[:_WORDS_AT_MOST]
    if len(words) < _WORDS_AT_LEAST:
        return None
    hashes = np.array([zlib.crc32(word.encode(errors="replace")) for word in words], dtype=np.uint32)
    pairs = hashes[:-1] * _MIXER + hashes[1:]
    numbers = frozenset(_NUMBER.findall(text))
    return Print(id=document.id, at=document.fetched_at, pairs=frozenset(pairs.tolist()), numbers=numbers)


def is_copy(new: Print, old: Print, often: Mapping[int, int]) -> bool:
    """Return whether one tells what the other tells: most of the shorter is in the longer, and no number differs."""
    plain = len(new.pairs & old.pairs) / min(len(new.pairs), len(old.pairs))
    if plain < _CONTAINED or (new.numbers - old.numbers and old.numbers - new.numbers):
        return False
    return containment(new, old, often) >= _WEIGHED


def containment(new: Print, old: Print, often: Mapping[int, int]) -> float:
    """Return the share of the shorter print that the longer one has too.

    A pair of words weighs one over the root of how many other documents of the window have it, so that what a daily
    bulletin or the draw of a lottery says every day makes no copy.
    """
    weights: dict[int, float] = {pair: max(1, often.get(pair, 0) - 1) ** -0.5 for pair in new.pairs | old.pairs}
    total = min(sum(weights[pair] for pair in prints.pairs) for prints in (new, old))
    return sum(weights[pair] for pair in new.pairs & old.pairs) / total


def _keys(prints: Print) -> list[int]:
    sketch = MinHash(num_perm=_BANDS * 2, hashfunc=int, permutations=_SEED.permutations, scheme=_SEED.scheme)
    sketch.update_batch(prints.pairs)
    bands: list[int] = sketch.hashvalues.astype(np.uint32).view(np.uint64).tolist()
    return [two_rows * _BANDS + band for band, two_rows in enumerate(bands)]


@dataclass(kw_only=True, slots=True)
class Recent:
    """The documents of the last days by MinHash bands; the cost of one more does not grow with how many there are.

    Adding the documents of the last `window` in order of arrival rebuilds it after a restart.
    """

    window: timedelta = WINDOW
    _postings: dict[int, list[Print]] = field(default_factory=dict)
    _arrivals: deque[tuple[Print, list[int]]] = field(default_factory=deque)
    _often: Counter[int] = field(default_factory=Counter)

    def add(self, document: Document) -> str | None:
        """Return the id of the earliest document within the window that this one copies, and remember this one."""
        copied = self.copies(document)
        return copied[0] if copied else None

    def copies(self, document: Document) -> tuple[str, ...]:
        """Return the ids of all documents within the window that this one copies, earliest first, and remember it."""
        prints = fingerprint(document)
        if prints is None:
            return ()
        keys = _keys(prints)
        self._forget(prints.at - self.window)
        self._often.update(prints.pairs)
        found = {old.id: old for key in keys for old in self._postings.get(key, ())}
        copied = [old for old in found.values() if self._within(old, prints) and is_copy(prints, old, self._often)]
        self._remember(prints, keys)
        return tuple(old.id for old in sorted(copied, key=lambda old: (old.at, old.id)))

    def _within(self, old: Print, new: Print) -> bool:
        return old.id != new.id and new.at - self.window <= old.at

    def _remember(self, prints: Print, keys: list[int]) -> None:
        self._arrivals.append((prints, keys))
        for key in keys:
            posting = self._postings.setdefault(key, [])
            posting.append(prints)
            del posting[:-_POSTINGS]

    def _forget(self, before: datetime) -> None:
        while self._arrivals and self._arrivals[0][0].at < before:
            prints, keys = self._arrivals.popleft()
            self._forget_pairs(prints.pairs)
            self._forget_postings(keys, before)

    def _forget_pairs(self, pairs: frozenset[int]) -> None:
        often = self._often
        for pair in pairs:
            if often[pair] == 1:
                del often[pair]
            else:
                often[pair] -= 1

    def _forget_postings(self, keys: list[int], before: datetime) -> None:
        for key in keys:
            posting = self._postings.get(key)
            if posting and posting[0].at < before:
                del posting[0]
            if posting == []:
                del self._postings[key]
