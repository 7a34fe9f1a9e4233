"""A time-ordered stream through detection with the clock of the stream: the alerts that people would have got."""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from itertools import islice
from typing import Any

from monitor.detect.choice import Choice
from monitor.detect.detector import TICK, Raised, detect
from monitor.detect.state import Settings, State
from monitor.detect.worth import Worth
from monitor.provinces import PROVINCES
from monitor.store import Hit


def replay(
    hits: Iterable[Hit], *, worth: Worth, settings: Settings, batch: int = 50, choice: Choice | None = None
) -> Iterator[dict[str, Any]]:
    """Yield one line for each alert, in order of time; `hits` are annotated and in order of arrival."""
    state = State()
    stream = iter(hits)
    last = None
    while some := list(islice(stream, batch)):
        last = some[-1].document.fetched_at
        found = detect(state, some, worth=worth, settings=settings, choice=choice)
        yield from map(alert_line, found.raised)
    if last is not None:
        until = last + timedelta(seconds=TICK)
        found = detect(state, (), worth=worth, settings=settings, choice=choice, until=until)
        yield from map(alert_line, found.raised)


def alert_line(raised: Raised) -> dict[str, Any]:
    """Return an alert as a line of JSON has it; places by name."""
    issue = raised.issue
    return {
        "at": raised.at.isoformat(),
        "issue_id": issue.id,
        "title": issue.title,
        "level": issue.level.value,
        "urls": list(raised.urls),
        "observed": issue.observed,
        "expected": issue.expected,
        "p_value": issue.p_value,
        "publishers": list(issue.publishers),
        "topic": issue.topic,
        "places": [PROVINCES[code].name for code in issue.places if code in PROVINCES],
    }
