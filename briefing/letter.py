"""The letter that sends an issue to an agency, as a draft for staff to finish."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from briefing.tables import TOPIC_WORDS
from monitor.bulletins import numbers
from monitor.desk.alerts import Headline
from monitor.detect.explain import place_names
from monitor.records import VIETNAM, Issue

ANY_AGENCY = "Quý cơ quan"
"""Whom a letter is addressed to before the agency is chosen."""


def letter(issue: Issue, headlines: Sequence[Headline], agency: str, due_at: datetime, now: datetime) -> str:
    """Return the text of a letter in Vietnamese: what, where, since when, on what it rests, and by when to answer."""
    return _template().render(
        issue=issue,
        topic=TOPIC_WORDS.get(issue.topic, issue.topic),
        places=place_names(issue.places),
        numbers="; ".join(numbers(issue, chances=False)),
        headlines=headlines,
        agency=agency,
        due_at=due_at.astimezone(VIETNAM),
        now=now.astimezone(VIETNAM),
        zone=VIETNAM,
    )


def addressed(text: str, agency: str) -> str:
    """Return a letter addressed to the agency that it goes to, where it names none yet."""
    return text.replace(f"Kính gửi: {ANY_AGENCY}", f"Kính gửi: {agency}", 1)


@cache
def _template() -> Template:
    # Plain text that people edit in a form, which escapes it when it shows it.
    loader = PackageLoader("briefing", "templates")
    return Environment(loader=loader, autoescape=False, undefined=StrictUndefined, trim_blocks=True).get_template(
        "letter.txt"
    )
