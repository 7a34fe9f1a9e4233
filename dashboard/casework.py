"""Cases: the board by agency, and one case from the letter to the final result."""

from collections import defaultdict
from datetime import date, datetime, time, timedelta
from typing import Annotated

from fastapi import Query as Asked
from pydantic import Field

from dashboard.contexts_desk import AgencyCases, CaseBoard, CasePage, CaseWeek
from dashboard.errors import NotFound
from dashboard.given import Now, TheDesk
from monitor.desk import Desk, cases
from monitor.desk.cases import AgencyWeek
from monitor.records import VIETNAM, Case, CaseStatus
from monitor.store import Bucket

# Days beyond these are no weeks of an office, and their neighbours no dates.
_Day = Annotated[date, Field(ge=date(2000, 1, 1), le=date(2999, 12, 31))]
Day = Annotated[_Day | None, Asked()]

_MORE, _WEEK = timedelta(days=15), timedelta(days=7)


def case_board(desk: TheDesk, now: Now, status: str = "") -> CaseBoard:
    """Return the cases of a status (all when none is named) by agency, those with late ones first."""
    every = cases.cases(desk, now)
    by_agency: dict[str, list[Case]] = defaultdict(list)
    for one in every:
        if status in ("", one.status):
            by_agency[one.agency].append(one)
    rows = [
        AgencyCases(agency=name, late=sum(one.status is CaseStatus.OVERDUE for one in some), cases=tuple(some))
        for name, some in by_agency.items()
    ]
    return CaseBoard(
        status=status if status in tuple(CaseStatus) else "",
        statuses=tuple(Bucket(key=key, count=sum(one.status is key for one in every)) for key in CaseStatus),
        agencies=tuple(sorted(rows, key=lambda row: (-row.late, row.agency))),
    )


def case_week(desk: TheDesk, now: Now, day: Day = None) -> CaseWeek:
    """Return the week in which a day lies, the present one when none is named."""
    monday = monday_of(day, now)
    return CaseWeek(
        day=f"{monday}",
        before=f"{monday - _WEEK}",
        after=f"{monday + _WEEK}" if monday + _WEEK <= now.astimezone(VIETNAM).date() else "",
        agencies=tuple(week_rows(desk, monday, now)),
    )


def week_rows(desk: Desk, monday: date, now: datetime) -> list[AgencyWeek]:
    """Return the lines of the week that begins on a Monday of Viet Nam."""
    since = datetime.combine(monday, time(), VIETNAM)
    return cases.week(desk, since, since + _WEEK, now)


def monday_of(day: date | None, now: datetime) -> date:
    """Return the Monday of the week of a day, of the present one when none is named."""
    day = day or now.astimezone(VIETNAM).date()
    return day - timedelta(days=day.weekday())


def case_page(desk: TheDesk, now: Now, case_id: str) -> CasePage:
    """Return one case.  Raises NotFound."""
    case = cases.case(desk, case_id, now)
    if case is None:
        raise NotFound("case")
    return CasePage(
        case=case,
        late_days=max(0, (now - case.due_at).days) if case.status is CaseStatus.OVERDUE else 0,
        due=f"{(now + _MORE).astimezone(VIETNAM):%Y-%m-%d}",
    )
