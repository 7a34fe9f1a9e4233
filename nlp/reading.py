"""What of a document the models read, as named syllables and runs of them; training and annotating read alike."""

import numpy as np

from monitor.records import Document
from monitor.text import fold
from nlp.grams import Names, grams
from nlp.words import syllables

# An article is judged by its title and lead, as it was labelled; the start of the text stands for a missing lead.
_START = 600
_BREAK = "|"
# A title that is answered: more is no title.
_CONTEXT = 30


def read(document: Document) -> tuple[str, str]:
    """Return the title and what follows it: the lead, or the start of the text where there is none."""
    return document.title, document.lead or document.text[:_START]


def article(title: str, body: str, *, bare: bool = False) -> Names:
    """Return the runs of an article; `bare` leaves out case and marks, for models of text typed without them."""
    return grams([*_tokens(title, bare), _BREAK, *_tokens(body, bare)])


def post(context: str, text: str, *, bare: bool = False) -> Names:
    """Return the syllables of a post or comment in order, behind those of what it answers, which are named apart."""
    own = grams([_BREAK, *_tokens(text, bare), _BREAK], longest=1)
    return np.concatenate([grams(_tokens(context, bare)[:_CONTEXT], longest=1, view=1), own])


def _tokens(text: str, bare: bool) -> list[str]:
    return syllables(fold(text) if bare else text)
