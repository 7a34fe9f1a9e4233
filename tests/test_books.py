"""Reports from the grassroots, dialogues and surveys: redacted, reviewed, counted; respondents are refused."""

import io
from datetime import UTC, datetime, timedelta

import openpyxl
import pytest
from conftest import make_annotation, make_document
from hypothesis import given
from hypothesis import strategies as st

from monitor.desk import dialogues, reports, surveys
from monitor.desk.dialogues import OpinionStatus
from monitor.desk.survey_files import Count, is_name, read_survey
from monitor.errors import InputError
from monitor.query import Query
from monitor.store import open_store
from nlp.redact import redact

NOW = datetime(2026, 1, 5, 2, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def clear(text):
    return redact(text, names=True)


def submit(desk, **values):
    usual = {"topic": "health", "place": "Huế", "text": "Trạm y tế thiếu thuốc.", "people": 12, "by": "hoa", "now": NOW}
    return reports.submit(desk, **{**usual, **values}, redact=clear)


@pytest.fixture
def store():
    with open_store("sqlite://") as opened:
        yield opened


def test_a_report_counts_only_once_it_is_accepted(desk, store):
    report = submit(desk)
    assert store.total(Query()) == 0
    accepted = reports.review(desk, store, report.id, accept=True, by="lan", comment="", now=NOW)
    document = store.get(accepted.document_id).document
    assert (document.kind, document.publisher, document.reactions["people"]) == ("report", "Phản ánh từ cơ sở", 12)
    assert "Trạm y tế thiếu thuốc." in document.text


def test_a_refused_report_becomes_nothing(desk, store):
    reports.review(desk, store, submit(desk).id, accept=False, by="lan", comment="Trùng", now=NOW)
    assert store.total(Query()) == 0
    assert [r.comment for r in reports.reports(desk, "refused")] == ["Trùng"]


def test_a_report_is_redacted_before_it_is_kept(desk):
    text = submit(desk, text="Ông Nguyễn Văn An, số 0912345678, nói trạm y tế đóng cửa.").text
    assert "0912345678" not in text
    assert "Nguyễn Văn An" not in text


def test_nothing_of_a_document_says_who_sent_it(desk, store):
    accepted = reports.review(desk, store, submit(desk).id, accept=True, by="lan", comment="", now=NOW)
    assert "hoa" not in repr(store.get(accepted.document_id))


def test_the_same_report_of_a_day_is_kept_once_and_reviewed_once(desk, store):
    assert submit(desk).id == submit(desk).id
    report = reports.review(desk, store, submit(desk).id, accept=True, by="lan", comment="", now=NOW)
    with pytest.raises(InputError, match="reviewed by lan"):
        reports.review(desk, store, report.id, accept=False, by="minh", comment="", now=NOW)


def test_nobody_reviews_their_own_report(desk, store):
    with pytest.raises(InputError, match="own"):
        reports.review(desk, store, submit(desk).id, accept=True, by="hoa", comment="", now=NOW)


@pytest.mark.parametrize("values", [{"topic": "x"}, {"place": "Paris"}, {"text": " "}, {"people": 0}, {"people": 1e6}])
def test_a_report_without_its_parts_is_refused(desk, values):
    with pytest.raises(InputError):
        submit(desk, **values)


def test_one_collaborator_cannot_fill_the_desk(desk):
    for n in range(reports.MOST_WAITING):
        submit(desk, text=f"Việc thứ {n}")
    with pytest.raises(InputError, match="wait"):
        submit(desk, text="Một việc nữa")


def opinion(desk, text="Đường hẻm ngập từ năm ngoái."):
    dialogue = dialogues.record_dialogue(desk, "Đối thoại quý I", "Huế", NOW, "lan", NOW)
    due = NOW + 10 * DAY
    return dialogues.record_opinion(
        desk, dialogue.id, "transport", text, "Sở Xây dựng Huế", due, "lan", NOW, redact=clear
    )


def test_an_opinion_waits_is_late_and_is_answered(desk):
    said = opinion(desk)
    assert said.status == OpinionStatus.WAITING
    assert [o.id for o in dialogues.opinions(desk, NOW + 10 * DAY, OpinionStatus.LATE)] == [said.id]
    done = dialogues.answer_opinion(desk, said.id, "Sẽ nâng đường trong quý II.", "lan", NOW + 11 * DAY)
    assert (done.status, done.answered_at) == (OpinionStatus.ANSWERED, NOW + 11 * DAY)
    with pytest.raises(InputError):
        dialogues.answer_opinion(desk, said.id, "Lại", "lan", NOW)


def test_an_opinion_is_redacted_and_kept_once(desk):
    text = "Gọi tôi số 0912345678."
    assert "0912345678" not in opinion(desk, text).text
    assert opinion(desk, text).id == opinion(desk, text).id
    assert len(dialogues.opinions(desk, NOW)) == 1


CSV = "câu hỏi;nhóm;phương án;số lượng;cỡ mẫu\nHài lòng?;nữ;có;60;100\nHài lòng?;nữ;không;40;100\n"


def xlsx(rows):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def test_counts_are_read_from_csv_and_xlsx():
    rows = [["question", "group", "answer", "count"], ["Hài lòng?", "nữ", "có", 60], ["Hài lòng?", "nữ", "không", 40]]
    assert read_survey("a.csv", CSV.encode()) == read_survey("a.xlsx", xlsx(rows))
    assert read_survey("a.csv", CSV.encode())[0] == Count(
        question="Hài lòng?", part="nữ", answer="có", count=60, sample=100
    )


RESPONDENTS = {
    "a column of names": "họ tên,question,answer,count\nA,Q,có,9",
    "a column of telephones": "question,answer,count,sđt\nQ,có,9,x",
    "an unknown column": "question,answer,count,tuổi\nQ,có,9,30",
    "one line a respondent": "STT,Câu 1,Câu 2\n1,có,không",
    "a telephone in a cell": "question,answer,count\nQ,gọi 0912 345 678,9",
    "an identity number": "question,group,answer,count\nQ,012345678901,có,9",
    "an address of mail": "question,answer,count\nQ,an@example.vn,9",
    "a name in a cell": "question,group,answer,count\nQ,Nguyễn Văn An,có,9",
    "names of two words": "question,group,answer,count\nQ,Trần An,có,9\nQ,Lê Bình,có,9",
    "a group of one": "question,group,answer,count\nQ,nhà số 5,có,1",
}


@pytest.mark.parametrize("what", RESPONDENTS)
def test_a_file_of_respondents_is_refused(what):
    with pytest.raises(InputError, match="refused"):
        read_survey("a.csv", RESPONDENTS[what].encode())


@pytest.mark.parametrize(
    ("content", "wrong"),
    [
        (b"", "line of column names"),
        (b"question,answer\nQ,a", "count"),
        (b"question,answer,count\nQ,a,many", "line 2"),
        (b"question,answer,count,sample\nQ,a,30,20", "more answers"),
        (b"question,answer,count\nQ,a,9,x", "more cells"),
        ("câu hỏi".encode("utf-16"), "UTF-8"),
    ],
)
def test_a_file_that_is_no_survey_is_named(content, wrong):
    with pytest.raises(InputError, match=wrong):
        read_survey("a.csv", content)


def test_a_file_that_is_no_workbook_is_named():
    with pytest.raises(InputError, match=r"a\.xlsx"):
        read_survey("a.xlsx", b"PK\x03\x04 broken")


@pytest.mark.parametrize("cell", ["Hồ Chí Minh", "phường Trần Hưng Đạo", "Rất hài lòng", "Hà Nội", "nữ", ""])
def test_places_and_answers_are_no_names(cell):
    assert not is_name(cell)


def keep(desk):
    counts = read_survey("a.csv", CSV.encode())
    return surveys.keep_survey(desk, "Hài lòng y tế", "health", ["Huế"], NOW - 30 * DAY, NOW, counts, "lan", NOW)


def test_shares_carry_wilsons_interval(desk):
    share = surveys.shares(desk, keep(desk).id)[0]
    assert (share.share, round(share.low, 3), round(share.high, 3)) == (0.6, 0.502, 0.691)


def test_a_survey_brought_again_replaces_itself(desk):
    assert keep(desk).id == keep(desk).id
    assert len(surveys.surveys(desk)) == 1
    assert len(surveys.shares(desk, keep(desk).id)) == 2


def test_a_survey_is_shown_beside_what_media_show_on_its_topic_and_days(desk, store):
    inside = make_document("Thiếu thuốc", published_at=NOW - DAY)
    outside = make_document("Thiếu thuốc nữa", published_at=NOW + DAY)
    store.add([inside, outside])
    store.annotate(make_annotation(d, topic="health", places=("46",)) for d in (inside, outside))
    media = surveys.beside_media(store, keep(desk))
    assert (media.documents, media.publishers, media.negative_share, media.concerns) == (1, 1, 1.0, 1)


@given(st.integers(1, 5000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_an_interval_holds_its_share_and_stays_a_share(pair):
    count, sample = pair
    low, high = surveys.wilson(count, sample)
    assert 0 <= low <= count / sample + 1e-12
    assert count / sample - 1e-12 <= high <= 1
