"""What people give that cannot be taken is told in their language: every sentence is there twice, and is used."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest

from monitor.errors import InputError, WrongInput
from monitor.query import parse_query
from monitor.sentences import WRONG, load_sentences

ROOT = Path(__file__).parent.parent
FILES = [*ROOT.glob("monitor/desk/*.py"), ROOT / "monitor" / "query.py", *ROOT.glob("dashboard/*.py")]
SENTENCES = load_sentences(WRONG)
VIETNAMESE = re.compile(r"[ăâđêôơưàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ]", re.IGNORECASE)


def slots(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def calls(name: str) -> Iterator[ast.Call]:
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name:
                yield node


@pytest.mark.parametrize("key", SENTENCES)
def test_every_sentence_is_there_in_both_languages(key: str):
    vietnamese, english = SENTENCES[key]
    assert VIETNAMESE.search(vietnamese)
    assert not VIETNAMESE.search(english.replace("phường", "").replace("xã", ""))
    assert slots(vietnamese) <= slots(english)


def test_every_raise_names_a_sentence_and_fills_it():
    for call in calls("WrongInput"):
        if isinstance(call.args[0], ast.Constant):
            assert {word.arg for word in call.keywords} == slots(SENTENCES[call.args[0].value][1]), ast.unparse(call)


def test_every_text_that_is_needed_has_its_sentence():
    assert {f"needed.{ast.literal_eval(call.args[1])}" for call in calls("needed")} == {
        key for key in SENTENCES if key.startswith("needed.")
    }


def test_no_sentence_is_left_over():
    source = "".join(path.read_text(encoding="utf-8") for path in [*FILES, ROOT / "monitor" / "store" / "cursor.py"])
    assert [key for key in SENTENCES if f'"{key}"' not in source and not key.startswith("needed.")] == []


def test_no_page_can_show_an_error_without_words_for_people():
    assert [ast.unparse(call) for call in calls("InputError")] == []


@pytest.mark.parametrize(("language", "told"), [("vi", "không có; hãy dùng"), ("en", "is not known")])
def test_an_error_is_told_in_the_language_asked_for(language: str, told: str):
    with pytest.raises(WrongInput) as caught:
        parse_query("place:atlantis")
    assert told in caught.value.told(language)
    assert "atlantis" in caught.value.told(language)


def test_an_error_without_other_words_is_told_as_it_is():
    assert InputError("a.jsonl, line 3: no title").told("vi") == "a.jsonl, line 3: no title"
