"""The annotated stream that every measurement replays: one item for each document, in order of arrival."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from monitor.jsonl import read_lines
from monitor.records import VIETNAM


@dataclass(frozen=True, kw_only=True, slots=True)
class Item:
    """One document with its annotation; `root` is the URL that it copies or its own, `story` what it was joined to."""

    url: str
    at: datetime
    publisher: str
    topic: str
    concern: float
    places: tuple[str, ...]
    root: str
    story: str

    @property
    def month(self) -> str:
        """The month of Viet Nam in which it arrived."""
        return f"{self.at.astimezone(VIETNAM):%Y-%m}"


def read_items(paths: Iterable[Path]) -> list[Item]:
    """Return the items of the files that `tests/bench/prepare.py` wrote, by arrival and then URL."""
    items = [
        Item(
            url=line["url"],
            at=datetime.fromisoformat(line["at"]),
            publisher=line["publisher"],
            topic=line["topic"],
            concern=line["concern"],
            places=tuple(line["places"]),
            root=line["root"],
            story=line["story"],
        )
        for path in paths
        for _, line in read_lines(path)
    ]
    return sorted(items, key=lambda item: (item.at, item.url))


def by_story(items: Sequence[Item], least: int = 3) -> dict[str, list[Item]]:
    """Return the items of each story that has at least that many."""
    stories: defaultdict[str, list[Item]] = defaultdict(list)
    for item in items:
        stories[item.story].append(item)
    return {story: texts for story, texts in stories.items() if len(texts) >= least}
