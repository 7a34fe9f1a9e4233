"""Cases: the board by agency, and one case from the letter to the final result."""

from collections import defaultdict
from datetime import timedelta

from dashboard.contexts_desk import AgencyCases, CaseBoard, CasePage
from dashboard.errors import NotFound
from dashboard.given import Now, TheDesk
from monitor.desk import cases
from monitor.records import VIETNAM, Case, CaseStatus
from monitor.store import Bucket

_MORE = timedelta(days=15)


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
