"""What is written into the books: reports and their review, dialogues, opinions and their answers."""

from collections.abc import Callable
from datetime import date, datetime, time
from functools import partial
from typing import Annotated

from pydantic import Field

from dashboard.access import Access
from dashboard.deeds import Asked, Deed, Doing, Done
from dashboard.deeds_issues import Comment, evening
from monitor.desk import dialogues, reports
from monitor.records import VIETNAM

_NOON = time(12)

Key = Annotated[str, Field(max_length=64)]


class ReportAsked(Asked):
    """What people say in a place; `people` is how many."""

    topic: Key
    place: Key
    text: Annotated[str, Field(max_length=reports.LONGEST)]
    people: Annotated[int, Field(ge=1, le=reports.MOST_PEOPLE)] = 1


class ReviewAsked(Asked):
    """Whether a report counts, and why."""

    accept: bool
    comment: Comment = ""


class DialogueAsked(Asked):
    """A meeting with citizens."""

    title: Annotated[str, Field(max_length=300)]
    place: Key
    held: date


class OpinionAsked(Asked):
    """What was said, who must answer it, and by when."""

    topic: Key
    text: Annotated[str, Field(max_length=dialogues.LONGEST)]
    agency: Annotated[str, Field(max_length=300)]
    due: date


class OpinionAnswered(Asked):
    """The answer."""

    text: Annotated[str, Field(max_length=dialogues.LONGEST)]


def submit(who: Doing, asked: ReportAsked) -> Done:
    """Send a report; persons and numbers are redacted before it is kept."""
    reports.submit(who.desk, asked.topic, asked.place, asked.text, asked.people, who.by, who.now, redact=_redact())
    return Done(done="report_sent", where="/reports")


def review(who: Doing, asked: ReviewAsked) -> Done:
    """Let a report count as a document, or refuse it."""
    reports.review(who.desk, who.store, who.key, accept=asked.accept, by=who.by, comment=asked.comment, now=who.now)
    return Done(done="reviewed", where="/reports")


def record_dialogue(who: Doing, asked: DialogueAsked) -> Done:
    """Open the book on a dialogue."""
    held_at = datetime.combine(asked.held, _NOON, VIETNAM)
    made = dialogues.record_dialogue(who.desk, asked.title, asked.place, held_at, who.by, who.now)
    return Done(done="saved", where=f"/dialogues/{made.id}")


def record_opinion(who: Doing, asked: OpinionAsked) -> Done:
    """Keep what was said at a dialogue, redacted."""
    dialogues.record_opinion(
        who.desk,
        who.key,
        asked.topic,
        asked.text,
        asked.agency,
        evening(asked.due),
        who.by,
        who.now,
        redact=_redact(),
    )
    return Done(done="saved", where=f"/dialogues/{who.key}")


def answer_opinion(who: Doing, asked: OpinionAnswered) -> Done:
    """Keep the answer to an opinion."""
    answered = dialogues.answer_opinion(who.desk, who.key, asked.text, who.by, who.now)
    return Done(done="answered", where=f"/dialogues/{answered.dialogue_id}")


def _redact() -> Callable[[str], str]:
    # The lists of names are read when the first report comes, not when the dashboard starts.
    from nlp.redact import redact

    return partial(redact, names=True)


DEEDS = (
    Deed(path="/reports", asked=ReportAsked, do=submit, access=Access.REPORT),
    Deed(path="/reports/{key}/review", asked=ReviewAsked, do=review),
    Deed(path="/dialogues", asked=DialogueAsked, do=record_dialogue),
    Deed(path="/dialogues/{key}/opinions", asked=OpinionAsked, do=record_opinion),
    Deed(path="/opinions/{key}/answer", asked=OpinionAnswered, do=answer_opinion),
)
