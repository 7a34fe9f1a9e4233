"""Tables, mails and charts take hostile text as text: no formula, no tag, no request."""

import csv
import io
import socket
import zipfile
from datetime import UTC, datetime

import openpyxl
import pytest
from conftest import make_annotation, make_document, make_issue
from hypothesis import given
from hypothesis import strategies as st
from receivers import mailbox

from briefing.charts import issue_png, issue_svg
from briefing.export import csv_text, json_lines, safe, xlsx_bytes
from briefing.notices import html
from monitor.alerts import deliver, open_alert
from monitor.desk import outbox
from monitor.rules import Rule, Rules
from monitor.store import Hit, open_store

NOW = datetime(2026, 1, 5, 2, 0, tzinfo=UTC)
FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\r=1", " =1", "\n=cmd|' /C calc'!A0", "＝1+1", "%0A=1"]
HOSTILE = "<script>alert(1)</script>\"'{{7*7}}<img src=http://127.0.0.1/x>\r\nBcc: a@b.vn"


@pytest.mark.parametrize("cell", FORMULAS)
def test_no_cell_of_a_csv_is_a_formula(cell):
    (_, row) = csv.reader(io.StringIO(csv_text(["a"], [[cell]]).removeprefix("\ufeff")))
    assert row[0].startswith("'")


@pytest.mark.parametrize("cell", FORMULAS)
def test_no_cell_of_a_workbook_is_a_formula(cell):
    content = xlsx_bytes("=1", [cell], [[cell]])
    sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    assert {c.data_type for row in sheet.iter_rows() for c in row} == {"s"}
    assert b"<f>" not in zipfile.ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet1.xml")


def test_numbers_stay_numbers_and_times_are_of_viet_nam():
    assert csv_text(["a", "b", "c"], [[-1.5, NOW, None]]).splitlines()[1] == "-1.5,2026-01-05 09:00,"
    sheet = openpyxl.load_workbook(io.BytesIO(xlsx_bytes("t", ["a"], [[-1.5]]))).worksheets[0]
    assert sheet["A2"].value == -1.5


def test_a_csv_of_vietnamese_begins_as_excel_wants_it():
    assert csv_text(["tỉnh"], [["Đắk Lắk"]]).startswith("\ufeff")


@given(st.text())
def test_whatever_is_typed_no_spreadsheet_calculates_it(text):
    assert not str(safe(text)).startswith(("=", "+", "-", "@", "\t", "\r", "\n"))


@given(st.lists(st.lists(st.text(), min_size=2, max_size=2), max_size=5))
def test_a_csv_has_as_many_lines_as_there_are_rows(rows):
    text = csv_text(["a", "b"], rows).removeprefix("\ufeff")
    assert len(list(csv.reader(io.StringIO(text, newline="")))) == len(rows) + 1


def test_lines_of_json_are_one_object_each():
    assert json_lines([{"a": "ô\n"}, {"a": 1}]) == '{"a":"ô\\n"}\n{"a":1}\n'


@pytest.fixture
def store():
    with open_store("sqlite://") as opened:
        documents = [make_document(f"Kênh {n}") for n in range(5)]
        opened.add(documents)
        opened.annotate(make_annotation(d) for d in documents)
        yield opened


def test_a_mail_carries_evidence_and_chart_and_takes_hostile_text_as_text(desk, store):
    document = make_document(HOSTILE, url="javascript:alert(1)", publisher="<b>Báo</b>")
    open_alert(desk, make_issue(title=HOSTILE, explanation=HOSTILE), [Hit(document=document)], NOW)
    rules = Rules(rules=(Rule(name="all", to=("duty",)),))
    with mailbox() as (port, messages):
        to = {"duty": (f"smtp://127.0.0.1:{port}/?from=a@example.vn&to=b@example.vn&tls=no",)}
        assert deliver(desk, to, rules, NOW, html=html, chart=lambda issue: issue_png(store, issue)) == (1, 0)
    (message,) = messages
    page = message.get_payload()[1].get_payload()[0].get_payload(decode=True).decode()
    assert "<script" not in page
    assert "<b>" not in page
    assert "javascript:" not in page
    assert page.count("<img") == page.count('<img src="cid:') == 1
    assert message["Bcc"] is None
    assert {"image/png"} < {part.get_content_type() for part in message.walk()}


def test_a_notice_leads_to_the_dashboard_where_its_address_is_known(desk):
    open_alert(desk, make_issue(), [], NOW)
    rules = Rules(rules=(Rule(name="all", to=("duty",)),), address="https://langnghe.example.vn")
    deliver(desk, {"duty": ("print:",)}, rules, NOW, html=html)
    (sent,) = outbox.deliveries(desk)
    assert "Xem và xử lý: https://langnghe.example.vn/issues/i1" in sent.text
    assert 'href="https://langnghe.example.vn/issues/i1"' in sent.html


def test_a_page_of_a_notice_links_its_headlines(desk):
    hit = Hit(document=make_document("Kênh đen", url="https://bao.example/1?a=1&b=2"))
    open_alert(desk, make_issue(), [hit], NOW)
    deliver(desk, {"duty": ("print:",)}, Rules(rules=(Rule(name="all", to=("duty",)),)), NOW, html=html)
    page = outbox.deliveries(desk)[0].html
    assert '<a href="https://bao.example/1?a=1&amp;b=2" rel="noreferrer" style="color:#0b5563">Kênh đen</a>' in page
    assert "<img" not in page


def test_a_chart_is_a_png_with_hostile_titles_and_asks_nothing_of_the_network(store, monkeypatch):
    monkeypatch.setattr(socket.socket, "connect", lambda *args: pytest.fail("a chart went to the network"))
    png = issue_png(store, make_issue(title=HOSTILE))
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    assert len(png) > 5000


def test_a_chart_as_svg_holds_no_script(store):
    svg = issue_svg(store, make_issue(title=HOSTILE))
    assert svg.startswith("<svg")
    assert "<script" not in svg
    assert "<image" not in svg
