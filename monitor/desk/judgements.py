"""What staff say of alerts afterwards: right, wrong or late; the labels of the next training."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import orjson
import sqlalchemy as sa

from monitor.desk import schema
from monitor.desk.alerts import alert_id, needed
from monitor.desk.audit import Action, note
from monitor.desk.database import Desk, stamp, upsert
from monitor.errors import WrongInput
from monitor.text import clean


class Verdict(StrEnum):
    RIGHT = "right"
    WRONG = "wrong"
    LATE = "late"


@dataclass(frozen=True, kw_only=True, slots=True)
class Judgement:
    """What one member of staff says of the alert of one issue, the last time they said it."""

    issue_id: str
    verdict: Verdict
    by: str
    at: datetime
    comment: str


def judge(desk: Desk, issue_id: str, verdict: Verdict, by: str, now: datetime, comment: str = "") -> None:
    """Keep a judgement; a second one of the same member of staff replaces the first."""
    by, target = needed(by, "who"), alert_id(issue_id)
    row = {"alert_id": target, "by": by, "judgement": verdict, "at": stamp(now), "comment": clean(comment).strip()}
    with desk.write() as connection:
        if connection.scalar(sa.select(schema.alerts.c.id).where(schema.alerts.c.id == target)) is None:
            raise WrongInput("alert.none")
        upsert(connection, schema.judgements, **row)
        note(connection, by, Action.JUDGE, f"issue:{issue_id}", now, verdict)


def judgements(desk: Desk, issue_id: str = "") -> list[Judgement]:
    """Judgements, of one issue where given, oldest first."""
    table, known = schema.judgements, schema.alerts
    query = sa.select(table, known.c.issue_id).join(known, known.c.id == table.c.alert_id)
    if issue_id:
        query = query.where(known.c.issue_id == issue_id)
    with desk.read() as connection:
        rows = connection.execute(query.order_by(table.c.at, table.c.by)).mappings()
        return [_judgement(row) for row in rows]


def label_lines(desk: Desk) -> Iterator[str]:
    """Yield one line of JSON for each judged issue: its id, title, topic, urls, judgement, votes and last time.

    The judgement is that of most members of staff, the newest of equals; who they are stays here.
    """
    with desk.read() as connection:
        rows = connection.execute(sa.select(schema.alerts).order_by(schema.alerts.c.opened_at)).mappings()
        issues = {row["issue_id"]: (orjson.loads(row["issue"]), orjson.loads(row["headlines"])) for row in rows}
    by_issue: dict[str, list[Judgement]] = {}
    for one in judgements(desk):
        by_issue.setdefault(one.issue_id, []).append(one)
    for issue_id, (issue, headlines) in issues.items():
        if votes := by_issue.get(issue_id):
            yield orjson.dumps(_label(issue, headlines, votes)).decode()


def _label(issue: dict[str, object], headlines: list[dict[str, str]], votes: list[Judgement]) -> dict[str, object]:
    counts = {verdict.value: sum(vote.verdict == verdict for vote in votes) for verdict in Verdict}
    newest = {vote.verdict.value: vote.at for vote in votes}
    return {
        "issue_id": issue["id"],
        "title": issue["title"],
        "topic": issue["topic"],
        "documents": issue["evidence"],
        "urls": [headline["url"] for headline in headlines if headline["url"]],
        "judgement": max(newest, key=lambda verdict: (counts[verdict], newest[verdict])),
        "votes": counts,
        "at": max(newest.values()).isoformat(),
    }


def _judgement(row: sa.RowMapping) -> Judgement:
    return Judgement(
        issue_id=row["issue_id"],
        verdict=Verdict(row["judgement"]),
        by=row["by"],
        at=datetime.fromisoformat(row["at"]),
        comment=row["comment"],
    )
