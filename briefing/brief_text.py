"""A briefing as plain text, and as a page that stands alone."""

from base64 import b64encode
from collections.abc import Sequence
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from briefing.brief import Briefing, Section
from briefing.charts import issue_spec, png
from briefing.tables import TOPIC_WORDS
from monitor.bulletins import LEVEL_WORDS
from monitor.detect.explain import place_names
from monitor.records import VIETNAM, Case, CaseStatus, Issue
from monitor.store import Hit

_LONGEST = 90

STATUS_WORDS = {
    CaseStatus.SENT: "đã gửi, chờ trả lời",
    CaseStatus.ANSWERED: "đã trả lời, chờ kết quả cuối cùng",
    CaseStatus.OVERDUE: "quá hạn",
    CaseStatus.FINAL: "đã có kết quả cuối cùng",
}


def text_of(briefing: Briefing) -> str:
    """Return the briefing as plain text in Vietnamese."""
    lines = [title(briefing), "", *overview(briefing), ""]
    for number, section in enumerate(briefing.sections, 1):
        lines += [f"{number}. {heading(section.issue)}", section.issue.explanation]
        lines += [f"   - {source(hit)}" for hit in section.hits]
        lines += [f"   > {case_line(case)}" for case in section.cases]
        lines.append("")
    lines += ["Chưa có kết quả cuối cùng, đã quá hạn:"] if briefing.late else []
    lines += [f"- {late_line(case)}" for case in briefing.late]
    return "\n".join(lines).rstrip() + "\n"


def page_of(briefing: Briefing) -> str:
    """Return the briefing as one page of HTML with its charts in it."""
    return _template().render(
        briefing=briefing,
        title=title(briefing),
        overview=overview(briefing),
        heading=heading,
        citation=citation,
        case_line=case_line,
        late_line=late_line,
        chart=lambda section: b64encode(chart_of(section)).decode(),
    )


def chart_of(section: Section) -> bytes:
    """Return the chart of a section as PNG, empty when it has none."""
    return png(issue_spec(section.issue, section.days, titled=False)) if section.days else b""


def title(briefing: Briefing) -> str:
    """Return what stands above a briefing."""
    return f"Bản tin dư luận {briefing.since:%d/%m/%Y} - {briefing.until:%d/%m/%Y}"


def overview(briefing: Briefing) -> Sequence[str]:
    """Return the first sentences of a briefing."""
    topics = ", ".join(f"{TOPIC_WORDS.get(b.key, b.key)} ({b.count})" for b in briefing.topics)
    lines = [f"Trong kỳ có {briefing.documents} tin, bài và ý kiến từ {briefing.publishers} nguồn."]
    if topics:
        lines.append(f"Nhiều nhất: {topics}.")
    lines.append(f"Vấn đề đáng chú ý: {len(briefing.sections)}." if briefing.sections else "Không có vấn đề nổi lên.")
    return lines


def heading(issue: Issue) -> str:
    """Return title, level and places of an issue."""
    return f"{issue.title} ({LEVEL_WORDS[issue.level]}; {place_names(issue.places)})"


def citation(hit: Hit) -> tuple[str, str, str]:
    """Return the title of a document, publisher and day, and its address; "" where it is none of the web."""
    document = hit.document
    at = document.published_at.astimezone(VIETNAM)
    url = document.url if document.url.startswith(("https://", "http://")) else ""
    name = document.title or f"{document.text[:_LONGEST]}…"
    return name, f"({document.publisher}, {at:%d/%m/%Y})", url


def source(hit: Hit) -> str:
    """Return a document as it is cited in plain text."""
    return " ".join(citation(hit)).rstrip()


def late_line(case: Case) -> str:
    """Return a late case with its title."""
    return f"{case.title}: {case_line(case)}"


def case_line(case: Case) -> str:
    """Return where a case stands: agency, status, due date, final result, and whether it flared up again."""
    due = f", hạn {case.due_at.astimezone(VIETNAM):%d/%m/%Y}" if case.status != CaseStatus.FINAL else ""
    result = f": {case.final_result}" if case.final_result else ""
    again = f" Bùng phát lại từ {case.flared_up_at.astimezone(VIETNAM):%d/%m/%Y}." if case.flared_up_at else ""
    return f"{case.agency}: {STATUS_WORDS[case.status]}{due}{result}{again}"


@cache
def _template() -> Template:
    loader = PackageLoader("briefing", "templates")
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True).get_template(
        "brief.html"
    )
