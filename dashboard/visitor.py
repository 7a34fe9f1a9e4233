"""Who asks: a member of staff by session or by token, or a stranger; checked once for each request."""

import hmac
import secrets
from dataclasses import dataclass
from hashlib import blake2b
from typing import Annotated

from fastapi import Depends, Request
from fastapi.responses import Response

from dashboard.errors import Forged, NotAllowed, NotSignedIn
from dashboard.given import Given, TheGiven
from dashboard.limits import READS, STRANGERS, WRITES
from dashboard.words import Language, language_of
from monitor.desk import tokens, users
from monitor.desk.users import User

SESSION = "langnghe_session"
GUEST = "langnghe_guest"
LANGUAGE = "langnghe_language"
API = "/api/"

_SAFE = ("GET", "HEAD")
_LOOPBACK = ("127.0.0.1", "localhost", "::1")
_A_YEAR = 365 * 24 * 3600


@dataclass(frozen=True, kw_only=True, slots=True)
class Visitor:
    """`secret` is what forms are bound to: the session, or for a stranger a cookie of chance, `new` when just made.

    `scopes` are those of a token, None for all else.
    """

    staff: User | None
    secret: str
    language: Language
    scopes: frozenset[str] | None = None
    new: bool = False

    @property
    def csrf(self) -> str:
        """What a form of this visitor must bring back."""
        return blake2b(self.secret.encode(), person=b"langnghe-form", digest_size=24).hexdigest()


def gate(request: Request, given: TheGiven) -> None:
    """Let a request in, or raise NotSignedIn, NotAllowed or TooMany."""
    access = given.access.get(f"{request.method} {request.scope['route'].path}")
    visitor = request.state.visitor = visitor_of(request, given)
    _limit(request, given, visitor)
    if access is None:
        raise NotAllowed("no_access")
    if not access.admits(visitor.staff, visitor.scopes):
        raise NotAllowed(f"needs_{access}") if visitor.staff else NotSignedIn("sign_in")


async def unforged(request: Request) -> None:
    """Raise Forged unless a change comes with a token, or in a form of ours."""
    visitor: Visitor = request.state.visitor
    if request.method in _SAFE or visitor.scopes is not None:
        return
    form = await request.form()
    brought = form.get("csrf")
    ours = isinstance(brought, str) and hmac.compare_digest(brought.encode(), visitor.csrf.encode())
    if not ours or request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        raise Forged("form")


def visitor(request: Request) -> Visitor:
    """Return who asks, as the gate found it."""
    found = request.state.visitor
    assert isinstance(found, Visitor)
    return found


def user(visitor: Annotated[Visitor, Depends(visitor)]) -> User:
    """Return the member of staff who asks.  Raises NotSignedIn."""
    if visitor.staff is None:
        raise NotSignedIn("sign_in")
    return visitor.staff


TheVisitor = Annotated[Visitor, Depends(visitor)]
TheUser = Annotated[User, Depends(user)]


def set_cookie(request: Request, response: Response, name: str, value: str, seconds: int | None) -> None:
    """Set a cookie that only we read; Secure unless the page is on this very machine; `seconds` None: until closed."""
    response.set_cookie(
        name,
        value,
        max_age=seconds,
        httponly=True,
        samesite="lax",
        secure=request.url.hostname not in _LOOPBACK,
    )


def set_language(request: Request, response: Response, language: Language) -> None:
    """Remember the language of the pages for a year."""
    set_cookie(request, response, LANGUAGE, language, _A_YEAR)


def visitor_of(request: Request, given: Given) -> Visitor:
    """Return who asks.  Raises NotAllowed for a token that comes with a page."""
    language = language_of(request.cookies.get(LANGUAGE, ""), request.headers.get("accept-language", ""))
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    if kind.lower() == "bearer":
        return _by_token(request, given, token, language)
    session = request.cookies.get(SESSION, "")
    if session and (found := users.session_user(given.desk, session, given.clock())):
        return Visitor(staff=found, secret=session, language=language)
    guest = request.cookies.get(GUEST, "")
    return Visitor(staff=None, secret=guest or secrets.token_urlsafe(24), language=language, new=not guest)


def _by_token(request: Request, given: Given, token: str, language: Language) -> Visitor:
    if not request.url.path.startswith(API):
        raise NotAllowed("token_for_page")
    found = tokens.token_user(given.desk, token, given.clock())
    found_user, scopes = found or (None, frozenset[str]())
    return Visitor(staff=found_user, secret=token, language=language, scopes=scopes)


def _limit(request: Request, given: Given, visitor: Visitor) -> None:
    address = request.client.host if request.client else ""
    key, rate = (visitor.staff.name, READS) if visitor.staff else (address, STRANGERS)
    if request.method not in _SAFE and visitor.staff:
        key, rate = f"{key} writes", WRITES
    given.limiter.take(key, rate, given.clock().timestamp())
