"""Every notice arrives at least once under one key, whatever receivers and operators do; none is told twice as new."""

import json
import random
import signal
import subprocess
import sys
import time
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from conftest import make_issue
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from receivers import receiver

from monitor.alerts import deliver, follow_issues, open_alert
from monitor.decisions import mutes
from monitor.desk import Desk, alerts, outbox, silences
from monitor.errors import InputError
from monitor.records import AlertStatus, Level
from monitor.rules import Rule, Rules

NOW = datetime(2026, 1, 5, 2, 0, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
ONCE = Rules(rules=(Rule(name="all", to=("duty",), repeat=None),), window=timedelta(0))

CHILD = """
import sys
from datetime import timedelta
sys.path.insert(0, "tests")
from test_outbox import MINUTE, NOW, ONCE, issue
from monitor.alerts import deliver, open_alert
from monitor.desk import Desk
desk, to = Desk(sys.argv[1]), {"duty": (sys.argv[2],)}
for n in range(25):
    open_alert(desk, issue(f"i{n}"), [], NOW + n * MINUTE)
    deliver(desk, to, ONCE, NOW + n * MINUTE)
for n in range(25, 60):
    deliver(desk, to, ONCE, NOW + n * MINUTE)
"""


def issue(name, **values):
    return make_issue(**{"id": name, "title": f"Việc {name}.", "evidence": (f"d-{name}",), **values})


def by_key(kept):
    """Return what came in, by key: the bodies under each."""
    bodies = defaultdict(set)
    for got in kept.got:
        bodies[got.headers["Idempotency-Key"]].add(got.body)
    return bodies


@pytest.mark.slow
def test_a_thousand_alerts_arrive_though_the_receiver_fails_half_the_time(tmp_path):
    desk, chance = Desk(f"sqlite:///{tmp_path}/desk.db"), random.Random(7)
    for n in range(1000):
        open_alert(desk, issue(f"i{n}"), [], NOW)
    with receiver(lambda n: chance.choice((200, 500))) as kept:
        now = NOW
        while deliver(desk, {"duty": (f"webhook+http://:s@127.0.0.1:{kept.port}/",)}, ONCE, now) != (0, 0):
            now += DAY
    texts = [json.loads(body)["text"] for bodies in by_key(kept).values() for body in bodies]
    assert outbox.counts(desk) == {"waiting": 0, "delivered": 50, "given_up": 0}
    assert [sum(f"Việc i{n}. " in text for text in texts) for n in range(1000)] == [1] * 1000
    desk.close()


@pytest.mark.slow
def test_kills_at_any_point_lose_no_notice_and_tell_none_twice_as_new(tmp_path):
    url, chance, kills = f"sqlite:///{tmp_path}/desk.db", random.Random(3), 0
    with receiver(lambda n: time.sleep(0.01) or 200) as kept:
        words = [sys.executable, "-c", CHILD, url, f"webhook+http://:s@127.0.0.1:{kept.port}/"]
        while True:
            child = subprocess.Popen(words, cwd=Path(__file__).parent.parent)
            try:
                assert child.wait(None if kills >= 5 else chance.uniform(0.8, 1.4)) == 0
                break
            except subprocess.TimeoutExpired:
                child.send_signal(signal.SIGKILL)
                child.wait()
                kills += 1
    bodies = by_key(kept)
    told = [json.loads(body)["text"] + json.loads(body)["title"] for some in bodies.values() for body in some]
    assert all(len(some) == 1 for some in bodies.values())
    assert [sum(f"Việc i{n}. " in text for text in told) for n in range(25)] == [1] * 25


def test_what_died_with_its_process_is_due_again_after_the_lease(tmp_path):
    desk = Desk(f"sqlite:///{tmp_path}/desk.db")
    open_alert(desk, issue("i"), [], NOW)
    deliver(desk, {"duty": ("json://127.0.0.1:1/",)}, ONCE, NOW)
    (waiting,) = outbox.deliveries(desk, "waiting")
    assert outbox.claim(desk, waiting, NOW)
    assert not outbox.claim(desk, waiting, NOW)
    assert deliver(desk, {"duty": ("print:",)}, ONCE, NOW + outbox.LEASE - MINUTE) == (0, 0)
    assert deliver(desk, {"duty": ("print:",)}, ONCE, NOW + outbox.LEASE) == (1, 0)
    desk.close()


def test_a_delivery_that_was_given_up_can_be_begun_anew(desk):
    open_alert(desk, issue("i"), [], NOW)
    for day in range(outbox.GIVE_UP_AFTER):
        deliver(desk, {"duty": ("json://127.0.0.1:1/",)}, ONCE, NOW + 4 * day * DAY)
    (lost,) = outbox.deliveries(desk, "given_up")
    outbox.retry(desk, lost.key, "lan", NOW + 99 * DAY)
    assert deliver(desk, {"duty": ("print:",)}, ONCE, NOW + 99 * DAY) == (1, 0)
    with pytest.raises(InputError):
        outbox.retry(desk, lost.key, "lan", NOW)


def test_the_text_of_an_old_notice_is_dropped_and_its_record_stays(desk):
    open_alert(desk, issue("i"), [], NOW)
    deliver(desk, {"duty": ("print:",)}, ONCE, NOW)
    deliver(desk, {}, ONCE, NOW + ONCE.keep)
    assert [one.text for one in outbox.deliveries(desk)] != [""]
    deliver(desk, {}, ONCE, NOW + ONCE.keep + MINUTE)
    (kept,) = outbox.deliveries(desk)
    assert (kept.text, kept.html, kept.state, kept.delivered_at) == ("", "", "delivered", NOW)
    assert "Việc i" in kept.title


def test_what_was_not_delivered_keeps_its_text(desk):
    open_alert(desk, issue("i"), [], NOW)
    deliver(desk, {"duty": ("json://127.0.0.1:1/",)}, ONCE, NOW)
    assert outbox.drop_texts(desk, NOW + 999 * DAY) == 0


def test_a_notice_without_its_chart_goes_out_all_the_same(desk, caplog):
    def broken(issue):
        raise ValueError("no fonts")

    open_alert(desk, issue("i"), [], NOW)
    assert deliver(desk, {"duty": ("print:",)}, ONCE, NOW, chart=broken) == (1, 0)
    assert "no chart" in caplog.text


REPEAT = Rules(rules=(Rule(name="all", to=("duty",), repeat=6 * HOUR),), window=10 * MINUTE)
NAMES = st.sampled_from(["a", "b", "c", "d"])
RANK = {Level.EMERGING: 1, Level.HOT: 2}


class Watched(RuleBasedStateMachine):
    """Issues come, rise, fall and close; staff act; time passes; the program stops and starts; notices are counted."""

    @initialize()
    def begin(self):
        import tempfile

        self.folder = tempfile.TemporaryDirectory()
        self.url = f"sqlite:///{self.folder.name}/desk.db"
        self.desk, self.now, self.seen = Desk(self.url), NOW, set()
        self.told = {}

    @rule(name=NAMES, level=st.sampled_from([Level.EMERGING, Level.HOT, Level.COOLING]), size=st.integers(5, 50))
    def see(self, name, level, size):
        storm = {"continues": "storm"} if name in "ab" else {}
        open_alert(self.desk, issue(name, level=level, observed=float(size), **storm), [], self.now)

    @rule(name=NAMES)
    def close(self, name):
        follow_issues(self.desk, [issue(name, level=Level.CLOSED)], self.now)
        for held in silences.silences(self.desk):
            if held.silence.until is None and held.silence.matcher["issue"] == name:
                self.pass_by()

    @rule(name=NAMES)
    def acknowledge(self, name):
        known = alerts.dossier(self.desk, name)
        if known and known.alert.status != AlertStatus.RESOLVED:
            alerts.acknowledge(self.desk, name, "lan", "", self.now)

    @rule(name=NAMES, hours=st.integers(1, 20) | st.none())
    def silence(self, name, hours):
        known = alerts.dossier(self.desk, name)
        if not hours and (known is None or known.alert.status == AlertStatus.RESOLVED):
            return
        until = self.now + hours * HOUR if hours else None
        silences.silence(self.desk, {"issue": name}, "lan", "đã biết", until, self.now)

    @precondition(lambda self: silences.silences(self.desk))
    @rule()
    def end_silence(self):
        silences.end(self.desk, silences.silences(self.desk)[0].silence.id, "lan", self.now)

    @rule(minutes=st.sampled_from([1, 5, 30, 120, 400]))
    def wait(self, minutes):
        self.now += minutes * MINUTE

    @rule()
    def restart(self):
        self.desk.close()
        self.desk = Desk(self.url)

    @rule()
    def pass_by(self):
        deliver(self.desk, {"duty": ("print:",)}, REPEAT, self.now)
        for notice in outbox.deliveries(self.desk):
            if notice.key not in self.seen and notice.kind == "alert":
                self.check(notice)
            self.seen.add(notice.key)

    def check(self, notice):
        held = {s.silence.matcher["issue"] for s in silences.silences(self.desk)}
        for dossier in alerts.dossiers(self.desk):
            name = dossier.issue.id
            if dossier.alert.id not in notice.alert_ids:
                continue
            if dossier.alert.status == AlertStatus.RESOLVED:
                self.told[name] = (0, self.now)
                continue
            assert name not in held, "told under a silence"
            rank, at = self.told.get(name, (0, None))
            level = RANK.get(dossier.alert.level, 0)
            assert rank == 0 or level > rank or self.now - at >= 6 * HOUR, "told again within its repeat time"
            self.told[name] = (max(1, RANK.get(dossier.peak, 0)), self.now)

    @invariant()
    def no_silence_is_without_author_and_end(self):
        for held in silences.silences(self.desk) if hasattr(self, "desk") else ():
            assert held.silence.by
            assert held.silence.comment
            assert held.silence.until or "issue" in held.silence.matcher

    def teardown(self):
        if not hasattr(self, "desk"):
            return
        for held in silences.silences(self.desk):
            silences.end(self.desk, held.silence.id, "lan", self.now)
        self.now += HOUR
        self.pass_by()
        open_ = alerts.dossiers(self.desk, AlertStatus.OPEN, AlertStatus.ACKNOWLEDGED)
        texts = " ".join(d.text + d.title for d in outbox.deliveries(self.desk))
        for dossier in open_:
            muted = any(mutes(other, dossier) for other in open_)
            assert muted or dossier.issue.title in texts, "an open alert of which nobody was told"
        self.desk.close()
        self.folder.cleanup()


TestWatched = Watched.TestCase
TestWatched.settings = settings(max_examples=15, stateful_step_count=30, deadline=None, derandomize=True)
