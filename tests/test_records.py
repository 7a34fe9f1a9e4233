"""Records, their page in docs, and what is never kept: who wrote."""

import ast
import json
import re
import sqlite3
from collections.abc import Iterator
from dataclasses import FrozenInstanceError, fields, is_dataclass
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any

import pytest
from conftest import make_annotation, make_document, make_issue

from monitor import records
from monitor.store import open_store

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "records.md").read_text(encoding="utf-8")
RECORDS = [v for v in vars(records).values() if is_dataclass(v)]
LISTS = [v for v in vars(records).values() if isinstance(v, type) and issubclass(v, StrEnum) and v is not StrEnum]
ROOMS = ("monitor", "nlp", "crawlers", "flows", "briefing", "dashboard")

PERSONAL = re.compile(
    r"(^|_)(authors?|byline|writers?|posters?|accounts?|profiles?|handles?|avatars?|followers?|friends|"
    r"user(_?names?|_?ids?)?|usernames?|screen_?names?|nick(_?names?)?|display_?names?|logins?)(_|$)",
    re.IGNORECASE,
)
ALLOWED = {"user_agent", "USER_AGENT"}
# What leaves the project is put together in these; elsewhere a key may name what redaction takes away.
OUTPUT = ("cli.py", "flows", "briefing", "dashboard")


def declared(node: ast.AST, output: bool) -> Iterator[str]:
    """Yield the names of fields, columns and, of output, keys that a piece of code declares."""
    if isinstance(node, ast.ClassDef):
        yield from (s.target.id for s in node.body if isinstance(s, ast.AnnAssign) and isinstance(s.target, ast.Name))
    if isinstance(node, ast.Dict) and output:
        yield from (k.value for k in node.keys if isinstance(k, ast.Constant) and isinstance(k.value, str))
    if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("Column") and node.args:
        yield from (a.value for a in node.args[:1] if isinstance(a, ast.Constant))


def names_of_code() -> Iterator[tuple[str, str]]:
    for path in [ROOT / "cli.py", *(p for room in ROOMS for p in (ROOT / room).rglob("*.py"))]:
        place = path.relative_to(ROOT)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            yield from ((str(place), name) for name in declared(node, place.parts[0] in OUTPUT))


def names_of_json(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        yield from value
        for inner in value.values():
            yield from names_of_json(inner)
    if isinstance(value, list):
        for inner in value:
            yield from names_of_json(inner)


def personal(names: Iterator[str] | list[str]) -> set[str]:
    return {name for name in names if PERSONAL.search(name) and name not in ALLOWED}


def rows_of(name: str) -> list[list[str]]:
    section = PAGE.split(f"\n## {name}\n")[1].split("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("| `")]
    return [[c.strip() for c in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines]


def annotations(name: str) -> dict[str, str]:
    tree = ast.parse((ROOT / "monitor" / "records.py").read_text(encoding="utf-8"))
    (record,) = (n for n in tree.body if isinstance(n, ast.ClassDef) and n.name == name)
    return {ast.unparse(s.target): ast.unparse(s.annotation) for s in record.body if isinstance(s, ast.AnnAssign)}


@pytest.mark.parametrize("record", RECORDS, ids=lambda r: r.__name__)
def test_every_field_is_on_the_page_with_type_meaning_and_who_sets_it(record: Any) -> None:
    rows = rows_of(record.__name__)
    page = {field.strip("`"): kind.strip("`").replace("\\|", "|") for field, kind, _, _ in rows}
    assert list(page) == [f.name for f in fields(record)]
    assert page == annotations(record.__name__)
    assert all(meaning and who for _, _, meaning, who in rows)


@pytest.mark.parametrize("words", LISTS, ids=lambda w: w.__name__)
def test_every_word_of_a_fixed_list_is_on_the_page(words: type[StrEnum]) -> None:
    (line,) = (line for line in PAGE.splitlines() if line.startswith(f"| {words.__name__} |"))
    assert re.findall("`(.+?)`", line) == list(words)


def test_every_topic_is_on_the_page() -> None:
    (line,) = (line for line in PAGE.splitlines() if line.startswith("| TOPICS |"))
    assert tuple(re.findall("`(.+?)`", line)) == records.TOPICS


@pytest.mark.parametrize("record", [make_document(), make_annotation(make_document()), make_issue()], ids=repr)
def test_records_are_frozen(record: Any) -> None:
    with pytest.raises((FrozenInstanceError, TypeError)):
        record.model = "other"


def test_days_are_days_of_viet_nam() -> None:
    assert records.VIETNAM.utcoffset(None) == timedelta(hours=7)


def test_a_digest_names_its_parts_the_same_everywhere() -> None:
    assert records.digest("a", "bc") == "a88a4c477c93af5a" != records.digest("ab", "c")


@pytest.mark.parametrize(
    "name", ["author", "user_name", "userName", "profile_url", "followers_count", "avatar", "handle"]
)
def test_the_watch_on_names_knows_what_it_looks_for(name: str) -> None:
    assert personal([name]) == {name}


def test_no_record_or_output_has_a_field_for_who_wrote() -> None:
    assert {(path, name) for path, name in names_of_code() if personal([name])} == set()


def test_no_table_of_the_store_has_a_column_for_who_wrote(tmp_path: Path) -> None:
    open_store(f"sqlite:///{tmp_path}/store.db").close()
    connection = sqlite3.connect(tmp_path / "store.db")
    tables = [row[0] for row in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
    columns = [row[1] for table in tables for row in connection.execute(f"PRAGMA table_info({table})")]
    connection.close()
    assert {"documents", "texts", "versions"} <= set(tables)
    assert personal(tables) == personal(columns) == set()


def test_no_index_mapping_has_a_field_for_who_wrote() -> None:
    for path in (ROOT / "index_mappings").glob("*.json"):
        assert personal(names_of_json(json.loads(path.read_text(encoding="utf-8")))) == set(), path
