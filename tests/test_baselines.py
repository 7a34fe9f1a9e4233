"""The rules of others, as the bench states them."""

from collections.abc import Callable

import numpy as np
import pytest

from tests.bench.baselines import HOURS, RULES, Table, ears_c1, elastalert, huginn, socialmetrix, world_monitor


def table(last_day: int, usual: int = 2, publishers: int = 3) -> Table:
    """A candidate of `usual` texts at noon of every day, and some more two hours ago."""
    texts, day = np.zeros(HOURS), np.zeros((24, 3))
    texts[12::24] = usual
    texts[-1] += last_day
    day[-1, :publishers] = last_day / publishers
    return Table(texts=texts, day=day, everything=np.full(HOURS, 20.0))


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES.keys())
def test_every_rule_scores_a_burst_above_a_calm_day(rule: Callable[[Table], float]):
    assert rule(table(30)) > rule(table(0))


def test_huginn_counts_deviations_and_asks_for_four_texts():
    assert huginn(table(1)) == 0
    assert huginn(table(8)) == pytest.approx(8 / 0.5)


def test_world_monitor_asks_for_five_texts_by_two_publishers():
    assert world_monitor(table(4)) == 0
    assert world_monitor(table(9, publishers=1)) == 0
    assert world_monitor(table(9)) > 3


def test_elastalert_divides_by_the_window_before():
    assert elastalert(table(10)) == pytest.approx(12 / 2, abs=0.1)


def test_socialmetrix_and_ears_are_near_zero_on_a_steady_series():
    assert socialmetrix(table(0)) == pytest.approx(0, abs=0.01)
    assert ears_c1(table(0)) == 0
