"""Reports from the grassroots, dialogues with citizens, surveys, and the directory of agencies."""

from dashboard.contexts_books import (
    Agencies,
    DialogueBook,
    DialoguePage,
    ReportBook,
    SurveyBook,
    SurveyPage,
)
from dashboard.errors import NotFound
from dashboard.given import Now, TheDesk, TheStore
from dashboard.visitor import TheUser
from monitor.desk import agencies, dialogues, reports, surveys
from monitor.desk.users import Role, may
from monitor.provinces import PROVINCES
from monitor.records import TOPICS, VIETNAM

_SHOWN = 100


def report_book(desk: TheDesk, user: TheUser) -> ReportBook:
    """Return one's own reports, and for staff those that wait for review."""
    reviews = may(user.role, Role.ANALYST)
    waiting = [one for one in reports.reports(desk, "waiting", limit=_SHOWN) if one.by != user.name] if reviews else []
    return ReportBook(
        mine=tuple(reports.reports(desk, by=user.name, limit=_SHOWN)),
        waiting=tuple(waiting),
        reviews=reviews,
        topics=TOPICS,
        places=tuple(PROVINCES),
    )


def dialogue_book(desk: TheDesk, now: Now) -> DialogueBook:
    """Return all dialogues, and the opinions that wait for an answer, soonest due first."""
    waiting = [one for one in dialogues.opinions(desk, now) if one.status is not dialogues.OpinionStatus.ANSWERED]
    return DialogueBook(
        dialogues=tuple(dialogues.dialogues(desk)), waiting=tuple(waiting[:_SHOWN]), places=tuple(PROVINCES)
    )


def dialogue_page(desk: TheDesk, now: Now, dialogue_id: str) -> DialoguePage:
    """Return one dialogue with its opinions.  Raises NotFound."""
    dialogue = next((one for one in dialogues.dialogues(desk) if one.id == dialogue_id), None)
    if dialogue is None:
        raise NotFound("dialogue")
    return DialoguePage(
        dialogue=dialogue,
        opinions=tuple(dialogues.opinions(desk, now, dialogue_id=dialogue.id)),
        topics=TOPICS,
        today=f"{now.astimezone(VIETNAM):%Y-%m-%d}",
    )


def survey_book(desk: TheDesk) -> SurveyBook:
    """Return all surveys."""
    return SurveyBook(surveys=tuple(surveys.surveys(desk)), topics=TOPICS)


def survey_page(store: TheStore, desk: TheDesk, survey_id: str) -> SurveyPage:
    """Return one survey beside what media show of the same.  Raises NotFound."""
    survey = surveys.survey(desk, survey_id)
    if survey is None:
        raise NotFound("survey")
    return SurveyPage(
        survey=survey,
        shares=tuple(surveys.shares(desk, survey.id)),
        media=surveys.beside_media(store, survey),
    )


def agency_list(desk: TheDesk, topic: str = "", place: str = "") -> Agencies:
    """Return the directory of agencies, those that answer for a topic and a place."""
    found = [
        one
        for one in agencies.agencies(desk)
        if (not topic or topic in one.topics) and (not place or place in one.places)
    ]
    return Agencies(topic=topic, place=place, total=len(found), agencies=tuple(found[:_SHOWN]))
