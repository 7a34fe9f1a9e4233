"""Documents join the happening that they tell of, at a cost that does not grow with what is stored."""

from dataclasses import replace

import pytest
from conftest import NOW
from happenings import BRIDGE, SMELL, PlainWorth, in_order, told

from monitor.detect.detector import entry_of
from monitor.detect.entry import DAY, Entry, Link
from monitor.detect.gist import gist, terms_cosine
from monitor.detect.stories import KEPT, REACH, Joined, Stories, core
from monitor.detect.terms import is_digest
from monitor.store import Hit


def entries(hits: list[Hit]) -> list[Entry]:
    found = [entry_of(hit, hit.document.fetched_at.timestamp(), PlainWorth()) for hit in hits]
    return [replace(entry, number=n) for n, entry in enumerate(found)]


def grouped(hits: list[Hit]) -> list[int]:
    stories = Stories()
    return [stories.add(entry).story for entry in entries(hits)]


def test_texts_of_one_happening_are_one_story() -> None:
    assert grouped(told(SMELL)) == [0] * len(SMELL)


def test_two_happenings_are_two_stories() -> None:
    hits = in_order(told(SMELL[:3]), told(BRIDGE, start=0.5))
    assert grouped(hits) == [0, 1, 0, 1, 0, 1]


def test_the_same_words_weeks_later_are_another_story() -> None:
    late = told(SMELL[1:2], start=24 * 8)
    assert grouped(in_order(told(SMELL[:1]), late)) == [0, 1]


def test_news_in_brief_joins_no_story() -> None:
    brief = [
        ("Điểm tin 17h: mùi hôi bãi rác Gò Sậy | cầu Rạch Lá nứt", "Mùi hôi ở bãi rác Gò Sậy, vết nứt cầu Rạch Lá")
    ]
    assert grouped(in_order(told(SMELL[:2]), told(brief, start=5))) == [0, 0, 2]


@pytest.mark.parametrize("title", ["Xem nhanh 12h: bão vào", "Bản tin sáng", "Giá xăng giảm | Cầu thông xe"])
def test_titles_of_news_in_brief_are_known(title: str) -> None:
    assert is_digest(title)


def test_a_title_with_a_quoted_line_is_no_digest() -> None:
    assert not is_digest("Dân kêu cứu: 'Nước đục như nước cơm'")


def test_what_is_old_is_forgotten_wholly() -> None:
    stories = Stories()
    for entry in entries(told(SMELL)):
        stories.add(entry)
    stories.expire(NOW.timestamp() + KEPT + DAY)
    assert not (stories.entries)
    assert not (stories.members)
    assert not (stories.story_of)
    assert not (stories.links)
    assert not (stories.postings)


def test_after_its_reach_a_document_takes_no_neighbours_but_stays_in_its_story() -> None:
    stories = Stories()
    first = entries(told(SMELL[:1]))[0]
    stories.add(first)
    stories.expire(first.at + REACH + 1)
    assert not stories.postings
    assert stories.of(0) == [first]


def test_the_core_leaves_out_what_strayed_in() -> None:
    story = entries(in_order(told(SMELL), told(BRIDGE[:1], start=9)))
    assert all("Gò Sậy" in entry.title for entry in core(story, 4))


def test_order_of_documents_with_equal_times_does_not_matter_to_grouping() -> None:
    hits = told(SMELL, every=0)
    assert set(grouped(hits)) == set(grouped(hits[::-1])) == {0}


def test_what_is_kept_does_not_grow_with_what_is_stored() -> None:
    stories, first = Stories(), entries(told(SMELL[:1]))[0]
    sizes = []
    for number in range(600):
        stories.add(replace(first, number=number, at=first.at + number * 3 * 3600, vector={number % 7: 1.0}))
        sizes.append((len(stories.entries), sum(map(len, stories.postings.values())) // 2))
    assert sizes[-1] == sizes[200] == (KEPT / 3 / 3600 + 1, REACH / 3 / 3600 + 1)


def test_kept_stories_go_on_as_if_never_stopped() -> None:
    stories, times = Stories(), (0.0, REACH + 1, REACH + 9)
    first, late, last = (replace(entry, at=at) for entry, at in zip(entries(told(BRIDGE)), times, strict=True))
    stories.add(first)
    stories.add(late)
    kept = Stories(first=stories.first, reached=stories.reached)
    for number, entry in stories.entries.items():
        kept.keep(entry, stories.story_of[number], stories.links[number])
    assert kept.add(last) == stories.add(last)
    assert kept.postings == stories.postings
    assert kept.gists == stories.gists


def apart(hits: list[Hit]) -> tuple[Stories, Entry]:
    """The documents but the last, each a story of its own, and the last."""
    stories, (*first, last) = Stories(), entries(hits)
    for entry in first:
        stories.keep(entry, entry.number, Link())
    return stories, last


def test_a_text_that_fits_two_stories_of_one_happening_makes_them_one() -> None:
    stories, last = apart(told(SMELL))
    joined = stories.add(last)
    assert {entry.number for entry in joined.brought} | {joined.story} == {0, 1, 2, 3}
    assert stories.members == {joined.story: [0, 1, 2, 3, 4]}
    assert set(stories.gists) == {joined.story}


def test_a_story_that_was_told_keeps_its_name_and_gets_the_others() -> None:
    stories, last = apart(told(SMELL))
    joined = stories.add(last, held={3})
    assert joined.story == 3
    assert {entry.number for entry in joined.brought} == {0, 1, 2}


def test_two_stories_that_were_told_stay_two() -> None:
    stories, last = apart([*told(SMELL[:2]), *told(SMELL[2:3], start=9)])
    joined = stories.add(last, held={0, 1})
    assert joined.brought == ()
    assert set(stories.members) == {0, 1}


def test_stories_that_have_little_in_common_are_not_made_one() -> None:
    stories, last = apart([*told(SMELL[:1]), *told(BRIDGE[:1]), *told(BRIDGE[1:2], start=2)])
    assert stories.add(last) == Joined(1)


def test_what_is_recent_weighs_more_in_a_gist() -> None:
    smell, bridge = entries(told(SMELL[:1]))[0], entries(told(BRIDGE[:1]))[0]
    both = gist([smell, replace(bridge, at=smell.at + 6 * DAY)])
    assert terms_cosine(both, gist([bridge])) > 0.9 > 0.5 > terms_cosine(both, gist([smell]))


def test_gists_that_are_put_together_hold_what_both_held() -> None:
    first, second = entries(told(SMELL[:2]))
    both, other = gist([first]), gist([second])
    both.merge(other)
    assert both.terms == pytest.approx(gist([first, second]).terms)
    assert (both.count, both.first, both.last) == (2, first.at, second.at)
