"""Errors as people read them: in their language, whatever they did wrong."""

import ast
from pathlib import Path

import pytest
from dashboard_office import Office, app

from dashboard import deeds_books, deeds_issues, deeds_people
from dashboard.access import Access
from dashboard.words import Language, load_words, translator
from monitor.desk.users import Role

pytest_plugins = ("dashboard_fixtures",)

WORDS = load_words()
DEEDS = (*deeds_issues.DEEDS, *deeds_books.DEEDS, *deeds_people.DEEDS)
PACKAGE = Path(__file__).parent.parent / "dashboard"
REFUSALS = {"NotFound", "NotAllowed", "NotSignedIn", "Forged"}
WRONG = [
    ("/issues/i1/cases", {"agency": "none", "due": "2025-12-01", "letter": "a"}, "Không có cơ quan này trong danh bạ."),
    ("/issues/i1/cases", {"agency": "none", "due": "mai", "letter": "a"}, "Hạn trả lời: phải là một ngày có thật."),
    ("/issues/i1/cases", {"due": "2025-12-01", "letter": "a"}, "Cơ quan: chưa điền."),
    ("/issues/i1/resolution", {"comment": "a" * 4001}, "Ghi chú: dài quá 4000 ký tự."),
    ("/issues/i2/judgement", {"verdict": "maybe"}, "Đánh giá: hãy chọn trong danh sách."),
    ("/silences", {"topic": "health", "comment": "a"}, "Tạm tắt không có thời hạn thì phải gắn với một vấn đề."),
    ("/reports", {"topic": "health", "place": "Paris", "text": "a"}, "Không có tỉnh, thành nào tên “Paris”."),
    ("/reports", {"topic": "health", "place": "79", "text": "a", "people": 0}, "Số người cùng phản ánh: ít nhất"),
    ("/users", {"name": "a b", "role": "viewer", "password": "x" * 12}, "Tên đăng nhập dài 1 đến 64 ký tự"),
    ("/agencies", {"csv": "name,topics\nA,bệnh"}, "CSV, dòng 2: không có chủ đề “bệnh”"),
    ("/nothing", {}, "Địa chỉ này không có trang nào."),
]


@pytest.mark.parametrize(("path", "form", "told"), WRONG)
def test_what_was_wrong_is_told_in_vietnamese(office: Office, path: str, form: dict[str, object], told: str):
    answer = office.visit(Role.ADMINISTRATOR).post(path, **form)
    assert answer.status_code in (400, 404, 422)
    assert told in answer.text
    assert 'lang="en">' not in answer.text.partition("<main")[2]


def test_what_was_wrong_is_told_in_english_to_those_who_read_it(office: Office):
    answer = office.visit(Role.ANALYST, "en").post("/issues/none/judgement", verdict="right")
    assert "this issue has no alert" in answer.text


def test_programs_are_answered_in_english(office: Office):
    answer = office.visit(Role.VIEWER, "vi").get("/api/v1/issues/none")
    assert answer.json()["error"] == {"status": 404, "code": "not_found", "message": "There is no such issue."}


def test_a_search_that_cannot_be_read_is_told_in_vietnamese(calm_office: Office):
    answer = calm_office.visit(Role.VIEWER).get("/search?q=place:atlantis")
    assert "place:atlantis không có; hãy dùng tên hoặc mã một tỉnh, thành." in answer.text


def test_every_refusal_has_its_words():
    for path in PACKAGE.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in REFUSALS:
                [why] = node.args
                assert isinstance(why, ast.JoinedStr) or f"refused.{ast.literal_eval(why)}" in WORDS, ast.unparse(node)
    assert {f"refused.needs_{access}" for access in Access if access is not Access.OPEN} <= set(WORDS)


def test_every_field_of_a_form_has_a_name_for_people():
    asked = {name for deed in DEEDS for name in deed.asked.model_fields}
    described = app().openapi()["components"]["schemas"]
    asked |= {name for key, schema in described.items() if key.startswith("Body_") for name in schema["properties"]}
    own = {"issue", "rule", "final", "csrf", "next", "to", "scopes"}
    assert {f"field.{name}" for name in asked - own} <= set(WORDS)


def test_every_kind_of_unfit_value_can_be_told():
    t = translator(WORDS, Language.VIETNAMESE)
    for key in (key for key in WORDS if key.startswith("unfit.")):
        assert t(key, field="Tên", limit=3).startswith("Tên: ")
