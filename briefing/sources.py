"""State and health of the sources, for the terminal and the dashboard."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from rich.table import Table

from monitor.jsonl import to_dict
from monitor.records import VIETNAM, Source, SourceHealth


def sources_rows(sources: Sequence[Source], health: Mapping[str, SourceHealth]) -> list[dict[str, Any]]:
    """Return one row a source: what it is, and how its last crawl went (`health` is None before the first)."""
    return [
        {
            "id": source.id,
            "name": source.name,
            "kind": source.kind,
            "publisher": source.publisher,
            "region": source.region,
            "health": to_dict(health[source.id]) if source.id in health else None,
        }
        for source in sources
    ]


def sources_table(rows: Sequence[Mapping[str, Any]]) -> Table:
    """Return the rows as a table for a terminal."""
    columns = ("Nguồn", "Tên", "Tòa soạn", "Vùng", "Tình trạng", "Thu lúc", "Tài liệu")
    table = Table(*columns, box=None, pad_edge=False, header_style="bold")
    for row in rows:
        table.add_row(row["id"], row["name"], row["publisher"], row["region"], *_cells(row["health"]))
    return table


def _cells(health: Mapping[str, Any] | None) -> tuple[str, str, str]:
    if health is None:
        return "chưa thu", "", ""
    feeds = Counter(str(feed["status"]) for feed in health["feeds"])
    checked = datetime.fromisoformat(health["checked_at"]).astimezone(VIETNAM)
    return ", ".join(f"{n} {status}" for status, n in feeds.items()), f"{checked:%d/%m %H:%M}", str(health["documents"])
