"""Series: counts, baselines, surprise and coverage."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, timedelta

import numpy as np
import pytest
from conftest import make_annotation, make_document

from monitor.detect.baseline import learn, tail
from monitor.detect.counts import ALL, Counts, Mention, day_of, hour_of, mention_of, series_key, series_keys
from monitor.detect.coverage import coverage
from monitor.detect.series import Evidence, quiet, surprise, surprises
from monitor.detect.signals import from_bytes, signals, to_bytes
from monitor.records import VIETNAM

START = datetime(2025, 3, 3, tzinfo=VIETNAM)
DAYS = 63
NOW = START + timedelta(days=DAYS, hours=-1)
KEY = "topic:environment|place:01"


def mention(at: datetime, publisher: str = "a", root: str = "", key: str = KEY, concern: float = 0.9) -> Mention:
    return Mention(at=at, publisher=publisher, root=root or f"{publisher}{key}{at}", keys=(key,), concern=concern)


def stream(per_day: Callable[[int, str], int], days: int = DAYS, key: str = KEY) -> list[Mention]:
    """Texts of publishers a, b and c spread evenly over each day."""
    return [
        mention(START + timedelta(days=day, seconds=86400 * i / n), publisher, key=key)
        for day in range(days)
        for publisher in "abc"
        for n in [per_day(day, publisher)]
        for i in range(n)
    ]


def counted(*streams: Iterable[Mention]) -> Counts:
    counts = Counts()
    for item in sorted((m for s in streams for m in s), key=lambda m: m.at):
        counts.add(item)
    return counts


def evidence(counts: Counts, at: datetime = NOW, key: str = KEY) -> Evidence:
    return surprise(counts, learn(counts, day_of(at), counts.series()), key, at)


def test_a_constant_series_never_alarms():
    counts = counted(stream(lambda day, p: 4), stream(lambda day, p: 40, key="other"))
    baseline = learn(counts, day_of(NOW), counts.series())
    assert min(surprise(counts, baseline, KEY, NOW - timedelta(hours=h)).p_value for h in range(24)) > 0.2


def test_a_burst_is_surprising_and_shown_with_its_numbers():
    counts = counted(stream(lambda day, p: 2 + 10 * (day == DAYS - 1)), stream(lambda day, p: 40, key="other"))
    found = evidence(counts)
    assert found.p_value < 1e-4
    assert found.observed > 3 * found.expected
    assert found.publishers == ("a", "b", "c")


def test_a_uniform_doubling_of_all_sources_is_no_burst():
    twice = counted(*[stream(lambda day, p, n=n: n * (1 + (day >= DAYS - 3)), key=k) for k, n in ((KEY, 3), ("o", 40))])
    found = evidence(twice)
    assert found.p_value > 0.2
    assert found.coverage == pytest.approx(2, abs=0.3)


def test_ten_copies_of_one_wire_story_are_one_publisher_each_at_most():
    counts = Counts()
    for i in range(10):
        counts.add(mention(NOW + timedelta(minutes=i), "ab"[i % 2], root="wire"))
    assert counts.window(KEY, hour_of(NOW), 6) == {"a": 1, "b": 1}
    assert counts.window(ALL, hour_of(NOW), 6) == {"a": 1, "b": 1}


def test_removing_one_publisher_for_a_week_changes_no_series_by_itself():
    def volume(n: int) -> Callable[[int, str], int]:
        return lambda day, p: 0 if p == "a" and day >= DAYS - 7 else n * (3 if p == "a" else 1)

    counts = counted(stream(volume(3)), stream(volume(40), key="other"), stream(volume(10), key="third"))
    baseline = learn(counts, day_of(NOW), counts.series())
    assert all(surprise(counts, baseline, key, NOW).p_value > 0.2 for key in counts.series())
    assert all(found.p_value > 0.2 for found in quiet(counts, baseline, counts.series(), NOW))


def test_a_burst_is_seen_though_its_main_source_is_dead():
    def burst(day: int, p: str) -> int:
        return 0 if p == "a" and day >= DAYS - 7 else 2 + 12 * (day == DAYS - 1)

    others = stream(lambda day, p: 0 if p == "a" and day >= DAYS - 7 else 40, key="other")
    assert evidence(counted(stream(burst), others)).p_value < 1e-4


def test_a_dead_feed_raises_a_source_warning():
    counts = counted(stream(lambda day, p: 0 if p == "a" and day == DAYS - 1 else 30))
    assert [c.publisher for c in coverage(counts, NOW) if c.silent] == ["a"]


def test_a_dead_feed_is_warned_of_for_weeks():
    counts = counted(stream(lambda day, p: 0 if p == "a" and day >= DAYS - 20 else 30))
    assert [c.publisher for c in coverage(counts, NOW) if c.silent] == ["a"]


def test_a_source_that_publishes_once_a_week_is_not_missed_on_the_other_days():
    counts = counted(stream(lambda day, p: 20 * (day % 7 == 0) if p == "a" else 30))
    assert not [c for hours in range(0, 168, 12) for c in coverage(counts, NOW - timedelta(hours=hours)) if c.silent]


def test_working_feeds_raise_no_source_warning():
    counts = counted(stream(lambda day, p: 30 - 8 * (day % 7 > 4)))
    assert not [c for hours in range(0, 72, 3) for c in coverage(counts, NOW - timedelta(hours=hours)) if c.silent]


def test_a_topic_that_fell_silent_is_found_while_its_sources_go_on():
    counts = counted(stream(lambda day, p: 0 if day >= DAYS - 3 else 5), stream(lambda day, p: 40, key="other"))
    found = quiet(counts, learn(counts, day_of(NOW), counts.series()), counts.series(), NOW)
    assert (found[0].key, found[0].observed) == (KEY, 0)
    assert found[0].q_value < 0.01 < found[1].q_value


def test_a_past_burst_does_not_poison_the_baseline():
    calm = counted(stream(lambda day, p: 2), stream(lambda day, p: 40, key="other"))
    poisoned = counted(stream(lambda day, p: 60 if 30 <= day < 34 else 2), stream(lambda day, p: 40, key="other"))
    assert evidence(poisoned).expected < 1.3 * evidence(calm).expected


def test_a_weekly_rhythm_is_expected():
    def weekly(day: int, p: str) -> int:
        return 24 if day % 7 == 6 else 3

    counts = counted(stream(weekly), stream(lambda day, p: 200, key="other"))
    assert evidence(counts, START + timedelta(days=DAYS, hours=-1)).p_value > 0.1
    assert evidence(counts, START + timedelta(days=DAYS - 1, hours=-1)).expected < 40


def test_equal_times_in_another_order_and_other_batches_give_the_same_bytes():
    at = NOW.replace(minute=0)
    items = [mention(at, p, root=r, key=k, concern=c) for p in "ab" for r, k, c in (("w", KEY, 0.2), ("w", "o", 0.8))]
    assert counted(items).snapshot() == counted(items[::-1]).snapshot()


def test_a_snapshot_restores_the_same_counts():
    counts = counted(stream(lambda day, p: 2))
    again = Counts.restore(counts.snapshot())
    assert again.snapshot() == counts.snapshot()
    assert evidence(again) == evidence(counts)


def test_old_counts_are_dropped():
    counts = counted(stream(lambda day, p: 1, days=200))
    assert len(counts.days[KEY]) <= 71
    assert len(counts.hours[KEY]) <= 24 * 10


def test_unknown_keys_become_surprising_when_they_burst():
    counts = counted(stream(lambda day, p: 60, key="other"), [mention(NOW, p, key="keyword:x") for p in "abc"])
    assert evidence(counts, key="keyword:x").p_value < 1e-3


def test_tail_is_the_negative_binomial():
    draws = np.random.default_rng(1).negative_binomial(4, 4 / (4 + 10), 200_000)
    assert tail(16, 10, 4) == pytest.approx((draws >= 16).mean(), abs=0.005)
    assert tail(0, 10, 4) == 1


def test_false_discoveries_are_controlled_over_all_series():
    rng = np.random.default_rng(3)
    keys = [f"k{i:02}" for i in range(60)]
    counts = counted(*[stream(lambda day, p: int(rng.poisson(2)), key=key) for key in keys])
    found = surprises(counts, learn(counts, day_of(NOW), keys), keys, NOW)
    assert found[0].q_value > 0.05
    assert [e.q_value for e in found] == sorted(e.q_value for e in found)


def unsteady(key: str, mean: float, rng: np.random.Generator) -> list[Mention]:
    """Texts of a series whose days vary by 39 % beyond chance and come in clusters, at any hour."""
    return [
        mention(START + timedelta(days=day + rng.random()), publisher, key=key)
        for day in range(DAYS)
        for level in [mean * rng.gamma(1 / 0.15, 0.15)]
        for publisher in "abc"
        for _ in range(rng.negative_binomial(2 * level, 2 / 3))
    ]


def test_chances_of_series_without_bursts_are_about_uniform():
    rng = np.random.default_rng(8)
    keys = [f"k{i:02}" for i in range(40)]
    counts = counted(*[unsteady(key, rng.uniform(1, 6), rng) for key in keys])
    looks = [NOW - timedelta(days=days) for days in range(0, 12, 3)]
    chances = [e.p_value for at in looks for e in surprises(counts, learn(counts, day_of(at), keys), keys, at)]
    shares = [float(np.mean(np.array(chances) < level)) for level in (0.01, 0.05, 0.1, 0.3)]
    assert shares == pytest.approx([0.01, 0.05, 0.1, 0.3], abs=0.05)


def test_fewer_than_three_texts_are_no_burst():
    rare = [mention(NOW - timedelta(minutes=i), "ab"[i], key="keyword:x") for i in range(2)]
    counts = counted(stream(lambda day, p: 60, key="other"), rare)
    assert evidence(counts, key="keyword:x").p_value == 1


def test_a_text_counts_for_its_topic_its_places_and_each_topic_in_a_place():
    document = make_document()
    annotation = make_annotation(document, topic="transport", places=("01", "79"), keywords=("kẹt xe",))
    topic, *rest = mention_of(document, annotation, rules=("bus",)).keys
    assert topic == series_key("transport")
    assert {series_key("transport", "01"), "place:79", "rule:bus", "keyword:kẹt xe"} < set(rest)
    assert "topic:transport|place:none" in series_keys(replace(annotation, places=()))


def test_what_rises_and_what_falls_silent_is_a_signal():
    risen, silent = "topic:environment|place:01", "topic:education"
    counts = counted(
        stream(lambda day, p: 1 + 9 * (day == DAYS - 1), key=risen),
        stream(lambda day, p: 8 * (day < DAYS - 4), key=silent),
        stream(lambda day, p: 40, key="topic:economy"),
    )
    found = signals(counts, NOW)
    assert [(s.topic, s.place, s.risen) for s in found] == [("environment", "01", True), ("education", None, False)]
    assert found[0].observed > 3 * found[0].expected
    assert found[1].observed == 0
    assert from_bytes(to_bytes(found), NOW) == found
    assert from_bytes(to_bytes(found), NOW + timedelta(days=2)) == from_bytes(None, NOW) == ()


def test_a_young_store_and_a_steady_one_give_no_signal():
    sudden = stream(lambda day, p: 30 * (day == 12), days=13)
    assert signals(counted(sudden), START + timedelta(days=13, hours=-1)) == ()
    assert signals(counted(stream(lambda day, p: 4), stream(lambda day, p: 40, key="topic:economy")), NOW) == ()
    assert signals(Counts(), NOW) == ()
