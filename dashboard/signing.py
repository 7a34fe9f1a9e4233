"""Signing in and out, and the language of the pages."""

from typing import Annotated

from fastapi import FastAPI, Form, Request
from fastapi.responses import RedirectResponse, Response

from dashboard.access import Access
from dashboard.given import Given, Now, TheDesk, TheGiven
from dashboard.shell import shell, show
from dashboard.visitor import GUEST, SESSION, TheVisitor, set_cookie, set_language
from dashboard.words import Language
from monitor.desk import users
from monitor.desk.users import Role

_LONGEST = 300

Text = Annotated[str, Form(max_length=_LONGEST)]


def sign_in_page(request: Request, given: TheGiven, visitor: TheVisitor, next: str = "/") -> Response:
    """Return the form; whoever is signed in goes on."""
    if visitor.staff:
        return RedirectResponse(own_path(next), 303)
    return show(request, given, "sign_in.html", shell(request, visitor), _form(given, next, failed=False))


def sign_in(
    request: Request,
    given: TheGiven,
    desk: TheDesk,
    visitor: TheVisitor,
    now: Now,
    name: Text = "",
    password: Text = "",
    next: Text = "/",
) -> Response:
    """Begin a session; every failure looks the same."""
    address = request.client.host if request.client else ""
    session = users.sign_in(desk, name, password, address, now)
    if session is None:
        return show(request, given, "sign_in.html", shell(request, visitor), _form(given, next, failed=True), 403)
    begun = users.session_user(desk, session, now)
    only_reports = begun is not None and begun.role is Role.COLLABORATOR
    response = RedirectResponse("/reports" if only_reports else own_path(next), 303)
    set_cookie(request, response, SESSION, session, int(users.SESSION.total_seconds()))
    response.delete_cookie(GUEST)
    return response


def sign_out(request: Request, desk: TheDesk, visitor: TheVisitor, now: Now) -> Response:
    """End the session."""
    users.sign_out(desk, visitor.secret, now)
    response = RedirectResponse("/sign-in", 303)
    response.delete_cookie(SESSION)
    return response


def choose_language(request: Request, language: Annotated[Language, Form()], next: Text = "/") -> Response:
    """Remember a language."""
    response = RedirectResponse(own_path(next), 303)
    set_language(request, response, language)
    return response


def _form(given: Given, next: str, *, failed: bool) -> dict[str, object]:
    return {"next": own_path(next), "failed": failed, "provider": bool(given.settings.oidc_issuer)}


def own_path(path: str) -> str:
    """Return the path when it is one of ours, else the first page: nobody is sent elsewhere."""
    plain = path.isprintable() and "\\" not in path
    return path if plain and path.startswith("/") and not path.startswith("//") else "/"


def add_signing(app: FastAPI, given: Given) -> None:
    """Add the routes."""
    for method, path, endpoint, access in (
        ("GET", "/sign-in", sign_in_page, Access.OPEN),
        ("POST", "/sign-in", sign_in, Access.OPEN),
        ("POST", "/sign-out", sign_out, Access.SIGNED_IN),
        ("POST", "/language", choose_language, Access.OPEN),
    ):
        given.access[f"{method} {path}"] = access
        app.add_api_route(path, endpoint, methods=[method], include_in_schema=False)
