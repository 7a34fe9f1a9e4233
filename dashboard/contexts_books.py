"""What each page shows of the books: reports, dialogues, surveys, agencies."""

from dataclasses import dataclass

from monitor.desk.agencies import Agency
from monitor.desk.dialogues import Dialogue, Opinion
from monitor.desk.reports import Report
from monitor.desk.surveys import Media, Share, Survey


@dataclass(frozen=True, kw_only=True, slots=True)
class ReportBook:
    """One's own reports, and for those who review, the ones that wait."""

    mine: tuple[Report, ...]
    waiting: tuple[Report, ...]
    reviews: bool
    topics: tuple[str, ...]
    places: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class DialogueBook:
    """All dialogues, and opinions without an answer."""

    dialogues: tuple[Dialogue, ...]
    waiting: tuple[Opinion, ...]
    places: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class DialoguePage:
    """One dialogue with what was said."""

    dialogue: Dialogue
    opinions: tuple[Opinion, ...]
    topics: tuple[str, ...]
    today: str


@dataclass(frozen=True, kw_only=True, slots=True)
class SurveyBook:
    """All surveys."""

    surveys: tuple[Survey, ...]
    topics: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class SurveyPage:
    """One survey: shares with their margins, beside what media show on the same topic, places and days."""

    survey: Survey
    shares: tuple[Share, ...]
    media: Media


@dataclass(frozen=True, kw_only=True, slots=True)
class Agencies:
    """The directory of agencies, at most 100 of those asked for."""

    topic: str
    place: str
    total: int
    agencies: tuple[Agency, ...]
