"""Who may use what: each route names its access, and one that names none is not served."""

from collections.abc import Container
from enum import StrEnum

from monitor.desk.tokens import SCOPES
from monitor.desk.users import User, may


class Access(StrEnum):
    """What a route needs: nothing, anybody signed in, or a scope, each with the least role for it."""

    OPEN = "open"
    SIGNED_IN = "signed_in"
    READ = "read"
    EXPORT = "export"
    REPORT = "report"
    ACT = "act"
    ADMINISTER = "administer"

    def admits(self, user: User | None, scopes: Container[str] | None = None) -> bool:
        """Return whether a user, None for a stranger, may; with a token only within its scopes."""
        if self is Access.OPEN or user is None:
            return self is Access.OPEN
        if self is Access.SIGNED_IN:
            return scopes is None
        return may(user.role, SCOPES[self]) and (scopes is None or self in scopes)
