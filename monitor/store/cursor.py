"""Where a page ended, as an opaque text that a later call goes on from."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any

import orjson

from monitor.errors import WrongInput


def to_cursor(name: str, *values: str | int) -> str:
    """Return a cursor that only the same name opens again."""
    return urlsafe_b64encode(orjson.dumps([name, *values])).decode().rstrip("=")


def from_cursor(name: str, cursor: str, *types: type) -> list[Any]:
    """Return the values of a cursor, of these types.  Raises InputError when it is not one of that name."""
    try:
        parts: list[Any] = list(orjson.loads(urlsafe_b64decode(cursor.encode() + b"=" * (-len(cursor) % 4))))
    except (ValueError, TypeError) as error:
        raise WrongInput("query.damaged_page") from error
    if parts[:1] != [name] or [type(p) for p in parts[1:]] != list(types) or any(map(_huge, parts)):
        raise WrongInput("query.other_page")
    return parts[1:]


def arrival_cursor(arrived: int, document_id: str) -> str:
    """Return the cursor after that arrival; both stores read it, so that a copy of one goes on where it was."""
    return to_cursor("arrivals", arrived, document_id)


def arrival_position(cursor: str | None) -> tuple[int, str]:
    """Return the arrival and the id of the last document read, before all of them without a cursor."""
    arrived, document_id = from_cursor("arrivals", cursor, int, str) if cursor else (0, "")
    return arrived, document_id


def _huge(part: Any) -> bool:
    return isinstance(part, int) and abs(part) >= 1 << 62
