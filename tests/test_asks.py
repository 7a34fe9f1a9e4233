"""What residents ask for is quoted as it was published."""

import pytest
from conftest import make_document

from monitor.detect.asks import LONGEST, asks
from monitor.records import Kind


@pytest.mark.parametrize(
    "sentence",
    [
        "Người dân kêu cứu vì nước đục suốt tuần.",
        "Nhiều phụ huynh bức xúc khi con phải học nhờ.",
        "Cử tri phường Sậy kiến nghị sửa cầu trước mùa mưa.",
        "Tài xế lo lắng trước đoạn đường sụt lún!",
    ],
)
def test_the_sentence_in_which_people_ask_is_quoted(sentence: str) -> None:
    document = make_document(
        "Chuyện ở bến Sậy", lead="Trời mưa ba ngày.", text=f"Cầu đóng cửa. {sentence} Phường đã ghi nhận."
    )
    assert asks(document) == sentence


@pytest.mark.parametrize(
    "sentence",
    [
        "Người dân có quyền yêu cầu xóa dữ liệu.",
        "Công an khởi tố hiệu trưởng ăn chặn tiền của sinh viên.",
        "Sở đề nghị các trường báo cáo.",
        "Khách hàng không phàn nàn gì.",
        "Năm người dân tố giác tội phạm được thưởng.",
        "",
    ],
)
def test_what_others_say_is_not_what_residents_ask(sentence: str) -> None:
    assert asks(make_document("Chuyện ở bến Sậy", lead=sentence)) == ""


def test_who_writes_a_post_is_a_resident() -> None:
    text = "Hẻm 12 ngập mãi. Bao giờ mới nâng đường vậy?"
    assert asks(make_document("Ngập", text=text, kind=Kind.POST)) == "Bao giờ mới nâng đường vậy?"
    assert asks(make_document("Ngập", text=text)) == ""


def test_a_long_sentence_ends_at_a_word() -> None:
    quoted = asks(make_document("Ngập", lead="Người dân mong " + "đường sớm khô ráo " * 40))
    assert len(quoted) <= LONGEST + 1
    assert quoted.endswith(("ráo…", "khô…", "sớm…", "đường…"))


def test_decomposed_and_old_marks_are_read() -> None:
    import unicodedata

    assert asks(make_document("Ngập", lead=unicodedata.normalize("NFD", "Cư dân phản ánh tiếng ồn.")))
