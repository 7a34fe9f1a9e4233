"""A document as weights of its words and word pairs: what says that two texts tell of one happening."""

import math
import re
import zlib
from collections import Counter
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from io import BytesIO
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from monitor.records import Document
from monitor.text import normalize

BUCKETS = 1 << 20

# A term in more than 3 % of all texts says nothing of the happening.
_COMMON = 0.03
_STEPS_PER_UNIT = 16
_BODY = 400
_WORD = re.compile(r"\w+")

# News in brief tells of many happenings at once and would join them.
_DIGEST = re.compile(r"(điểm tin|xem nhanh|tin nhanh|bản tin|đọc báo|nóng trong ngày)\b|.*\s\|\s", re.IGNORECASE)


def bucket(term: str) -> int:
    """Return the number that stands for a term, the same on every machine."""
    return zlib.crc32(term.encode()) & (BUCKETS - 1)


def words(document: Document) -> list[str]:
    """Return the syllables of title and lead (of the start of the text where there is no lead), in small letters."""
    return _WORD.findall(normalize(_told(document)).casefold())


def is_digest(title: str) -> bool:
    """Return whether a title is that of news in brief."""
    return bool(_DIGEST.match(normalize(title)))


def terms(document: Document) -> list[str]:
    """Return the syllables and the pairs of neighbours, repeats included."""
    single = words(document)
    return single + [f"{a} {b}" for a, b in pairwise(single)]


def _told(document: Document) -> str:
    """The title counts twice: stories judged in five months are then found again better (BCubed F1 0.78 for 0.76)."""
    return f"{document.title} . {document.title} . {document.lead or document.text[:_BODY]}"


def vector(found: list[str]) -> dict[int, float]:
    """Return the weights of terms by bucket, rarer ones more, as a vector of length one or empty."""
    rarity = rarities()
    weights: dict[int, float] = {}
    for term, count in Counter(found).items():
        key = bucket(term)
        if rarity[key]:
            weights[key] = weights.get(key, 0.0) + (1 + math.log(count)) * rarity[key] / _STEPS_PER_UNIT
    length = math.sqrt(sum(w * w for w in weights.values()))
    return {key: w / length for key, w in weights.items()}


@cache
def rarities() -> bytes:
    """Return the inverse document frequency of each bucket in sixteenths; 0 for common terms."""
    with np.load(BytesIO(files("monitor.detect").joinpath("rarity.npz").read_bytes())) as arrays:
        table = np.full(BUCKETS, int(arrays["unseen"]), np.uint8)
        table[arrays["buckets"]] = arrays["rarity"]
    return table.tobytes()


def measure(counts: Mapping[str, int], texts: int) -> tuple[NDArray[np.int32], NDArray[np.uint8], int]:
    """Return buckets, their rarity, and that of all other buckets, from the number of texts that have each term."""
    totals: Counter[int] = Counter()
    for term, count in counts.items():
        totals[bucket(term)] += count
    keys = np.array(sorted(totals), np.int32)
    share = np.array([totals[int(key)] for key in keys]) / texts
    rarity = np.round(np.where(share > _COMMON, 0, (1 - np.log(share)) * _STEPS_PER_UNIT))
    return keys, np.clip(rarity, 0, 255).astype(np.uint8), round((1 + math.log(texts / 2)) * _STEPS_PER_UNIT)
