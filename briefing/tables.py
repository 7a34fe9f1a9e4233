"""Results as tables for a terminal."""

from collections.abc import Mapping, Sequence

from rich.markup import escape
from rich.table import Table

from monitor.alerts import LEVEL_WORDS
from monitor.detect.explain import TOPIC_NAMES, place_names
from monitor.records import VIETNAM, Issue
from monitor.store import Hit

TOPIC_WORDS = {topic: name.capitalize() for topic, name in TOPIC_NAMES.items()}


def hits_table(hits: Sequence[Hit]) -> Table:
    """Return one row a document: when, who, what, topic, places."""
    table = _table("Đăng lúc", "Nguồn", "Tiêu đề", "Chủ đề", "Nơi")
    for hit in hits:
        document, annotation = hit.document, hit.annotation
        table.add_row(
            f"{document.published_at.astimezone(VIETNAM):%d/%m/%Y %H:%M}",
            escape(document.publisher),
            escape(document.title or document.text[:80]),
            TOPIC_WORDS.get(annotation.topic, annotation.topic) if annotation else "",
            place_names(annotation.places) if annotation and annotation.places else "",
        )
    return table


def issues_table(issues: Sequence[Issue]) -> Table:
    """Return one row an issue: level, what, where, since when, observed against expected, publishers."""
    table = _table("Mức", "Vấn đề", "Chủ đề", "Nơi", "Từ lúc", "Quan sát / thường lệ", "Số báo")
    for issue in issues:
        table.add_row(
            LEVEL_WORDS[issue.level],
            escape(issue.title),
            TOPIC_WORDS.get(issue.topic, issue.topic),
            place_names(issue.places) if issue.places else "",
            f"{issue.first_seen_at.astimezone(VIETNAM):%d/%m %H:%M}",
            f"{issue.observed:.0f} / {issue.expected:.1f}",
            str(len(issue.publishers)),
        )
    return table


def counts_table(title: str, counts: Mapping[str, int]) -> Table:
    """Return one row a key with its count, those without any left out."""
    table = _table(title, "Số lượng")
    for key, count in counts.items():
        if count:
            table.add_row(escape(str(key)), str(count))
    return table


def _table(*columns: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        table.add_column(column, overflow="fold")
    return table
