"""The files of index_mappings: strict, complete, and the very ones that are applied."""

import json
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from conftest import make_document
from elasticsearch import Elasticsearch

from index_mappings import kibana
from monitor.records import Annotation, Document, Issue
from monitor.store import MOST_HITS, open_store
from monitor.store.elastic_rows import UNREAD, document_row
from monitor.store.elastic_setup import NOUNS, VERSION

FOLDER = Path(__file__).parent.parent / "index_mappings"
OWN = {"annotation", "order", "terms"}
PERSONAL = {"author", "user", "account", "profile", "avatar", "handle", "follower", "followers", "owner"}


def read(name: str) -> dict[str, Any]:
    return json.loads((FOLDER / name).read_text(encoding="utf-8"))


def mapping(noun: str) -> dict[str, Any]:
    return read(f"component-{noun}.json")["template"]["mappings"]


def names(record: type) -> set[str]:
    return {f.name for f in fields(record)}


def paths(properties: dict[str, Any], above: str = "") -> set[str]:
    found = {above + name for name in properties}
    return found.union(*(paths(kept.get("properties", {}), f"{above}{name}.") for name, kept in properties.items()))


def test_every_field_of_a_document_is_mapped_and_none_else() -> None:
    properties = mapping("documents")["properties"]
    assert properties.keys() - OWN == names(Document)
    assert properties["annotation"]["properties"].keys() == names(Annotation)


def test_a_row_of_a_document_holds_every_field_and_none_else() -> None:
    row = document_row(make_document(), changed=0, arrived=0, annotation=UNREAD)
    assert row.keys() == mapping("documents")["properties"].keys()
    assert row["order"].keys() == mapping("documents")["properties"]["order"]["properties"].keys()
    assert row["terms"].keys() == mapping("documents")["properties"]["terms"]["properties"].keys()


def test_every_field_of_an_issue_is_mapped_and_none_else() -> None:
    assert mapping("issues")["properties"].keys() == names(Issue)


def test_versions_hold_what_an_edit_changes() -> None:
    kept = mapping("versions")["properties"].keys()
    assert kept - {"document_id"} == {"version", "title", "lead", "text", "published_at", "fetched_at"}


@pytest.mark.parametrize("noun", NOUNS)
def test_mappings_are_strict_and_of_this_version(noun: str) -> None:
    assert mapping(noun)["dynamic"] == "strict"
    assert mapping(noun)["_meta"]["version"] == VERSION


@pytest.mark.parametrize("noun", NOUNS)
def test_no_index_has_a_field_for_a_person(noun: str) -> None:
    assert {path.rpartition(".")[2] for path in paths(mapping(noun)["properties"])} & PERSONAL == set()


@pytest.mark.parametrize("noun", NOUNS)
def test_the_readme_says_what_each_field_is_for(noun: str) -> None:
    text = (FOLDER / "README.md").read_text(encoding="utf-8")
    section = text.partition(f"## {noun}\n")[2].partition("\n## ")[0]
    assert {path for path in paths(mapping(noun)["properties"]) if f"`{path}`" not in section} == set()


def test_shards_and_replicas_are_named_and_a_page_fits() -> None:
    index = read("component-settings.json")["template"]["settings"]["index"]
    assert {"number_of_shards", "auto_expand_replicas", "refresh_interval", "translog"} <= index.keys()
    assert index["max_result_window"] == MOST_HITS + 1


def test_every_file_names_indices_with_the_one_prefix_that_a_store_replaces() -> None:
    for path in FOLDER.glob("index-*.json"):
        noun = path.stem.removeprefix("index-")
        assert read(path.name)["index_patterns"] == [f"langnghe-{noun}-*"]


@pytest.mark.parametrize("noun", NOUNS)
def test_an_index_of_a_month_is_neither_searched_nor_made_by_a_write_before_it_is_ready(noun: str) -> None:
    file = read(f"index-{noun}.json")
    by_month = noun in ("documents", "versions")
    assert file.get("allow_auto_create") is (False if by_month else None)
    assert file.get("template") == (None if by_month else {"aliases": {f"langnghe-{noun}": {}}})


@pytest.mark.elasticsearch
@pytest.mark.parametrize("noun", NOUNS)
def test_the_files_that_ship_are_what_the_node_holds(noun: str, elastic_server: str, new_elastic_url: str) -> None:
    prefix = new_elastic_url.rpartition("/")[2]
    with open_store(new_elastic_url), Elasticsearch(elastic_server) as client:
        name = f"{prefix}-{noun}"
        (held,) = client.cluster.get_component_template(name=name)["component_templates"]
        (index,) = client.indices.get_index_template(name=name)["index_templates"]
    assert held["component_template"]["template"]["mappings"] == mapping(noun)
    assert index["index_template"]["index_patterns"] == [f"{prefix}-{noun}-*"]


def saved() -> list[dict[str, Any]]:
    return [json.loads(line) for line in kibana.FILE.read_text(encoding="utf-8").splitlines()]


def test_what_kibana_is_given_is_what_the_script_makes_of_the_mappings() -> None:
    assert saved() == kibana.saved_objects()


def test_kibana_objects_name_only_what_is_there() -> None:
    ids = {(line["type"], line["id"]) for line in saved()}
    assert len(ids) == len(saved())
    assert {(r["type"], r["id"]) for line in saved() for r in line["references"]} <= ids
    dashboard = saved()[-1]
    panels = json.loads(dashboard["attributes"]["panelsJSON"])
    assert [p["panelRefName"] for p in panels] == [r["name"] for r in dashboard["references"]]


def test_kibana_counts_only_fields_that_the_mapping_can_count() -> None:
    charts = [line for line in saved() if line["type"] == "visualization"]
    for chart in charts:
        noun = chart["references"][0]["id"].removeprefix("langnghe-")
        split = json.loads(chart["attributes"]["visState"])["aggs"][1]
        assert (
            kibana.fields(noun)[split["params"]["field"]]
            in {"terms": {"keyword"}, "date_histogram": {"date"}}[split["type"]]
        )
