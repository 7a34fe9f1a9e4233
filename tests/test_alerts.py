"""An issue becomes one alert at a level, its notices wait in the outbox, and each is delivered once or given up."""

from datetime import UTC, datetime, timedelta

import pytest

from monitor.alerts import deliver, notice_of, open_alert
from monitor.desk import GIVE_UP_AFTER, Desk
from monitor.errors import StoreUnavailable
from monitor.records import AlertStatus, Level
from monitor.rules import Rule
from monitor.store import Hit
from tests.conftest import make_document, make_issue

NOW = datetime(2026, 1, 5, 2, 0, tzinfo=UTC)
RULES = (Rule(name="hot", levels=(Level.HOT,), to=("duty",)),)
TO_TERMINAL = {"duty": ("print:",)}
TO_NOWHERE = {"duty": ("json://127.0.0.1:1/hook",)}


@pytest.fixture
def desk(tmp_path):
    desk = Desk(f"sqlite:///{tmp_path}/desk.db")
    yield desk
    desk.close()


def hot(**values):
    return make_issue(level=Level.HOT, **values)


def test_an_alert_is_opened_once_a_level(desk):
    assert open_alert(desk, hot(), [], RULES, TO_TERMINAL, NOW)
    assert open_alert(desk, hot(), [], RULES, TO_TERMINAL, NOW) is None
    assert len(desk.alerts(AlertStatus.OPEN)) == 1


def test_a_notice_is_delivered_once(desk, capsys):
    open_alert(desk, hot(title="Ngập ở chợ"), [], RULES, TO_TERMINAL, NOW)
    assert deliver(desk, TO_TERMINAL, RULES, NOW) == (1, 0)
    assert deliver(desk, TO_TERMINAL, RULES, NOW) == (0, 0)
    assert capsys.readouterr().out.count("Ngập ở chợ") == 1
    assert desk.alerts()[0].notified_at == NOW


def test_an_issue_that_no_rule_matches_is_an_alert_without_notice(desk):
    open_alert(desk, make_issue(level=Level.EMERGING), [], RULES, TO_TERMINAL, NOW)
    assert desk.deliveries("waiting") == []


def test_a_failed_delivery_waits_twice_as_long_each_time_and_is_given_up_visibly(desk):
    open_alert(desk, hot(), [], RULES, TO_NOWHERE, NOW)
    waits, now = [], NOW
    for _ in range(GIVE_UP_AFTER - 1):
        assert deliver(desk, TO_NOWHERE, RULES, now) == (0, 1)
        waits.append(desk.deliveries("waiting")[0].next_at - now)
        now += waits[-1]
    deliver(desk, TO_NOWHERE, RULES, now)
    assert waits[:3] == [timedelta(minutes=1), timedelta(minutes=2), timedelta(minutes=4)]
    assert desk.deliveries("given_up")[0].error


def test_a_delivery_outside_the_hours_waits(desk):
    night = (Rule(name="day", to=("duty",), hours=(datetime(2026, 1, 1, 12).time(), datetime(2026, 1, 1, 13).time())),)  # noqa: DTZ001
    open_alert(desk, hot(), [], night, TO_TERMINAL, NOW)
    assert deliver(desk, TO_TERMINAL, night, NOW) == (0, 0)
    assert deliver(desk, TO_TERMINAL, night, NOW + timedelta(hours=3, minutes=30)) == (1, 0)


def test_a_notice_carries_its_evidence():
    hit = Hit(document=make_document(title="Chợ ngập", url="https://bao.example/1", publisher="bao"))
    notice = notice_of(hot(title="Ngập ở chợ", places=("46",), explanation="Quan sát 9."), [hit], "k")
    assert notice.title == "[Nóng] Ngập ở chợ - Huế"
    assert "Quan sát 9." in notice.text
    assert "Chợ ngập (bao" in notice.text
    assert "https://bao.example/1" in notice.text


def test_a_desk_that_cannot_be_opened_is_one_line(tmp_path):
    with pytest.raises(StoreUnavailable, match="desk"):
        Desk(f"sqlite:///{tmp_path}/no/such/folder/desk.db")
