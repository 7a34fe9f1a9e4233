"""What an open issue will bring."""

from datetime import datetime, timedelta

import numpy as np
import pytest

from monitor.detect.outlook import FEATURES, cumulative, features, interval, laws, outlook
from monitor.records import VIETNAM

NOW = datetime(2025, 3, 12, 15, tzinfo=VIETNAM)


def arrivals(*hours_ago: float) -> list[datetime]:
    return [NOW - timedelta(hours=hours) for hours in hours_ago]


def test_nothing_is_foreseen_before_the_first_text():
    assert outlook(arrivals(-1), NOW) is None


def test_texts_to_come_teach_nothing():
    known = arrivals(9, 5, 2)
    assert outlook([*known, NOW + timedelta(hours=1)], NOW) == outlook(known, NOW)


def test_the_order_of_texts_does_not_matter():
    known = arrivals(9, 5, 5, 2)
    assert outlook(known, NOW) == outlook(known[::-1], NOW)


def test_a_lively_issue_expects_more_than_a_dying_one():
    lively = outlook(arrivals(*range(12)), NOW)
    dying = outlook(arrivals(*range(60, 72)), NOW)
    assert lively is not None
    assert dying is not None
    assert lively.expected_24h > 4 * dying.expected_24h
    assert lively.growth < 1
    assert not dying.high_24h > lively.high_24h


def test_three_days_bring_no_less_than_one():
    found = [outlook(arrivals(*range(0, n * 3, 3)), NOW) for n in range(1, 20)]
    assert all(o.expected_24h <= o.expected_72h and o.low_24h <= o.low_72h for o in found if o)
    assert all(o.high_24h <= o.high_72h and o.low_24h <= o.high_24h for o in found if o)


@pytest.mark.parametrize("a_day", [1, 10, 100, 500])
def test_a_steady_issue_is_expected_to_bring_no_more_than_it_does(a_day: int):
    steady = outlook(arrivals(*np.arange(0, 240, 24 / a_day)), NOW)
    assert steady is not None
    assert 0.1 * a_day < steady.expected_24h < 1.3 * a_day


@pytest.mark.parametrize(("mean", "size"), [(0.2, 0.5), (3, 1), (40, 5)])
def test_the_interval_has_nearly_its_mass(mean: float, size: float):
    low, high = interval(cumulative(mean, size), 0.8)
    draws = np.random.default_rng(5).negative_binomial(size, size / (size + mean), 50_000)
    mass, heaviest = ((low <= draws) & (draws <= high)).mean(), np.bincount(draws).max() / len(draws)
    assert abs(mass - 0.8) <= max(0.05, heaviest - 0.8 + 0.01)


def test_the_laws_fit_the_features():
    assert [law.hours for law in laws()] == [24, 72]
    assert all(len(law.coefficients) == len(FEATURES) for law in laws())
    assert len(features(np.array([5.0, 1.0]), NOW)) == len(FEATURES)
