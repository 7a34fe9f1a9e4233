"""The demo in a real browser: its hottest issue is seen, taken, silenced, sent, answered, found again and exported."""

import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from demo_home import Shown, environ

from monitor.desk import Desk, alerts, cases
from monitor.records import AlertStatus, CaseStatus, Issue
from monitor.store import open_store
from monitor.text import fold

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

pytest_plugins = ("demo_fixtures",)

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = [pytest.mark.slow, pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")]

PASSWORD = "mật khẩu đủ dài"
SCREENSHOTS = Path(__file__).parent.parent / "build" / "screenshots"


@pytest.fixture(scope="module")
def served(shown: Shown) -> Iterator[str]:
    """The address of the dashboard over what the demo left, run as an operator runs it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    sources = str(shown.home / "sources.toml")
    env = environ(LANGNGHE_HOME=str(shown.home), LANGNGHE_PORT=str(port), LANGNGHE_SOURCES=sources)
    add = [sys.executable, "-m", "cli", "user", "add", "lan", "--role", "administrator"]
    subprocess.run(add, env=env, input=PASSWORD, text=True, check=True, capture_output=True, timeout=60)
    running = subprocess.Popen([sys.executable, "-m", "dashboard"], env=env)
    wait(f"http://127.0.0.1:{port}")
    yield f"http://127.0.0.1:{port}"
    running.terminate()
    running.wait(20)


def wait(address: str) -> None:
    for _ in range(300):
        try:
            httpx.get(f"{address}/alive").raise_for_status()
            return
        except httpx.HTTPError:
            time.sleep(0.1)
    raise AssertionError("the dashboard did not start")


@pytest.fixture(scope="module")
def page(served: str) -> Iterator[Any]:
    with playwright.sync_playwright() as running:
        browser = running.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        opened = browser.new_context(locale="vi-VN", base_url=served).new_page()
        opened.goto("/")
        opened.fill("#name", "lan")
        opened.fill("#password", PASSWORD)
        opened.keyboard.press("Enter")
        opened.wait_for_url(f"{served}/")
        yield opened
        browser.close()


@pytest.fixture(scope="module")
def hottest(shown: Shown) -> Issue:
    """The open issue of the highest level, and of the highest score within it, as the overview ranks them."""
    with open_store(shown.store) as store:
        ranked = [issue for level in ("hot", "emerging", "cooling") for issue in store.issues((level,), 1)]
    return ranked[0]


def test_the_hottest_issue_of_the_demo_goes_from_the_overview_to_its_final_result(
    page: Any, shown: Shown, hottest: Issue
):
    assert page.inner_text("ul.issues >> nth=0 >> h3") == hottest.title
    page.screenshot(path=SCREENSHOTS / "demo-overview.png", full_page=True)
    page.click("ul.issues >> nth=0 >> a")
    page.locator(".drawn svg").wait_for()
    assert page.locator("ul.documents > li").count() == len(hottest.evidence)
    page.screenshot(path=SCREENSHOTS / "demo-issue.png", full_page=True)
    page.fill("#comment", "đang xác minh")
    page.click("button:has-text('Tiếp nhận')")
    page.click("summary:has-text('Tạm tắt thông báo')")
    page.fill("#why-silent", "đã biết")
    page.click("button:has-text('Tạm tắt thông báo')")
    page.click("summary:has-text('Gửi cơ quan')")
    page.click("button:has-text('Gửi cơ quan')")
    for text, final in (("đang làm", False), ("đã xong", True)):
        page.fill("#text", text)
        page.set_checked("input[name=final]", final)
        page.click("form[enctype] button")
    desk = Desk(f"sqlite:///{shown.home}/desk.db")
    assert [alert.issue_id for alert in alerts.alerts(desk, AlertStatus.ACKNOWLEDGED)] == [hottest.id]
    assert [case.final_result for case in cases.cases(desk, shown.began, CaseStatus.FINAL)] == ["đã xong"]
    desk.close()


def test_what_the_issue_rests_on_is_found_without_marks_and_exported(page: Any, shown: Shown, hottest: Issue):
    with open_store(shown.store) as store:
        title = store.get(hottest.evidence[0]).document.title
    page.goto("/")
    page.fill("#find", fold(title))
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?**")
    assert title in page.inner_text("ul.documents")
    with page.expect_download() as download:
        page.click("a:has-text('CSV')")
    assert title in Path(download.value.path()).read_text(encoding="utf-8")
