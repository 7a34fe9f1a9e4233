"""Which earlier document a new one copies: syndicated reports, republished pages and light rewrites."""

import re
import unicodedata
import zlib
from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import numpy as np
from datasketch import MinHash

from monitor.records import Document

WINDOW = timedelta(days=4)

_BANDS = 32  # of two rows each
_POSTINGS = 16  # newest documents kept for one band key, so that a flood of twins costs no more than sixteen checks
_WORDS_AT_LEAST = 8  # shorter texts ("hay quá", "chúc mừng cả nhà") are said by many without copying
_WORDS_AT_MOST = 120
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
    """Return the print of title, lead and the start of the text, or None when they are too short to be copied."""
    text = unicodedata.normalize("NFC", f"{document.title} {document.lead} {document.text[:1200]}").lower()
    words = _WORD.findall(text)[:_WORDS_AT_MOST]
    if len(words) < _WORDS_AT_LEAST:
        return None
    hashes = np.array([zlib.crc32(word.encode(errors="replace")) for word in words], dtype=np.uint32)
    pairs = hashes[:-1] * _MIXER + hashes[1:]
    numbers = frozenset(_NUMBER.findall(text))
    return Print(id=document.id, at=document.fetched_at, pairs=frozenset(pairs.tolist()), numbers=numbers)


def is_copy(new: Print, old: Print) -> bool:
    """Return whether one tells what the other tells: most of the shorter is in the longer, and no number differs."""
    if containment(new, old) < _CONTAINED:
        return False
    return not (new.numbers - old.numbers and old.numbers - new.numbers)


def containment(new: Print, old: Print) -> float:
    """Return the share of the shorter one's word pairs that the longer one has too."""
    return len(new.pairs & old.pairs) / min(len(new.pairs), len(old.pairs))


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
    _arrivals: deque[tuple[datetime, list[int]]] = field(default_factory=deque)

    def add(self, document: Document) -> str | None:
        """Return the id of the earliest document within the window that this one copies, and remember this one."""
        prints = fingerprint(document)
        if prints is None:
            return None
        keys = _keys(prints)
        self._forget(prints.at - self.window)
        found = {old.id: old for key in keys for old in self._postings.get(key, ())}
        copied = [old for old in found.values() if self._within(old, prints) and is_copy(prints, old)]
        self._remember(prints, keys)
        return min(copied, key=lambda old: (old.at, old.id)).id if copied else None

    def _within(self, old: Print, new: Print) -> bool:
        return old.id != new.id and new.at - self.window <= old.at

    def _remember(self, prints: Print, keys: list[int]) -> None:
        self._arrivals.append((prints.at, keys))
        for key in keys:
            posting = self._postings.setdefault(key, [])
            posting.append(prints)
            del posting[:-_POSTINGS]

    def _forget(self, before: datetime) -> None:
        while self._arrivals and self._arrivals[0][0] < before:
            for key in self._arrivals.popleft()[1]:
                self._forget_first(key, before)

    def _forget_first(self, key: int, before: datetime) -> None:
        posting = self._postings.get(key)
        if posting and posting[0].at < before:
            del posting[0]
        if posting == []:
            del self._postings[key]
