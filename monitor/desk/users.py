"""The office's own members of staff: roles, passwords, sessions, and brakes on guessing."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256

import sqlalchemy as sa
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from monitor.desk import schema
from monitor.desk.audit import Action, note
from monitor.desk.database import Desk, stamp
from monitor.errors import WrongInput
from monitor.text import clean

SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 256
SESSION = timedelta(hours=12)
IDLE = timedelta(hours=2)
"""A session ends after SESSION, and earlier when nothing was asked for in IDLE."""

WINDOW = timedelta(minutes=15)
MOST_FAILURES = 5
MOST_FAILURES_OF_ADDRESS = 50
"""Failed sign-ins within WINDOW, of one name and from one address, after which no password is looked at."""

_hasher = PasswordHasher()
# Verified when there is no such name, so that a wrong name takes as long as a wrong password.
_NOBODY = _hasher.hash(secrets.token_hex(16))


class Role(StrEnum):
    """Each may do what those before it may; a collaborator may only send reports."""

    COLLABORATOR = "collaborator"
    VIEWER = "viewer"
    ANALYST = "analyst"
    ADMINISTRATOR = "administrator"


@dataclass(frozen=True, kw_only=True, slots=True)
class User:
    """A member of staff; `name` is what they sign in with and what `by` holds elsewhere."""

    name: str
    role: Role
    active: bool
    created_at: datetime


def may(role: Role, needed: Role) -> bool:
    """Return whether a role may do what another is needed for."""
    order = list(Role)
    return order.index(role) >= order.index(needed)


def add_user(desk: Desk, name: str, role: Role, password: str, by: str, now: datetime) -> User:
    """Add a member of staff.  Raises InputError for a name that is taken or no name, and a weak password."""
    name = _checked_name(name)
    row = {"name": name, "role": role, "password": _hashed(name, password), "active": True, "created_at": stamp(now)}
    with desk.write() as connection:
        if _row(connection, name):
            raise WrongInput("user.taken", name=name)
        connection.execute(sa.insert(schema.users).values(**row))
        note(connection, by, Action.USER, f"user:{name}", now, f"added as {role}")
    return User(name=name, role=role, active=True, created_at=now)


def set_password(desk: Desk, name: str, password: str, by: str, now: datetime) -> None:
    """Give another password, which ends all sessions.  Raises InputError for a weak one or an unknown name."""
    _change(desk, name, by, now, "password changed", password=_hashed(name, password))


def set_role(desk: Desk, name: str, role: Role, by: str, now: datetime) -> None:
    """Give another role.  Raises InputError for an unknown name, and when no administrator would be left."""
    _change(desk, name, by, now, f"role {role}", role=role)


def set_active(desk: Desk, name: str, active: bool, by: str, now: datetime) -> None:
    """Let in, or let in no more, which ends all sessions and tokens.  Raises InputError as `set_role` does."""
    _change(desk, name, by, now, "let in" if active else "let in no more", active=active)


def users(desk: Desk) -> list[User]:
    """All members of staff by name."""
    with desk.read() as connection:
        rows = connection.execute(sa.select(schema.users).order_by(schema.users.c.name)).mappings()
        return [_user(row) for row in rows]


def sign_in(desk: Desk, name: str, password: str, address: str, now: datetime) -> str | None:
    """Return the token of a new session; None for a wrong name or password, someone not let in, or too many tries.

    All of these look the same from outside.  `address` is that of the machine; only a digest of it is kept.
    """
    name = clean(name).strip().casefold()[:64]
    keys = (_attempt_key("name", name), _attempt_key("address", address))
    with desk.read() as connection:
        row, held = _row(connection, name), _held(connection, keys, now)
    right = not held and _verified(row["password"] if row else _NOBODY, password)
    with desk.write() as connection:
        if not right or row is None or not row["active"]:
            _failed(connection, name, keys, held, now)
            return None
        return _begin_session(connection, name, keys[0], now)


def begin_session(desk: Desk, name: str, now: datetime) -> str | None:
    """Return the token of a new session of someone whom a provider vouched for; None when they are not let in here."""
    with desk.write() as connection:
        row = _row(connection, name)
        return _begin_session(connection, name, "", now) if row and row["active"] else None


def session_user(desk: Desk, token: str, now: datetime) -> User | None:
    """Return whose session it is; None when there is none, or it is over."""
    table = schema.sessions
    mine = table.c.token == token_hash(token)
    with desk.read() as connection:
        session = connection.execute(sa.select(table).where(mine)).mappings().first()
        row = _row(connection, session["name"]) if session else None
    if session is None or row is None or not row["active"]:
        return None
    seen = datetime.fromisoformat(session["seen_at"])
    if now >= datetime.fromisoformat(session["expires_at"]) or now - seen >= IDLE:
        return None
    if now - seen >= timedelta(minutes=1):
        with desk.write() as connection:
            connection.execute(sa.update(table).where(mine).values(seen_at=stamp(now)))
    return _user(row)


def sign_out(desk: Desk, token: str, now: datetime) -> None:
    """End a session."""
    table = schema.sessions
    mine = table.c.token == token_hash(token)
    with desk.write() as connection:
        name = connection.scalar(sa.select(table.c.name).where(mine))
        connection.execute(sa.delete(table).where(mine | (table.c.expires_at <= stamp(now))))
        if name:
            note(connection, name, Action.SIGN_OUT, f"user:{name}", now)


def token_hash(token: str) -> str:
    """Return what the desk keeps of a token of 256 random bits."""
    return sha256(token.encode("utf-8", "replace")).hexdigest()


def _begin_session(connection: sa.Connection, name: str, key: str, now: datetime) -> str:
    token = secrets.token_urlsafe(32)
    row = {"token": token_hash(token), "name": name, "created_at": stamp(now), "seen_at": stamp(now)}
    connection.execute(sa.insert(schema.sessions).values(**row, expires_at=stamp(now + SESSION)))
    connection.execute(sa.delete(schema.attempts).where(schema.attempts.c.key == key))
    note(connection, name, Action.SIGN_IN, f"user:{name}", now)
    return token


def _failed(connection: sa.Connection, name: str, keys: tuple[str, str], held: bool, now: datetime) -> None:
    """While the brake is on, tries are not counted: it comes off by itself, whoever keeps trying."""
    connection.execute(sa.delete(schema.attempts).where(schema.attempts.c.at < stamp(now - WINDOW)))
    if not held:
        connection.execute(sa.insert(schema.attempts), [{"key": key, "at": stamp(now)} for key in keys])
    known = _row(connection, name) is not None
    detail = "too many tries" if held else ""
    note(connection, "", Action.SIGN_IN_FAILED, f"user:{name}" if known else "user:?", now, detail)


def _held(connection: sa.Connection, keys: tuple[str, str], now: datetime) -> bool:
    table = schema.attempts
    for key, most in zip(keys, (MOST_FAILURES, MOST_FAILURES_OF_ADDRESS), strict=True):
        recent = (table.c.key == key) & (table.c.at >= stamp(now - WINDOW))
        if (connection.scalar(sa.select(sa.func.count()).where(recent)) or 0) >= most:
            return True
    return False


def _change(desk: Desk, name: str, by: str, now: datetime, detail: str, **values: str | bool) -> None:
    table = schema.users
    with desk.write() as connection:
        if _row(connection, name) is None:
            raise WrongInput("unknown.user", name=name)
        had = _has_administrator(connection)
        connection.execute(sa.update(table).where(table.c.name == name).values(**values))
        if had and not _has_administrator(connection):
            raise WrongInput("user.last", name=name)
        if "role" not in values:
            connection.execute(sa.delete(schema.sessions).where(schema.sessions.c.name == name))
        note(connection, by, Action.USER, f"user:{name}", now, detail)


def _has_administrator(connection: sa.Connection) -> bool:
    table = schema.users
    chief = (table.c.role == Role.ADMINISTRATOR) & table.c.active.is_(True)
    return bool(connection.scalar(sa.select(sa.func.count()).where(chief)))


def _checked_name(name: str) -> str:
    checked = clean(name).strip().casefold()
    if not 0 < len(checked) <= 64 or not all(c.isalnum() or c in "._-@" for c in checked):
        raise WrongInput("user.name")
    return checked


def _hashed(name: str, password: str) -> str:
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD or password.casefold() == name:
        raise WrongInput("user.password", shortest=SHORTEST_PASSWORD, longest=LONGEST_PASSWORD)
    return _hasher.hash(password)


def _verified(kept: str, password: str) -> bool:
    try:
        return _hasher.verify(kept, password[: LONGEST_PASSWORD + 1])
    except (VerificationError, InvalidHashError):
        return False


def _attempt_key(kind: str, value: str) -> str:
    return sha256(f"{kind}:{value}".encode("utf-8", "replace")).hexdigest()


def _row(connection: sa.Connection, name: str) -> sa.RowMapping | None:
    return connection.execute(sa.select(schema.users).where(schema.users.c.name == name)).mappings().first()


def _user(row: sa.RowMapping) -> User:
    return User(
        name=row["name"],
        role=Role(row["role"]),
        active=bool(row["active"]),
        created_at=datetime.fromisoformat(row["created_at"]),
    )
