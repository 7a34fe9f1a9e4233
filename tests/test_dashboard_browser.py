"""A member of staff at work in a real browser, on a desk and on a phone, in both languages."""

import shutil
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from dashboard_office import PASSWORD, Office, app

from dashboard.charts import WIDE
from dashboard.visitor import SESSION
from dashboard.words import Language, load_words, translator
from monitor.desk import alerts, cases, silences, users
from monitor.records import AlertStatus, CaseStatus

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed")

pytest_plugins = ("dashboard_fixtures",)

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = [pytest.mark.slow, pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")]

SCREENSHOTS = Path(__file__).parent.parent / "build" / "screenshots"
LOCALES = {Language.VIETNAMESE: "vi-VN", Language.ENGLISH: "en-GB"}
SIZES = {"desk": {"width": 1280, "height": 900}, "phone": {"width": 390, "height": 844}}
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run", "--disable-sync"]
PAGES = (
    "/",
    "/issues",
    "/issues/i1",
    "/search?q=kenh",
    "/topics",
    "/topics/environment",
    "/places",
    "/sources",
    "/cases",
    "/silences",
)
MORE = (
    "/reports",
    "/cases/week",
    "/dialogues",
    "/surveys",
    "/agencies",
    "/searches",
    "/deliveries",
    "/accuracy",
    "/audit",
    "/users",
)


@pytest.fixture
def served(office: Office) -> Iterator[str]:
    """The address at which the office is really served."""
    office.visit()
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(app(), log_level="warning", ws="none"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        while not server.started:
            time.sleep(0.01)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        server.should_exit = True
        thread.join()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    with playwright.sync_playwright() as running:
        browser = running.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


def sign_in(chromium: Any, served: str, size: str, locale: str, role: str) -> Any:
    context = chromium.new_context(viewport=SIZES[size], locale=locale, base_url=served)
    page = context.new_page()
    page.on("console", lambda message: refuse(message.text) if message.type == "error" else None)
    page.goto("/")
    page.fill("#name", role)
    page.fill("#password", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{served}/")
    return page


def refuse(message: str) -> None:
    raise AssertionError(message)


def keep(page: Any, name: str) -> None:
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SCREENSHOTS / f"{name}.png", full_page=True)


@pytest.mark.parametrize(("size", "language"), [("desk", Language.VIETNAMESE), ("phone", Language.ENGLISH)])
def test_an_issue_is_followed_to_its_end(chromium: Any, served: str, office: Office, size: str, language: Language):
    t = translator(load_words(), language)
    page = sign_in(chromium, served, size, LOCALES[language], "analyst")
    page.click("ul.issues >> nth=0 >> a")
    assert "Kênh Nước Đen ô nhiễm nặng" in page.inner_text("ul.documents")
    page.fill("#comment", "đang xác minh")
    page.click(f"button:has-text('{t('acknowledge')}')")
    page.click(f"summary:has-text('{t('silence')}')")
    page.fill("#why-silent", "đã biết")
    page.click(f"button:has-text('{t('silence')}')")
    page.click(f"summary:has-text('{t('send_case')}')")
    page.click(f"button:has-text('{t('send_case')}')")
    for text, final in (("đang làm", False), ("đã nạo vét", True)):
        page.fill("#text", text)
        page.set_checked("input[name=final]", final)
        page.click("form[enctype] button")
    assert "đã nạo vét" in page.inner_text("section:has(#final)")
    keep(page, f"case-{size}-{language}")
    assert alerts.alerts(office.desk, AlertStatus.ACKNOWLEDGED)[0].note == "đang xác minh"
    assert silences.silences(office.desk)[0].silence.until is None
    assert len(cases.cases(office.desk, office.clock(), CaseStatus.FINAL)) == 1


@pytest.mark.parametrize(("locale", "export"), [("vi-VN", "Xuất"), ("en-GB", "Export")])
def test_a_search_without_marks_is_exported(chromium: Any, served: str, locale: str, export: str):
    page = sign_in(chromium, served, "phone", locale, "viewer")
    page.fill("#find", "kenh o nhiem")
    page.keyboard.press("Enter")
    assert "Kênh Nước Đen ô nhiễm nặng" in page.inner_text("ul.documents")
    assert export in page.inner_text("main")
    with page.expect_download() as download:
        page.click("a:has-text('CSV')")
    assert "Kênh Nước Đen" in Path(download.value.path()).read_text(encoding="utf-8")


@pytest.mark.parametrize("size", SIZES)
def test_pages_are_accessible_and_fit_the_window(chromium: Any, served: str, office: Office, size: str):
    page = sign_in(chromium, served, size, "vi-VN", "administrator")
    for path in (*PAGES, *MORE):
        office.clock.now = office.clock.now.replace(minute=(office.clock.now.minute + 1) % 60)
        page.goto(path)
        for figure in page.locator("figure[data-chart]").all():
            figure.locator(".drawn svg").wait_for()
        found = axe.Axe().run(page).response["violations"]
        assert [(v["id"], v["nodes"][0]["html"]) for v in found if v["impact"] in ("serious", "critical")] == [], path
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), path
        keep(page, f"{size}-{path.strip('/').partition('?')[0].replace('/', '-') or 'overview'}")


def test_a_chart_answers_the_pointer_and_leads_to_the_documents(chromium: Any, served: str):
    page = sign_in(chromium, served, "desk", "vi-VN", "viewer")
    page.goto("/issues/i1")
    bar = page.locator(".drawn path[aria-roledescription=bar]").last
    bar.hover()
    page.wait_for_selector("#vg-tooltip-element.visible")
    assert "Tin, bài" in page.inner_text("#vg-tooltip-element")
    keep(page, "chart")
    bar.click()
    page.wait_for_url("**/search?q=*since*")
    assert "Kênh Nước Đen ô nhiễm nặng" in page.inner_text("ul.documents")


def test_a_chart_is_there_without_a_script(chromium: Any, served: str, office: Office):
    token = users.begin_session(office.desk, "viewer", office.clock()) or ""
    context = chromium.new_context(viewport=SIZES["desk"], base_url=served, java_script_enabled=False)
    context.add_cookies([{"name": SESSION, "value": token, "url": served}])
    page = context.new_page()
    page.goto("/issues/i1")
    assert page.locator(".chart img").evaluate("image => image.decode().then(() => image.naturalWidth)") == WIDE[0]
    assert page.locator(".drawn").count() == 0


def test_the_keyboard_alone_opens_the_hottest_issue(chromium: Any, served: str):
    page = sign_in(chromium, served, "desk", "vi-VN", "viewer")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    for _ in range(40):
        page.keyboard.press("Tab")
        if "/issues/i1" in (page.evaluate("document.activeElement.getAttribute('href')") or ""):
            break
    page.keyboard.press("Enter")
    page.wait_for_url("**/issues/i1")
