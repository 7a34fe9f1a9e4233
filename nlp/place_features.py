"""What is looked at to decide whether a text is about a province that it names."""

from collections.abc import Sequence
from dataclasses import dataclass

from monitor.text import normalize
from nlp import mentions
from nlp.mentions import Mention, Words

# Headline and summary say what an item is about; further down articles name places for comparison.
READ = 2_000
_NEAR = 4
_LINK = 8
ABROAD = "00"
# Names of units here and in China: theirs when the text names a foreign place and nothing else of that province.
_TWINS = frozenset(("hà nam", "trùng khánh", "ha nam", "trung khanh"))
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
# What the word before a name makes of it: a person, a road, a club, an office, a firm or paper, a place.
_BEFORE = {
    "person": "ông bà anh chị cô em bé sĩ viên hậu mẫu nsnd nsưt thủ cháu thầy tên hlv mc vương khôi cáo tướng tá úy",
    "road": "đường phố hẻm ngõ lộ cầu tuyến tốc ql dl",
    "club": "clb fc đội shb becamex u17 u19 u21 u23",
    "office": "ubnd hđnd sở an tand viện ủy cục ban khu đoàn",
    "firm": "hàng ty báo đài hãng vật bia phở bún nem nước cơm bánh",
    "school": "thcs thpt học non",
    "plate": "biển số bks",
    "place": "ở tại về đến từ qua tới vào",
}
_CLASSES = {word: sort for sort, words in _BEFORE.items() for word in words.split()}
_GAME = frozenset(_SPORT.split())
_KEPT = frozenset(_TELLING.split())


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
    words = mentions.cut((f"{head}. {tail}" if tail else head).replace("T.P", "TP"))
    title_words = sum(1 for start in words.starts if start < len(head))
    return Text(words, title_words, min(len(_GAME.intersection(words.lower)), 3))


def candidates(found: Sequence[Mention]) -> dict[str, Candidate]:
    """Return the provinces that the mentions can mean, in order of their first mention."""
    found = _at_home(found)
    sure = {code for m in found if len(m.codes) == 1 for code in m.codes}
    order: dict[str, list[Mention]] = {}
    for mention in found:
        for code in _meant(mention, sure):
            if code != ABROAD:
                order.setdefault(code, []).append(mention)
    return {
        code: Candidate(tuple(own), rank, len(order), found, code in sure, frozenset(sure - {code}))
        for rank, (code, own) in enumerate(order.items())
    }


def _at_home(found: Sequence[Mention]) -> tuple[Mention, ...]:
    """Return the mentions without names shared with China where the text is of China."""
    abroad = any(ABROAD in m.codes for m in found)
    named = {code for m in found if m.name not in _TWINS for code in m.codes}
    return tuple(m for m in found if not (abroad and m.name in _TWINS and m.codes.isdisjoint(named)))


def _meant(mention: Mention, sure: set[str]) -> list[str]:
    """Return what a name can mean: of several provinces those that the text names elsewhere, else all if few."""
    codes = sorted(mention.codes)
    known = [c for c in codes if c in sure]
    if mention.readings[0].sort == "L":
        return codes
    if not known and mention.readings[0].sort in "wx":
        codes = sorted({r.code for r in mention.readings if r.sort in "wx"})
    return known or (codes if len(codes) <= (1 if mention.readings[0].sort in "wxkv" else 2) else [])


def describe(text: Text, code: str, told: Candidate) -> list[str]:
    """Return the features on which it is decided whether the text is about a province."""
    features = _overall(text, code, told)
    for mention in told.own[:3]:
        features += _around(text.words, mention, mention.first < text.title_words)
        features += _beside(text.words, mention, code, told.found)
    features += [f"{f}|game={text.game}" for f in features if f.startswith(("name=", "sort=", "L="))]
    mode = "" if text.words.cased and text.words.marked else "~"
    return [mode + f for f in dict.fromkeys(features)]


def _overall(text: Text, code: str, told: Candidate) -> list[str]:
    head, own = told.own[0].readings[0].sort, told.own
    in_title = [m.first < text.title_words for m in own]
    others = [m for m in told.found if code not in m.codes]
    features = ["", f"game={text.game}", f"rank={min(told.rank, 3)}", f"rivals={min(told.rivals, 4)}"]
    features += [f"count={min(len(own), 4)}", f"parts={any(in_title):d}{not all(in_title):d}"]
    features.append("kinds=" + "".join(sorted({_sort(m) for m in own})))
    if len(own[0].codes) > 1:
        other = any(len(m.codes) > 1 and m.codes & told.rest for m in own)
        features.append(f"sure={told.sure:d}{other:d}{head}")
    features.append(f"abroad={any(ABROAD in m.codes for m in told.found):d}{head}")
    known = any(m.readings[0].sort in "PF" for m in others)
    features.append(f"known={known:d}" + "".join(sorted({m.readings[0].sort for m in own})))
    features.append(f"title={any(in_title):d}{any(m.first < text.title_words for m in others):d}")
    return features


def _sort(mention: Mention) -> str:
    """Return the sort of a mention: letter of its reading, "+" with a unit word ("quận 7", "q7"), "*" if of many."""
    unit = mention.unit or mention.name[-1].isdigit()
    return mention.readings[0].sort + ("+" if unit else "") + ("" if len(mention.codes) == 1 else "*")


def _around(words: Words, mention: Mention, in_title: bool) -> list[str]:
    sort = _sort(mention)
    left = _side(words, mention.start if mention.unit else mention.first, -1)
    right = _side(words, mention.last, 1)
    features = [f"sort={sort}", f"name={mention.name}", f"title={in_title:d}{sort[0]}"]
    features += [f"L={left[0]}", f"LS={left[0]}|{sort}", f"R={right[0]}", f"RS={right[0]}|{sort}"]
    features += [f"LL={left[1]} {left[0]}", f"RR={right[0]} {right[1]}", f"LR={left[0]}|{right[0]}"]
    features.append(f"class={_CLASSES.get(left[0], '-')}{sort[0]}")
    features.append(f"unit={bool(mention.unit):d}{len(mention.codes) == 1:d}")
    return features + [f"l={w}" for w in left[1:]] + [f"r={w}" for w in right[1:]]


def _beside(words: Words, mention: Mention, code: str, found: Sequence[Mention]) -> list[str]:
    """Return how the mention stands to the one before and the one after it ("xã A, B", "A - B")."""
    index = found.index(mention)
    features = []
    if index:
        features += _pair(words, (found[index - 1], mention), found[index - 1], code, "before")
    if index + 1 < len(found):
        features += _pair(words, (mention, found[index + 1]), found[index + 1], code, "after")
    return features or ["alone"]


def _pair(words: Words, pair: tuple[Mention, Mention], other: Mention, code: str, side: str) -> list[str]:
    gap = words.text[words.ends[pair[0].last - 1] : words.starts[pair[1].first]]
    if len(gap) > _LINK:
        return []
    same = "abroad" if ABROAD in other.codes else "same" if code in other.codes else "other"
    sorts = f"{_sort(pair[0])}{_sort(pair[1])}"
    link = f"{side}={same}{gap.strip()}"
    return [f"{side}={same}{sorts}", link, link + sorts]


def _side(words: Words, edge: int, step: int) -> list[str]:
    """Return the words beside a mention, nearest first; a mark of punctuation is one; names are only "Aa"."""
    side: list[str] = []
    index = edge - 1 if step < 0 else edge
    while len(side) < _NEAR and 0 <= index < len(words.lower):
        mark = words.gap(index + (step < 0)).strip()
        side += [mark[0], _word(words, index)] if mark else [_word(words, index)]
        index += step
    return (side + ["^" if step < 0 else "$"] * 2)[:_NEAR]


def _word(words: Words, index: int) -> str:
    written = words.written[index]
    if words.lower[index] in _SURNAMES and words.cased and written[0].isupper():
        return "Họ"
    return "Aa" if words.cased and written[0].isupper() and words.lower[index] not in _KEPT else words.lower[index]
