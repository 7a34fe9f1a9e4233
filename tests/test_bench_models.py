"""The gate itself: floors only move up."""

import numpy as np
import pytest

from nlp.evaluate import interval, news_figures
from tests.bench.models import below, plot, raised
from tests.conftest import make_annotation, make_document


def test_a_figure_below_its_floor_is_named():
    assert below({"a": 0.80, "b": 0.9}, {"a": 0.85, "b": 0.9}) == {"a": (0.80, 0.85)}


def test_noise_is_not_a_loss():
    assert below({"a": 0.848}, {"a": 0.85}) == {}


def test_floors_move_up_and_not_down():
    assert raised({"a": 0.8, "b": 0.9}, {"a": 0.85, "b": 0.85}, allow_lower=False) == {"a": 0.85, "b": 0.9}


def test_a_floor_is_lowered_only_on_demand():
    assert raised({"a": 0.8}, {"a": 0.85}, allow_lower=True) == {"a": 0.8}


def test_figures_of_a_perfect_annotator_are_one():
    document = make_document()
    gold = [{"topic": "environment", "tone": "negative", "concern": 1, "places": ["TP.HCM"]}]
    figures = news_figures(gold, [make_annotation(document)])
    assert figures["topic_macro_f1"] == figures["places_micro_f1"] == figures["concern_f1"] == [1.0, 1.0, 1.0]
    assert figures["topic_confusion"]["environment"] == {"environment": 1}


def test_an_interval_holds_its_figure():
    truth = np.arange(100) % 2
    value, low, high = interval(lambda t, p: float((t == p).mean()), truth, np.zeros(100))
    assert low < value < high
    assert value == pytest.approx(0.5)


def test_the_plot_has_a_dot_for_each_bin():
    assert plot([(0.1, 0.1, 9), (0.9, 0.8, 3)]).count("<circle") == 2
