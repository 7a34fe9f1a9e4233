"""What people do for themselves and administrators for others: searches, notices, agencies, accounts, tokens."""

from typing import Annotated

from pydantic import Field

from dashboard.access import Access
from dashboard.deeds import Asked, Deed, Doing, Done, Nothing
from dashboard.errors import NotAllowed, NotFound
from monitor.desk import agencies, outbox, saved, tokens, users
from monitor.desk.users import Role

Name = Annotated[str, Field(max_length=64)]
Password = Annotated[str, Field(max_length=256)]


class SearchAsked(Asked):
    """A search under a name."""

    name: Annotated[str, Field(max_length=100)]
    query: Annotated[str, Field(max_length=500)]


class SearchDropped(Asked):
    """The name of a search."""

    name: Annotated[str, Field(max_length=100)]


class AgenciesAsked(Asked):
    """Agencies as CSV with the columns name, topics, places, address."""

    csv: Annotated[str, Field(max_length=1_000_000)]


class UserAsked(Asked):
    """A new member of staff."""

    name: Name
    role: Role
    password: Password


class RoleAsked(Asked):
    """Another role."""

    role: Role


class ActiveAsked(Asked):
    """Whether someone is let in."""

    active: bool


class PasswordGiven(Asked):
    """A password for someone else."""

    password: Password


class PasswordChanged(Asked):
    """One's own password, the present one first."""

    present: Password
    password: Password


def save_search(who: Doing, asked: SearchAsked) -> Done:
    """Keep a search."""
    saved.save_search(who.desk, who.by, asked.name, asked.query, who.now)
    return Done(done="saved", where="/searches")


def drop_search(who: Doing, asked: SearchDropped) -> Done:
    """Forget a search."""
    saved.drop_search(who.desk, who.by, asked.name)
    return Done(done="done", where="/searches")


def retry(who: Doing, _asked: Nothing) -> Done:
    """Begin anew with a notice that was given up."""
    outbox.retry(who.desk, who.key, who.by, who.now)
    return Done(done="done", where="/deliveries")


def keep_agencies(who: Doing, asked: AgenciesAsked) -> Done:
    """Keep agencies of a CSV."""
    agencies.keep_agencies(who.desk, agencies.read_agencies(asked.csv), who.by, who.now)
    return Done(done="saved", where="/agencies")


def add_user(who: Doing, asked: UserAsked) -> Done:
    """Add a member of staff."""
    users.add_user(who.desk, asked.name, asked.role, asked.password, who.by, who.now)
    return Done(done="saved", where="/users")


def set_role(who: Doing, asked: RoleAsked) -> Done:
    """Give someone another role."""
    users.set_role(who.desk, who.key, asked.role, who.by, who.now)
    return Done(done="saved", where="/users")


def set_active(who: Doing, asked: ActiveAsked) -> Done:
    """Let someone in, or no more."""
    users.set_active(who.desk, who.key, asked.active, who.by, who.now)
    return Done(done="saved", where="/users")


def give_password(who: Doing, asked: PasswordGiven) -> Done:
    """Give someone another password."""
    users.set_password(who.desk, who.key, asked.password, who.by, who.now)
    return Done(done="saved", where="/users")


def change_password(who: Doing, asked: PasswordChanged) -> Done:
    """Change one's own password, which ends all sessions."""
    session = users.sign_in(who.desk, who.by, asked.present, "", who.now)
    if session is None:
        raise NotAllowed("present_password")
    users.set_password(who.desk, who.by, asked.password, who.by, who.now)
    return Done(done="saved", where="/sign-in")


def revoke_token(who: Doing, _asked: Nothing) -> Done:
    """End one of one's own tokens."""
    if who.key not in {token.id for token in tokens.tokens(who.desk, who.by)}:
        raise NotFound("token")
    tokens.revoke_token(who.desk, who.key, who.by, who.now)
    return Done(done="done", where="/account")


DEEDS = (
    Deed(path="/searches", asked=SearchAsked, do=save_search, access=Access.READ),
    Deed(path="/searches/dropped", asked=SearchDropped, do=drop_search, access=Access.READ),
    Deed(path="/deliveries/{key}/retry", asked=Nothing, do=retry),
    Deed(path="/agencies", asked=AgenciesAsked, do=keep_agencies, access=Access.ADMINISTER),
    Deed(path="/users", asked=UserAsked, do=add_user, access=Access.ADMINISTER),
    Deed(path="/users/{key}/role", asked=RoleAsked, do=set_role, access=Access.ADMINISTER),
    Deed(path="/users/{key}/active", asked=ActiveAsked, do=set_active, access=Access.ADMINISTER),
    Deed(path="/users/{key}/password", asked=PasswordGiven, do=give_password, access=Access.ADMINISTER, in_api=False),
    Deed(path="/account/password", asked=PasswordChanged, do=change_password, access=Access.SIGNED_IN, in_api=False),
    Deed(path="/account/tokens/{key}/end", asked=Nothing, do=revoke_token, access=Access.SIGNED_IN, in_api=False),
)
