"""What is neither page nor data: style sheet, script of charts, mark, description of the API, a sign of life."""

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, PlainTextResponse, Response

from dashboard.access import Access
from dashboard.given import Given
from dashboard.rendering import TEMPLATES
from dashboard.script import SCRIPT_PATH, script
from dashboard.style import STYLE, STYLE_PATH

_A_YEAR = "public, max-age=31536000, immutable"


def add_files(app: FastAPI, given: Given) -> None:
    """Add the files."""
    mark = (TEMPLATES / "mark.svg").read_bytes()

    def style_sheet() -> Response:
        return Response(STYLE, media_type="text/css", headers={"Cache-Control": _A_YEAR})

    def chart_script() -> Response:
        headers = {"Cache-Control": _A_YEAR, "Content-Encoding": "gzip"}
        return Response(script(), media_type="text/javascript", headers=headers)

    def mark_image() -> Response:
        return Response(mark, media_type="image/svg+xml", headers={"Cache-Control": "public, max-age=86400"})

    def alive() -> Response:
        return PlainTextResponse("ok\n")

    def robots() -> Response:
        return PlainTextResponse("User-agent: *\nDisallow: /\n")

    def description(request: Request) -> Response:
        described = request.app.openapi()
        described["components"]["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
        return JSONResponse(described | {"security": [{"token": []}]})

    for address, endpoint, access in (
        (STYLE_PATH, style_sheet, Access.OPEN),
        (SCRIPT_PATH, chart_script, Access.OPEN),
        ("/mark.svg", mark_image, Access.OPEN),
        ("/alive", alive, Access.OPEN),
        ("/robots.txt", robots, Access.OPEN),
        ("/api/v1/openapi.json", description, Access.READ),
    ):
        given.access[f"GET {address}"] = access
        app.add_api_route(address, endpoint, methods=["GET"], include_in_schema=False)
