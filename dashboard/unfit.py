"""What a form lacks or brings in the wrong shape, in the words of its reader."""

from collections.abc import Mapping
from typing import Any

from dashboard.errors import UnknownWord
from dashboard.words import Translate

# What pydantic calls an error: the word of the table `unfit`, and the value that fills it.
_KINDS: Mapping[str, tuple[str, str]] = {
    "missing": ("missing", ""),
    "string_too_long": ("long", "max_length"),
    "less_than_equal": ("most", "le"),
    "greater_than_equal": ("least", "ge"),
    "int_parsing": ("number", ""),
    "int_type": ("number", ""),
    "date_parsing": ("day", ""),
    "date_from_datetime_parsing": ("day", ""),
    "date_from_datetime_inexact": ("day", ""),
    "enum": ("choice", ""),
}


def unfit(error: Mapping[str, Any], t: Translate) -> str:
    """Return one error of pydantic as a sentence."""
    kind, value = _KINDS.get(error["type"], ("other", ""))
    limit = error.get("ctx", {}).get(value, "")
    return t(f"unfit.{kind}", field=_field(error["loc"], t), limit=limit)


def _field(where: tuple[str | int, ...], t: Translate) -> str:
    name = next((str(part) for part in reversed(where) if isinstance(part, str)), "")
    try:
        return t(f"field.{name}")
    except UnknownWord:
        return name[:40]
