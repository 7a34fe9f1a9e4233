"""Names of places in Vietnam: which province (of the 34), and which ward, each can mean."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import takewhile

from monitor.provinces import ALIASES, PROVINCES
from monitor.text import fold

WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")

# Landmarks of these kinds are written with a small letter too ("sông Quao").
_KINDS = frozenset(
    ("Sông", "Hồ", "Đèo", "Cầu", "Núi", "Chùa", "Đảo", "Hòn", "Cồn", "Bãi", "Hang", "Vịnh", "Chợ", "Đền")
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """One thing that a name can mean: codes of its province and, if it is one, ward; `after`: words that precede.

    `sort`: P province, F former province, C city or town, Q urban and H rural district (all three until 2025),
    w ward, x commune, k special zone, v ward or commune until 2025, L landmark.
    """

    sort: str
    code: str
    ward: str = ""
    after: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """Raw readings by lower-case name; `lengths` are the lengths in words of names that start with a word."""

    names: Mapping[str, str]
    lengths: Mapping[str, tuple[int, ...]]


def key(name: str) -> str:
    """Return the name as it is looked up: its words in lower case, one space between."""
    return " ".join(WORD.findall(name.lower().replace("’", "'")))


def _rows(file: str) -> Iterator[list[str]]:
    for line in files("nlp").joinpath(file).read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            yield line.split("\t")


def _province_rows() -> Iterator[tuple[str, str]]:
    for code, province in PROVINCES.items():
        yield province.name, f"P{code}"
        for name in province.former:
            yield name, f"F{code}"
        for name in ALIASES.get(code, ()):
            # The city bears a man's name: bare, it is the man, a road, a youth union or an academy.
            yield name, f"P{code}|tp,thành_phố" if name == "Hồ Chí Minh" else f"P{code}"
    for number in range(1, 13):
        yield f"q{number}", "Q79"


def _landmark_rows() -> Iterator[tuple[str, str]]:
    for codes, after, names in _rows("landmarks.tsv"):
        for name in names.split("; "):
            # "chùa Cầu": words in small letters before the name must stand there.
            words = name.split(" ")
            head = list(takewhile(str.islower, words))
            before, proper = " ".join(head) or after.strip("-"), " ".join(words[len(head) :])
            suffix = f"|{before.replace(' ', '_')}" if before else ""
            yield proper, " ".join(f"L{code}{suffix}" for code in codes.split())
            if not head and len(words) > 1 and words[0] in _KINDS:
                suffix = "|" + words[0].lower()
                yield " ".join(words[1:]), " ".join(f"L{code}{suffix}" for code in codes.split())


def _all_rows() -> Iterator[tuple[str, str]]:
    yield from _province_rows()
    yield from _landmark_rows()
    yield from ((name, readings) for name, readings in _rows("units.tsv"))


def _index(pairs: Iterable[tuple[str, str]]) -> Gazetteer:
    names: dict[str, str] = {}
    lengths: dict[str, set[int]] = {}
    for name, readings in pairs:
        known = names.get(name)
        names[name] = f"{known} {readings}" if known else readings
        lengths.setdefault(name.split(" ", 1)[0], set()).add(name.count(" ") + 1)
    return Gazetteer(names, {head: tuple(sorted(sizes, reverse=True)) for head, sizes in lengths.items()})


@cache
def marked() -> Gazetteer:
    """Return the gazetteer for text with its marks."""
    return _index((key(name), readings) for name, readings in _all_rows())


@cache
def plain() -> Gazetteer:
    """Return the gazetteer for text that was typed without marks."""
    return _index((fold(name), readings) for name, readings in marked().names.items())


@cache
def ward_names() -> Mapping[str, str]:
    """Return the names of today's wards, communes and special zones ("phường Hoàn Kiếm") by official code."""
    units = {"w": "phường", "x": "xã", "k": "đặc khu"}
    parsed = ((name, reading) for name, raw in _rows("units.tsv") for reading in readings(raw))
    return {r.ward: f"{units[r.sort]} {name}" for name, r in parsed if r.ward}


@cache
def readings(raw: str) -> tuple[Reading, ...]:
    """Return the readings that a value of `Gazetteer.names` stands for."""
    return tuple(_reading(part) for part in dict.fromkeys(raw.split(" ")))


def _reading(part: str) -> Reading:
    body, _, after = part.partition("|")
    code, _, ward = body[1:].partition(":")
    return Reading(
        sort=body[0],
        code=code,
        ward=ward,
        after=frozenset(after.replace("_", " ").split(",")) if after else frozenset(),
    )
