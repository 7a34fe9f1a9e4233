"""What becomes of a document that is offered to a store: the rule, the same in every store."""

from dataclasses import replace
from datetime import datetime

from monitor.records import Document, Outcome
from monitor.store import Added


def taken(offer: Document, present: Document | None, changed_at: datetime) -> Added:
    """Return what the store must hold after the offer; `changed_at` is when the present version was first seen."""
    if present is None:
        return Added(document=offer, outcome=Outcome.STORED)
    # A text that was fetched before the present one is not news, however late its file comes.
    if content(present) == content(offer) or offer.fetched_at < changed_at:
        return Added(document=present, outcome=Outcome.DUPLICATE)
    edited = replace(offer, fetched_at=present.fetched_at, version=present.version + 1)
    return Added(document=edited, outcome=Outcome.UPDATED)


def content(document: Document) -> tuple[str, str, str]:
    """Return what an edit changes: title, lead and text."""
    return document.title, document.lead, document.text
