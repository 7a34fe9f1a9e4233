"""The content of the demo: 21 days of six invented newspapers and a forum, the same for the same day and seed."""

import random
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from monitor.records import VIETNAM
from monitor.text import fold

DAYS = 21
PUBLISHERS = {
    "songhong": "Báo Sông Hồng",
    "banmai": "Báo Ban Mai",
    "duyenhai": "Báo Duyên Hải",
    "phuongnam": "Báo Phương Nam",
    "caonguyen": "Báo Cao Nguyên",
    "mienta": "Báo Miền Ta",
}

_HERE = Path(__file__).parent
_COPIES = 30
_EDITS = 5


@dataclass(frozen=True, kw_only=True, slots=True)
class Article:
    """One page of a newspaper; `edited` is the text that replaces the first paragraph once the newsroom corrects it."""

    publisher: str
    number: int
    section: str
    title: str
    lead: str
    paragraphs: tuple[str, ...]
    published_at: datetime
    happening: str = ""
    edited: str = ""

    @property
    def path(self) -> str:
        slug = re.sub(r"[^a-z0-9]+", "-", fold(self.title)).strip("-")[:60]
        return f"/{self.publisher}/{slug}-{self.number}.html"


@dataclass(frozen=True, kw_only=True, slots=True)
class Thread:
    """One forum thread; each post is its text and its time, the first opens the thread."""

    number: int
    title: str
    posts: tuple[tuple[str, datetime], ...]

    @property
    def path(self) -> str:
        return f"/dien-dan/threads/{self.number}/"


@dataclass(frozen=True, kw_only=True, slots=True)
class Newsroom:
    """Everything that the demo publishes, oldest first."""

    articles: tuple[Article, ...]
    threads: tuple[Thread, ...]
    concerns: tuple[str, ...]


def newsroom(now: datetime, seed: int = 7) -> Newsroom:
    """Return the newsroom whose 21 days end on the day of `now`; nothing in it is later than `now`."""
    start = _midnight(now) - timedelta(days=DAYS - 1)
    happenings = _toml("planted.toml")["happening"]
    rng = random.Random(seed)
    planted = [article for happening in happenings for article in _planted(happening, start)]
    articles = [*planted, *_background(rng, start)]
    articles += _copies(rng, articles)
    articles = sorted((a for a in articles if a.published_at <= now), key=lambda a: (a.published_at, a.title))
    numbered = [replace(article, number=1000 + n) for n, article in enumerate(articles)]
    return Newsroom(
        articles=(*_edit(rng, numbered), _hostile(start, len(numbered))),
        threads=tuple(_threads(happenings, start)),
        concerns=tuple(h["name"] for h in happenings if h["concern"]),
    )


def _planted(happening: Mapping[str, Any], start: datetime) -> Iterator[Article]:
    for item in happening["articles"]:
        yield Article(
            publisher=item["by"],
            number=0,
            section=happening["section"],
            title=item["title"],
            lead=item["lead"],
            paragraphs=(item["text"], *happening["background"]),
            published_at=start + timedelta(days=item["day"], hours=item["hour"]),
            happening=happening["name"],
        )


def _background(rng: random.Random, start: datetime) -> Iterator[Article]:
    """Everyday news, evenly over the days: what fills the first half fills the second half again, with other values."""
    values = _toml("background.toml")
    pairs = _pairs(values["item"])
    rng.shuffle(pairs)
    for n, pair in enumerate(pairs):
        drawn = {name: rng.sample(choices, 2) for name, choices in values["slots"].items()}
        minutes = rng.randrange(6 * 60, 22 * 60)
        for half, item in enumerate(pair):
            slots = {name: both[half] for name, both in {**drawn, "a": item.get("a", ("", ""))}.items()}
            day = (n + half * len(pairs)) * DAYS // (2 * len(pairs))
            yield Article(
                publisher=rng.choice(list(PUBLISHERS)),
                number=0,
                section=item["section"],
                title=item["title"].format_map(slots),
                lead=item["lead"].format_map(slots),
                paragraphs=(item["text"].format_map(slots),),
                published_at=start + timedelta(days=day, minutes=minutes),
            )


def _pairs(items: Sequence[Mapping[str, Any]]) -> list[tuple[Mapping[str, Any], Mapping[str, Any]]]:
    """Each item with itself; those used once with one another."""
    once = [item for item in items if "once" in item]
    return [(item, item) for item in items if "once" not in item] + list(zip(once[::2], once[1::2], strict=True))


def _copies(rng: random.Random, articles: Sequence[Article]) -> Iterator[Article]:
    """Another paper prints the same text an hour or two later, under almost the same title."""
    for article in rng.sample(articles, _COPIES):
        others = [publisher for publisher in PUBLISHERS if publisher != article.publisher]
        yield replace(
            article,
            publisher=rng.choice(others),
            title=article.title if rng.random() < 0.5 else f"Tin nhanh: {article.title}",
            published_at=article.published_at + timedelta(minutes=rng.randrange(40, 140)),
        )


def _edit(rng: random.Random, articles: Sequence[Article]) -> list[Article]:
    """Corrections are made where the feed tells of them: Duyên Hải's Atom feed has times of update."""
    chosen = set(rng.sample([n for n, a in enumerate(articles) if a.publisher == "duyenhai"], _EDITS))
    return [
        replace(a, edited=f"{a.paragraphs[0]} Bài viết đã được cập nhật thêm thông tin.") if n in chosen else a
        for n, a in enumerate(articles)
    ]


def _hostile(start: datetime, number: int) -> Article:
    return Article(
        publisher="mienta",
        number=2000 + number,
        section="Đời sống",
        title='=HYPERLINK("http://example.invalid";"<script>alert(1)</script>") Mẹo vặt trong bếp',
        lead='<img src=x onerror="alert(2)"> Mẹo giữ rau tươi lâu trong tủ lạnh mà nhiều người chưa biết.',
        paragraphs=("</article></body><script>alert(3)</script> Rau rửa sạch, để ráo rồi cho vào hộp kín.",) * 3,
        published_at=start + timedelta(days=4, hours=9),
    )


def _threads(happenings: Sequence[Mapping[str, Any]], start: datetime) -> Iterator[Thread]:
    for number, happening in enumerate((h for h in happenings if h["posts"]), 71):
        first = start + timedelta(days=happening["articles"][0]["day"], hours=8)
        posts = tuple((text, first + timedelta(minutes=35 * n)) for n, text in enumerate(happening["posts"]))
        yield Thread(number=number, title=happening["posts"][0][:60], posts=posts)


def _toml(name: str) -> dict[str, Any]:
    return tomllib.loads((_HERE / name).read_text(encoding="utf-8"))


def _midnight(now: datetime) -> datetime:
    return now.astimezone(VIETNAM).replace(hour=0, minute=0, second=0, microsecond=0)
