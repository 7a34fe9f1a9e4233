"""Places: old and new names, wards, homonyms and hostile strings."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.provinces import PROVINCES, province_code
from nlp.places import find_places

UNITS_OF_2024 = {
    "An Giang": "91", "Bà Rịa - Vũng Tàu": "79", "Bạc Liêu": "96", "Bắc Giang": "24", "Bắc Kạn": "19",
    "Bắc Ninh": "24", "Bến Tre": "86", "Bình Dương": "79", "Bình Định": "52", "Bình Phước": "75",
    "Bình Thuận": "68", "Cà Mau": "96", "Cao Bằng": "04", "Cần Thơ": "92", "Đà Nẵng": "48",
    "Đắk Lắk": "66", "Đắk Nông": "68", "Điện Biên": "11", "Đồng Nai": "75", "Đồng Tháp": "82",
    "Gia Lai": "52", "Hà Giang": "08", "Hà Nam": "37", "Hà Nội": "01", "Hà Tĩnh": "42",
    "Hải Dương": "31", "Hải Phòng": "31", "Hậu Giang": "92", "Hòa Bình": "25", "TP.HCM": "79",
    "Hưng Yên": "33", "Khánh Hòa": "56", "Kiên Giang": "91", "Kon Tum": "51", "Lai Châu": "12",
    "Lạng Sơn": "20", "Lào Cai": "15", "Lâm Đồng": "68", "Long An": "80", "Nam Định": "37",
    "Nghệ An": "40", "Ninh Bình": "37", "Ninh Thuận": "56", "Phú Thọ": "25", "Phú Yên": "66",
    "Quảng Bình": "44", "Quảng Nam": "48", "Quảng Ngãi": "51", "Quảng Ninh": "22", "Quảng Trị": "44",
    "Sóc Trăng": "92", "Sơn La": "14", "Tây Ninh": "80", "Thái Bình": "33", "Thái Nguyên": "19",
    "Thanh Hóa": "38", "Thừa Thiên Huế": "46", "Tiền Giang": "82", "Trà Vinh": "86", "Tuyên Quang": "08",
    "Vĩnh Long": "86", "Vĩnh Phúc": "25", "Yên Bái": "15",
}  # fmt: skip


def codes(title: str, body: str = "") -> set[str]:
    return {place.code for place in find_places(title, body)}


def test_there_are_34_provinces_from_63() -> None:
    assert len(PROVINCES) == 34
    assert len(UNITS_OF_2024) == 63
    assert set(UNITS_OF_2024.values()) == set(PROVINCES)


@pytest.mark.parametrize("name", UNITS_OF_2024)
def test_province_code_knows_every_unit_of_2024(name: str) -> None:
    assert province_code(name) == UNITS_OF_2024[name]


@pytest.mark.parametrize("name", UNITS_OF_2024)
def test_every_unit_of_2024_is_found_in_a_headline(name: str) -> None:
    assert codes(f"Mưa lớn gây ngập nhiều tuyến đường ở {name}") == {UNITS_OF_2024[name]}


@given(st.text())
@settings(max_examples=200, deadline=None)
def test_any_string_goes_in_and_comes_out_the_same_twice(text: str) -> None:
    assert find_places(text, text) == find_places(text, text)
