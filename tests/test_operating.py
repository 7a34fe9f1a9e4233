"""The page for operators names only what is there."""

import re
from pathlib import Path

from cli_store import app

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")


def test_every_file_it_names_is_there() -> None:
    named = re.findall(r"`((?:index_mappings|docs|tests|monitor)/[\w./-]+|compose\.yaml)", PAGE)
    assert named
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_every_store_command_it_names_is_one() -> None:
    commands = {command.callback.__name__ for command in app.registered_commands if command.callback}
    assert set(re.findall(r"langnghe store (\w+)", PAGE)) <= commands


def test_every_variable_it_names_is_read_somewhere() -> None:
    code = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "monitor").rglob("*.py"))
    names = set(re.findall(r"LANGNGHE_(?:ES_)?[A-Z_]+", PAGE))
    missing = {n for n in names if n not in code and n.removesuffix("_FILE") not in code and f'"{n[9:]}"' not in code}
    assert missing == set()
