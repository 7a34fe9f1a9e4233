"""Vietnamese text: one normal form, one folded form."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from monitor.text import clean, exact_terms, fold, folded_words, normalize, terms, word_spans

VIETNAMESE = st.text("aăâbcdđeêghiklmnoôơpqrstuưvxyàảãáạằẳẵắặầẩẫấậ òỏõóọồổỗốộờởỡớợỳỷỹýỵ .,-ABĐÔ\u0300\u0323\u0302ðÐ")
ANY = st.one_of(st.text(), VIETNAMESE)


@given(ANY)
@example("0 \u0300")
@example("\u0345ß İ")
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(ANY)
def test_composed_and_decomposed_text_fold_alike(text: str) -> None:
    assert fold(unicodedata.normalize("NFC", text)) == fold(unicodedata.normalize("NFD", text))


@given(ANY)
def test_normalizing_twice_is_normalizing_once(text: str) -> None:
    assert normalize(normalize(text)) == normalize(text)


@given(VIETNAMESE)
def test_case_and_marks_do_not_change_the_terms(text: str) -> None:
    assert terms(text.upper()) == terms(text) == terms(fold(text))


@given(ANY)
def test_words_found_in_the_published_text_are_its_terms(text: str) -> None:
    words, spans = folded_words(clean(text)), word_spans(clean(text))
    assert [word for word in words if word] == terms(text)
    assert [fold(clean(text)[start:end]) for start, end in spans] == words


@pytest.mark.parametrize("written", ["ô nhiễm", "Ô NHIỄM", "o nhiem", unicodedata.normalize("NFD", "Ô nhiễm")])
def test_every_way_to_write_a_word_folds_alike(written: str) -> None:
    assert fold(written) == "o nhiem"


def test_d_with_stroke_and_its_lookalikes_fold_to_d() -> None:
    assert fold("Đà ĐẴNG Ðà ðà Ɖà ɖà") == "da dang da da da da"


@pytest.mark.parametrize(
    ("written", "usual"),
    [
        ("hoà", "hòa"),
        ("HOÀ", "HÒA"),
        ("khoẻ", "khỏe"),
        ("thuý", "thúy"),
        ("Thuỷ Nguyên", "Thủy Nguyên"),
        ("hoặc", "hoặc"),
        ("hoàn", "hoàn"),
        ("quý", "quý"),
        ("quà", "quà"),
        ("khuỷu", "khuỷu"),
    ],
)
def test_tone_marks_move_to_their_usual_place_only_at_the_end_of_a_syllable(written: str, usual: str) -> None:
    assert normalize(written) == usual


def test_invisible_characters_do_not_split_a_word() -> None:
    assert terms("ngậ\u200bp lụ\u00adt\ufeff") == ["ngap", "lut"]


def test_lone_surrogates_and_control_characters_are_cleaned_away() -> None:
    assert clean("a\ud800b\x00c\nd") == "a b c\nd"


def test_terms_are_letters_and_digits_only() -> None:
    assert terms("Covid-19: 3,5 triệu_đồng!!! 🔥 (NEAR/2)") == ["covid", "19", "3", "5", "trieu", "dong", "near", "2"]


def test_exact_terms_keep_marks_and_lose_case() -> None:
    assert exact_terms("Ngập ở ĐÀ NẴNG, hoà") == ["ngập", "ở", "đà", "nẵng", "hòa"]


def test_marks_of_other_scripts_stay() -> None:
    assert fold("ภาษาไทย हिन्दी") == "ภาษาไทย हिन्दी"
