"""Every page that reads: one reading, shown as a page and given as JSON under /api/v1."""

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Annotated, Any

from fastapi import Depends, FastAPI, Request
from fastapi.responses import HTMLResponse

from dashboard import (
    alerting,
    books,
    casework,
    contexts_books,
    finding,
    issues,
    listening,
    overview,
    people,
    subjects,
    trust,
)
from dashboard import contexts_desk as desk
from dashboard.access import Access
from dashboard.contexts import (
    DocumentPage,
    IssueList,
    Overview,
    PlacePage,
    Places,
    Search,
    SourcePage,
    Sources,
    TopicPage,
    Topics,
)
from dashboard.errors import ErrorBody
from dashboard.given import Given, TheGiven
from dashboard.shell import shell, show
from dashboard.visitor import TheVisitor

API = "/api/v1"

Reading = Callable[..., Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class View:
    """A page: its path, the template and the reading of its context, and who may see it."""

    path: str
    template: str
    reading: Reading
    context: type
    access: Access = Access.READ

    @property
    def api_path(self) -> str:
        """Return where the same context is given as JSON."""
        return API + ("/overview" if self.path == "/" else self.path)


VIEWS = (
    View(path="/", template="overview.html", reading=overview.overview, context=Overview),
    View(path="/issues", template="issues.html", reading=issues.issue_list, context=IssueList),
    View(path="/issues/{issue_id}", template="issue.html", reading=issues.issue_page, context=desk.IssuePage),
    View(path="/search", template="search.html", reading=finding.search, context=Search),
    View(
        path="/documents/{document_id}",
        template="document.html",
        reading=finding.document_page,
        context=DocumentPage,
    ),
    View(path="/topics", template="topics.html", reading=subjects.topics, context=Topics),
    View(path="/topics/{topic}", template="topic.html", reading=subjects.topic_page, context=TopicPage),
    View(path="/places", template="places.html", reading=subjects.places, context=Places),
    View(path="/places/{code}", template="place.html", reading=subjects.place_page, context=PlacePage),
    View(path="/sources", template="sources.html", reading=listening.sources, context=Sources),
    View(path="/cases", template="cases.html", reading=casework.case_board, context=desk.CaseBoard),
    View(path="/cases/week", template="cases_week.html", reading=casework.case_week, context=desk.CaseWeek),
    View(path="/cases/{case_id}", template="case.html", reading=casework.case_page, context=desk.CasePage),
    View(path="/silences", template="silences.html", reading=alerting.silence_page, context=desk.Silences),
    View(path="/searches", template="searches.html", reading=people.saved_searches, context=desk.SavedSearches),
    View(path="/accuracy", template="accuracy.html", reading=trust.accuracy, context=desk.Accuracy),
    View(path="/deliveries", template="deliveries.html", reading=people.delivery_list, context=desk.Deliveries),
    View(
        path="/reports",
        template="reports.html",
        reading=books.report_book,
        context=contexts_books.ReportBook,
        access=Access.REPORT,
    ),
    View(
        path="/dialogues", template="dialogues.html", reading=books.dialogue_book, context=contexts_books.DialogueBook
    ),
    View(
        path="/dialogues/{dialogue_id}",
        template="dialogue.html",
        reading=books.dialogue_page,
        context=contexts_books.DialoguePage,
    ),
    View(path="/surveys", template="surveys.html", reading=books.survey_book, context=contexts_books.SurveyBook),
    View(
        path="/surveys/{survey_id}",
        template="survey.html",
        reading=books.survey_page,
        context=contexts_books.SurveyPage,
    ),
    View(path="/agencies", template="agencies.html", reading=books.agency_list, context=contexts_books.Agencies),
    View(
        path="/audit",
        template="audit.html",
        reading=people.audit_lines,
        context=desk.Audit,
        access=Access.ADMINISTER,
    ),
    View(
        path="/users",
        template="users.html",
        reading=people.user_list,
        context=desk.Users,
        access=Access.ADMINISTER,
    ),
    View(
        path="/account",
        template="account.html",
        reading=people.account,
        context=desk.Account,
        access=Access.SIGNED_IN,
    ),
    View(path="/sources/{source_id}", template="source.html", reading=listening.source_page, context=SourcePage),
)

ERRORS: dict[int | str, dict[str, Any]] = {
    status: {"model": ErrorBody} for status in (400, 401, 403, 404, 413, 422, 429, 503)
}


def add_pages(app: FastAPI, given: Given) -> None:
    """Add each view as a page and to the API."""
    for view in VIEWS:
        page, data = _endpoints(view)
        given.access[f"GET {view.path}"] = given.access[f"GET {view.api_path}"] = view.access
        app.add_api_route(view.path, page, methods=["GET"], include_in_schema=False, response_class=HTMLResponse)
        app.add_api_route(
            view.api_path,
            data,
            methods=["GET"],
            response_model=view.context,
            responses=ERRORS,
            name=view.template.removesuffix(".html"),
            description=view.context.__doc__ or "",
        )


def _endpoints(view: View) -> tuple[Reading, Reading]:
    def page(
        request: Request, given: TheGiven, visitor: TheVisitor, context: Annotated[Any, Depends(view.reading)]
    ) -> HTMLResponse:
        values = {field.name: getattr(context, field.name) for field in fields(context)}
        return show(request, given, view.template, shell(request, visitor), values)

    def data(context: Annotated[Any, Depends(view.reading)]) -> Any:
        return context

    return page, data
