"""Writes kibana.ndjson, data views and a dashboard for Kibana, from the mappings: python -m index_mappings.kibana.

Load it with Kibana's Stack Management, Saved Objects, Import; it is read-only for people with role-viewer.json.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
FILE = HERE / "kibana.ndjson"

# Titles as staff read them; a field that the mapping does not have, or cannot count, ends the script.
FACETS = {
    "annotation.topic": "Chủ đề (topics)",
    "annotation.tone": "Sắc thái (tone)",
    "annotation.places": "Tỉnh, thành (places)",
    "publisher": "Toà soạn (publishers)",
    "kind": "Loại (kinds)",
}
VIEWS = {"documents": "published_at", "issues": "last_seen_at"}

Saved = dict[str, Any]


def main() -> None:
    """Write the file."""
    FILE.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in saved_objects()), encoding="utf-8")


def saved_objects() -> list[Saved]:
    """Return the objects in an order in which each one's references come before it."""
    views = [_view(noun, time) for noun, time in VIEWS.items()]
    charts = list(_charts())
    return [*views, *charts, _dashboard(charts)]


def fields(noun: str) -> dict[str, str]:
    """Return the type of each field of a noun that can be counted or searched, by its path."""
    text = (HERE / f"component-{noun}.json").read_text(encoding="utf-8")
    return dict(_flat(json.loads(text)["template"]["mappings"]["properties"]))


def _flat(properties: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, str]]:
    for name, kept in properties.items():
        if "properties" in kept:
            yield from _flat(kept["properties"], f"{above}{name}.")
        elif kept.get("doc_values", True) and kept.get("enabled", True) and kept["type"] != "text":
            yield f"{above}{name}", kept["type"]


def _view(noun: str, time: str) -> Saved:
    if fields(noun)[time] != "date":
        raise ValueError(f"{noun}: {time} is no date")
    attributes = {"title": f"langnghe-{noun}", "name": f"Lắng Nghe: {noun}", "timeFieldName": time, "fields": "[]"}
    return {"type": "index-pattern", "id": f"langnghe-{noun}", "attributes": attributes, "references": []}


def _charts() -> Iterator[Saved]:
    day = {"field": "published_at", "interval": "d", "min_doc_count": 0, "extended_bounds": {}}
    yield _chart("documents", "days", "Bài mỗi ngày (documents a day)", "histogram", ("date_histogram", day))
    for field, title in FACETS.items():
        yield _counts("documents", field, title)
    yield _counts("issues", "level", "Vấn đề theo mức (issues by level)")


def _counts(noun: str, field: str, title: str) -> Saved:
    if fields(noun)[field] != "keyword":
        raise ValueError(f"{noun}: {field} cannot be counted")
    terms = {"field": field, "size": 20, "order": "desc", "orderBy": "1"}
    return _chart(noun, field.replace(".", "-"), title, "table", ("terms", terms))


def _chart(noun: str, name: str, title: str, kind: str, bucket: tuple[str, dict[str, Any]]) -> Saved:
    schema = "segment" if kind == "histogram" else "bucket"
    count = {"id": "1", "enabled": True, "type": "count", "params": {}, "schema": "metric"}
    split = {"id": "2", "enabled": True, "type": bucket[0], "params": bucket[1], "schema": schema}
    state = {"title": title, "type": kind, "aggs": [count, split], "params": {}}
    source = {"query": {"query": "", "language": "kuery"}, "filter": [], "indexRefName": "index"}
    attributes = {"title": title, "visState": json.dumps(state, ensure_ascii=False), "uiStateJSON": "{}"}
    attributes["kibanaSavedObjectMeta"] = {"searchSourceJSON": json.dumps(source)}  # type: ignore[assignment]
    reference = {"name": "index", "type": "index-pattern", "id": f"langnghe-{noun}"}
    return {
        "type": "visualization",
        "id": f"langnghe-{noun}-{name}",
        "attributes": attributes,
        "references": [reference],
    }


def _dashboard(charts: list[Saved]) -> Saved:
    panels = [_panel(n) for n in range(len(charts))]
    source = {"query": {"query": "", "language": "kuery"}, "filter": []}
    attributes = {
        "title": "Lắng Nghe",
        "panelsJSON": json.dumps(panels),
        "optionsJSON": json.dumps({"useMargins": True}),
        "timeRestore": True,
        "timeFrom": "now-30d",
        "timeTo": "now",
        "kibanaSavedObjectMeta": {"searchSourceJSON": json.dumps(source)},
    }
    references = [{"name": f"panel_{n}", "type": c["type"], "id": c["id"]} for n, c in enumerate(charts)]
    return {"type": "dashboard", "id": "langnghe", "attributes": attributes, "references": references}


def _panel(n: int) -> dict[str, Any]:
    """The first one is as wide as the page, the others stand two in a row; the page has 48 columns."""
    row, column = divmod(n - 1, 2)
    place = {"x": 24 * column, "y": 12 * (row + 1), "w": 24, "h": 12} if n else {"x": 0, "y": 0, "w": 48, "h": 12}
    grid = {**place, "i": str(n)}
    return {"panelIndex": str(n), "panelRefName": f"panel_{n}", "gridData": grid, "embeddableConfig": {}}


if __name__ == "__main__":
    main()
