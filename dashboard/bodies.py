"""How much a request may bring; an ASGI layer that stops reading beyond it."""

from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboard.errors import ErrorBody, ErrorDetail
from monitor.jsonl import to_dict

LARGEST = 2 << 20
LARGEST_UPLOAD = 105 << 20
"""Five files of 20 MB with an answer, or the file of a survey."""

_TOO_LARGE = ErrorBody(error=ErrorDetail(status=413, code="too_large", message="too large"))
_UPLOADS = ("/cases/", "/surveys")


class BodyLimit:
    """Answers 413 to a request that is too large, by its own word or by what really comes."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        most = LARGEST_UPLOAD if scope["path"].startswith(_UPLOADS) else LARGEST
        if _announced(scope) > most:
            await JSONResponse(to_dict(_TOO_LARGE), 413)(scope, receive, send)
            return
        taken = 0

        async def receive_no_more() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > most:
                raise HTTPException(413, "too large")
            return message

        await self._app(scope, receive_no_more, send)


def _announced(scope: Scope) -> int:
    value = dict(scope["headers"]).get(b"content-length", b"0")
    return int(value) if value.isdigit() else 0
