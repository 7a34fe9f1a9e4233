"""Places: old and new names, wards, homonyms and hostile strings."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.provinces import PROVINCES, province_code
from monitor.text import fold
from nlp.gazetteer import ward_names
from nlp.place_weights import measure_places, train_places
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


def test_a_province_code_is_found_without_marks_case_and_unit_word() -> None:
    assert province_code("tinh BAC CAN") == "19"
    assert province_code("Thành phố Hồ Chí Minh") == "79"
    assert province_code("TT-Huế") == "46"
    assert province_code("46") == "46"
    assert province_code("Atlantis") is None


def test_every_ward_of_2025_has_a_code_of_its_own_and_a_province() -> None:
    names = ward_names()
    assert len(names) == 3321
    assert names["00070"] == "phường Hoàn Kiếm"


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Sài Gòn ngập sau mưa lớn", {"79"}),
        ("TP. Hồ Chí Minh tăng phí rác", {"79"}),
        ("T.P Hồ Chí Minh tăng phí rác", {"79"}),
        ("Thừa Thiên - Huế khắc phục hậu quả lũ", {"46"}),
        ("Sở Xây dựng Đắc Lắc kiểm tra dự án", {"66"}),
        ("Bà Rịa – Vũng Tàu: cá chết trắng sông", {"79"}),
        ("Nước lũ lên nhanh ở thành phố Huế", {"46"}),
    ],
)
def test_names_are_read_in_all_their_spellings(title: str, expected: set[str]) -> None:
    assert codes(title) == expected


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Người dân Mù Cang Chải chờ điện", {"15"}),
        ("Sạt lở bờ biển Hội An", {"48"}),
        ("Cháy rừng ở Sóc Sơn", {"01"}),
        ("H.Củ Chi cấp nước sạch cho dân", {"79"}),
        ("Phường 12, Đà Lạt mất nước", {"68"}),
        ("Thị trấn Trạm Tấu ngập bùn", {"15"}),
        ("Cao tốc Cam Lộ - La Sơn ùn tắc", {"44", "46"}),
        ("Người dân phố Huế than phiền vỉa hè bị chiếm", {"01"}),
        ("Kẹt xe kéo dài trên xa lộ Hà Nội", {"79"}),
        ("Kẹt xe ở sân bay Tân Sơn Nhất", {"79"}),
        ("Bộ đội Trường Sa cứu ngư dân", {"56"}),
        ("Chủ quyền đối với quần đảo Hoàng Sa", {"48"}),
    ],
)
def test_districts_and_landmarks_lead_to_their_province(title: str, expected: set[str]) -> None:
    assert codes(title) == expected


@pytest.mark.parametrize(
    "title",
    [
        "Khát vọng hòa bình của người dân Trung Đông",
        "Học tập tư tưởng Hồ Chí Minh",
        "Ông Nguyễn Thái Bình bị bắt",
        "Anh Thanh Hà bị lừa tiền",
        "Đảo Hải Nam của Trung Quốc đón bão",
        "Quảng Tây và Quảng Đông lũ lớn",
        "Tỉnh Hà Nam, Trung Quốc hứng mưa lớn",
        "Đội tuyển Việt Nam thắng Thái Lan",
        "Giá vàng hôm nay tăng mạnh",
    ],
)
def test_words_people_and_foreign_places_are_no_provinces(title: str) -> None:
    assert codes(title) == set()


@pytest.mark.parametrize(
    ("post", "expected"),
    [
        ("duong o thu duc ngap qua troi", {"79"}),
        ("đường ở thủ đức ngập quá trời", {"79"}),
        ("da nang mua lon ngap khap noi", {"48"}),
        ("hà nội ô nhiễm bụi mịn nặng", {"01"}),
        ("kẹt xe q7 tphcm cả buổi", {"79"}),
        ("HÀ NỘI: CHÁY LỚN TẠI CHUNG CƯ MINI", {"01"}),
    ],
)
def test_posts_are_read_without_capitals_and_marks(post: str, expected: set[str]) -> None:
    assert codes(post) == expected


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Huyện Châu Thành (Bến Tre cũ) thiếu nước ngọt", {"86"}),
        ("Công an huyện Châu Thành, tỉnh Kiên Giang bắt nhóm đá gà", {"91"}),
        ("Xã Tân Thành (Tây Ninh) thiếu nước", {"80"}),
        ("Phường Phú Thọ, TP.HCM ngập sâu sau mưa", {"79"}),
        ("Xã Tân Thành thiếu nước", set()),
    ],
)
def test_a_name_of_many_places_is_settled_by_the_province_beside_it(title: str, expected: set[str]) -> None:
    assert codes(title) == expected


def test_a_ward_is_given_where_it_is_certain() -> None:
    (place,) = find_places("Xã Tân Thành (Tây Ninh) thiếu nước")
    assert place.wards == ("25534",)
    (district,) = find_places("Người dân xã Nghĩa Lâm, Nghĩa Đàn thiếu nước")
    assert district.wards == ("16951",)


def test_the_words_that_said_so_are_quoted() -> None:
    (place,) = find_places("Mất nước ở quận Bình Thạnh", "Cư dân P.25 gọi tổng đài, TP HCM hứa sửa.")
    assert place.evidence == ("quận Bình Thạnh", "P.25", "TP HCM")


def test_only_the_start_of_a_long_text_is_read() -> None:
    assert codes("", "Nước rút. " * 300 + "Đà Nẵng") == set()


def test_training_gives_the_same_bytes_again() -> None:
    rows = [{"title": f"Ngập ở {name}", "summary": "", "places": [name]} for name in ("Hà Nội", "Huế", "Cà Mau")]
    rows += [
        {"title": f"Nghe bài hát của {name} Anh", "summary": "", "places": []} for name in ("Hà Giang", "Hải Dương")
    ]
    assert train_places(rows * 3) == train_places(rows * 3)


def test_measuring_counts_provinces_and_takes_other_ways_of_writing() -> None:
    rows = [{"title": "Ngập ở Cà Mau", "summary": "", "places": ["Cà Mau", "Huế"]}]
    assert measure_places(rows) == pytest.approx({"precision": 1.0, "recall": 0.5, "micro_f1": 2 / 3})
    assert measure_places(rows, written=fold)["precision"] == 1.0


@pytest.mark.parametrize(
    "text", ["\x00", "Hà\u200bNội", "P.", "TP", "Q" * 5_000, "Hà Nội " * 200_000, "'’", "xã " * 99]
)
def test_hostile_strings_do_no_harm(text: str) -> None:
    assert find_places(text, text) == find_places(text, text)


@given(st.text())
@settings(max_examples=200, deadline=None)
def test_any_string_goes_in_and_comes_out_the_same_twice(text: str) -> None:
    assert find_places(text, text) == find_places(text, text)
