"""What a notice says, in Vietnamese: entries with their evidence, as data for a template and as plain text."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from monitor.decisions import Item, Reason
from monitor.desk.alerts import Dossier, Headline
from monitor.detect.explain import number
from monitor.provinces import PROVINCES
from monitor.records import VIETNAM, Issue, Level

LEVEL_WORDS = {Level.EMERGING: "Mới nổi", Level.HOT: "Nóng", Level.COOLING: "Hạ nhiệt", Level.CLOSED: "Khép lại"}

REASON_WORDS = {
    Reason.NEW: "Vấn đề mới",
    Reason.ESCALATED: "Tăng mức",
    Reason.REPEATED: "Nhắc lại, chưa có người nhận",
    Reason.RESOLVED: "Đã khép lại",
    Reason.CLOSED_IN_SILENCE: "Đã khép lại trong lúc tắt thông báo",
}

MOST_ENTRIES = 20
"""Entries of one notice; more make another notice."""

_LONGEST_TITLE = 200
_MOST_HEADLINES = 5
_MOST_PLACES = 5
_LEAST, _FEW = 0.0001, 0.1


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """One issue in a notice: what, why it is told, reasons in numbers and in words, headlines, parts, remarks."""

    issue_id: str
    level: Level
    reason: str
    heading: str
    numbers: tuple[str, ...]
    explanation: str
    headlines: tuple[Headline, ...] = ()
    parts: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Bulletin:
    """One notice; `kind` is alert, silence, digest or case; a `charted` one has a chart of its first entry.

    `dashboard` is the address at which its issues are seen and acted on, "" where none is known.
    """

    kind: str
    title: str
    lead: str
    entries: tuple[Entry, ...] = ()
    charted: bool = False
    dashboard: str = ""


def alert_bulletin(items: Sequence[Item], remarks: Mapping[str, Sequence[str]]) -> Bulletin:
    """Return the notice of some alerts; `remarks` are by issue id."""
    entries = tuple(entry_of(item, remarks.get(item.dossier.issue.id, ())) for item in items)
    first = entries[0]
    if len(entries) == 1:
        return Bulletin(kind="alert", title=_cut(first.heading), lead=first.reason, entries=entries)
    title = f"{len(entries)} vấn đề: " + "; ".join(item.dossier.issue.title for item in items)
    return Bulletin(kind="alert", title=_cut(title), lead="", entries=entries)


def entry_of(item: Item, remarks: Sequence[str] = ()) -> Entry:
    """Return the entry of one alert."""
    issue = item.dossier.issue
    return Entry(
        issue_id=issue.id,
        level=issue.level,
        reason=REASON_WORDS[item.reason],
        heading=heading(issue),
        numbers=numbers(issue),
        explanation=issue.explanation,
        headlines=item.dossier.headlines[:_MOST_HEADLINES],
        parts=tuple(heading(part.issue) for part in item.parts),
        remarks=tuple(remarks),
    )


def brief_entry(dossier: Dossier, reason: str) -> Entry:
    """Return the entry of an alert in a digest: without headlines."""
    issue = dossier.issue
    return Entry(
        issue_id=issue.id,
        level=issue.level,
        reason=reason,
        heading=heading(issue),
        numbers=numbers(issue),
        explanation=issue.explanation,
    )


def heading(issue: Issue) -> str:
    """Return level, title and places of an issue in one line."""
    names = [PROVINCES[code].name for code in issue.places if code in PROVINCES]
    more = f" và {len(names) - _MOST_PLACES} nơi khác" if len(names) > _MOST_PLACES else ""
    places = ", ".join(names[:_MOST_PLACES]) + more
    return _line(f"[{LEVEL_WORDS[issue.level]}] {issue.title}" + (f" - {places}" if places else ""))


def numbers(issue: Issue, *, chances: bool = True) -> tuple[str, ...]:
    """Return the reasons of an issue in numbers, one each; without `chances` for those who do not watch statistics."""
    since = issue.first_seen_at.astimezone(VIETNAM)
    compared = issue.p_value < 1
    usual = f", thường lệ {few(issue.expected)}" if compared else " tin, bài"
    return (
        f"quan sát {number(issue.observed)}{usual}",
        *([chance(issue.p_value)] if compared and chances else []),
        f"{len(issue.publishers)} tòa soạn",
        f"{number(100 * issue.negative_share, 0)} % tiêu cực",
        f"từ {since:%H:%M %d/%m/%Y}",
    )


def few(value: float) -> str:
    """Return a number that may be small but is not none."""
    return f"dưới {number(_FEW)}" if 0 < value < _FEW / 2 else number(value)


def chance(p_value: float) -> str:
    """Return the probability that chance alone brings as much, to four digits."""
    return f"p < {number(_LEAST, 4)}" if p_value < _LEAST else f"p = {number(p_value, 4)}"


def text_of(bulletin: Bulletin) -> str:
    """Return a bulletin as plain text."""
    blocks = [bulletin.lead] if bulletin.lead else []
    single = len(bulletin.entries) == 1 and bulletin.kind == "alert"
    blocks += ["\n".join(_entry_lines(entry, bulletin.dashboard, titled=not single)) for entry in bulletin.entries]
    return "\n\n".join(blocks)


def issue_link(dashboard: str, issue_id: str) -> str:
    """Return where an issue is seen and acted on, "" without a dashboard."""
    return f"{dashboard}/issues/{issue_id}" if dashboard else ""


def _entry_lines(entry: Entry, dashboard: str, *, titled: bool) -> list[str]:
    lines = [f"{entry.heading} ({entry.reason})"] if titled else []
    lines += [f"Số liệu: {'; '.join(entry.numbers)}."] if entry.numbers else []
    lines += [entry.explanation] if entry.explanation else []
    lines += [f"! {remark}" for remark in entry.remarks]
    lines += ["Cùng đợt:", *(f"- {part}" for part in entry.parts)] if entry.parts else []
    lines += ["Bài tiêu biểu:", *map(_headline, entry.headlines)] if entry.headlines else []
    lines += [f"Xem và xử lý: {issue_link(dashboard, entry.issue_id)}"] if dashboard else []
    return lines


def _headline(headline: Headline) -> str:
    at = headline.at.astimezone(VIETNAM)
    return f"- {_line(headline.title)} ({headline.publisher}, {at:%d/%m %H:%M})\n  {headline.url}"


def _cut(text: str) -> str:
    line = _line(text)
    return line if len(line) <= _LONGEST_TITLE else line[: _LONGEST_TITLE - 1].rstrip() + "…"


def _line(text: str) -> str:
    return " ".join(text.split())
