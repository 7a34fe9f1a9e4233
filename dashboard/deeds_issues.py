"""What staff do with issues: take, judge, silence, end, send to an agency, and follow the case to its end."""

from datetime import date, datetime, time, timedelta
from typing import Annotated

from pydantic import BeforeValidator, Field

from briefing.letter import addressed
from dashboard.access import Access
from dashboard.deeds import Asked, Deed, Doing, Done, Nothing
from dashboard.errors import NotFound
from dashboard.issues import found_issue, staff
from monitor.desk import agencies, alerts, cases, judgements, saved, silences
from monitor.desk.judgements import Verdict
from monitor.errors import WrongInput
from monitor.records import VIETNAM

_COMMENT = 4000
_LETTER = 20_000
_EVENING = time(23, 59)

Comment = Annotated[str, Field(max_length=_COMMENT)]
Hours = Annotated[
    Annotated[int, Field(ge=1, le=366 * 24)] | None, BeforeValidator(lambda value: None if value == "" else value)
]


class Acknowledgement(Asked):
    """A comment, and to whom the alert is given, "" for nobody."""

    comment: Comment = ""
    to: Annotated[str, Field(max_length=64)] = ""


class Resolution(Asked):
    """Why the alert is ended."""

    comment: Comment


class JudgementAsked(Asked):
    """Whether the alert was right, wrong or late."""

    verdict: Verdict
    comment: Comment = ""


class SilenceAsked(Asked):
    """What is silenced, why, and for how many hours; no hours: until the issue closes."""

    issue: Annotated[str, Field(max_length=64)] = ""
    topic: Annotated[str, Field(max_length=64)] = ""
    place: Annotated[str, Field(max_length=64)] = ""
    rule: Annotated[str, Field(max_length=200)] = ""
    comment: Comment
    hours: Hours = None


class CaseAsked(Asked):
    """The agency by its id, the day by which it is to answer, and the letter."""

    agency: Annotated[str, Field(max_length=64)]
    due: date
    letter: Annotated[str, Field(max_length=_LETTER)]


class AnswerAsked(Asked):
    """What the agency answered; a final answer is the result that ends the case."""

    text: Annotated[str, Field(max_length=_LETTER)]
    final: bool = False


class DueAsked(Asked):
    """Another day, and why."""

    due: date
    comment: Comment


def look(who: Doing, _asked: Nothing) -> Done:
    """Keep that someone has seen the overview."""
    saved.looked(who.desk, who.by, who.now)
    return Done(done="looked", where="/")


def acknowledge(who: Doing, asked: Acknowledgement) -> Done:
    """Take an alert, or give it to someone."""
    if asked.to:
        if asked.to not in staff(who.desk):
            raise WrongInput("unknown.analyst", name=asked.to)
        alerts.assign(who.desk, who.key, asked.to, who.by, asked.comment, who.now)
    else:
        alerts.acknowledge(who.desk, who.key, who.by, asked.comment, who.now)
    return Done(done="acknowledged", where=f"/issues/{who.key}")


def resolve(who: Doing, asked: Resolution) -> Done:
    """End an alert by hand."""
    alerts.resolve(who.desk, who.key, who.by, asked.comment, who.now)
    return Done(done="resolved", where=f"/issues/{who.key}")


def judge(who: Doing, asked: JudgementAsked) -> Done:
    """Say whether an alert was right, wrong or late."""
    judgements.judge(who.desk, who.key, asked.verdict, who.by, who.now, asked.comment)
    return Done(done="judged", where=f"/issues/{who.key}")


def silence(who: Doing, asked: SilenceAsked) -> Done:
    """Silence the notices of an issue, a topic, a place or a rule."""
    matcher = {key: getattr(asked, key) for key in silences.MATCHERS if getattr(asked, key)}
    until = who.now + timedelta(hours=asked.hours) if asked.hours else None
    silences.silence(who.desk, matcher, who.by, asked.comment, until, who.now)
    return Done(done="silenced", where=f"/issues/{asked.issue}" if asked.issue else "/silences")


def end_silence(who: Doing, _asked: Nothing) -> Done:
    """End a silence before its time."""
    silences.end(who.desk, who.key, who.by, who.now)
    return Done(done="silence_ended", where="/silences")


def send_case(who: Doing, asked: CaseAsked) -> Done:
    """Send an issue to an agency."""
    issue = found_issue(who.store, who.key)
    agency = next((one for one in agencies.agencies(who.desk) if one.id == asked.agency), None)
    if agency is None:
        raise WrongInput("unknown.agency", agency=asked.agency)
    text = addressed(asked.letter, agency.name)
    case = cases.send_case(who.desk, issue, agency, text, evening(asked.due), who.by, who.now)
    return Done(done="case_sent", where=f"/cases/{case.id}")


def answer_case(who: Doing, asked: AnswerAsked) -> Done:
    """Record what an agency answered."""
    found_case(who)
    cases.answer_case(who.desk, who.key, asked.text, who.by, who.now, final=asked.final)
    return Done(done="answered", where=f"/cases/{who.key}")


def move_due(who: Doing, asked: DueAsked) -> Done:
    """Give the agency until another day."""
    found_case(who)
    cases.move_due(who.desk, who.key, evening(asked.due), who.by, asked.comment, who.now)
    return Done(done="saved", where=f"/cases/{who.key}")


def found_case(who: Doing) -> None:
    """Raise NotFound unless the case is there."""
    if cases.case(who.desk, who.key, who.now) is None:
        raise NotFound("case")


def evening(day: date) -> datetime:
    """Return the end of a day of Viet Nam."""
    return datetime.combine(day, _EVENING, VIETNAM)


DEEDS = (
    Deed(path="/looked", asked=Nothing, do=look, access=Access.READ, in_api=False),
    Deed(path="/issues/{key}/acknowledgement", asked=Acknowledgement, do=acknowledge),
    Deed(path="/issues/{key}/resolution", asked=Resolution, do=resolve),
    Deed(path="/issues/{key}/judgement", asked=JudgementAsked, do=judge),
    Deed(path="/issues/{key}/cases", asked=CaseAsked, do=send_case),
    Deed(path="/silences", asked=SilenceAsked, do=silence),
    Deed(path="/silences/{key}/end", asked=Nothing, do=end_silence),
    Deed(path="/cases/{key}/answers", asked=AnswerAsked, do=answer_case),
    Deed(path="/cases/{key}/due", asked=DueAsked, do=move_due),
)
