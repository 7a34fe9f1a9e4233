"""Who may sign in, for how long, with what tokens; guessing is braked and tells nothing."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from argon2 import PasswordHasher

from monitor.desk import audit, schema, tokens, users
from monitor.desk.users import Role
from monitor.errors import InputError

NOW = datetime(2026, 1, 5, 2, 0, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
PASSWORD = "bốn chữ rất dài"


@pytest.fixture(autouse=True)
def cheap_hashes(monkeypatch):
    """The hashes that are shipped take a second each on a busy machine; these take the same way through the code."""
    cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(users, "_hasher", cheap)
    monkeypatch.setattr(users, "_NOBODY", cheap.hash("nobody"))


@pytest.fixture
def chief(desk):
    return users.add_user(desk, "Lan", Role.ADMINISTRATOR, PASSWORD, "cli", NOW)


def sign_in(desk, name="lan", password=PASSWORD, address="10.0.0.1", now=NOW):
    return users.sign_in(desk, name, password, address, now)


def test_a_member_of_staff_signs_in_by_name_in_any_case_and_out(desk, chief):
    token = sign_in(desk, "LAN")
    assert users.session_user(desk, token, NOW) == chief
    users.sign_out(desk, token, NOW)
    assert users.session_user(desk, token, NOW) is None


def test_a_session_ends_when_idle_and_in_any_case_after_its_time(desk, chief):
    token = sign_in(desk)
    assert users.session_user(desk, token, NOW + users.IDLE) is None
    for hours in range(1, 12):
        assert users.session_user(desk, token, NOW + hours * HOUR)
    assert users.session_user(desk, token, NOW + users.SESSION) is None


def test_neither_password_nor_token_is_in_the_desk(desk, chief):
    token = sign_in(desk)
    with desk.read() as connection:
        kept = repr([connection.execute(sa.select(t)).all() for t in (schema.users, schema.sessions)])
    assert "$argon2id$" in kept
    assert token not in kept
    assert PASSWORD not in kept


def test_wrong_names_and_passwords_look_the_same_and_are_braked_alike(desk, chief):
    for name in ("lan", "nobody"):
        for _ in range(users.MOST_FAILURES):
            assert sign_in(desk, name, "wrong") is None
    assert sign_in(desk) is None
    with desk.read() as connection:
        counts = (
            connection.execute(sa.select(sa.func.count(schema.attempts.c.key)).group_by(schema.attempts.c.key))
            .scalars()
            .all()
        )
    assert sorted(counts) == [5, 5, 10]


def test_the_brake_comes_off_by_itself_even_for_who_keeps_trying(desk, chief):
    for minute in range(16):
        sign_in(desk, password="wrong", now=NOW + minute * MINUTE / 2)
    assert sign_in(desk, now=NOW + users.WINDOW + 3 * MINUTE)


def test_a_machine_that_tries_many_names_is_braked(desk, chief, monkeypatch):
    monkeypatch.setattr(users, "MOST_FAILURES_OF_ADDRESS", 3)
    for n in range(3):
        sign_in(desk, f"n{n}", "wrong")
    assert sign_in(desk) is None
    assert sign_in(desk, address="10.0.0.2")


def test_names_that_are_not_known_do_not_enter_the_audit(desk, chief):
    sign_in(desk, "PasswordTypedAsName", "x")
    assert [r.object for r in audit.records(desk)][:1] == ["user:?"]


def test_another_password_ends_all_sessions(desk, chief):
    token = sign_in(desk)
    users.set_password(desk, "lan", "một câu khác hẳn", "lan", NOW)
    assert users.session_user(desk, token, NOW) is None
    assert sign_in(desk) is None
    assert sign_in(desk, password="một câu khác hẳn")


def test_who_is_let_in_no_more_is_out_at_once(desk, chief):
    minh = users.add_user(desk, "minh", Role.VIEWER, PASSWORD, "lan", NOW)
    session, (_, secret) = sign_in(desk, "minh"), tokens.make_token(desk, minh, "máy", ["read"], NOW)
    users.set_active(desk, "minh", False, "lan", NOW)
    assert users.session_user(desk, session, NOW) is None
    assert tokens.token_user(desk, secret, NOW) is None
    assert sign_in(desk, "minh") is None
    assert users.begin_session(desk, "minh", NOW) is None


def test_the_last_administrator_stays(desk, chief):
    with pytest.raises(InputError, match="last"):
        users.set_role(desk, "lan", Role.VIEWER, "lan", NOW)
    with pytest.raises(InputError, match="last"):
        users.set_active(desk, "lan", False, "lan", NOW)
    assert users.users(desk) == [chief]


UNFIT = [("lan", PASSWORD, "already"), ("", PASSWORD, "name"), ("a b", PASSWORD, "name"), ("minh", "short", "password")]


@pytest.mark.parametrize(("name", "password", "wrong"), [*UNFIT, ("minhminhminh", "MinhMinhMinh", "password")])
def test_a_name_and_a_password_must_be_fit(desk, chief, name, password, wrong):
    with pytest.raises(InputError, match=wrong):
        users.add_user(desk, name, Role.VIEWER, password, "lan", NOW)


ROLES = [("viewer", "viewer", True), ("viewer", "analyst", False), ("administrator", "collaborator", True)]


@pytest.mark.parametrize(("role", "needed", "enough"), [*ROLES, ("collaborator", "viewer", False)])
def test_a_role_may_do_what_lower_ones_may(role, needed, enough):
    assert users.may(Role(role), Role(needed)) is enough


def test_a_token_opens_what_its_scopes_say_until_it_is_over(desk, chief):
    token, secret = tokens.make_token(desk, chief, "bảng điện tử", ["read", "export"], NOW, NOW + DAY)
    assert tokens.token_user(desk, secret, NOW) == (chief, {"read", "export"})
    assert tokens.token_user(desk, secret, NOW + DAY) is None
    tokens.revoke_token(desk, token.id, "lan", NOW)
    assert tokens.token_user(desk, secret, NOW) is None
    assert tokens.tokens(desk, "lan")[0].revoked_at == NOW


def test_a_token_loses_what_its_owner_loses(desk, chief):
    minh = users.add_user(desk, "minh", Role.ANALYST, PASSWORD, "lan", NOW)
    _, secret = tokens.make_token(desk, minh, "máy", ["read", "act"], NOW)
    users.set_role(desk, "minh", Role.VIEWER, "lan", NOW)
    assert tokens.token_user(desk, secret, NOW)[1] == {"read"}


@pytest.mark.parametrize("scopes", [["administer"], ["fly"], []])
def test_a_token_asks_for_no_more_than_the_role_has(desk, chief, scopes):
    minh = users.add_user(desk, "minh", Role.ANALYST, PASSWORD, "lan", NOW)
    with pytest.raises(InputError):
        tokens.make_token(desk, minh, "máy", scopes, NOW)


def test_a_token_that_is_none_opens_nothing(desk, chief):
    assert tokens.token_user(desk, "ln_guess", NOW) is None
    assert users.session_user(desk, "\ud800", NOW) is None
