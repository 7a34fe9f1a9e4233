"""What does not fit a plain form: files with answers and surveys, and a token that is shown this once."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Annotated
from urllib.parse import quote

from fastapi import FastAPI, File, Form, Request, UploadFile
from fastapi.responses import RedirectResponse, Response

from dashboard.access import Access
from dashboard.formats import address
from dashboard.given import Given, Now, TheDesk, TheGiven, TheSettings
from dashboard.shell import shell, show
from dashboard.visitor import TheUser, TheVisitor
from monitor.desk import audit, cases, files, surveys, tokens
from monitor.desk.audit import Action
from monitor.desk.survey_files import read_survey
from monitor.errors import WrongInput
from monitor.records import VIETNAM

_MOST_FILES = 5
_A_YEAR = 366

Text = Annotated[str, Form(max_length=20_000)]


def answer_with_files(
    desk: TheDesk,
    settings: TheSettings,
    user: TheUser,
    now: Now,
    case_id: str,
    text: Text,
    final: Annotated[bool, Form()] = False,
    attached: Annotated[list[UploadFile] | None, File()] = None,
) -> Response:
    """Record what an agency answered, with its files."""
    brought = [one for one in attached or () if one.filename]
    if len(brought) > _MOST_FILES:
        raise WrongInput("file.many", most=_MOST_FILES)
    kept = [files.keep_file(settings.home, one.filename or "", _content(one)) for one in brought]
    cases.answer_case(desk, case_id, text, user.name, now, files=kept, final=final)
    return RedirectResponse(address(f"/cases/{case_id}", done="answered"), 303)


def answer_file(desk: TheDesk, settings: TheSettings, user: TheUser, now: Now, case_id: str, digest: str) -> Response:
    """Return a file that came with an answer, to be kept and never shown in the page."""
    case = cases.case(desk, case_id, now)
    stored = next((f for a in case.answers for f in a.files if f.digest == digest), None) if case else None
    if stored is None:
        raise WrongInput("unknown.file")
    audit.record(desk, user.name, Action.READ, f"case:{case_id}", now, stored.name)
    try:
        content = files.path_of(settings.home, stored.digest).read_bytes()
    except OSError:
        raise WrongInput("file.lost", file=stored.name) from None
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(stored.name)}"}
    return Response(content, media_type="application/octet-stream", headers=headers)


def bring_survey(
    desk: TheDesk,
    user: TheUser,
    now: Now,
    title: Text,
    topic: Text,
    since: Annotated[date, Form()],
    until: Annotated[date, Form()],
    table: UploadFile,
    places: Text = "",
) -> Response:
    """Keep the counts of a survey; whatever looks like a list of respondents is refused."""
    counts = read_survey(files.file_name(table.filename or ""), _content(table))
    where = [place.strip() for place in places.split(";") if place.strip()]
    start, end = _midnight(since), _midnight(until) + timedelta(days=1)
    kept = surveys.keep_survey(desk, title, topic, where, start, end, counts, user.name, now)
    return RedirectResponse(address(f"/surveys/{kept.id}", done="saved"), 303)


def new_token(
    request: Request,
    given: TheGiven,
    visitor: TheVisitor,
    user: TheUser,
    now: Now,
    label: Text,
    days: Annotated[int, Form(ge=1, le=_A_YEAR)] = 90,
    scopes: Annotated[Sequence[str], Form()] = (),
) -> Response:
    """Make a token and show it this once."""
    made, secret = tokens.make_token(given.desk, user, label, scopes, now, now + timedelta(days=days))
    return show(request, given, "token.html", shell(request, visitor), {"token": made, "secret": secret})


def add_uploads(app: FastAPI, given: Given) -> None:
    """Add the routes."""
    routes: tuple[tuple[str, str, Callable[..., Response], Access], ...] = (
        ("POST", "/cases/{case_id}/answers-with-files", answer_with_files, Access.ACT),
        ("GET", "/cases/{case_id}/files/{digest}", answer_file, Access.READ),
        ("POST", "/surveys", bring_survey, Access.ACT),
        ("POST", "/account/tokens", new_token, Access.SIGNED_IN),
    )
    for method, path, endpoint, access in routes:
        given.access[f"{method} {path}"] = access
        app.add_api_route(path, endpoint, methods=[method], include_in_schema=False)


def _content(upload: UploadFile) -> bytes:
    return upload.file.read(files.LARGEST + 1)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), VIETNAM)
