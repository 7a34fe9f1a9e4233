"""Staff, oneself, saved searches, the audit, and notices that did not arrive."""

from typing import Annotated

from fastapi import Query as Asked

from dashboard.alerting import delivery_line
from dashboard.contexts_desk import Account, Audit, Deliveries, SavedSearch, SavedSearches, Users
from dashboard.given import TheDesk, TheStore
from dashboard.visitor import TheUser
from monitor.desk import audit, outbox, saved, tokens, users
from monitor.desk.audit import Action
from monitor.desk.tokens import SCOPES
from monitor.desk.users import Role, may
from monitor.errors import InputError
from monitor.query import parse_query
from monitor.store import Store

_LINES = 100

Text = Annotated[str, Asked(max_length=200)]


def user_list(desk: TheDesk) -> Users:
    """Return the members of staff."""
    return Users(users=tuple(users.users(desk)), roles=tuple(Role))


def account(desk: TheDesk, user: TheUser) -> Account:
    """Return oneself."""
    return Account(
        name=user.name,
        role=user.role,
        tokens=tuple(tokens.tokens(desk, user.name)),
        scopes=tuple(scope for scope, role in SCOPES.items() if may(user.role, role)),
    )


def saved_searches(store: TheStore, desk: TheDesk, user: TheUser) -> SavedSearches:
    """Return the searches that someone keeps, with what they find now."""
    kept = saved.searches(desk, user.name)
    return SavedSearches(
        searches=tuple(
            SavedSearch(name=one.name, query=one.query, at=one.at, total=_total(store, one.query)) for one in kept
        )
    )


def audit_lines(desk: TheDesk, by: Text = "", action: Text = "", target: Text = "", before: int | None = None) -> Audit:
    """Return lines of the audit, newest first: of one member of staff, one action, one object."""
    known = (Action(action),) if action in tuple(Action) else ()
    found = audit.records(desk, by=by, actions=known, target=target, before=before, limit=_LINES + 1)
    return Audit(
        by=by,
        action=action if known else "",
        actions=tuple(Action),
        target=target,
        records=tuple(found[:_LINES]),
        before=found[_LINES - 1].number if len(found) > _LINES else None,
    )


def delivery_list(desk: TheDesk) -> Deliveries:
    """Return notices given up, waiting, and delivered lately."""
    given_up, waiting, delivered = (
        tuple(delivery_line(d) for d in outbox.deliveries(desk, state, limit=_LINES))
        for state in ("given_up", "waiting", "delivered")
    )
    return Deliveries(given_up=given_up, waiting=waiting, delivered=delivered[::-1])


def _total(store: Store, query: str) -> int | None:
    try:
        return store.total(parse_query(query))
    except InputError:
        return None
