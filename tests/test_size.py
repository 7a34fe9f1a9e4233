"""The size budget: functions and modules stay small enough to read."""

import ast
from pathlib import Path
from statistics import median, quantiles

ROOT = Path(__file__).parent.parent
MODULES = [ROOT / "cli.py"] + [
    path
    for room in ("monitor", "nlp", "crawlers", "flows", "briefing", "dashboard")
    for path in sorted((ROOT / room).rglob("*.py"))
]


def functions() -> dict[str, int]:
    return {
        f"{path.relative_to(ROOT)}:{node.lineno} {node.name}": (node.end_lineno or node.lineno) - node.lineno + 1
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }


def test_no_function_is_over_60_lines():
    assert {name: size for name, size in functions().items() if size > 60} == {}


def test_most_functions_are_small():
    sizes = list(functions().values())
    assert median(sizes) <= 8
    assert quantiles(sizes, n=10)[-1] <= 30


def test_no_module_is_over_300_lines():
    sizes = {str(path.relative_to(ROOT)): path.read_text(encoding="utf-8").count("\n") for path in MODULES}
    assert {name: size for name, size in sizes.items() if size > 300} == {}


def test_no_module_has_a_name_that_says_nothing():
    assert {path.stem for path in MODULES} & {"utils", "common", "helpers", "manager", "base"} == set()
