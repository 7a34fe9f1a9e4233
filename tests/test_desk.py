"""The desk keeps its schema up, its writers in turn, its secrets out of errors; and who did what, for ever."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from conftest import make_issue

from monitor.alerts import open_alert
from monitor.desk import Desk, alerts, audit, judgements, migrations, saved, schema
from monitor.desk.audit import Action
from monitor.desk.judgements import Verdict
from monitor.errors import InputError, StoreError, StoreUnavailable
from monitor.records import AlertStatus, Level

NOW = datetime(2026, 1, 5, 2, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def test_opening_a_desk_again_keeps_what_is_in_it(desk, desk_url):
    open_alert(desk, make_issue(), [], NOW)
    again = Desk(desk_url)
    assert len(alerts.alerts(again)) == 1
    again.close()


def test_a_later_step_is_run_once_over_what_an_earlier_version_left(desk):
    steps = {**migrations.STEPS, 2: lambda c: c.execute(sa.text("ALTER TABLE looks ADD COLUMN page TEXT"))}
    for _ in range(2):
        with desk.write() as connection:
            assert migrations.upgrade(connection, steps) == 2
    with desk.read() as connection:
        assert "page" in {column["name"] for column in sa.inspect(connection).get_columns("looks")}


def test_a_step_that_fails_leaves_the_version_before(desk):
    def broken(connection):
        connection.execute(sa.insert(schema.looks).values(by="a", at="now"))
        raise RuntimeError

    with pytest.raises(RuntimeError), desk.write() as connection:
        migrations.upgrade(connection, {**migrations.STEPS, 2: broken})
    assert saved.last_look(desk, "a") is None


def test_a_desk_of_a_newer_program_is_refused(desk, desk_url):
    with desk.write() as connection:
        connection.execute(sa.insert(schema.schema_version).values(version=99))
    with pytest.raises(StoreError, match="99"):
        Desk(desk_url)


def test_a_desk_that_cannot_be_reached_is_one_line_without_its_password():
    with pytest.raises(StoreUnavailable) as error:
        Desk("postgresql://desk:s3cret@127.0.0.1:1/desk")
    assert "s3cret" not in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("url", ["no url", "oracle://s3cret@host", "mongodb://s3cret"])
def test_an_address_that_is_no_desk_is_one_line_without_its_secrets(url):
    with pytest.raises(StoreError) as error:
        Desk(url)
    assert "s3cret" not in str(error.value)


def test_writers_take_turns_and_lose_nothing(desk, desk_url):
    def write(n):
        own = Desk(desk_url)
        for k in range(10):
            audit.record(own, f"w{n}", Action.READ, f"document:{k}", NOW)
        own.close()

    threads = [threading.Thread(target=write, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(audit.records(desk, limit=100)) == 40


def test_acknowledging_is_in_the_history_and_in_the_audit(desk):
    open_alert(desk, make_issue(), [], NOW)
    alert = alerts.acknowledge(desk, "i1", "lan", "Đang gọi phường", NOW + HOUR)
    assert (alert.status, alert.by, alert.note) == (AlertStatus.ACKNOWLEDGED, "lan", "Đang gọi phường")
    assert [h.event for h in alerts.history(desk, "i1")] == ["opened", "acknowledged"]
    (line,) = audit.records(desk)
    assert (line.by, line.action, line.object, line.detail) == ("lan", "acknowledge", "issue:i1", "Đang gọi phường")


def test_assigning_says_to_whom(desk):
    open_alert(desk, make_issue(), [], NOW)
    assert alerts.assign(desk, "i1", "minh", "lan", "", NOW).assigned == "minh"


def test_an_escalation_opens_what_was_acknowledged(desk):
    open_alert(desk, make_issue(level=Level.EMERGING), [], NOW)
    alerts.acknowledge(desk, "i1", "lan", "", NOW)
    assert open_alert(desk, make_issue(level=Level.HOT), [], NOW + HOUR)
    assert alerts.alerts(desk)[0].status == AlertStatus.OPEN


def test_nobody_acts_on_what_is_not_there_or_over(desk):
    with pytest.raises(InputError, match="no alert"):
        alerts.acknowledge(desk, "i1", "lan", "", NOW)
    open_alert(desk, make_issue(), [], NOW)
    alerts.resolve(desk, "i1", "lan", "", NOW)
    with pytest.raises(InputError, match="resolved"):
        alerts.acknowledge(desk, "i1", "lan", "", NOW)
    with pytest.raises(InputError, match="who"):
        alerts.acknowledge(desk, "i1", " ", "", NOW)


def test_the_audit_is_read_by_pages_newest_first(desk):
    for k in range(5):
        audit.record(desk, "lan", Action.READ, f"document:{k}", NOW)
    first = audit.records(desk, limit=2)
    second = audit.records(desk, limit=2, before=first[-1].number)
    assert [r.object for r in first + second] == [f"document:{k}" for k in (4, 3, 2, 1)]


def test_a_second_judgement_replaces_the_first(desk):
    open_alert(desk, make_issue(), [], NOW)
    judgements.judge(desk, "i1", Verdict.WRONG, "lan", NOW)
    judgements.judge(desk, "i1", Verdict.RIGHT, "lan", NOW + HOUR)
    assert [j.verdict for j in judgements.judgements(desk, "i1")] == [Verdict.RIGHT]


def test_labels_are_the_judgement_of_most_and_say_nothing_of_who(desk):
    open_alert(desk, make_issue(), [], NOW)
    for name, verdict in (("lan", Verdict.RIGHT), ("minh", Verdict.RIGHT), ("hoa", Verdict.LATE)):
        judgements.judge(desk, "i1", verdict, name, NOW)
    (line,) = judgements.label_lines(desk)
    assert '"judgement":"right"' in line
    assert not any(name in line for name in ("lan", "minh", "hoa"))


def test_saved_searches_are_each_ones_own(desk):
    saved.save_search(desk, "lan", "ngập", 'ngập "triều cường"', NOW)
    assert [s.query for s in saved.searches(desk, "lan")] == ['ngập "triều cường"']
    assert saved.searches(desk, "minh") == []
    saved.drop_search(desk, "lan", "ngập")
    assert saved.searches(desk, "lan") == []
