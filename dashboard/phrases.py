"""Small things that templates say or compute, in one language."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from dashboard.contexts import IssueLine, Trend
from dashboard.errors import UnknownWord
from dashboard.formats import address, number, place_name
from dashboard.lines import day_search, subject_query
from dashboard.tiles import TILES, shade
from dashboard.words import Language, Translate
from monitor.detect.signals import Signal
from monitor.provinces import PROVINCES
from monitor.records import TOPICS, VIETNAM
from monitor.store import Bucket


def phrases(t: Translate, language: Language) -> dict[str, Any]:
    """Return the functions and values that templates of a language may use, by name."""

    def change(now: int, before: int) -> str:
        if not before:
            return t("new") if now else "–"
        share = (now - before) / before
        return f"{'+' if share > 0 else '−' if share < 0 else ''}{number(100 * abs(share), language)}\u00a0%"

    def chance(p_value: float) -> str:
        if p_value >= 1:
            return "–"
        return (
            f"< {number(0.1, language, 1)}\u00a0%"
            if p_value < 0.001
            else f"{number(100 * p_value, language, 1)}\u00a0%"
        )

    def known(prefix: str, otherwise: str) -> Callable[[str], str]:
        def word(key: str) -> str:
            try:
                return t(f"{prefix}.{key}")
            except UnknownWord:
                return otherwise and t(otherwise)

        return word

    return {
        "change": change,
        "chance": chance,
        "done_word": known("done", "done.done"),
        "error_word": known("error", "error.failed"),
        "topic_word": lambda key: t(f"topic.{key}"),
        "tone_word": lambda key: t(f"tone.{key}"),
        "kind_word": lambda key: t(f"kind.{key}"),
        "place_word": place_name,
        "plain_word": str,
        **_VALUES,
    }


def narrowed(q: str, order: str, field: str) -> Callable[[str], str]:
    """Return the address of a search narrowed to a value of a field."""

    def link(value: str) -> str:
        quoted = f'"{value}"' if " " in value else value
        return address("/search", q=f"{q} {field}:{quoted}".strip(), order="" if order == "newest" else order)

    return link


def issue_search(issue: IssueLine) -> str:
    """Return the search for what an issue's topic and places published from the day on which it began."""
    return address("/search", q=f"{subject_query(issue)} since:{issue.first_seen_at.astimezone(VIETNAM):%Y-%m-%d}")


def signal_search(signal: Signal) -> str:
    """Return the search for the texts that a signal counted, from the day on which its window began."""
    place = f" place:{signal.place}" if signal.place else ""
    least = " concern:0.5" if signal.risen else ""
    begun = (signal.at - timedelta(hours=signal.window)).astimezone(VIETNAM)
    return address("/search", q=f"topic:{signal.topic}{place}{least} since:{begun:%Y-%m-%d}")


def paragraphs(text: str) -> list[str]:
    """Return the parts of a text that lines part."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def bucket_counts(buckets: Iterable[Bucket]) -> dict[str, int]:
    """Return the count of each key."""
    return {bucket.key: bucket.count for bucket in buckets}


def trend_counts(trends: Sequence[Trend]) -> dict[str, int]:
    """Return how many documents each key has now."""
    return {trend.key: trend.now for trend in trends}


def place_marks(places: Iterable[str]) -> dict[str, int]:
    """Return the provinces as tiles to be marked."""
    return dict.fromkeys(places, 1)


_VALUES: Mapping[str, Any] = {
    "tile_grid": TILES,
    "shade": shade,
    "all_topics": TOPICS,
    "all_places": tuple(PROVINCES),
    "narrowed": narrowed,
    "issue_search": issue_search,
    "signal_search": signal_search,
    "subject_query": subject_query,
    "day_search": day_search,
    "paragraphs": paragraphs,
    "bucket_counts": bucket_counts,
    "trend_counts": trend_counts,
    "place_marks": place_marks,
    "address": address,
}
