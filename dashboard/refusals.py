"""Every error as one page, or under /api as one shape of JSON; never a traceback."""

import logging
from collections.abc import Callable, Mapping
from urllib.parse import urlencode

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse, Response
from starlette.exceptions import HTTPException

from dashboard.errors import ErrorBody, ErrorDetail, NotSignedIn, Refused, TooMany
from dashboard.given import Given
from dashboard.provider import ProviderError
from dashboard.shell import shell, show
from dashboard.unfit import unfit
from dashboard.visitor import API, LANGUAGE, Visitor, visitor_of
from dashboard.words import Language, Translate, language_of
from monitor.errors import InputError, MonitorError, StoreUnavailable
from monitor.jsonl import to_dict

logger = logging.getLogger(__name__)

_CODES = {404: "not_found", 405: "not_allowed_method", 413: "too_large"}

_MOST = 3

Told = Callable[[Language], str]


def add_refusals(app: FastAPI) -> None:
    """Let every error of a request end here."""
    app.add_exception_handler(MonitorError, _of_ours)
    app.add_exception_handler(HTTPException, _of_http)
    app.add_exception_handler(RequestValidationError, _of_validation)
    app.add_exception_handler(Exception, _of_mistake)


def _of_ours(request: Request, error: Exception) -> Response:
    match error:
        case NotSignedIn() if request.method == "GET" and not request.url.path.startswith(API):
            return RedirectResponse(f"/sign-in?{urlencode({'next': _here(request)})}", 303)
        case Refused():
            return _answer(request, error.status, error.code, _word(request, error.why), _waits(error))
        case InputError():
            return _answer(request, 400, "bad_request", error.told)
        case ProviderError():
            logger.warning("not available: %s", error)
            return _answer(request, 502, "provider", _word(request, "later"))
        case StoreUnavailable():
            logger.warning("not available: %s", error)
            return _answer(request, 503, "unavailable", _word(request, "later"), {"Retry-After": "5"})
    logger.error("refused: %s", error)
    return _answer(request, 500, "failed", _word(request, "store"))


def _of_http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    code = _CODES.get(error.status_code, "bad_request")
    return _answer(request, error.status_code, code, _word(request, code), dict(error.headers or {}))


def _of_validation(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    found = error.errors()[:_MOST]

    def told(language: Language) -> str:
        return " ".join(unfit(one, _translations(request)[language]) for one in found)

    return _answer(request, 422, "not_valid", told)


def _of_mistake(request: Request, error: Exception) -> Response:
    logger.error("failed on %s %s", request.method, request.url.path, exc_info=error)
    return _answer(request, 500, "failed", _word(request, "mistake"))


def _answer(request: Request, status: int, code: str, told: Told, headers: dict[str, str] | None = None) -> Response:
    """Programs are answered in English, people in their language."""
    if request.url.path.startswith(API):
        body = ErrorBody(error=ErrorDetail(status=status, code=code, message=told(Language.ENGLISH)))
        return JSONResponse(to_dict(body), status, headers)
    visitor = getattr(request.state, "visitor", None) or _whoever(request)
    values = {"status": status, "code": code, "message": told(visitor.language)}
    response = show(request, request.app.state.given, "error.html", shell(request, visitor), values, status)
    response.headers.update(headers or {})
    return response


def _word(request: Request, why: str) -> Told:
    return lambda language: _translations(request)[language](f"refused.{why}")


def _translations(request: Request) -> Mapping[Language, Translate]:
    given: Given = request.app.state.given
    return given.renderer.translations


def _whoever(request: Request) -> Visitor:
    """The one who asks for what no route serves."""
    try:
        return visitor_of(request, request.app.state.given)
    except MonitorError:
        return _stranger(request)


def _stranger(request: Request) -> Visitor:
    language = language_of(request.cookies.get(LANGUAGE, ""), request.headers.get("accept-language", ""))
    return Visitor(staff=None, secret="", language=language)


def _waits(error: Refused) -> dict[str, str]:
    if isinstance(error, TooMany):
        return {"Retry-After": str(error.wait)}
    return {"WWW-Authenticate": "Bearer"} if isinstance(error, NotSignedIn) else {}


def _here(request: Request) -> str:
    return request.url.path + (f"?{request.url.query}" if request.url.query else "")
