"""An issue becomes one alert, its notices wait in the outbox, and each is delivered once or given up."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from conftest import make_document, make_issue

from monitor.alerts import deliver, open_alert
from monitor.bulletins import numbers
from monitor.desk import Desk, alerts, outbox
from monitor.desk.outbox import GIVE_UP_AFTER
from monitor.errors import StoreUnavailable
from monitor.records import AlertStatus, Level
from monitor.rules import Rule, Rules
from monitor.store import Hit

NOW = datetime(2026, 1, 5, 2, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
RULES = Rules(rules=(Rule(name="hot", levels=(Level.HOT,), to=("duty",)),))
TO_TERMINAL = {"duty": ("print:",)}
TO_NOWHERE = {"duty": ("json://127.0.0.1:1/hook",)}


@pytest.fixture
def desk(tmp_path):
    desk = Desk(f"sqlite:///{tmp_path}/desk.db")
    yield desk
    desk.close()


def hot(**values):
    return make_issue(level=Level.HOT, **values)


def told(capsys):
    return capsys.readouterr().out


@pytest.mark.parametrize(("p_value", "told"), [(0.0, "p < 0,0001"), (0.0001, "p = 0,0001"), (0.25, "p = 0,25")])
def test_no_chance_is_told_as_none(p_value, told):
    assert told in numbers(make_issue(p_value=p_value))


def test_an_alert_is_opened_once(desk):
    assert open_alert(desk, hot(), [], NOW)
    assert open_alert(desk, hot(), [], NOW) is None
    assert len(alerts.alerts(desk, AlertStatus.OPEN)) == 1


def test_a_notice_is_delivered_once(desk, capsys):
    open_alert(desk, hot(title="Ngập ở chợ"), [], NOW)
    assert deliver(desk, TO_TERMINAL, RULES, NOW) == (1, 0)
    assert deliver(desk, TO_TERMINAL, RULES, NOW) == (0, 0)
    assert told(capsys).count("[Nóng] Ngập ở chợ") == 1
    assert alerts.alerts(desk)[0].notified_at == NOW


def test_an_issue_that_no_rule_matches_is_an_alert_without_notice(desk):
    open_alert(desk, make_issue(level=Level.EMERGING), [], NOW)
    assert deliver(desk, TO_TERMINAL, RULES, NOW) == (0, 0)
    assert outbox.deliveries(desk) == []


def test_a_failed_delivery_waits_twice_as_long_each_time_and_is_given_up_visibly(desk):
    rules = replace(RULES, rules=(replace(RULES.rules[0], repeat=None),))
    open_alert(desk, hot(), [], NOW)
    waits, now = [], NOW
    for _ in range(GIVE_UP_AFTER - 1):
        assert deliver(desk, TO_NOWHERE, rules, now) == (0, 1)
        waits.append(outbox.deliveries(desk, "waiting")[0].next_at - now)
        now += waits[-1]
    deliver(desk, TO_NOWHERE, rules, now)
    assert waits[:3] == [timedelta(minutes=1), timedelta(minutes=2), timedelta(minutes=4)]
    assert outbox.deliveries(desk, "given_up")[0].error


def test_a_notice_outside_the_hours_waits(desk):
    noon = (datetime(2026, 1, 1, 12, tzinfo=UTC).time(), datetime(2026, 1, 1, 13, tzinfo=UTC).time())
    rules = Rules(rules=(Rule(name="day", to=("duty",), hours=noon),))
    open_alert(desk, hot(), [], NOW)
    assert deliver(desk, TO_TERMINAL, rules, NOW) == (0, 0)
    assert deliver(desk, TO_TERMINAL, rules, NOW + timedelta(hours=3, minutes=30)) == (1, 0)


def test_a_notice_carries_its_evidence(desk, capsys):
    hit = Hit(document=make_document(title="Chợ ngập", url="https://bao.example/1", publisher="bao"))
    open_alert(desk, hot(title="Ngập ở chợ", places=("46",), explanation="Quan sát 9."), [hit], NOW)
    deliver(desk, TO_TERMINAL, RULES, NOW)
    text = told(capsys)
    for part in ("[Nóng] Ngập ở chợ - Huế", "Quan sát 9.", "Chợ ngập (bao", "https://bao.example/1", "thường lệ 2,5"):
        assert part in text


def test_a_desk_that_cannot_be_opened_is_one_line(tmp_path):
    with pytest.raises(StoreUnavailable, match="desk"):
        Desk(f"sqlite:///{tmp_path}/no/such/folder/desk.db")
