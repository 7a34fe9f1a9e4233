"""Times as Vietnamese pages write them."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawlers.times import parse_time
from monitor.records import VIETNAM

NOW = datetime(2026, 3, 14, 15, 0, tzinfo=VIETNAM)
MORNING = datetime(2025, 11, 21, 8, 15, tzinfo=VIETNAM)


@pytest.mark.parametrize(
    "text",
    [
        "2025-11-21T08:15:00+07:00",
        "2025-11-21T08:15:00+0700",
        "2025-11-21T08:15:00.000 +07:00",
        "2025-11-21T01:15:00Z",
        "2025-11-21T01:15:00.000Z",
        "2025-11-21T08:15:00",
        "2025-11-21 08:15",
        "2025-11-21 8:15:00 AM",
        "2025/11/21 08:15",
        "1763687700",
        "1763687700000",
        "Thứ sáu, 21/11/2025, 08:15 (GMT+7)",
        "Thứ Sáu, 21/11/2025 - 08:15",
        "Thứ sáu ngày 21/11/2025 08:15 GMT+7",
        "21/11/2025   08:15 (GMT+07:00)",
        "21/11/2025 | 08:15",
        "08:15 | 21/11/2025",
        "08:15 21/11/2025",
        "08:15, 21/11/2025",
        "8:15 AM | 21/11/2025",
        "21-11-2025 8h15",
        "21-11-2025 - 08:15 AM",
        "21.11.2025 08:15",
        "21/11/2025 8 giờ 15",
        "21 tháng 11, 2025 08:15",
        "08h15 ngày 21 tháng 11 năm 2025",
        "21 Tháng Mười Một, 2025 8:15",
        "Cập nhật lúc 08:15, Thứ Sáu, 21/11/2025 (GMT+7)",
        "11/21/2025 8:15:00 AM",
        "  Đăng lúc:\u00a021/11/2025 08:15:00\u200b",
    ],
)
def test_every_way_to_write_one_morning_gives_that_morning(text: str) -> None:
    assert parse_time(text, NOW) == MORNING


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("05/06/2025 4:38 PM", (2025, 6, 5, 16, 38)),
        ("05-09-2025 - 17:09 PM", (2025, 9, 5, 17, 9)),
        ("12:05 AM 05/06/2025", (2025, 6, 5, 0, 5)),
        ("5/6/2025 4:38 CH", (2025, 6, 5, 16, 38)),
        ("Chủ nhật, 30/11/2025, 17:08 (GMT+7)", (2025, 11, 30, 17, 8)),
        ("ngày 9 tháng 2 năm 2026", (2026, 2, 9, 0, 0)),
        ("1/12/2025", (2025, 12, 1, 0, 0)),
        ("hôm qua 14:20", (2026, 3, 13, 14, 20)),
        ("Hôm nay, 07:05", (2026, 3, 14, 7, 5)),
    ],
)
def test_the_day_stands_before_the_month_and_halves_of_the_day_count(text: str, expected: tuple[int, ...]) -> None:
    assert parse_time(text, NOW) == datetime(*expected, tzinfo=VIETNAM)  # type: ignore[misc, arg-type]


@pytest.mark.parametrize(
    ("text", "ago"),
    [
        ("5 phút trước", timedelta(minutes=5)),
        ("2 giờ trước", timedelta(hours=2)),
        ("Cách đây 2 giờ trước", timedelta(hours=2)),
        ("3 ngày trước", timedelta(days=3)),
        ("một tuần trước", timedelta(weeks=1)),
        ("vừa xong", timedelta(0)),
    ],
)
def test_relative_times_count_from_now(text: str, ago: timedelta) -> None:
    assert parse_time(text, NOW) == NOW - ago


@pytest.mark.parametrize(
    "text",
    [
        "",
        "không có giờ",
        "08:15",
        "31/02/2025",
        "99/99/2025",
        "2025-13-40T99:99",
        "bài dài 2025 chữ",
        "0001-01-01T00:00:00",
    ],
)
def test_what_is_no_time_gives_none(text: str) -> None:
    assert parse_time(text, NOW) is None


def test_a_time_more_than_a_day_ahead_is_not_believed() -> None:
    assert parse_time("15/03/2026 14:00", NOW) is not None
    assert parse_time("16/03/2026 08:15", NOW) is None


@given(st.text(max_size=300))
def test_no_text_raises(text: str) -> None:
    moment = parse_time(text, NOW)
    assert moment is None or moment.tzinfo is UTC


@given(st.integers(11_000_000, 29_000_000))
def test_a_written_time_is_read_back(minute: int) -> None:
    moment = datetime.fromtimestamp(minute * 60, VIETNAM)
    assert parse_time(f"{moment:%H:%M} {moment:%d/%m/%Y}", NOW) == moment
    assert parse_time(moment.isoformat(), NOW) == moment
