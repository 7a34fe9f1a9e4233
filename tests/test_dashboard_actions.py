import csv
import io
import json
from datetime import timedelta

import openpyxl
import pytest
from dashboard_office import HOSTILE, NOW, PASSWORD, Office

from monitor.desk import (
    agencies,
    alerts,
    cases,
    dialogues,
    judgements,
    reports,
    saved,
    silences,
    surveys,
    tokens,
    users,
)
from monitor.desk.judgements import Verdict
from monitor.desk.users import Role
from monitor.records import AlertStatus, CaseStatus

pytest_plugins = ("dashboard_fixtures",)

TABLE = "câu hỏi,nhóm,phương án,số lượng,cỡ mẫu\nBác có hài lòng?,,Có,60,100\nBác có hài lòng?,,Không,40,100\n"


def send(office: Office) -> str:
    agency = agencies.suggest(agencies.agencies(office.desk), "environment", ("79",))[0]
    answer = office.visit(Role.ANALYST).post("/issues/i1/cases", agency=agency.id, due="2025-11-20", letter="Kính gửi")
    assert answer.status_code == 303, answer.text
    return answer.headers["location"].partition("?")[0].rpartition("/")[2]


def test_taking_an_alert_keeps_who_and_why(office: Office):
    answer = office.visit(Role.ANALYST).post("/issues/i1/acknowledgement", comment="đang xác minh")
    assert answer.headers["location"] == "/issues/i1?done=acknowledged"
    alert = alerts.alerts(office.desk, AlertStatus.ACKNOWLEDGED)[0]
    assert (alert.by, alert.note) == ("analyst", "đang xác minh")


def test_the_page_says_what_was_done(office: Office):
    page = office.visit(Role.ANALYST).get("/issues/i1?done=acknowledged")
    assert "Đã tiếp nhận cảnh báo." in page.text


def test_what_was_done_is_one_of_our_own_words(office: Office):
    assert "lừa" not in office.visit(Role.ANALYST).get("/issues/i1?done=lừa").text


def test_an_alert_is_given_to_someone(office: Office):
    office.visit(Role.ANALYST).post("/issues/i1/acknowledgement", comment="", to="administrator")
    assert alerts.alerts(office.desk, AlertStatus.ACKNOWLEDGED)[0].assigned == "administrator"


def test_an_alert_is_given_to_nobody_who_cannot_act(office: Office):
    for name in ("viewer", "nobody"):
        answer = office.visit(Role.ANALYST).post("/issues/i1/acknowledgement", comment="", to=name)
        assert answer.status_code == 400


def test_an_alert_is_judged_in_one_click(office: Office):
    office.visit(Role.ANALYST).post("/issues/i1/judgement", verdict="wrong")
    assert judgements.judgements(office.desk, "i1")[0].verdict is Verdict.WRONG


def test_an_unknown_judgement_is_refused(office: Office):
    assert office.visit(Role.ANALYST).post("/issues/i1/judgement", verdict="fine").status_code == 422


def test_notices_are_silenced_until_the_issue_closes(office: Office):
    office.visit(Role.ANALYST).post("/silences", issue="i1", comment="đã biết", hours="")
    (kept,) = silences.silences(office.desk)
    assert (kept.silence.matcher, kept.silence.until) == ({"issue": "i1"}, None)


def test_a_silence_without_reason_is_refused(office: Office):
    answer = office.visit(Role.ANALYST).post("/silences", issue="i1", comment=" ", hours="")
    assert answer.status_code == 400
    assert silences.silences(office.desk) == []


def test_a_silence_is_ended(office: Office):
    visitor = office.visit(Role.ANALYST)
    visitor.post("/silences", topic="health", comment="đợt tiêm", hours="24")
    visitor.post(f"/silences/{silences.silences(office.desk)[0].silence.id}/end")
    assert silences.silences(office.desk) == []


def test_a_letter_is_addressed_to_the_agency_that_it_goes_to(office: Office):
    drafted = office.visit(Role.ANALYST).get("/api/v1/issues/i1").json()["letter"]
    agency = agencies.suggest(agencies.agencies(office.desk), "environment", ["79"])[0]
    office.visit(Role.ANALYST).post("/issues/i1/cases", agency=agency.id, due="2025-11-20", letter=drafted)
    (case,) = cases.cases(office.desk, office.clock(), issue_id="i1")
    assert case.letter.startswith(f"Kính gửi: {agency.name}\n")
    assert "p = " not in case.letter


def test_the_weekly_list_shows_what_an_agency_was_sent_and_is_late_with(office: Office):
    send(office)
    office.clock.now += timedelta(days=20)
    week = office.visit(Role.VIEWER).get("/api/v1/cases/week?day=2025-11-05").json()
    (row,) = (row for row in week["agencies"] if row["sent"] == 2)
    assert (week["day"], week["before"], week["after"]) == ("2025-11-03", "2025-10-27", "2025-11-10")
    assert [case["title"] for case in row["late"]][-1] == "Kênh ô nhiễm"
    assert (
        "2025-11-03"
        in office.visit(Role.VIEWER).get("/cases/week/export.csv?day=2025-11-05").headers["content-disposition"]
    )


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "mai"])
def test_a_week_that_no_office_has_is_refused(office: Office, day: str):
    assert office.visit(Role.VIEWER).get(f"/cases/week?day={day}").status_code == 422


def test_a_case_goes_from_letter_to_final_result(office: Office):
    case_id, visitor = send(office), office.visit(Role.ANALYST)
    visitor.post(f"/cases/{case_id}/answers", text="đang làm")
    visitor.post(f"/cases/{case_id}/answers", text="đã nạo vét", final="true")
    case = cases.case(office.desk, case_id, NOW)
    assert case
    assert (case.status, case.final_result, len(case.answers)) == (CaseStatus.FINAL, "đã nạo vét", 2)


def test_an_answer_brings_files(office: Office):
    case_id, visitor = send(office), office.visit(Role.ANALYST)
    brought = {"attached": ("../../trả lời.pdf", b"%PDF-1.7 x", "application/pdf")}
    form = {"csrf": visitor.csrf(), "text": "kèm văn bản"}
    visitor.client.post(f"/cases/{case_id}/answers-with-files", data=form, files=brought)
    case = cases.case(office.desk, case_id, NOW)
    assert case
    (file,) = case.answers[0].files
    answer = visitor.get(f"/cases/{case_id}/files/{file.digest}")
    assert answer.content == b"%PDF-1.7 x"
    assert answer.headers["content-disposition"].startswith("attachment; filename*=UTF-8''tr")


def test_a_page_is_no_file_of_an_answer(office: Office):
    case_id, visitor = send(office), office.visit(Role.ANALYST)
    brought = {"attached": ("x.pdf", b"<html><script>alert(1)</script>", "application/pdf")}
    form = {"csrf": visitor.csrf(), "text": "kèm văn bản"}
    answer = visitor.client.post(f"/cases/{case_id}/answers-with-files", data=form, files=brought)
    assert answer.status_code == 400


def test_a_case_that_is_not_there_is_not_answered(office: Office):
    assert office.visit(Role.ANALYST).post("/cases/none/answers", text="x").status_code == 404


def test_a_search_is_saved_and_dropped(office: Office):
    visitor = office.visit(Role.VIEWER)
    visitor.post("/searches", name="Kênh", query="kenh o nhiem")
    assert "Kênh" in visitor.get("/searches").text
    visitor.post("/searches/dropped", name="Kênh")
    assert saved.searches(office.desk, "viewer") == []


def test_what_began_since_the_last_look_is_new(office: Office):
    visitor = office.visit(Role.VIEWER)
    assert visitor.get("/api/v1/overview").json()["fresh"] == 0
    office.clock.now = NOW.replace(hour=0)
    saved.looked(office.desk, "viewer", office.clock.now)
    office.clock.now = NOW
    assert visitor.get("/api/v1/overview").json()["fresh"] == 2
    visitor.post("/looked")
    assert visitor.get("/api/v1/overview").json()["fresh"] == 0


def test_a_report_counts_once_staff_accepted_it(office: Office):
    text = "Cống tắc ba tuần, gọi số 0912 345 678 không ai nghe."
    office.visit(Role.COLLABORATOR).post("/reports", topic="environment", place="79", text=text, people="4")
    (report,) = reports.reports(office.desk)
    assert "0912" not in report.text
    office.visit(Role.ANALYST).post(f"/reports/{report.id}/review", accept="true", comment="")
    assert "Cống tắc" in office.visit(Role.VIEWER).get("/search?q=kind:report").text


def test_an_opinion_of_a_dialogue_is_answered(office: Office):
    visitor = office.visit(Role.ANALYST)
    where = visitor.post("/dialogues", title="Đối thoại quý 4", place="79", held="2025-11-01").headers["location"]
    path = where.partition("?")[0]
    visitor.post(f"{path}/opinions", topic="transport", text="Đường xấu", agency="Sở Xây dựng", due="2025-12-01")
    (opinion,) = dialogues.opinions(office.desk, NOW)
    visitor.post(f"/opinions/{opinion.id}/answer", text="Sẽ sửa trong tháng 12")
    assert "Sẽ sửa trong tháng 12" in visitor.get(path).text


def bring(office: Office, table: str) -> int:
    visitor = office.visit(Role.ANALYST)
    form = {"title": "Hài lòng", "topic": "governance", "since": "2025-10-01", "until": "2025-10-10"}
    files = {"table": ("ket qua.csv", table.encode(), "text/csv")}
    answer = visitor.client.post("/surveys", data={"csrf": visitor.csrf(), **form}, files=files)
    return int(answer.status_code)


def test_a_survey_is_shown_with_its_margins(office: Office):
    assert bring(office, TABLE) == 303
    (survey,) = surveys.surveys(office.desk)
    page = office.visit(Role.VIEWER).get(f"/surveys/{survey.id}").text
    assert "Bác có hài lòng?" in page
    assert "60\u00a0%" in page


def test_a_list_of_respondents_is_refused(office: Office):
    assert bring(office, "họ tên,câu hỏi,phương án\nNguyễn Văn A,Hài lòng?,Có\n") == 400


def test_an_administrator_adds_changes_and_locks_staff(office: Office):
    visitor = office.visit(Role.ADMINISTRATOR)
    visitor.post("/users", name="lan", role="viewer", password=PASSWORD)
    visitor.post("/users/lan/role", role="analyst")
    visitor.post("/users/lan/active", active="false")
    lan = next(one for one in users.users(office.desk) if one.name == "lan")
    assert (lan.role, lan.active) == (Role.ANALYST, False)


def test_a_short_password_is_refused_in_one_line(office: Office):
    answer = office.visit(Role.ADMINISTRATOR).post("/users", name="lan", role="viewer", password="ngắn")
    assert answer.status_code == 400


def test_ones_own_password_needs_the_present_one(office: Office):
    visitor = office.visit(Role.VIEWER)
    assert visitor.post("/account/password", present="sai rồi nhé", password="m" * 14).status_code == 403
    assert visitor.post("/account/password", present=PASSWORD, password="m" * 14).status_code == 303
    assert users.sign_in(office.desk, "viewer", "m" * 14, "x", NOW)


def test_a_token_is_shown_once_and_revoked(office: Office):
    visitor = office.visit(Role.VIEWER)
    page = visitor.post("/account/tokens", label="bảng tính", days="30", scopes="read")
    assert "ln_" in page.text
    assert "ln_" not in visitor.get("/account").text
    (token,) = tokens.tokens(office.desk, "viewer")
    visitor.post(f"/account/tokens/{token.id}/end")
    assert tokens.tokens(office.desk, "viewer")[0].revoked_at


def test_nobody_ends_the_token_of_another(office: Office):
    office.visit(Role.VIEWER).post("/account/tokens", label="bảng tính", days="30", scopes="read")
    (token,) = tokens.tokens(office.desk, "viewer")
    assert office.visit(Role.ANALYST).post(f"/account/tokens/{token.id}/end").status_code == 404


def test_no_export_holds_a_formula(office: Office):
    visitor = office.visit(Role.VIEWER)
    cells = [cell for row in csv.reader(io.StringIO(visitor.get("/search/export.csv").text)) for cell in row]
    book = openpyxl.load_workbook(io.BytesIO(visitor.get("/issues/export.xlsx").content))
    cells += [str(cell.value) for row in book.worksheets[0].iter_rows() for cell in row]
    assert any(HOSTILE in cell for cell in cells)
    assert not any(cell.startswith(("=", "+", "@")) for cell in cells)


def test_documents_are_exported_as_lines(office: Office):
    lines = office.visit(Role.VIEWER).get("/search/export.jsonl?q=kenh").text.splitlines()
    assert [json.loads(line)["places"] for line in lines] == ["TP.HCM", "TP.HCM"]


def test_judgements_are_exported_as_labels(office: Office):
    office.visit(Role.ANALYST).post("/issues/i1/judgement", verdict="right")
    (line,) = office.visit(Role.ANALYST).get("/accuracy/labels.jsonl").text.splitlines()
    assert json.loads(line)["judgement"] == "right"


def test_the_accuracy_page_counts_what_staff_said(office: Office):
    visitor = office.visit(Role.ANALYST)
    visitor.post("/issues/i1/judgement", verdict="right")
    said = visitor.get("/api/v1/accuracy").json()
    assert (said["alerts"], said["judged"], said["right"], said["wrong"]) == (2, 1, 1, 0)
    assert 0 < said["low"] < said["high"] == pytest.approx(1.0)
