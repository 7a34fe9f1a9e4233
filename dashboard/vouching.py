"""The two routes of signing in by a provider: going there, and coming back."""

import hmac
import logging
import secrets

from fastapi import FastAPI, Request
from fastapi.responses import RedirectResponse, Response

from dashboard.access import Access
from dashboard.errors import NotFound
from dashboard.given import Given, Now, TheDesk, TheGiven, TheSettings
from dashboard.provider import Attempt, ProviderError, address, mail_of
from dashboard.shell import shell, show
from dashboard.signing import own_path
from dashboard.visitor import SESSION, TheVisitor, set_cookie
from monitor.config import Settings
from monitor.desk import users

logger = logging.getLogger(__name__)

ATTEMPT = "langnghe_attempt"
_MINUTES = 10


def leave(request: Request, settings: TheSettings, next: str = "/") -> Response:
    """Send the browser to the provider."""
    _offered(settings)
    attempt = Attempt(
        state=secrets.token_urlsafe(24), nonce=secrets.token_urlsafe(24), verifier=secrets.token_urlsafe(48)
    )
    response = RedirectResponse(address(settings, attempt, _back(request)), 303)
    kept = " ".join((attempt.state, attempt.nonce, attempt.verifier, own_path(next).replace(" ", "%20")))
    set_cookie(request, response, ATTEMPT, kept, 60 * _MINUTES)
    return response


def come_back(
    request: Request,
    given: TheGiven,
    settings: TheSettings,
    desk: TheDesk,
    visitor: TheVisitor,
    now: Now,
    state: str = "",
    code: str = "",
) -> Response:
    """Begin a session for whom the provider vouches, if the desk lets them in; every failure looks the same."""
    _offered(settings)
    attempt, where = _attempt(request)
    session = None
    try:
        if attempt and code and hmac.compare_digest(attempt.state.encode(), state.encode()):
            mail = mail_of(settings, attempt, code, _back(request), now)
            session = users.begin_session(desk, mail.casefold(), now)
    except ProviderError as error:
        logger.warning("not signed in: %s", error)
    if session is None:
        values = {"next": where, "failed": True, "provider": True}
        response: Response = show(request, given, "sign_in.html", shell(request, visitor), values, 403)
    else:
        response = RedirectResponse(where, 303)
        set_cookie(request, response, SESSION, session, int(users.SESSION.total_seconds()))
    response.delete_cookie(ATTEMPT)
    return response


def add_vouching(app: FastAPI, given: Given) -> None:
    """Add the routes."""
    for path, endpoint in (("/sign-in/provider", leave), ("/sign-in/provider/back", come_back)):
        given.access[f"GET {path}"] = Access.OPEN
        app.add_api_route(path, endpoint, methods=["GET"], include_in_schema=False)


def _offered(settings: Settings) -> None:
    if not (settings.oidc_issuer and settings.oidc_client):
        raise NotFound("provider")


def _attempt(request: Request) -> tuple[Attempt | None, str]:
    parts = request.cookies.get(ATTEMPT, "").split(" ")
    if len(parts) != 4:
        return None, "/"
    state, nonce, verifier, where = parts
    return Attempt(state=state, nonce=nonce, verifier=verifier), own_path(where)


def _back(request: Request) -> str:
    return str(request.url_for("come_back"))
