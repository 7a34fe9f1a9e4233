"""Values as people read them."""

from datetime import datetime
from urllib.parse import urlencode

from markupsafe import Markup, escape

from dashboard.words import Language
from monitor.provinces import PROVINCES
from monitor.records import VIETNAM


def place_name(code: str) -> str:
    """Return the name of a province, the code itself when it is none."""
    return PROVINCES[code].name if code in PROVINCES else code


def number(value: float, language: Language, digits: int = 0) -> str:
    """Return a number as the language writes it: 1.234,5 in Vietnamese, 1,234.5 in English."""
    text = f"{value:,.{digits}f}"
    if digits and "." in text:
        text = text.rstrip("0").rstrip(".")
    return text if language is Language.ENGLISH else text.translate(str.maketrans(",.", ".,"))


def marked(excerpt: str) -> Markup:
    """Return an excerpt with ⟦ and ⟧ as marks, all else escaped."""
    return Markup(str(escape(excerpt)).replace("⟦", "<mark>").replace("⟧", "</mark>"))


def moment(value: datetime | None) -> str:
    """Return a time on the clock of Viet Nam, a dash for none."""
    return f"{value.astimezone(VIETNAM):%H:%M %d/%m/%Y}" if value else "–"


def address(path: str, **values: object) -> str:
    """Return a path with a query of the values that are not empty."""
    kept = {key: str(value) for key, value in values.items() if value not in (None, "")}
    return f"{path}?{urlencode(kept)}" if kept else path
