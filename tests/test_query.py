"""The line that people type becomes a Query, or one clear error."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.errors import InputError
from monitor.query import FIELDS, MOST_TERMS, Phrase, Query, excluded, parse_query, required
from monitor.records import VIETNAM

PIECES = [*(f"{field}:" for field in FIELDS), '"', "-", "*", " ", "ngập", "(", ")", "NEAR", "79"]


def test_words_phrases_and_exclusions_are_told_apart() -> None:
    query = parse_query('ngập "triều cường" -bóng -"vòng loại" lụt')
    assert query == Query(words=("ngập", "lụt"), phrases=("triều cường",), without=("bóng", "vòng loại"))


def test_every_field_fills_its_part_of_the_query() -> None:
    query = parse_query('source:bao-a publisher:"Báo A" kind:post topic:health tone:negative concern:>=0.5')
    assert (query.sources, query.publishers, query.kinds) == (("bao-a",), ("Báo A",), ("post",))
    assert (query.topics, query.tones, query.concern) == (("health",), ("negative",), 0.5)


def test_a_field_given_twice_takes_either() -> None:
    assert parse_query("topic:health topic:disaster").topics == ("health", "disaster")


@pytest.mark.parametrize("name", ["79", "TP.HCM", '"Thành phố Hồ Chí Minh"', "tphcm", '"Bình Dương"'])
def test_a_place_is_named_by_code_or_any_name(name: str) -> None:
    assert parse_query(f"place:{name}").places == ("79",)


def test_days_are_days_of_viet_nam_and_until_includes_its_day() -> None:
    query = parse_query("since:2025-11-01 until:2025-11-03")
    assert query.since == datetime(2025, 11, 1, tzinfo=VIETNAM)
    assert query.until == datetime(2025, 11, 4, tzinfo=VIETNAM)


def test_until_a_time_ends_at_that_time() -> None:
    until = parse_query("until:2025-11-03T08:00").until
    assert until == datetime(2025, 11, 3, 8, tzinfo=VIETNAM)
    assert until.utcoffset() == timedelta(hours=7)


@pytest.mark.parametrize("text", ["covid:19", "http://bao.example", "a:b"])
def test_an_unknown_field_is_words_to_look_for(text: str) -> None:
    assert parse_query(text).words == (text,)


@pytest.mark.parametrize(
    "text",
    [
        "topic:sports",
        "kind:tweet",
        "tone:angry",
        "concern:much",
        "concern:nan",
        "concern:2",
        "place:Atlantis",
        "since:hôm-qua",
        "until:9999-12-31",
        "!!! ???",
        '"…"',
        "x " * (MOST_TERMS + 1),
    ],
)
def test_what_cannot_be_read_is_one_line_of_error(text: str) -> None:
    with pytest.raises(InputError) as caught:
        required(parse_query(text))
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 300


@given(st.text() | st.lists(st.sampled_from(PIECES)).map("".join))
def test_no_text_breaks_the_parser(text: str) -> None:
    try:
        query = parse_query(text)
    except InputError:
        return
    assert not any(set('"*():') & set(p.folded + p.exact) for p in (*required(query), *excluded(query)))


def test_a_word_of_several_parts_asks_for_them_side_by_side() -> None:
    assert required(parse_query("COVID-19")) == (Phrase(folded="covid 19", exact="covid 19"),)


def test_a_phrase_knows_whether_it_was_typed_with_marks() -> None:
    marked, plain = required(parse_query("ngập lut"))
    assert marked.marked
    assert not plain.marked


def test_a_word_without_letters_asks_for_nothing() -> None:
    assert [p.folded for p in required(parse_query("Hà Nội - ngập"))] == ["ha", "noi", "ngap"]
