"""The briefing on a period: what was hot, since when, why, and where to read on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path

import docx
from docx.document import Document as WordFile

from briefing.tables import TOPIC_WORDS, place_names
from monitor.alerts import LEVEL_WORDS
from monitor.errors import ConfigError, InputError, StoreUnavailable
from monitor.query import By, Query
from monitor.records import VIETNAM, Issue
from monitor.store import Bucket, Hit, Store

MOST_ISSUES = 20
_EVIDENCE = 3


@dataclass(frozen=True, kw_only=True, slots=True)
class Section:
    """One issue with the documents it rests on."""

    issue: Issue
    hits: tuple[Hit, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Briefing:
    """What a leader reads of a period of whole days, both included."""

    since: date
    until: date
    documents: int
    publishers: int
    topics: tuple[Bucket, ...]
    sections: tuple[Section, ...]


def brief(store: Store, since: date, until: date) -> Briefing:
    """Return the briefing on the days from `since` to `until`.  Raises InputError when they are the wrong way round."""
    if until < since:
        raise InputError(f"--to {until} is before --from {since}")
    start = datetime.combine(since, time(), VIETNAM)
    end = datetime.combine(until, time(), VIETNAM) + timedelta(days=1)
    query = Query(since=start, until=end)
    issues = [i for i in store.issues(limit=1000) if i.first_seen_at < end and i.last_seen_at >= start]
    return Briefing(
        since=since,
        until=until,
        documents=store.total(query),
        publishers=len(store.count(query, By.PUBLISHER)),
        topics=tuple(store.count(query, By.TOPIC)[:5]),
        sections=tuple(_section(store, issue) for issue in issues[:MOST_ISSUES]),
    )


def text_of(briefing: Briefing) -> str:
    """Return the briefing as plain text in Vietnamese."""
    lines = [_title(briefing), "", *_overview(briefing), ""]
    for number, section in enumerate(briefing.sections, 1):
        lines += [f"{number}. {_heading(section.issue)}", section.issue.explanation]
        lines += [f"   - {_source(hit)}" for hit in section.hits]
        lines.append("")
    return "\n".join(lines).rstrip() + "\n"


def write(briefing: Briefing, form: str, path: Path | None) -> str:
    """Return the text, or write the docx and return its path.  Raises ConfigError for another form."""
    if form == "text":
        return text_of(briefing)
    if form != "docx":
        raise ConfigError(f"--format {form} is not known: use text or docx")
    target = path or Path(f"brief-{briefing.since}-{briefing.until}.docx")
    try:
        _word(briefing).save(str(target))
    except OSError as error:
        raise StoreUnavailable(f"{target}: cannot be written: {error.strerror}") from error
    return str(target)


def _word(briefing: Briefing) -> WordFile:
    file = docx.Document()
    file.add_heading(_title(briefing), 0)
    for line in _overview(briefing):
        file.add_paragraph(line)
    for number, section in enumerate(briefing.sections, 1):
        file.add_heading(f"{number}. {_heading(section.issue)}", 2)
        file.add_paragraph(section.issue.explanation)
        for hit in section.hits:
            file.add_paragraph(_source(hit), style="List Bullet")
    return file


def _section(store: Store, issue: Issue) -> Section:
    hits = (store.get(document_id) for document_id in issue.evidence[:_EVIDENCE])
    return Section(issue=issue, hits=tuple(hit for hit in hits if hit))


def _title(briefing: Briefing) -> str:
    return f"Bản tin dư luận {briefing.since:%d/%m/%Y} - {briefing.until:%d/%m/%Y}"


def _overview(briefing: Briefing) -> Sequence[str]:
    topics = ", ".join(f"{TOPIC_WORDS.get(b.key, b.key)} ({b.count})" for b in briefing.topics)
    lines = [f"Trong kỳ có {briefing.documents} tin, bài và ý kiến từ {briefing.publishers} nguồn."]
    if topics:
        lines.append(f"Nhiều nhất: {topics}.")
    lines.append(f"Vấn đề đáng chú ý: {len(briefing.sections)}." if briefing.sections else "Không có vấn đề nổi lên.")
    return lines


def _heading(issue: Issue) -> str:
    places = place_names(issue.places[:5])
    return f"{issue.title} ({LEVEL_WORDS[issue.level]}{'; ' + places if places else ''})"


def _source(hit: Hit) -> str:
    document = hit.document
    return (
        f"{document.title} ({document.publisher}, {document.published_at.astimezone(VIETNAM):%d/%m/%Y}) {document.url}"
    )
