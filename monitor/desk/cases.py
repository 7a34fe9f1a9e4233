"""Cases: an issue sent to an agency, its answers, and the final result kept apart from interim ones."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import orjson
import sqlalchemy as sa

from monitor.desk import schema
from monitor.desk.agencies import Agency
from monitor.desk.alerts import Dossier, needed
from monitor.desk.audit import Action, note
from monitor.desk.database import Desk, moment, stamp
from monitor.errors import WrongInput
from monitor.jsonl import from_dict, to_dict
from monitor.records import VIETNAM, Answer, Case, CaseStatus, Issue, StoredFile, digest

LONGEST_LETTER = 20_000


@dataclass(frozen=True, kw_only=True, slots=True)
class AgencyWeek:
    """What an agency was sent, answered and finished in a week, and what it is late with now."""

    agency: str
    sent: int
    answered: int
    final: int
    open: int
    late: tuple[Case, ...]


def send_case(desk: Desk, issue: Issue, agency: Agency, letter: str, due_at: datetime, by: str, now: datetime) -> Case:
    """Send an issue to an agency; a second time while that case is open returns the open one.

    Raises InputError without a letter or author, or when the due date is not in the future.
    """
    if due_at <= now:
        raise WrongInput("case.due")
    body, by = needed(letter, "letter", LONGEST_LETTER), needed(by, "who")
    with desk.write() as connection:
        if open_case := _open_case(connection, issue.id, agency.id, now):
            return open_case
        row = {
            "id": digest("case", issue.id, agency.id, stamp(now)),
            "issue_id": issue.id,
            "agency_id": agency.id,
            "agency": agency.name,
            "title": issue.title,
            "letter": body,
            "by": by,
            "sent_at": stamp(now),
            "due_at": stamp(due_at),
        }
        connection.execute(sa.insert(schema.cases).values(**row))
        note(connection, by, Action.SEND_CASE, f"case:{row['id']}", now, f"issue:{issue.id}; {agency.name}")
        return _found(connection, row["id"], now)


def answer_case(
    desk: Desk,
    case_id: str,
    text: str,
    by: str,
    now: datetime,
    *,
    files: Sequence[StoredFile] = (),
    final: bool = False,
) -> Case:
    """Keep an answer of the agency; a final one is the result that ends the case.

    Raises InputError without a text, and when the case has its final result already.
    """
    by = needed(by, "who")
    body = needed(text, "answer", LONGEST_LETTER)
    with desk.write() as connection:
        case = _found(connection, case_id, now)
        if case.status == CaseStatus.FINAL:
            raise WrongInput("case.final", case=case_id)
        connection.execute(sa.insert(schema.answers).values(**_answer_row(case, body, by, now, files, final)))
        if final:
            of_case = sa.update(schema.cases).where(schema.cases.c.id == case_id)
            connection.execute(of_case.values(final_at=stamp(now), final_result=body))
        note(connection, by, Action.ANSWER_CASE, f"case:{case_id}", now, "final" if final else "interim")
        return _found(connection, case_id, now)


def move_due(desk: Desk, case_id: str, due_at: datetime, by: str, comment: str, now: datetime) -> Case:
    """Give the agency until another date, with a reason."""
    why = needed(comment, "reason")
    if due_at <= now:
        raise WrongInput("case.due")
    with desk.write() as connection:
        _found(connection, case_id, now)
        connection.execute(sa.update(schema.cases).where(schema.cases.c.id == case_id).values(due_at=stamp(due_at)))
        connection.execute(sa.delete(schema.reminders).where(schema.reminders.c.case_id == case_id))
        note(connection, needed(by, "who"), Action.MOVE_DUE, f"case:{case_id}", now, why)
        return _found(connection, case_id, now)


def case(desk: Desk, case_id: str, now: datetime) -> Case | None:
    """The case of that id as it stands now."""
    with desk.read() as connection:
        found = read_cases(connection, now, schema.cases.c.id == case_id)
    return found[0] if found else None


def cases(desk: Desk, now: datetime, *statuses: CaseStatus, issue_id: str = "") -> list[Case]:
    """Cases of those statuses now (all when none is named), of one issue; soonest due first, final ones last."""
    asked = [schema.cases.c.issue_id == issue_id] if issue_id else []
    with desk.read() as connection:
        found = read_cases(connection, now, *asked)
    return [one for one in found if not statuses or one.status in statuses]


def week(desk: Desk, since: datetime, until: datetime, now: datetime) -> list[AgencyWeek]:
    """The list by agency of a period, those with late cases first, then by name."""
    by_agency: dict[str, list[Case]] = defaultdict(list)
    for one in cases(desk, now):
        by_agency[one.agency].append(one)
    rows = [_agency_week(name, some, since, until) for name, some in by_agency.items()]
    return sorted(rows, key=lambda row: (-len(row.late), row.agency))


def read_cases(connection: sa.Connection, now: datetime, *asked: sa.ColumnElement[bool]) -> list[Case]:
    """`cases` within a transaction."""
    storm = sa.func.coalesce(schema.alerts.c.storm, schema.cases.c.issue_id).label("storm")
    joined = schema.cases.outerjoin(schema.alerts, schema.alerts.c.issue_id == schema.cases.c.issue_id)
    order = (schema.cases.c.final_at.is_not(None), schema.cases.c.due_at, schema.cases.c.id)
    rows = connection.execute(sa.select(schema.cases, storm).select_from(joined).where(*asked).order_by(*order))
    kept = list(rows.mappings())
    answers = _answers(connection, [row["id"] for row in kept])
    raised = _raised(connection, {row["storm"] for row in kept if row["final_at"]})
    return [_case(row, answers[row["id"]], raised.get(row["storm"]), now) for row in kept]


def remarks(connection: sa.Connection, dossiers: Iterable[Dossier], now: datetime) -> dict[str, list[str]]:
    """Return by issue id what a notice should say of the cases of its storm: who has it, or that it flared up again."""
    storms = {one.storm: one.issue.id for one in dossiers}
    storm = sa.func.coalesce(schema.alerts.c.storm, schema.cases.c.issue_id)
    joined = schema.cases.outerjoin(schema.alerts, schema.alerts.c.issue_id == schema.cases.c.issue_id)
    query = sa.select(schema.cases.c.id, storm).select_from(joined).where(storm.in_(storms))
    issue_of = {case_id: storms[name] for case_id, name in connection.execute(query)}
    result: dict[str, list[str]] = defaultdict(list)
    for one in read_cases(connection, now, schema.cases.c.id.in_(issue_of)) if issue_of else ():
        result[issue_of[one.id]].append(_remark(one))
    return result


def _remark(one: Case) -> str:
    if one.final_at is None:
        return f"Đã gửi {one.agency}, hạn trả lời {one.due_at.astimezone(VIETNAM):%d/%m/%Y}"
    result = f"{one.agency} đã có kết quả cuối cùng ngày {one.final_at.astimezone(VIETNAM):%d/%m/%Y}"
    return f"{result}, nay bùng phát lại" if one.flared_up_at else result


def _agency_week(name: str, some: Sequence[Case], since: datetime, until: datetime) -> AgencyWeek:
    return AgencyWeek(
        agency=name,
        sent=sum(since <= one.sent_at < until for one in some),
        answered=sum(since <= answer.at < until for one in some for answer in one.answers),
        final=sum(one.final_at is not None and since <= one.final_at < until for one in some),
        open=sum(one.status != CaseStatus.FINAL for one in some),
        late=tuple(one for one in some if one.status == CaseStatus.OVERDUE),
    )


def _open_case(connection: sa.Connection, issue_id: str, agency_id: str, now: datetime) -> Case | None:
    table = schema.cases.c
    same = (table.issue_id == issue_id, table.agency_id == agency_id, table.final_at.is_(None))
    found = read_cases(connection, now, *same)
    return found[0] if found else None


def _found(connection: sa.Connection, case_id: str, now: datetime) -> Case:
    found = read_cases(connection, now, schema.cases.c.id == case_id)
    if not found:
        raise WrongInput("unknown.case", case=case_id)
    return found[0]


def _answers(connection: sa.Connection, case_ids: Sequence[str]) -> Mapping[str, list[Answer]]:
    table = schema.answers
    query = sa.select(table).where(table.c.case_id.in_(case_ids)).order_by(table.c.at, table.c.id)
    result: dict[str, list[Answer]] = defaultdict(list)
    for row in connection.execute(query).mappings():
        files = tuple(from_dict(StoredFile, values) for values in orjson.loads(row["files"]))
        at = datetime.fromisoformat(row["at"])
        result[row["case_id"]].append(Answer(at=at, text=row["text"], final=bool(row["final"]), files=files))
    return result


def _raised(connection: sa.Connection, storms: set[str]) -> dict[str, datetime]:
    table = schema.alerts
    query = sa.select(table.c.storm, sa.func.max(table.c.raised_at)).where(table.c.storm.in_(storms))
    return {storm: datetime.fromisoformat(at) for storm, at in connection.execute(query.group_by(table.c.storm))}


def _answer_row(
    case: Case, body: str, by: str, now: datetime, files: Sequence[StoredFile], final: bool
) -> dict[str, str | bool]:
    return {
        "id": digest("answer", case.id, stamp(now), body),
        "case_id": case.id,
        "at": stamp(now),
        "text": body,
        "final": final,
        "files": orjson.dumps([to_dict(file) for file in files]).decode(),
        "by": by,
    }


def _case(row: sa.RowMapping, answers: Sequence[Answer], raised_at: datetime | None, now: datetime) -> Case:
    due_at, final_at = datetime.fromisoformat(row["due_at"]), moment(row["final_at"])
    again = raised_at if final_at and raised_at and raised_at > final_at else None
    return Case(
        id=row["id"],
        issue_id=row["issue_id"],
        agency=row["agency"],
        sent_at=datetime.fromisoformat(row["sent_at"]),
        due_at=due_at,
        answers=tuple(answers),
        status=_status(due_at, answers, final_at, now),
        final_result=row["final_result"],
        title=row["title"],
        letter=row["letter"],
        by=row["by"],
        final_at=final_at,
        flared_up_at=again,
    )


def _status(due_at: datetime, answers: Sequence[Answer], final_at: datetime | None, now: datetime) -> CaseStatus:
    if final_at:
        return CaseStatus.FINAL
    if now >= due_at:
        return CaseStatus.OVERDUE
    return CaseStatus.ANSWERED if answers else CaseStatus.SENT
