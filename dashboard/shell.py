"""What surrounds every page: who is signed in, the language, the token of forms, a word on what was just done."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse

from dashboard.access import Access
from dashboard.given import Given
from dashboard.visitor import GUEST, Visitor, set_cookie
from dashboard.words import Language

# Paths of the navigation, their words, and what one needs to see them.
NAV = (
    ("/", "overview", Access.READ),
    ("/issues", "issues", Access.READ),
    ("/search", "search", Access.READ),
    ("/topics", "topics", Access.READ),
    ("/places", "places", Access.READ),
    ("/sources", "sources", Access.READ),
    ("/cases", "cases", Access.READ),
    ("/reports", "reports", Access.REPORT),
    ("/silences", "notices", Access.READ),
    ("/accuracy", "accuracy", Access.READ),
    ("/audit", "audit", Access.ADMINISTER),
    ("/users", "users", Access.ADMINISTER),
)


# Pages that the navigation does not name: the part of it that they belong to.
_WITHIN = {
    "/documents": "/search",
    "/searches": "/search",
    "/dialogues": "/cases",
    "/surveys": "/cases",
    "/agencies": "/cases",
    "/deliveries": "/silences",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Shell:
    """`done` is the key of what was just done, `here` the address to come back to, `nav` the paths and their words.

    `part` is the path of the navigation that the page belongs to.
    """

    name: str
    role: str
    csrf: str
    language: Language
    part: str
    here: str
    done: str
    nav: tuple[tuple[str, str], ...]
    reads: bool
    acts: bool
    administers: bool


def shell(request: Request, visitor: Visitor) -> Shell:
    """Return what surrounds a page for someone."""
    user = visitor.staff
    return Shell(
        name=user.name if user else "",
        role=user.role if user else "",
        csrf=visitor.csrf,
        language=visitor.language,
        part=part_of(request.url.path),
        here=_here(request),
        done=request.query_params.get("done", "") if user else "",
        nav=tuple((path, word) for path, word, access in NAV if access.admits(user)),
        reads=Access.READ.admits(user),
        acts=Access.ACT.admits(user),
        administers=Access.ADMINISTER.admits(user),
    )


def part_of(path: str) -> str:
    """Return the path of the navigation that a page belongs to."""
    first = "/" + path.split("/")[1]
    return _WITHIN.get(first, first)


def show(
    request: Request, given: Given, template: str, around: Shell, values: Mapping[str, Any], status: int = 200
) -> HTMLResponse:
    """Return the page; a stranger gets the cookie that the forms of the page are bound to."""
    html = given.renderer.render(template, around.language, {"shell": around, **values})
    response = HTMLResponse(html, status)
    visitor: Visitor | None = getattr(request.state, "visitor", None)
    if visitor and visitor.new:
        set_cookie(request, response, GUEST, visitor.secret, None)
    return response


def _here(request: Request) -> str:
    return request.url.path + (f"?{request.url.query}" if request.url.query else "")
