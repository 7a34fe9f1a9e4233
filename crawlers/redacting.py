"""Documents without personal data, whatever function finds it."""

from collections.abc import Callable
from dataclasses import replace
from typing import TypeAlias

from monitor.records import Document, Kind

Redact: TypeAlias = Callable[[str, bool], str]


def redacted(document: Document, redact: Redact) -> Document:
    """Return the document redacted by `redact(text, names)`; names of persons too where people write for themselves."""
    names = document.kind is not Kind.ARTICLE
    title, lead, text = (redact(part, names) for part in (document.title, document.lead, document.text))
    return replace(document, title=title, lead=lead, text=text)
