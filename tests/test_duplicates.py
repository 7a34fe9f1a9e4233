"""Copies: syndicated, republished and lightly rewritten reports are found; follow-ups and template twins are not."""

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from monitor.records import Document, Kind
from nlp.duplicates import WINDOW, Recent
from tests.conftest import NOW, make_document

WIRE = make_document(
    "Kênh Nước Đen bốc mùi, người dân bịt khẩu trang ở trong nhà",
    lead="Hàng trăm hộ dân dọc kênh Nước Đen, phường Bình Tân kêu cứu vì nước thải đen đặc chảy tràn suốt hai tuần.",
)


def other(title: str, lead: str, *, after: timedelta = timedelta(hours=1)) -> Document:
    return make_document(title, lead=lead, fetched_at=NOW + after)


def report(number: int, at: datetime) -> Document:
    words = [f"từ{(number * 7919 + place * 104729) % 9973}" for place in range(30)]
    return make_document(f"Tin {number} " + " ".join(words[:8]), lead=" ".join(words[8:]), fetched_at=at)


def reports(count: int, step: timedelta = timedelta(minutes=5)) -> Iterator[Document]:
    return (report(number, NOW + number * step) for number in range(count))


def test_the_same_report_under_another_url_is_a_copy() -> None:
    recent = Recent()
    assert recent.add(WIRE) is None
    assert recent.add(replace(WIRE, id="b", fetched_at=NOW + timedelta(hours=3))) == WIRE.id


def test_a_light_rewrite_with_another_title_is_a_copy() -> None:
    recent = Recent()
    recent.add(WIRE)
    rewrite = other("Khổ vì kênh Nước Đen bốc mùi", WIRE.lead.replace("kêu cứu vì", "phản ánh việc"))
    assert recent.add(rewrite) == WIRE.id


def test_the_earliest_of_several_is_named() -> None:
    recent = Recent()
    for name in ("a", "b", "c"):
        recent.add(replace(WIRE, id=name, fetched_at=NOW + timedelta(minutes=ord(name))))
    assert recent.add(replace(WIRE, id="d", fetched_at=NOW + timedelta(hours=4))) == "a"


def test_another_report_of_the_same_event_is_no_copy() -> None:
    recent = Recent()
    recent.add(WIRE)
    follow_up = other(
        "Phường Bình Tân nói gì về kênh Nước Đen", "Lãnh đạo phường cho biết sẽ nạo vét kênh trước cuối tháng này."
    )
    assert recent.add(follow_up) is None


def test_the_same_words_with_other_numbers_are_no_copy() -> None:
    recent = Recent()
    lead = "Tối {} quay số mở thưởng, quỹ giải đặc biệt tăng lên {} tỉ đồng vì chưa có người trúng."
    recent.add(other("Kết quả xổ số tối 12.10, gần 92 tỉ đồng chờ chủ", lead.format("12.10", "92")))
    assert recent.add(other("Kết quả xổ số tối 14.10, hơn 97 tỉ đồng chờ chủ", lead.format("14.10", "97"))) is None


def test_bulletins_that_say_the_same_every_day_are_no_copies() -> None:
    recent, lead = Recent(), "Bản tin toàn cảnh cập nhật tin tức thời sự nóng nhất trong ngày mà bạn đọc quan tâm."
    said = [
        recent.add(other(f"Toàn cảnh: {report(n, NOW).title}", lead, after=timedelta(hours=6 * n))) for n in range(8)
    ]
    assert not any(said[4:])


def test_short_remarks_of_many_people_are_no_copies() -> None:
    recent = Recent()
    assert not any(recent.add(make_document("Hay quá", url=f"https://bao.example/{n}")) for n in range(3))


def test_two_answers_to_one_article_are_no_copies_for_its_title() -> None:
    recent = Recent()
    for number, text in enumerate(("Gần nhà mình cũng vậy", "Phường nói rồi để đó")):
        answer = replace(WIRE, id=f"c{number}", kind=Kind.COMMENT, lead="", text=text, parent_id=WIRE.id)
        assert recent.add(answer) is None


def test_a_new_version_of_a_document_is_no_copy_of_it() -> None:
    recent = Recent()
    recent.add(WIRE)
    assert recent.add(replace(WIRE, version=2, fetched_at=NOW + timedelta(hours=2))) is None


def test_what_is_older_than_the_window_is_forgotten() -> None:
    recent = Recent()
    recent.add(WIRE)
    assert recent.add(replace(WIRE, id="b", fetched_at=NOW + WINDOW + timedelta(seconds=1))) is None


def test_the_documents_of_the_last_days_rebuild_it() -> None:
    step = timedelta(hours=2)
    past = [
        *reports(60, step),
        *(replace(one, id=f"x{one.id}", fetched_at=NOW + 61 * step) for one in reports(60, step)),
    ]
    running, restarted = Recent(), Recent()
    for one in past:
        running.add(one)
    for one in past:
        if one.fetched_at >= past[-1].fetched_at - WINDOW:
            restarted.add(one)
    later = [replace(one, id=f"y{one.id}", fetched_at=NOW + 62 * step) for one in past[:60]]
    assert [running.add(one) for one in later] == [restarted.add(one) for one in later]


@given(st.lists(st.text(max_size=60), max_size=8))
def test_any_text_is_added_without_an_error_and_twice_the_same(texts: list[str]) -> None:
    documents = [make_document(text, url=f"https://bao.example/{n}", lead=text * 3) for n, text in enumerate(texts)]
    first, second = Recent(), Recent()
    assert [first.add(one) for one in documents] == [second.add(one) for one in documents]


def test_the_cost_of_one_more_does_not_grow_with_how_many_are_kept() -> None:
    recent, documents = Recent(), list(reports(6000, timedelta(seconds=1)))
    spent = []
    for start in (0, 1000, 4000, 5000):
        before = time.process_time()
        for one in documents[start : start + 1000]:
            recent.add(one)
        spent.append(time.process_time() - before)
    assert spent[3] < 2.5 * spent[0] + 0.05
