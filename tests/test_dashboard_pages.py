import json
import re
from dataclasses import fields, is_dataclass
from html.parser import HTMLParser

import pytest
from conftest import make_issue
from dashboard_office import HOSTILE, Office
from jinja2 import meta

from dashboard.issues import PAGE
from dashboard.pages import VIEWS, View
from dashboard.rendering import TEMPLATES, load_renderer
from dashboard.script import SCRIPT_PATH
from dashboard.warming import warm_pages
from dashboard.words import Language, load_words
from monitor.desk import cases, dialogues, surveys
from monitor.desk.users import Role
from monitor.provinces import PROVINCES
from monitor.records import TOPICS, Level

pytest_plugins = ("dashboard_fixtures",)

WORDS = load_words()
GLOBALS = set(load_renderer(WORDS).environments[Language.VIETNAMESE].globals)
MACROS = ("parts", "about")
BY_VIEW = pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.template)
_USED = re.compile(r"""\bt\(\s*["']([\w.]+)["']\s*(~)?""")


class Page(HTMLParser):
    """What a page is made of: tags with their attributes, and its text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


def address(office: Office, view: View) -> str:
    document = office.store.issues()[0].evidence[0]
    case = cases.cases(office.desk, office.clock())
    ids = {"issue_id": "i1", "document_id": document, "topic": "environment", "code": "79", "source_id": "bao-a"}
    return view.path.format(case_id=case[0].id, dialogue_id=dialogue(office), survey_id=survey(office), **ids)


def dialogue(office: Office) -> str:
    now = office.clock()
    return dialogues.record_dialogue(office.desk, HOSTILE, "79", now, "analyst", now).id


def survey(office: Office) -> str:
    now = office.clock()
    count = surveys.Count(question=HOSTILE, part="", answer="Có", count=60, sample=100)
    since = now.replace(day=1)
    return surveys.keep_survey(office.desk, HOSTILE, "environment", [], since, now, [count], "analyst", now).id


def page_of(office: Office, view: View, language: str = "vi") -> Page:
    office.clock.now = office.clock.now.replace(minute=(office.clock.now.minute + 1) % 60)
    answer = office.visit(Role.ADMINISTRATOR, language).get(address(office, view))
    assert answer.status_code == 200, answer.text
    return Page(answer.text)


@BY_VIEW
def test_a_template_uses_every_field_of_its_context_and_nothing_else(view: View):
    environment = load_renderer(WORDS).environments[Language.VIETNAMESE]
    source = (TEMPLATES / view.template).read_text(encoding="utf-8")
    used = meta.find_undeclared_variables(environment.parse(source)) - GLOBALS - {"shell", *MACROS}
    assert used == {field.name for field in fields(view.context)}


@BY_VIEW
def test_every_page_opens_in_both_languages(calm_office: Office, view: View):
    vietnamese, english = (page_of(calm_office, view, language) for language in Language)
    assert vietnamese.all("html") == [{"lang": "vi"}]
    assert english.all("html") == [{"lang": "en"}]
    assert "Tổng quan" in vietnamese.text
    assert "Overview" in english.text


@BY_VIEW
def test_no_page_runs_what_was_brought_from_outside(calm_office: Office, view: View):
    page = page_of(calm_office, view)
    assert all(one.get("src") == SCRIPT_PATH for one in page.all("script"))
    for tag, attributes in page.tags:
        assert not any(name.startswith("on") or name == "style" for name in attributes), tag
        assert not any((attributes.get(name) or "").startswith("javascript:") for name in ("href", "src")), tag
    assert "49=1+1" not in page.text


@BY_VIEW
def test_every_page_says_the_same_as_the_api(calm_office: Office, view: View):
    page_of(calm_office, view)
    path = address(calm_office, view)
    answer = calm_office.visit(Role.ADMINISTRATOR).get("/api/v1" + ("/overview" if path == "/" else path))
    assert answer.status_code == 200
    assert set(answer.json()) == {field.name for field in fields(view.context)}


@BY_VIEW
def test_every_form_carries_its_token_and_every_field_a_label(calm_office: Office, view: View):
    page = page_of(calm_office, view)
    posts = [form for form in page.all("form") if form.get("method") == "post"]
    tokens = [one for one in page.all("input") if one.get("name") == "csrf"]
    assert len(posts) == len(tokens)
    labelled = {label.get("for") for label in page.all("label")}
    for tag in ("select", "textarea"):
        assert all(one.get("id") in labelled for one in page.all(tag) if one.get("id")), tag
    ids = [attributes["id"] for _, attributes in page.tags if attributes.get("id")]
    assert len(ids) == len(set(ids))


@BY_VIEW
def test_every_picture_has_words_and_every_address_of_ours_exists(calm_office: Office, view: View):
    page = page_of(calm_office, view)
    assert all("alt" in image for image in page.all("img"))
    visitor = calm_office.visit(Role.ADMINISTRATOR)
    for image in page.all("img"):
        assert visitor.get(image["src"] or "").status_code == 200, image["src"]


@BY_VIEW
def test_every_page_has_one_heading_and_a_way_past_the_navigation(calm_office: Office, view: View):
    page = page_of(calm_office, view)
    assert len(page.all("h1")) == 1
    assert page.all("a")[0].get("href") == "#main"
    assert [main.get("id") for main in page.all("main")] == ["main"]


def test_no_context_holds_a_record_with_a_voice():
    def names(kind: object) -> set[str]:
        found: set[str] = set()
        for field in fields(kind):  # type: ignore[arg-type]
            found.add(field.name)
            inner = re.findall(r"dashboard\.\w+\.(\w+)|monitor\.[\w.]+\.(\w+)", str(field.type))
            found |= {one for pair in inner for one in pair if one}
        return found

    assert all(is_dataclass(view.context) for view in VIEWS)
    assert not {"voice", "parent_id", "Document", "Hit"} & {name for view in VIEWS for name in names(view.context)}


def test_every_word_is_there_in_both_languages():
    for key, texts in WORDS.items():
        assert all(text.strip() for text in texts), key
        slots = [set(re.findall(r"\{(\w+)\}", text)) for text in texts]
        assert slots[0] == slots[1], key


def test_every_word_that_templates_name_exists():
    named = {
        (match[1], bool(match[2]))
        for path in TEMPLATES.glob("*.html")
        for match in _USED.finditer(path.read_text(encoding="utf-8"))
    }
    for key, prefix in named:
        assert any(known.startswith(key) for known in WORDS) if prefix else key in WORDS, key


def test_every_value_that_people_see_has_a_word():
    assert {f"topic.{topic}" for topic in TOPICS} <= set(WORDS)


def test_the_map_shows_every_province_once(calm_office: Office):
    page = page_of(calm_office, next(view for view in VIEWS if view.path == "/places"))
    tiles = [item for item in page.all("li") if re.match(r"c\d r\d+ s\d", item.get("class") or "")]
    assert len(tiles) == len({item["class"] for item in tiles}) == len(PROVINCES)


def test_a_post_is_quoted_without_a_link(calm_office: Office):
    answer = calm_office.visit(Role.VIEWER).get("/search?q=xe+chet+may")
    assert "Ngập quá" in answer.text
    assert "diendan.example" not in answer.text


def test_search_finds_without_marks_and_shows_what_matched(calm_office: Office):
    answer = calm_office.visit(Role.VIEWER).get("/search?q=o+nhiem")
    assert "<mark>ô nhiễm</mark>" in answer.text or "<mark>ô</mark> <mark>nhiễm</mark>" in answer.text


def test_a_search_that_cannot_be_read_says_why(calm_office: Office):
    answer = calm_office.visit(Role.VIEWER, "en").get("/search?q=place:atlantis")
    assert answer.status_code == 200
    assert "This search could not be read" in answer.text


def test_search_pages_on_by_cursor(calm_office: Office):
    visitor = calm_office.visit(Role.VIEWER)
    first = visitor.get("/api/v1/search?limit=2").json()
    second = visitor.get(f"/api/v1/search?limit=2&after={first['after']}").json()
    ids = [hit["id"] for hit in first["hits"] + second["hits"]]
    assert (len(ids), len(set(ids)), second["after"]) == (4, 4, None)


def test_the_list_of_issues_pages_on(office: Office):
    made = [make_issue(id=f"n{n}", level=Level.COOLING, score=n / 100) for n in range(PAGE + 3)]
    office.store.save_issues(made)
    visitor = office.visit(Role.VIEWER)
    first = visitor.get("/api/v1/issues?level=cooling").json()
    second = visitor.get(f"/api/v1/issues?level=cooling&after={first['after']}").json()
    ids = [issue["id"] for issue in first["issues"] + second["issues"]]
    assert ids == [issue.id for issue in reversed(made)]
    assert (second["after"], first["first"], second["first"]) == (None, True, False)


def test_closed_issues_do_not_crowd_out_open_ones(office: Office):
    office.store.save_issues(make_issue(id=f"c{n}", level=Level.CLOSED, score=99.0) for n in range(1100))
    shown = office.visit(Role.VIEWER).get("/api/v1/issues").json()
    assert [issue["id"] for issue in shown["issues"]] == ["i1", "i2"]


def test_an_empty_office_says_so_in_words(empty_office: Office):
    visitor = empty_office.visit(Role.ADMINISTRATOR, "en")
    assert "Nothing is hot." in visitor.get("/").text
    assert "There is no such issue." in visitor.get("/issues").text
    assert "There is no case." in visitor.get("/cases").text


def test_the_overview_shows_what_is_out_of_the_ordinary(office: Office):
    visitor = office.visit(Role.VIEWER)
    text = visitor.get("/").text
    assert "9 tin về điều người dân quan ngại trong 24 giờ, thường 1,5" in text
    assert "im ắng: 0 tin trong 72 giờ, thường 31" in text
    assert "topic%3Aenvironment+place%3A79+concern%3A0.5" in text
    assert [line["topic"] for line in visitor.get("/api/v1/overview").json()["signals"]] == ["environment", "education"]


def test_part_of_the_overview_may_fail(office: Office):
    office.store.close()
    answer = office.visit(Role.VIEWER, "en").get("/")
    assert answer.status_code == 200
    assert "Part of this page could not be read" in answer.text


def test_a_store_that_is_away_is_said_in_one_shape(office: Office):
    office.store.close()
    visitor = office.visit(Role.VIEWER)
    assert visitor.get("/api/v1/topics").json()["error"]["status"] in (500, 503)
    assert "Traceback" not in visitor.get("/topics").text


@pytest.mark.parametrize("path", ["/nothing", "/issues/none", "/documents/none", "/places/00", "/charts/topics/x.svg"])
def test_what_is_not_there_is_a_page_that_says_so(calm_office: Office, path: str):
    answer = calm_office.visit(Role.VIEWER).get(path)
    assert answer.status_code == 404
    assert "Không có trang này" in answer.text


@pytest.mark.parametrize(
    ("path", "status"),
    [("/nothing", 404), ("/issues/none", 404), ("/search?limit=0", 422), ("/search?after=x&q=a", 200)],
)
def test_every_error_of_the_api_has_one_shape(calm_office: Office, path: str, status: int):
    answer = calm_office.visit(Role.VIEWER).get(f"/api/v1{path}")
    assert answer.status_code == status
    if status != 200:
        assert set(answer.json()) == {"error"}
        assert set(answer.json()["error"]) == {"status", "code", "message"}


def test_the_api_describes_itself(calm_office: Office):
    described = json.loads(calm_office.visit(Role.VIEWER).get("/api/v1/openapi.json").text)
    assert {f"/api/v1{view.path}" for view in VIEWS if view.path != "/"} <= set(described["paths"])


def test_every_answer_carries_the_headers_that_keep_it_safe(calm_office: Office):
    visitor = calm_office.visit(Role.VIEWER)
    for path in ("/", "/nothing", "/sign-in", "/api/v1/issues", "/mark.svg"):
        headers = visitor.get(path).headers
        assert headers["content-security-policy"].startswith("default-src 'none'")
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"


def test_the_language_chosen_is_remembered(office: Office):
    visitor = office.visit(Role.VIEWER, "vi")
    visitor.post("/language", language="en", next="/")
    assert "Overview" in visitor.get("/").text


def test_charts_are_pictures(calm_office: Office):
    visitor = calm_office.visit(Role.VIEWER)
    assert visitor.get("/charts/issues/i1.svg").text.startswith("<svg")
    assert visitor.get("/charts/issues/i1.png").content.startswith(b"\x89PNG")
    assert visitor.get("/charts/search.svg?q=kenh").status_code == 200


def test_the_script_of_charts_comes_from_here_and_is_kept(calm_office: Office):
    answer = calm_office.visit().get(SCRIPT_PATH)
    assert "immutable" in answer.headers["cache-control"]
    assert "expressionInterpreter" in answer.text
    assert "figure[data-chart]" in answer.text


def test_a_day_of_a_chart_leads_to_its_documents(calm_office: Office):
    visitor = calm_office.visit(Role.VIEWER)
    spec = visitor.get("/charts/issues/i1.json").json()
    [days] = spec["datasets"].values()
    last = next(day for day in reversed(days) if day["count"])
    assert visitor.get(f"/api/v1{last['link']}").json()["total"] == last["count"]


def test_what_the_first_visitor_would_wait_for_is_counted_before(office: Office):
    warm_pages(office.given)
    office.store.close()
    assert office.visit(Role.VIEWER).get("/api/v1/overview").json()["missing"] == ["issues", "signals"]


def test_a_store_that_is_away_keeps_nothing_from_starting(office: Office):
    office.store.close()
    visitor = office.visit()
    with visitor.client:
        assert visitor.get("/alive").status_code == 200
