"""One happening is one issue, told once, inside the budget, with its reasons in numbers."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from conftest import NOW
from happenings import BRIDGE, SMELL, PlainWorth, in_order, plain_choice, told
from hypothesis import given
from hypothesis import strategies as st

from monitor.detect.detector import Found, detect, entry_of
from monitor.detect.entry import Link
from monitor.detect.explain import TOPIC_NAMES, number, place_names
from monitor.detect.issues import OpenIssue, turn
from monitor.detect.levels import SILENT_HOURS, Volume, level
from monitor.detect.state import Settings, State
from monitor.records import TOPICS, Issue, Kind, Level
from monitor.store import Hit


def seen(hits: Sequence[Hit], **settings: object) -> Found:
    end = hits[-1].document.fetched_at + timedelta(hours=1)
    asked = Settings(**settings)  # type: ignore[arg-type]
    return detect(State(), hits, worth=PlainWorth(), settings=asked, choice=plain_choice(), until=end)


def issue_of(hits: Sequence[Hit], **settings: object) -> Issue:
    found = seen(hits, **settings)
    assert len(found.issues) == 1
    return found.issues[0]


def volume(last: int, peak: int, publishers: int = 2, silent: float = 0.0) -> Volume:
    return Volume(last_24h=last, peak_24h=peak, publishers=publishers, silent_hours=silent)


def test_a_happening_is_told_once() -> None:
    assert len(seen(told(SMELL)).raised) == 1


def test_an_issue_takes_in_a_story_that_turns_out_to_be_the_same() -> None:
    state = State()

    def look(hits: list[Hit]) -> None:
        end = hits[-1].document.fetched_at + timedelta(hours=1)
        detect(state, hits, worth=PlainWorth(), settings=Settings(), choice=plain_choice(), until=end)

    look(told(SMELL[:3]))
    (stray,) = told(SMELL[3:4], start=4)
    entry = entry_of(stray, stray.document.fetched_at.timestamp(), PlainWorth())
    state.stories.keep(replace(entry, number=state.number), state.number, Link())
    state.number += 1
    look(told(SMELL[4:], start=5))
    assert [len(issue.arrivals) for issue in state.issues.values()] == [5]


def test_two_happenings_are_told_each() -> None:
    hits = in_order(told(SMELL), told(BRIDGE, start=0.5, topic="transport", places=("92",)))
    assert len(seen(hits).raised) == 2


def test_what_is_no_concern_is_not_told() -> None:
    assert not seen(told(SMELL, concern=0.05)).raised


def test_one_document_alone_is_not_told() -> None:
    assert not seen(told(SMELL[:1])).raised


def test_no_more_is_told_than_the_budget_allows() -> None:
    hits = in_order(told(SMELL), told(BRIDGE, start=0.5, topic="transport", places=("92",)))
    assert len(seen(hits, budget=0.5).raised) == 0
    assert len(seen(hits, budget=1).raised) == 1


@pytest.mark.parametrize(("topics", "count"), [((), 1), (("environment",), 1), (("health", "education"), 0)])
def test_only_topics_that_the_office_answers_for_are_told(topics: tuple[str, ...], count: int) -> None:
    assert len(seen(told(SMELL), topics=topics).raised) == count


@pytest.mark.parametrize(("places", "count"), [(("79",), 1), (("01",), 0)])
def test_only_places_that_the_office_answers_for_are_told(places: tuple[str, ...], count: int) -> None:
    assert len(seen(told(SMELL), places=places).raised) == count


def test_what_names_no_place_may_be_anywhere() -> None:
    assert len(seen(told(SMELL, places=()), places=("01",)).raised) == 1


@pytest.mark.parametrize(("voices", "count"), [(4, 0), (5, 1)])
def test_posts_alone_are_told_only_with_enough_voices(voices: int, count: int) -> None:
    posts = [h for n, text in enumerate(SMELL) for h in told([text], start=n, kind=Kind.POST, voice=f"v{n % voices}")]
    assert len(seen(posts).raised) == count


def test_one_voice_that_posts_often_is_one_voice() -> None:
    assert not seen(told(SMELL, kind=Kind.POST, voice="v1")).raised


def test_posts_beside_an_article_need_no_number_of_voices() -> None:
    hits = in_order(told(SMELL[:2], kind=Kind.POST, voice="v1"), told(SMELL[2:4], start=3))
    assert seen(hits).raised


def test_an_issue_says_what_where_since_when_and_how_much() -> None:
    explanation = issue_of(told(SMELL)).explanation
    assert "môi trường, TP.HCM, từ 09:30 ngày 03/11/2025" in explanation
    assert "5 tin của 3 nguồn (Báo A, Báo B, Báo C)" in explanation
    assert "100 % tiêu cực" in explanation


def test_an_issue_says_how_likely_it_is_a_concern_and_why() -> None:
    explanation = issue_of(told(SMELL)).explanation
    assert "Khả năng là mối quan tâm của người dân: 90 %, mức nghiêm trọng dự kiến 2,7 trên 3; tăng vì:" in explanation


def test_an_issue_names_its_first_and_its_strongest_source() -> None:
    explanation = issue_of(told(SMELL)).explanation
    assert f"Tin đầu: Báo A, “{SMELL[0][0]}”" in explanation
    assert "Tin tiêu biểu: Báo" in explanation


def test_publishers_of_an_issue_count_once_each() -> None:
    assert issue_of(told(SMELL)).publishers == ("Báo A", "Báo B", "Báo C")


def test_an_issue_grows_while_documents_come() -> None:
    state, hits = State(), told(SMELL, every=5)
    sizes = []
    for hit in hits:
        end = hit.document.fetched_at + timedelta(hours=1)
        found = detect(state, [hit], worth=PlainWorth(), settings=Settings(), choice=plain_choice(), until=end)
        sizes += [len(state.issues[issue.id].arrivals) for issue in found.issues]
    assert sizes == [2, 3, 4, 5]


def test_what_comes_after_an_issue_closed_names_the_one_it_continues() -> None:
    hits = in_order(told(SMELL), told(BRIDGE, start=24 * 8, concern=0.01), told(SMELL, start=24 * 9))
    first, second = seen(hits).raised
    assert second.issue.continues == first.issue.id


@pytest.mark.parametrize(
    ("before", "seen_now", "after"),
    [
        (Level.EMERGING, volume(3, 3), Level.EMERGING),
        (Level.EMERGING, volume(5, 5), Level.HOT),
        (Level.EMERGING, volume(9, 9, publishers=1), Level.EMERGING),
        (Level.HOT, volume(3, 10), Level.HOT),
        (Level.HOT, volume(2, 10), Level.COOLING),
        (Level.COOLING, volume(4, 10), Level.COOLING),
        (Level.COOLING, volume(5, 10), Level.HOT),
        (Level.COOLING, volume(0, 10, silent=SILENT_HOURS), Level.CLOSED),
        (Level.CLOSED, volume(9, 10), Level.CLOSED),
    ],
)
def test_levels_rise_at_half_of_the_peak_and_fall_at_a_quarter(before: Level, seen_now: Volume, after: Level) -> None:
    assert level(before, seen_now, severity=1.0) == after


@given(st.integers(0, 40), st.integers(1, 40), st.integers(1, 5))
def test_a_level_does_not_flicker(last: int, peak: int, publishers: int) -> None:
    now = volume(min(last, peak), peak, publishers)
    once = level(Level.HOT, now, severity=1.0)
    assert level(once, now, severity=1.0) == once


def levels_of(publishers: str) -> list[Level]:
    """Return the level after each of 60 hours in which those of three newsrooms wrote in turn."""
    issue = OpenIssue(id="i", key="k", opened=0, title="t")
    levels = []
    for hour in range(60):
        if (name := "ABC"[hour % 3]) in publishers:
            issue.arrivals.append(NOW.timestamp() + 3600 * hour)
            issue.publishers.append(name)
        turn(issue, NOW.timestamp() + 3600 * hour)
        levels.append(issue.level)
    return levels


def test_removing_one_of_three_feeds_changes_no_level_once_the_issue_is_hot() -> None:
    assert levels_of("ABC")[10:] == levels_of("AB")[10:]


def test_every_topic_has_a_vietnamese_name() -> None:
    assert set(TOPIC_NAMES) == set(TOPICS)


@pytest.mark.parametrize(("value", "written"), [(2.5, "2,5"), (3.0, "3"), (0.04, "0"), (120.0, "120")])
def test_numbers_are_written_as_vietnamese_writes_them(value: float, written: str) -> None:
    assert number(value) == written


def test_many_places_are_named_by_three_and_a_number() -> None:
    assert place_names(("79", "01", "48", "92")) == "TP.HCM, Hà Nội, Đà Nẵng và 1 tỉnh, thành khác"
    assert place_names(()) == "cả nước hoặc chưa rõ nơi"
