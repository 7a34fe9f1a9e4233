"""A case goes to an agency, is answered, is late, is final, and says so when it flares up again; files come along."""

import io
import zipfile
from datetime import UTC, datetime, timedelta

import pytest
from conftest import make_issue

from briefing.letter import letter
from monitor.alerts import open_alert
from monitor.desk import agencies, audit, cases, files
from monitor.desk.alerts import Headline
from monitor.errors import InputError
from monitor.provinces import PROVINCES
from monitor.records import TOPICS, CaseStatus, Level

NOW = datetime(2026, 1, 5, 2, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SHIPPED = agencies.shipped_agencies()
HUE = next(a for a in SHIPPED if a.name == "Sở Y tế Huế")


def send(desk, issue=None, agency=HUE, days=5, at=NOW):
    return cases.send_case(desk, issue or make_issue(), agency, "Kính gửi ...", at + days * DAY, "lan", at)


def test_a_case_is_sent_answered_overdue_and_final_as_time_goes(desk):
    case = send(desk)
    assert case.status == CaseStatus.SENT
    assert cases.answer_case(desk, case.id, "Đang xác minh", "lan", NOW + DAY).status == CaseStatus.ANSWERED
    assert cases.case(desk, case.id, NOW + 5 * DAY).status == CaseStatus.OVERDUE
    done = cases.answer_case(desk, case.id, "Đã xử phạt", "lan", NOW + 6 * DAY, final=True)
    assert (done.status, done.final_result, done.final_at) == (CaseStatus.FINAL, "Đã xử phạt", NOW + 6 * DAY)
    assert [(a.text, a.final) for a in done.answers] == [("Đang xác minh", False), ("Đã xử phạt", True)]


def test_sending_twice_is_sending_once(desk):
    assert send(desk).id == send(desk, at=NOW + HOUR).id
    assert len(cases.cases(desk, NOW)) == 1


def test_nothing_follows_a_final_result(desk):
    case = send(desk)
    cases.answer_case(desk, case.id, "Xong", "lan", NOW, final=True)
    with pytest.raises(InputError, match="final"):
        cases.answer_case(desk, case.id, "Thêm", "lan", NOW)


def test_another_date_takes_the_case_out_of_the_late_ones(desk):
    case = send(desk, days=1)
    assert cases.cases(desk, NOW + 2 * DAY, CaseStatus.OVERDUE)
    cases.move_due(desk, case.id, NOW + 9 * DAY, "lan", "Chờ kiểm định", NOW + 2 * DAY)
    assert not cases.cases(desk, NOW + 2 * DAY, CaseStatus.OVERDUE)


@pytest.mark.parametrize(
    ("values", "wrong"), [({"letter": " "}, "letter"), ({"due_at": NOW}, "future"), ({"by": ""}, "who")]
)
def test_a_case_needs_a_letter_an_end_and_an_author(desk, values, wrong):
    usual = {"letter": "Kính gửi", "due_at": NOW + DAY, "by": "lan", "now": NOW}
    with pytest.raises(InputError, match=wrong):
        cases.send_case(desk, make_issue(), HUE, **{**usual, **values})


def test_a_case_that_flares_up_after_its_final_result_says_when(desk):
    open_alert(desk, make_issue(level=Level.EMERGING), [], NOW)
    case = send(desk)
    assert cases.answer_case(desk, case.id, "Xong", "lan", NOW + HOUR, final=True).flared_up_at is None
    open_alert(desk, make_issue(level=Level.HOT), [], NOW + DAY)
    assert cases.case(desk, case.id, NOW + DAY).flared_up_at == NOW + DAY


def test_the_week_lists_agencies_with_the_late_first(desk):
    other = next(a for a in SHIPPED if a.name == "Sở Xây dựng Huế")
    send(desk, agency=other, days=30)
    late = send(desk, days=2)
    rows = cases.week(desk, NOW - DAY, NOW + 6 * DAY, NOW + 6 * DAY)
    assert [(r.agency, r.sent, r.open, [c.id for c in r.late]) for r in rows] == [
        ("Sở Y tế Huế", 1, 1, [late.id]),
        ("Sở Xây dựng Huế", 1, 1, []),
    ]


def test_every_change_of_a_case_is_in_the_audit(desk):
    case = send(desk)
    cases.answer_case(desk, case.id, "Xong", "minh", NOW, final=True)
    lines = [(r.by, str(r.action)) for r in audit.records(desk, target=f"case:{case.id}")]
    assert lines == [("minh", "answer_case"), ("lan", "send_case")]


def test_every_topic_has_an_agency_in_every_province():
    for topic in set(TOPICS) - {"world"}:
        for code in PROVINCES:
            assert agencies.suggest(SHIPPED, topic, [code])[0].places == (code,), (topic, code)


def test_what_concerns_many_provinces_is_for_a_ministry():
    assert agencies.suggest(SHIPPED, "health", ["01", "79"])[0].name == "Bộ Y tế"
    assert agencies.suggest(SHIPPED, "health", [])[0].name == "Bộ Y tế"
    assert agencies.suggest(SHIPPED, "health", ["46"])[0].name == "Sở Y tế Huế"


def test_the_directory_is_taken_from_a_csv(desk):
    text = "\ufeffname,topics,places,address\nTrung tâm Cấp nước,environment;health,Huế;Bình Dương,vanthu@example.vn\n"
    assert agencies.keep_agencies(desk, agencies.read_agencies(text), "lan", NOW) == 1
    (agency,) = agencies.agencies(desk)
    assert (agency.topics, agency.places) == (("environment", "health"), ("46", "79"))


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("name,phone\nA,1", "columns"),
        ("name,topics\n,health", "line 2"),
        ("name,topics\nA,healthy", "healthy"),
        ("name,topics,places\nA,health,Paris", "Paris"),
        ("name,topics\nA,health,more", "line 2: more cells"),
    ],
)
def test_a_wrong_directory_is_named_by_line(text, wrong):
    with pytest.raises(InputError, match=wrong):
        agencies.read_agencies(text)


def test_the_letter_says_what_where_on_what_it_rests_and_by_when():
    headline = Headline(title="Kênh đen", publisher="Báo A", url="https://bao.example/1", at=NOW)
    text = letter(make_issue(), [headline], "Sở Y tế Huế", NOW + 7 * DAY, NOW)
    found = ("Kính gửi: Sở Y tế Huế", "Kênh ô nhiễm", "TP.HCM", "https://bao.example/1", "12/01/2026", "quan sát 12,")
    for part in found:
        assert part in text


def office_file(folder, *more):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name in ("[Content_Types].xml", f"{folder}/document.xml", *more):
            archive.writestr(name, "x")
    return content.getvalue()


GOOD = {
    "a.pdf": b"%PDF-1.7 x",
    "b.png": b"\x89PNG\r\n\x1a\nx",
    "c.docx": office_file("word"),
    "d.txt": "Trả lời".encode(),
}
BAD = {
    "empty": b"",
    "page.html": b"<html><script>1</script>",
    "page.pdf": b" <!doctype html>",
    "run.sh": b"#!/bin/sh",
    "prog": b"MZ\x00\x01",
    "macro.docx": office_file("word", "word/vbaProject.bin"),
    "plain.zip": office_file("other"),
    "big": b"a" * (files.LARGEST + 1),
}


@pytest.mark.parametrize("name", GOOD)
def test_a_file_is_kept_once_by_its_content(tmp_path, name):
    stored = files.keep_file(tmp_path, name, GOOD[name])
    assert files.keep_file(tmp_path, "other", GOOD[name]).digest == stored.digest
    assert files.path_of(tmp_path, stored.digest).read_bytes() == GOOD[name]
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 1


@pytest.mark.parametrize("name", BAD)
def test_a_file_of_another_kind_or_size_is_refused(tmp_path, name):
    with pytest.raises(InputError):
        files.keep_file(tmp_path, name, BAD[name])


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\tmp\\công văn.pdf", "công văn.pdf"),
        ('a"\r\nX: 1.pdf', "a___X_ 1.pdf"),
        ("..", "file"),
        ("<img src=x>.png", "_img src_x_.png"),
    ],
)
def test_a_file_name_holds_no_path_no_header_and_no_tag(name, kept):
    assert files.file_name(name) == kept


def test_a_path_is_made_of_a_digest_only(tmp_path):
    with pytest.raises(InputError):
        files.path_of(tmp_path, "../../etc/passwd")


def test_an_answer_carries_its_files(desk, tmp_path):
    stored = files.keep_file(tmp_path, "a.pdf", GOOD["a.pdf"])
    case = cases.answer_case(desk, send(desk).id, "Kèm văn bản", "lan", NOW, files=(stored,))
    assert case.answers[0].files == (stored,)
