"""Labelled and unlabelled texts on disk, as training and evaluation read them."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from monitor.jsonl import read_lines
from monitor.records import TOPICS
from nlp.tone import TONES

# Emotions of UIT-VSMEC as tones; surprise goes either way and is left out.
_EMOTIONS = {
    "Enjoyment": "positive",
    "Sadness": "negative",
    "Fear": "negative",
    "Anger": "negative",
    "Disgust": "negative",
    "Other": "neutral",
}
_RANDOM = ("d1", "d2", "d3", "d4")


@dataclass(frozen=True, kw_only=True, slots=True)
class Article:
    """A labelled news item: topic and tone as their place in TOPICS and TONES; `random` if drawn without a model."""

    id: str
    title: str
    lead: str
    month: str
    topic: int
    second: int | None
    tone: int
    concern: int
    random: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Item:
    """A news item without a label of its own; `topic` and `severity` are those of the story it was grouped into."""

    title: str
    lead: str
    month: str
    topic: int | None
    severity: int | None

    @property
    def words(self) -> tuple[str, str]:
        return self.title, self.lead


@dataclass(frozen=True, kw_only=True, slots=True)
class Post:
    """A comment and the title of what it answers, and its tone where anybody said it; `ours`: by our own guide."""

    context: str
    text: str
    tone: int | None
    ours: bool

    @property
    def words(self) -> tuple[str, str]:
        return self.context, self.text


def articles(path: Path) -> list[Article]:
    """Return the labelled news items of a file."""
    return [_article(values) for _, values in read_lines(path)]


def posts(data: Path) -> list[Post]:
    """Return our labelled comments on news, those of public sets whose labels say a tone, and those of UIT-ViCTSD."""
    ours = [_post(v, v["tone"], ours=True) for _, v in read_lines(data / "labels/comments_train.jsonl")]
    return ours + list(_public(data / "comments"))


def feedback(data: Path, split: str) -> list[Post]:
    """Return one split of UIT-VSFC, what students wrote of their courses, in the place of our own labels."""
    lines = read_lines(data / "comments/uit_vsfc.jsonl.gz")
    return [_post(v, v["label"], ours=True) for _, v in lines if v["split"] == split]


def stream(data: Path) -> list[Item]:
    """Return the unlabelled news items in order of arrival, each title once, without those with a label of their own.

    Items of the gold file stay out too, though only their text could be seen.
    """
    told = _stories(data / "labels/stories_train.jsonl")
    names = ("news_train.jsonl", "news_gold.jsonl")
    taken = {v["title"] for name in names for _, v in read_lines(data / "labels" / name)}
    items = []
    for path in sorted((data / "news_stream").glob("*.jsonl.gz")):
        for _, values in read_lines(path):
            if values["title"] not in taken:
                taken.add(values["title"])
                topic, severity = told.get(values["url"], (None, None))
                lead = values.get("summary") or ""
                items.append(
                    Item(title=values["title"], lead=lead, month=path.name[:7], topic=topic, severity=severity)
                )
    return items


def _stories(path: Path) -> dict[str, tuple[int, int]]:
    stories = [values for _, values in read_lines(path)]
    return {url: (TOPICS.index(s["topic"]), s["severity"]) for s in stories for url in s["urls"]}


def _public(folder: Path) -> Iterator[Post]:
    for name, key in (("vlsp2016_sa", "label"), ("vnexpress_2024", "sentiment")):
        for _, values in read_lines(folder / f"{name}.jsonl.gz"):
            yield _post(values, values[key], ours=False)
    for _, values in read_lines(folder / "uit_vsmec.jsonl.gz"):
        if values["label"] in _EMOTIONS:
            yield _post(values, _EMOTIONS[values["label"]], ours=False)
    for _, values in read_lines(folder / "uit_victsd.jsonl.gz"):
        yield Post(context=values["article_title"], text=values["text"], tone=None, ours=False)


def _article(values: dict[str, Any]) -> Article:
    return Article(
        id=values["id"],
        title=values["title"],
        lead=values["summary"],
        month=values["published_at"][:7],
        topic=TOPICS.index(values["topic"]),
        second=TOPICS.index(values["second"]) if values.get("second") else None,
        tone=TONES.index(values["tone"]),
        concern=values["concern"],
        random=values.get("picked") == "random" or values["id"][:2] in _RANDOM,
    )


def _post(values: dict[str, Any], tone: str, *, ours: bool) -> Post:
    return Post(context=values.get("context", ""), text=values["text"], tone=TONES.index(tone), ours=ours)
