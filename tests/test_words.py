"""Words: syllables, shorthand, marks left out, names of runs, keywords."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.grams import Vocabulary, grams
from nlp.keywords import Background, group_keywords, keywords, named, split
from nlp.words import expand, is_bare, segment, syllables

WORDS = ("người_dân", "ô_nhiễm", "nước_thải", "phản_ánh", "nông_nghiệp")
BACKGROUND = Background(counts={named(word): 20 for word in WORDS} | {named("mưa"): 900}, documents=1_000)


def test_syllables_are_lower_case_with_digits_hidden():
    assert syllables("Giá xăng tăng 1.250 đồng!") == ["giá", "xăng", "tăng", "0", ".", "000", "đồng", "!"]


def test_teencode_and_abbreviations_are_written_out():
    assert expand(["ko", "dc", "ubnd"]) == ["không", "được", "ủy", "ban", "nhân", "dân"]


def test_the_other_place_of_a_tone_mark_gives_the_same_syllables():
    assert syllables("hoà thuý") == syllables("hòa thúy")


def test_stretched_letters_are_one():
    assert syllables("quááá đẹpppp") == ["quá", "đẹp"]


def test_emoji_are_kept_as_signals():
    assert "😡" in syllables("tức quá 😡")


def test_segmented_words_are_joined():
    assert "ô_nhiễm" in segment("Kênh ô nhiễm nặng.")


@pytest.mark.parametrize(
    ("text", "bare"), [("duong ngap qua di khong noi", True), ("đường ngập quá", False), ("12 345 !!", False)]
)
def test_text_without_marks_is_noticed(text: str, bare: bool):
    assert is_bare(text) is bare


def test_runs_of_another_view_have_other_names():
    assert not set(grams(["a", "b"]).tolist()) & set(grams(["a", "b"], view=1).tolist())


def test_runs_are_named_alike_on_every_machine():
    assert grams(["nước", "thải"]).tolist() == [1298540679, 2580711319, 630008701]


@given(st.lists(st.text(max_size=8), max_size=30))
def test_there_is_one_name_for_each_run(tokens: list[str]):
    size = len(tokens)
    assert len(grams(tokens)) == sum(max(0, size - length) for length in range(3))


def test_a_text_of_unknown_runs_has_an_empty_vector():
    vocabulary = Vocabulary(names=grams(["a"]), weights=np.ones(1, np.float32))
    assert [len(part) for part in vocabulary.vector(grams(["b"]))] == [0, 0]


def test_vectors_have_length_one():
    names = np.sort(grams(["kênh", "bẩn"]))
    vocabulary = Vocabulary(names=names, weights=np.ones(len(names), np.float32))
    assert np.linalg.norm(vocabulary.vector(grams(["kênh", "bẩn", "kênh"]))[1]) == pytest.approx(1)


def test_split_joins_known_words_and_runs_of_capitals():
    assert split("Kênh Nước Đen ô nhiễm vì nước thải", BACKGROUND) == [
        "Kênh_Nước_Đen",
        "ô_nhiễm",
        "vì",
        "nước_thải",
    ]


def test_a_name_goes_on_through_a_known_word_in_capitals():
    assert split("do Sở Nông nghiệp TP.HCM quản", BACKGROUND) == ["do", "Sở_Nông_nghiệp", "TP.HCM", "quản"]


def test_keywords_are_rare_words_without_stop_words():
    words = split("người dân phản ánh nước thải ô nhiễm, và mưa", BACKGROUND)
    found = keywords(words, [], BACKGROUND, limit=4)
    assert set(found) == {"người dân", "phản ánh", "nước thải", "ô nhiễm"}


def test_keywords_of_a_group_are_what_it_says_more_than_news_does():
    group = [split(text, BACKGROUND) for text in ("mưa nước thải", "nước thải bẩn", "nước thải mưa")]
    assert group_keywords(group, BACKGROUND, limit=1) == ("nước thải",)


def test_a_group_without_words_has_no_keywords():
    assert group_keywords([[], ["và"]], BACKGROUND) == ()
