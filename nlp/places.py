"""Which of the 34 provinces, and which wards, a text is about, and what in the text said so."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from monitor.text import normalize
from nlp import mentions
from nlp.mentions import Mention, Words

# Headline and summary say what an item is about; further down articles name places for comparison.
READ = 2_000
_NEAR = 4
ABROAD = "00"
# Words in capitals that say something of a place beside them; all others are names, of which nothing is learned.
_TELLING = (
    "công an ubnd sở tỉnh tp đại học trường clb fc đội bệnh viện ngân hàng báo đài đường phố quốc lộ cầu sông hồ khu ql"
    " hđnd thành quận huyện phường xã chủ tịch nsnd nsưt hlv"
)
_SPORT = (
    "trận hlv league cúp bàn clb đội thắng thua giải u23 u17 cầu thủ vòng bóng tran cup ban doi thang giai bong vong"
)
_FAMILIES = (
    "nguyễn trần lê phạm hoàng huỳnh phan vũ võ đặng bùi đỗ hồ ngô dương lý đào đinh trương cao mai tô tạ văn thị hà"
    " lương giáp lưu trịnh đoàn thái quách đức"
)
_SURNAMES = frozenset(_FAMILIES.split())
_GAME = frozenset(_SPORT.split())
_KEPT = frozenset(_TELLING.split())


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """A province that a text is about: its code, the chance that it is, codes of wards where certain, the words."""

    code: str
    probability: float
    wards: tuple[str, ...]
    evidence: tuple[str, ...]


@cache
def weights() -> Mapping[str, float]:
    """Return the shipped weights by feature."""
    lines = files("nlp").joinpath("models/places.tsv").read_text(encoding="utf-8").splitlines()
    return {name: float(value) for name, value in (line.split("\t") for line in lines)}


def find_places(title: str, body: str = "", *, threshold: float = 0.5) -> tuple[Place, ...]:
    """Return the places that a text is about, the surest first; `body` is the lead and the start of the text."""
    text = read(title, body)
    places = []
    for code, told in candidates(mentions.find(text.words)).items():
        features = describe(text, code, told)
        probability = _chance(features, weights())
        if probability >= threshold:
            places.append(_place(text.words, code, probability, told.own))
    return tuple(sorted(places, key=lambda p: (-p.probability, p.code)))


@dataclass(frozen=True, slots=True)
class Text:
    """Title and body in words; `game` is how many words of sport it has, at most 3."""

    words: Words
    title_words: int
    game: int


@dataclass(frozen=True, slots=True)
class Candidate:
    """What a text says of one province: mentions that can mean it, how many provinces the text names."""

    own: tuple[Mention, ...]
    rank: int
    rivals: int
    found: tuple[Mention, ...]
    sure: bool
    rest: frozenset[str]


def read(title: str, body: str) -> Text:
    """Return the words of title and body, how many of them are the title's, how much it sounds like sport."""
    head = normalize(title[:READ])
    tail = normalize(body[:READ])
    words = mentions.cut(f"{head}. {tail}" if tail else head)
    title_words = sum(1 for start in words.starts if start < len(head))
    return Text(words, title_words, min(len(_GAME.intersection(words.lower)), 3))


def candidates(found: Sequence[Mention]) -> dict[str, Candidate]:
    """Return the provinces that the mentions can mean, in order of their first mention."""
    sure = {code for m in found if len(m.codes) == 1 for code in m.codes}
    found = tuple(found)
    order: dict[str, list[Mention]] = {}
    for mention in found:
        for code in _meant(mention, sure):
            if code != ABROAD:
                order.setdefault(code, []).append(mention)
    return {
        code: Candidate(tuple(own), rank, len(order), found, code in sure, frozenset(sure - {code}))
        for rank, (code, own) in enumerate(order.items())
    }


def _meant(mention: Mention, sure: set[str]) -> list[str]:
    """Return what a name can mean: of several provinces those that the text names elsewhere, else all if few."""
    codes = sorted(mention.codes)
    known = [c for c in codes if c in sure]
    if mention.readings[0].sort == "L":
        return codes
    if not known and mention.readings[0].sort in "wx":
        codes = sorted({r.code for r in mention.readings if r.sort in "wx"})
    return known or (codes if len(codes) <= 2 else [])


def describe(text: Text, code: str, told: Candidate) -> list[str]:
    """Return the features on which it is decided whether the text is about a province."""
    words, title_words = text.words, text.title_words
    features = [
        "",
        f"game={text.game}",
        f"rank={min(told.rank, 3)}",
        f"rivals={min(told.rivals, 4)}",
        f"count={min(len(told.own), 4)}",
    ]
    in_title = [m.first < title_words for m in told.own]
    features.append(f"parts={any(in_title):d}{not all(in_title):d}")
    features.append("kinds=" + "".join(sorted({_sort(m) for m in told.own})))
    if len(told.own[0].codes) > 1:
        other = any(code in m.codes and len(m.codes) > 1 and m.codes & told.rest for m in told.own)
        features.append(f"sure={told.sure:d}{other:d}{told.own[0].readings[0].sort}")
    features.append(f"abroad={any(ABROAD in m.codes for m in told.found):d}{told.own[0].readings[0].sort}")
    known = any(m.readings[0].sort in "PF" and code not in m.codes for m in told.found)
    features.append(f"known={known:d}{''.join(sorted({m.readings[0].sort for m in told.own}))}")
    others_in_title = any(m.first < title_words and code not in m.codes for m in told.found)
    features.append(f"title={any(in_title):d}{others_in_title:d}")
    for mention in told.own[:3]:
        features += _around(words, mention, mention.first < title_words)
        features += _beside(words, mention, code, told.found)
    features += [f"{f}|game={text.game}" for f in features if f.startswith(("name=", "sort=", "L="))]
    mode = "" if words.cased and words.marked else "~"
    return [mode + f for f in dict.fromkeys(features)]


def _sort(mention: Mention) -> str:
    return mention.readings[0].sort + ("+" if mention.unit else "") + ("" if len(mention.codes) == 1 else "*")


def _around(words: Words, mention: Mention, in_title: bool) -> list[str]:
    first, last, sort = mention.first, mention.last, _sort(mention)
    if mention.unit and first:
        first -= mention.unit.count(" ") + 1
    left, right = _side(words, first, -1), _side(words, last, 1)
    features = [f"sort={sort}", f"name={mention.name}", f"title={in_title:d}{sort[0]}"]
    features += [f"L={left[0]}", f"LS={left[0]}|{sort}", f"R={right[0]}", f"RS={right[0]}|{sort}"]
    features += [f"LL={left[1]} {left[0]}", f"RR={right[0]} {right[1]}", f"LR={left[0]}|{right[0]}"]
    features += [f"l={w}" for w in left[1:]]
    features += [f"r={w}" for w in right[1:]]
    return features


def _beside(words: Words, mention: Mention, code: str, found: Sequence[Mention]) -> list[str]:
    """Return how the mention stands to the one before and the one after it ("xã A, B", "A - B")."""
    index = found.index(mention)
    features = []
    for step, left, right in ((-1, index - 1, index), (1, index, index + 1)):
        other = index + step
        if 0 <= other < len(found):
            gap = words.text[words.ends[found[left].last - 1] : words.starts[found[right].first]]
            if len(gap) <= 8:
                same = code in found[other].codes
                sorts = f"{_sort(mention)}{_sort(found[other])}"
                features += [
                    f"near{step}={same:d}{sorts}",
                    f"gap{step}={same:d}{gap.strip()}",
                    f"gap{step}={same:d}{gap.strip()}{sorts}",
                ]
    return features or ["alone"]


def _side(words: Words, edge: int, step: int) -> list[str]:
    """Return the words beside a mention, nearest first; a mark of punctuation is one; names are only "Aa"."""
    side: list[str] = []
    index = edge - 1 if step < 0 else edge
    while len(side) < _NEAR:
        if not 0 <= index < len(words.lower):
            side.append("^" if step < 0 else "$")
            if len(side) == 1:
                side.append(side[0])
            break
        gap = (
            words.gap(index + 1) if step < 0 and index + 1 < len(words.lower) else words.gap(index) if step > 0 else " "
        )
        mark = gap.strip()
        if mark:
            side.append(mark[:1])
        side.append(_word(words, index))
        index += step
    return side if len(side) > 1 else [*side, side[0]]


def _word(words: Words, index: int) -> str:
    written = words.written[index]
    if words.lower[index] in _SURNAMES and words.cased and written[0].isupper():
        return "Họ"
    return "Aa" if words.cased and written[0].isupper() and words.lower[index] not in _KEPT else words.lower[index]


def _chance(features: Iterable[str], known: Mapping[str, float]) -> float:
    return 1 / (1 + math.exp(-sum(known.get(f, 0.0) for f in features)))


def _place(words: Words, code: str, probability: float, own: Sequence[Mention]) -> Place:
    evidence = dict.fromkeys(_quote(words, m) for m in own)
    wards = dict.fromkeys(ward for m in own if (ward := _ward(m, code)))
    return Place(code=code, probability=probability, wards=tuple(wards), evidence=tuple(evidence))


def _ward(mention: Mention, code: str) -> str:
    """Return the ward that a name with its unit word means in a province, if there is one only."""
    wards = [r.ward for r in mention.readings if r.ward and r.code == code]
    return wards[0] if mention.unit and len(wards) == 1 else ""


def _quote(words: Words, mention: Mention) -> str:
    first = mention.first
    if mention.unit and words.lower[first - 1] == mention.unit.split(" ")[-1]:
        first -= mention.unit.count(" ") + 1
    return words.text[words.starts[first] : words.ends[mention.last - 1]]
