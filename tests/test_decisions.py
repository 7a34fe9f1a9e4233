"""What is told, to whom, when, and what is not: grouping, muting, repeats, silences, digests, reminders."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest
from conftest import make_issue

from monitor.alerts import deliver, follow_issues, open_alert
from monitor.desk import agencies, alerts, cases, outbox, silences
from monitor.errors import InputError
from monitor.records import Level
from monitor.rules import Digest, Reminders, Rule, Rules

NOW = datetime(2026, 1, 5, 2, 0, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
ALL = Rules(rules=(Rule(name="all", to=("duty",)),))
TO = {"duty": ("print:",)}


def issue(name="i1", **values):
    usual = {"id": name, "key": name, "title": f"Việc {name}", "evidence": (f"d-{name}",)}
    return make_issue(**{**usual, **values})


def told(desk, now, rules=ALL, to=TO):
    """Let a pass go by and return the titles of what it told."""
    before = {d.key for d in outbox.deliveries(desk)}
    deliver(desk, to, rules, now)
    return sorted(d.title for d in outbox.deliveries(desk) if d.key not in before)


def text_of_last(desk):
    return max(outbox.deliveries(desk), key=lambda d: d.created_at).text


def test_issues_of_one_pass_share_a_notice(desk):
    for name in ("a", "b", "c"):
        open_alert(desk, issue(name), [], NOW)
    (title,) = told(desk, NOW)
    assert title.startswith("3 vấn đề:")


def test_issues_within_the_window_of_the_last_notice_wait_for_its_end(desk):
    open_alert(desk, issue("a"), [], NOW)
    assert len(told(desk, NOW)) == 1
    for minute, name in ((2, "b"), (4, "c")):
        open_alert(desk, issue(name), [], NOW + minute * MINUTE)
        assert told(desk, NOW + minute * MINUTE) == []
    assert told(desk, NOW + 10 * MINUTE) == ["2 vấn đề: Việc b; Việc c"]


def test_parts_of_one_storm_are_told_in_its_notice(desk):
    open_alert(desk, issue("storm", observed=40, evidence=("x", "y")), [], NOW)
    open_alert(desk, issue("part", observed=9, evidence=("x",)), [], NOW)
    assert told(desk, NOW) == ["[Nóng] Việc storm - TP.HCM"]
    assert "Cùng đợt:\n- [Nóng] Việc part" in text_of_last(desk)


def test_an_open_alert_of_a_bigger_issue_mutes_its_parts_until_it_is_over(desk):
    open_alert(desk, issue("storm", observed=40), [], NOW)
    told(desk, NOW)
    open_alert(desk, issue("part", observed=9, continues="storm"), [], NOW + HOUR)
    assert told(desk, NOW + HOUR) == []
    follow_issues(desk, [issue("storm", observed=40, level=Level.CLOSED)], NOW + 2 * HOUR)
    assert told(desk, NOW + 2 * HOUR) == ["2 vấn đề: Việc part; Việc storm"]


def test_a_bigger_issue_that_cools_does_not_mute_a_hot_part(desk):
    open_alert(desk, issue("storm", observed=40), [], NOW)
    told(desk, NOW)
    follow_issues(desk, [issue("storm", observed=40, level=Level.COOLING)], NOW + HOUR)
    open_alert(desk, issue("part", observed=9, continues="storm"), [], NOW + HOUR)
    assert told(desk, NOW + HOUR) == ["[Nóng] Việc part - TP.HCM"]


def test_a_bigger_issue_that_the_channel_does_not_hear_of_mutes_nothing(desk):
    rules = Rules(rules=(Rule(name="r", to=("duty",), places=("46",)),))
    open_alert(desk, issue("storm", observed=40, places=("01",)), [], NOW)
    open_alert(desk, issue("part", observed=9, places=("46",), continues="storm"), [], NOW)
    assert told(desk, NOW, rules) == ["[Nóng] Việc part - Huế"]


def test_rules_route_by_topic_place_and_level(desk):
    to = {"health": ("print:",), "hue": ("print:",)}
    routes = (Rule(name="h", to=("health",), topics=("health",)), Rule(name="p", to=("hue",), places=("46",)))
    open_alert(desk, issue("a", topic="health", places=("01",)), [], NOW)
    open_alert(desk, issue("b", topic="sport", places=("46",)), [], NOW)
    told(desk, NOW, Rules(rules=routes), to)
    assert {(d.channel, d.title) for d in outbox.deliveries(desk)} == {
        ("health", "[Nóng] Việc a - Hà Nội"),
        ("hue", "[Nóng] Việc b - Huế"),
    }


def test_an_alert_that_nobody_acknowledged_is_repeated_after_a_set_time_only(desk):
    open_alert(desk, issue(), [], NOW)
    told(desk, NOW)
    assert told(desk, NOW + DAY - MINUTE) == []
    assert len(told(desk, NOW + DAY)) == 1
    alerts.acknowledge(desk, "i1", "lan", "", NOW + DAY)
    assert told(desk, NOW + 3 * DAY) == []


def test_an_escalation_is_told_and_going_down_is_not(desk):
    seen = []
    for hour, level in enumerate((Level.EMERGING, Level.HOT, Level.COOLING, Level.HOT)):
        open_alert(desk, issue(level=level), [], NOW + hour * HOUR)
        seen.append(len(told(desk, NOW + hour * HOUR)))
    assert seen == [1, 1, 0, 0]


def test_a_closed_issue_is_told_once_as_resolved(desk):
    open_alert(desk, issue(), [], NOW)
    told(desk, NOW)
    follow_issues(desk, [issue(level=Level.CLOSED)], NOW + HOUR)
    assert told(desk, NOW + HOUR) == ["[Khép lại] Việc i1 - TP.HCM"]
    assert "Đã khép lại" in text_of_last(desk)
    assert told(desk, NOW + 2 * HOUR) == []


def test_an_issue_that_was_never_told_is_not_told_as_resolved(desk):
    open_alert(desk, issue(), [], NOW)
    follow_issues(desk, [issue(level=Level.CLOSED)], NOW + HOUR)
    assert told(desk, NOW + HOUR) == []


def test_following_opens_no_alert(desk):
    assert follow_issues(desk, [issue()], NOW) == 0
    assert alerts.alerts(desk) == []


def test_a_channel_without_an_address_is_told_once_it_has_one(desk):
    open_alert(desk, issue(), [], NOW)
    assert told(desk, NOW, to={}) == []
    assert len(told(desk, NOW + HOUR)) == 1


def test_a_silence_holds_back_what_matches_and_nothing_else(desk):
    silences.silence(desk, {"topic": "health", "place": "Huế"}, "lan", "Đã biết", NOW + DAY, NOW)
    open_alert(desk, issue("a", topic="health", places=("46",)), [], NOW)
    open_alert(desk, issue("b", topic="health", places=("01",)), [], NOW)
    assert told(desk, NOW) == ["[Nóng] Việc b - Hà Nội"]


def test_a_silence_of_a_rule_leaves_the_other_rules_speaking(desk):
    rules = Rules(rules=(Rule(name="one", to=("duty",)), Rule(name="two", to=("boss",))))
    silences.silence(desk, {"rule": "one"}, "lan", "Nghỉ", NOW + DAY, NOW)
    open_alert(desk, issue(), [], NOW)
    told(desk, NOW, rules, {"duty": ("print:",), "boss": ("print:",)})
    assert [d.channel for d in outbox.deliveries(desk)] == ["boss"]


def test_a_silence_that_ends_says_so_and_what_it_held_back_is_told(desk):
    silences.silence(desk, {"topic": "environment"}, "lan", "Đang xử lý", NOW + HOUR, NOW)
    open_alert(desk, issue(), [], NOW)
    assert told(desk, NOW) == []
    assert told(desk, NOW + HOUR) == [
        "Hết thời gian tắt thông báo: chủ đề environment",
        "[Nóng] Việc i1 - TP.HCM",
    ]
    assert told(desk, NOW + 2 * HOUR) == []


def test_a_silence_until_the_issue_closes_ends_with_it_and_says_so(desk):
    open_alert(desk, issue(), [], NOW)
    silences.silence(desk, {"issue": "i1"}, "lan", "Đã giao", None, NOW)
    assert told(desk, NOW + HOUR) == []
    follow_issues(desk, [issue(level=Level.CLOSED)], NOW + 2 * HOUR)
    assert told(desk, NOW + 2 * HOUR) == ["[Khép lại] Việc i1 - TP.HCM"]
    assert "trong lúc tắt thông báo" in text_of_last(desk)
    assert silences.silences(desk) == []
    assert told(desk, NOW + 3 * HOUR) == []


def test_ending_a_silence_by_hand_lets_notices_out_without_a_notice_of_its_own(desk):
    open_alert(desk, issue(), [], NOW)
    made = silences.silence(desk, {"issue": "i1"}, "lan", "Đã giao", None, NOW)
    assert told(desk, NOW) == []
    silences.end(desk, made.id, "minh", NOW + HOUR)
    assert told(desk, NOW + HOUR) == ["[Nóng] Việc i1 - TP.HCM"]
    assert silences.silences(desk, ended=True)[0].ended_by == "minh"


@pytest.mark.parametrize(
    ("values", "wrong"),
    [
        ({"by": " "}, "who"),
        ({"comment": ""}, "reason"),
        ({"until": None, "matcher": {"topic": "health"}}, "name the issue"),
        ({"until": None}, "no open alert"),
        ({"until": NOW}, "future"),
        ({"until": NOW + 400 * DAY}, "366"),
        ({"matcher": {}}, "matches"),
        ({"matcher": {"title": "x"}}, "matches"),
        ({"matcher": {"place": "Paris"}}, "Paris"),
        ({"matcher": {"topic": "healthy"}}, "healthy"),
    ],
)
def test_no_silence_without_matcher_author_reason_and_end(desk, values, wrong):
    usual = {"matcher": {"issue": "i1"}, "by": "lan", "comment": "vì", "until": NOW + DAY, "now": NOW}
    with pytest.raises(InputError, match=wrong):
        silences.silence(desk, **{**usual, **values})


DAILY = replace(ALL, rules=(), digests=(Digest(name="m", to=("duty",), at=(time(7), time(16, 30))),))
SEVEN = datetime(2026, 1, 6, 0, 0, tzinfo=UTC)


def test_a_digest_goes_out_once_at_each_set_hour_and_says_when_there_is_nothing_new(desk):
    told(desk, SEVEN - HOUR, DAILY)
    assert told(desk, SEVEN - MINUTE, DAILY) == []
    assert told(desk, SEVEN + MINUTE, DAILY) == ["Tổng hợp 07:00 06/01/2026: không có gì mới"]
    assert told(desk, SEVEN + 2 * MINUTE, DAILY) == []


def test_a_digest_tells_what_is_new_open_and_over_since_the_last(desk):
    for name in ("old", "over"):
        open_alert(desk, issue(name), [], SEVEN - 2 * DAY)
    told(desk, SEVEN - DAY, DAILY)
    told(desk, SEVEN - 12 * HOUR, DAILY)
    open_alert(desk, issue("new"), [], SEVEN - HOUR)
    follow_issues(desk, [issue("over", level=Level.CLOSED)], SEVEN - HOUR)
    assert told(desk, SEVEN, DAILY) == ["Tổng hợp 07:00 06/01/2026: 1 mới hoặc tăng mức, 1 còn mở, 1 đã khép lại"]


def test_after_a_long_stop_one_digest_covers_it_all(desk):
    told(desk, SEVEN, DAILY)
    assert len(told(desk, SEVEN + 5 * DAY, DAILY)) == 1


REMIND = Rules(reminders=Reminders(to=("duty",), before=DAY, every=7 * DAY))


def test_a_case_is_reminded_of_before_it_is_due_when_late_and_every_week_until_final(desk):
    (agency,) = agencies.suggest(agencies.shipped_agencies(), "health", ["46"], 1)
    case = cases.send_case(desk, issue(), agency, "Kính gửi", NOW + 5 * DAY, "lan", NOW)
    days = [day for day in range(22) for _ in told(desk, NOW + day * DAY, REMIND)]
    assert days == [4, 5, 12, 19]
    cases.answer_case(desk, case.id, "Đã xong", "lan", NOW + 22 * DAY, final=True)
    assert told(desk, NOW + 40 * DAY, REMIND) == []


def test_a_notice_of_an_issue_that_flares_up_after_its_final_result_says_so(desk):
    (agency,) = agencies.suggest(agencies.shipped_agencies(), "health", ["46"], 1)
    open_alert(desk, issue("old"), [], NOW)
    case = cases.send_case(desk, issue("old"), agency, "Kính gửi", NOW + DAY, "lan", NOW)
    cases.answer_case(desk, case.id, "Đã sửa xong", "lan", NOW + HOUR, final=True)
    follow_issues(desk, [issue("old", level=Level.CLOSED)], NOW + 2 * HOUR)
    open_alert(desk, issue("new", continues="old"), [], NOW + 3 * HOUR)
    told(desk, NOW + 3 * HOUR)
    assert "Sở Y tế Huế đã có kết quả cuối cùng ngày 05/01/2026, nay bùng phát lại" in text_of_last(desk)
    assert cases.cases(desk, NOW + 3 * HOUR)[0].flared_up_at == NOW + 3 * HOUR
