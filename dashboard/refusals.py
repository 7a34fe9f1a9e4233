"""Every error as one page, or under /api as one shape of JSON; never a traceback."""

import logging
from urllib.parse import urlencode

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse, Response
from starlette.exceptions import HTTPException

from dashboard.errors import ErrorBody, ErrorDetail, NotSignedIn, Refused, TooMany
from dashboard.provider import ProviderError
from dashboard.shell import shell, show
from dashboard.visitor import API, LANGUAGE, Visitor
from dashboard.words import language_of
from monitor.errors import InputError, MonitorError, StoreUnavailable
from monitor.jsonl import to_dict

logger = logging.getLogger(__name__)

_CODES = {404: "not_found", 405: "not_allowed_method", 413: "too_large"}


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
            return _answer(request, error.status, error.code, str(error), _waits(error))
        case InputError():
            return _answer(request, 400, "bad_request", str(error))
        case ProviderError():
            logger.warning("not available: %s", error)
            return _answer(request, 502, "provider", "the provider of sign-in does not answer")
        case StoreUnavailable():
            logger.warning("not available: %s", error)
            return _answer(
                request, 503, "unavailable", "the store does not answer now; try again", {"Retry-After": "5"}
            )
    logger.error("refused: %s", error)
    return _answer(request, 500, "failed", "the store refused")


def _of_http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    code = _CODES.get(error.status_code, "bad_request")
    return _answer(request, error.status_code, code, str(error.detail), dict(error.headers or {}))


def _of_validation(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    said = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors()[:3])
    return _answer(request, 422, "not_valid", said)


def _of_mistake(request: Request, error: Exception) -> Response:
    logger.error("failed on %s %s", request.method, request.url.path, exc_info=error)
    return _answer(request, 500, "failed", "this is a mistake of the program; it was noted")


def _answer(request: Request, status: int, code: str, message: str, headers: dict[str, str] | None = None) -> Response:
    if request.url.path.startswith(API):
        body = ErrorBody(error=ErrorDetail(status=status, code=code, message=message))
        return JSONResponse(to_dict(body), status, headers)
    visitor = getattr(request.state, "visitor", None) or _stranger(request)
    values = {"status": status, "code": code, "message": message}
    response = show(request, request.app.state.given, "error.html", shell(request, visitor), values, status)
    response.headers.update(headers or {})
    return response


def _stranger(request: Request) -> Visitor:
    language = language_of(request.cookies.get(LANGUAGE, ""), request.headers.get("accept-language", ""))
    return Visitor(staff=None, secret="", language=language)


def _waits(error: Refused) -> dict[str, str]:
    if isinstance(error, TooMany):
        return {"Retry-After": str(error.wait)}
    return {"WWW-Authenticate": "Bearer"} if isinstance(error, NotSignedIn) else {}


def _here(request: Request) -> str:
    return request.url.path + (f"?{request.url.query}" if request.url.query else "")
