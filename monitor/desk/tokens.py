"""Tokens of the API: each of a member of staff, with scopes; only a hash of it is kept."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from monitor.desk import schema
from monitor.desk.alerts import needed
from monitor.desk.audit import Action, note
from monitor.desk.database import Desk, maybe_stamp, moment, stamp
from monitor.desk.users import Role, User, may, token_hash
from monitor.errors import WrongInput

SCOPES = {
    "read": Role.VIEWER,
    "export": Role.VIEWER,
    "report": Role.COLLABORATOR,
    "act": Role.ANALYST,
    "administer": Role.ADMINISTRATOR,
}
"""What a token may do, and the role that its owner must have for it, when it is made and each time it is used."""

PREFIX = "ln_"


@dataclass(frozen=True, kw_only=True, slots=True)
class Token:
    """A token as it is listed: whose, what for, what it may do."""

    id: str
    name: str
    label: str
    scopes: tuple[str, ...]
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None


def make_token(
    desk: Desk, user: User, label: str, scopes: Sequence[str], now: datetime, expires_at: datetime | None = None
) -> tuple[Token, str]:
    """Return a new token and its secret, which is shown this once.

    Raises InputError for an unknown scope, none, or one beyond the role.
    """
    for scope in scopes:
        if scope not in SCOPES or not may(user.role, SCOPES[scope]):
            raise WrongInput("token.scope", scope=scope, role=user.role)
    if not scopes or (expires_at and expires_at <= now):
        raise WrongInput("token.end")
    secret = PREFIX + secrets.token_urlsafe(32)
    row = {
        "id": secrets.token_hex(8),
        "token": token_hash(secret),
        "name": user.name,
        "label": needed(label, "token", 200),
        "scopes": " ".join(sorted(set(scopes))),
        "created_at": stamp(now),
        "expires_at": maybe_stamp(expires_at),
    }
    with desk.write() as connection:
        connection.execute(sa.insert(schema.tokens).values(**row))
        note(connection, user.name, Action.TOKEN, f"token:{row['id']}", now, f"made: {row['scopes']}")
        return _one(connection, str(row["id"])), secret


def token_user(desk: Desk, secret: str, now: datetime) -> tuple[User, frozenset[str]] | None:
    """Return whose token it is and what it may do now; None when there is none, or it is over."""
    table, people = schema.tokens, schema.users
    query = sa.select(table, people.c.role, people.c.created_at.label("since")).join(
        people, people.c.name == table.c.name
    )
    mine = (table.c.token == token_hash(secret)) & table.c.revoked_at.is_(None) & people.c.active.is_(True)
    with desk.read() as connection:
        row = connection.execute(query.where(mine)).mappings().first()
    if row is None or (row["expires_at"] and row["expires_at"] <= stamp(now)):
        return None
    role = Role(row["role"])
    user = User(name=row["name"], role=role, active=True, created_at=datetime.fromisoformat(row["since"]))
    return user, frozenset(scope for scope in row["scopes"].split() if may(role, SCOPES[scope]))


def tokens(desk: Desk, name: str = "") -> list[Token]:
    """All tokens, or those of one member of staff, newest first."""
    table = schema.tokens
    query = sa.select(table).order_by(table.c.created_at.desc(), table.c.id)
    with desk.read() as connection:
        rows = connection.execute(query.where(table.c.name == name) if name else query).mappings()
        return [_token(row) for row in rows]


def revoke_token(desk: Desk, token_id: str, by: str, now: datetime) -> None:
    """End a token.  Raises InputError when there is none of that id."""
    table = schema.tokens
    with desk.write() as connection:
        _one(connection, token_id)
        ending = sa.update(table).where((table.c.id == token_id) & table.c.revoked_at.is_(None))
        connection.execute(ending.values(revoked_at=stamp(now)))
        note(connection, by, Action.TOKEN, f"token:{token_id}", now, "revoked")


def _one(connection: sa.Connection, token_id: str) -> Token:
    row = connection.execute(sa.select(schema.tokens).where(schema.tokens.c.id == token_id)).mappings().first()
    if row is None:
        raise WrongInput("unknown.token", token=token_id)
    return _token(row)


def _token(row: sa.RowMapping) -> Token:
    return Token(
        id=row["id"],
        name=row["name"],
        label=row["label"],
        scopes=tuple(row["scopes"].split()),
        created_at=datetime.fromisoformat(row["created_at"]),
        expires_at=moment(row["expires_at"]),
        revoked_at=moment(row["revoked_at"]),
    )
