"""Rules say who is told of what; a wrong file says which rule and key."""

from datetime import UTC, datetime, timedelta

import pytest
from conftest import make_issue

from monitor.errors import ConfigError
from monitor.records import Level
from monitor.rules import SHIPPED, load_rules, matches, open_at


def rules(tmp_path, text):
    file = tmp_path / "rules.toml"
    file.write_text(text, encoding="utf-8")
    return load_rules(file).rules


def one(tmp_path, more=""):
    return rules(tmp_path, f'[[rule]]\nname = "r"\nto = ["duty"]\n{more}')[0]


def test_the_shipped_rules_load():
    assert load_rules(SHIPPED).rules[0].levels == (Level.EMERGING, Level.HOT)


def test_an_empty_list_stands_for_any(tmp_path):
    assert matches(one(tmp_path), make_issue())


def test_old_province_names_match_the_province_they_became(tmp_path):
    rule = one(tmp_path, 'places = ["Bình Dương"]')
    assert matches(rule, make_issue(places=("79",)))
    assert not matches(rule, make_issue(places=("01",)))


def test_levels_and_topics_must_both_match(tmp_path):
    rule = one(tmp_path, 'levels = ["hot"]\ntopics = ["health"]')
    assert matches(rule, make_issue(level=Level.HOT, topic="health"))
    assert not matches(rule, make_issue(level=Level.HOT, topic="sport"))


def test_times_of_grouping_and_outbox_are_read(tmp_path):
    file = tmp_path / "rules.toml"
    file.write_text('[grouping]\nwindow = "5m"\n[outbox]\nkeep = "30d"\n', encoding="utf-8")
    read = load_rules(file)
    assert (read.window, read.keep, read.address) == (timedelta(minutes=5), timedelta(days=30), "")


@pytest.mark.parametrize(("hour", "open_"), [(23, True), (3, True), (12, False)])
def test_hours_may_run_over_midnight(tmp_path, hour, open_):
    rule = one(tmp_path, 'hours = "22:00-06:00"')
    assert open_at(rule, datetime(2026, 1, 5, (hour - 7) % 24, 30, tzinfo=UTC)) is open_


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ('[[rule]]\nname = "r"', "to"),
        ('[[rule]]\nname = "r"\nto = ["d"]\ntopic = ["health"]', "topic"),
        ('[[rule]]\nname = "r"\nto = ["d"]\ntopics = ["healthy"]', "healthy"),
        ('[[rule]]\nname = "r"\nto = ["d"]\nplaces = ["Paris"]', "Paris"),
        ('[[rule]]\nname = "r"\nto = ["d"]\nlevels = ["loud"]', "loud"),
        ('[[rule]]\nname = "r"\nto = ["d"]\nhours = "all day"', "all day"),
        ('[[rule]]\nname = "r"\nto = "duty"', "to must be a list"),
        ('[dashboard]\naddress = "javascript:1"', "https://"),
        ('[outbox]\nkeep = "for ever"', "for ever"),
        ("rule = 3", "rule"),
        ("[[rule", "rules.toml"),
    ],
)
def test_a_wrong_rule_is_named_in_one_line(tmp_path, text, wrong):
    with pytest.raises(ConfigError, match=wrong) as error:
        rules(tmp_path, text)
    assert "\n" not in str(error.value)
