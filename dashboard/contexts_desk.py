"""What each page shows of the desk: alerts, silences, cases, judgements, audit and staff."""

from dataclasses import dataclass
from datetime import datetime

from dashboard.contexts import DocumentLine, IssueLine
from monitor.desk.agencies import Agency
from monitor.desk.alerts import Happening
from monitor.desk.audit import Record
from monitor.desk.cases import AgencyWeek
from monitor.desk.judgements import Judgement
from monitor.desk.tokens import Token
from monitor.desk.users import User
from monitor.records import AlertStatus, Case, Level
from monitor.rules import Rule
from monitor.store import Bucket


@dataclass(frozen=True, kw_only=True, slots=True)
class DeliveryLine:
    """One notice on its way to one channel."""

    key: str
    channel: str
    title: str
    state: str
    attempts: int
    created_at: datetime
    delivered_at: datetime | None
    error: str


@dataclass(frozen=True, kw_only=True, slots=True)
class AlertView:
    """The alert of an issue, what happened to it, who was told, how staff judged it and what oneself said."""

    status: AlertStatus
    level: Level
    peak: Level
    opened_at: datetime
    notified_at: datetime | None
    assigned: str
    history: tuple[Happening, ...]
    deliveries: tuple[DeliveryLine, ...]
    judgements: tuple[Judgement, ...]
    mine: str


@dataclass(frozen=True, kw_only=True, slots=True)
class SilenceLine:
    """One silence; `until` None stands for "until the issue closes"."""

    id: str
    issue_id: str
    issue: str
    topic: str
    place: str
    rule: str
    by: str
    comment: str
    created_at: datetime
    until: datetime | None
    ended_at: datetime | None
    ended_by: str


@dataclass(frozen=True, kw_only=True, slots=True)
class IssuePage:
    """One issue: its reasons, timeline, sources, places, documents, related issues, and what was done."""

    issue: IssueLine
    explanation: str
    p_value: float
    publishers: tuple[str, ...]
    days: tuple[Bucket, ...]
    evidence: tuple[DocumentLine, ...]
    related: tuple[IssueLine, ...]
    continues: IssueLine | None
    alert: AlertView | None
    silences: tuple[SilenceLine, ...]
    cases: tuple[Case, ...]
    agencies: tuple[Agency, ...]
    letter: str
    due: str
    staff: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class AgencyCases:
    """The cases of one agency, soonest due first."""

    agency: str
    late: int
    cases: tuple[Case, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseBoard:
    """Cases by agency, of one status or all, the agencies with late ones first."""

    status: str
    statuses: tuple[Bucket, ...]
    agencies: tuple[AgencyCases, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseWeek:
    """What each agency was sent and answered in a week, and with what it is late, the latest agencies first.

    `day` is the Monday, `before` and `after` are those of the weeks around, "" for one that has not begun.
    """

    day: str
    before: str
    after: str
    agencies: tuple[AgencyWeek, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class CasePage:
    """One case: the letter, the answers, and the final result apart from them."""

    case: Case
    late_days: int
    due: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Silences:
    """Silences in force, and those that ended lately."""

    present: tuple[SilenceLine, ...]
    past: tuple[SilenceLine, ...]
    rules: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class SavedSearch:
    """A search that someone keeps; `total` is what it finds now, None when it cannot be read any more."""

    name: str
    query: str
    at: datetime
    total: int | None


@dataclass(frozen=True, kw_only=True, slots=True)
class SavedSearches:
    """The searches that someone keeps."""

    searches: tuple[SavedSearch, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Audit:
    """Lines of the audit, newest first; `before` opens the next page."""

    by: str
    action: str
    actions: tuple[str, ...]
    target: str
    records: tuple[Record, ...]
    before: int | None


@dataclass(frozen=True, kw_only=True, slots=True)
class JudgedIssue:
    """An alert that staff judged, and how many hours after the first document it came."""

    issue_id: str
    title: str
    level: Level
    opened_at: datetime
    delay_hours: float
    verdicts: tuple[Judgement, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Accuracy:
    """How far alerts can be trusted: the rule, what staff say of the last 90 days, the base rate, the delays.

    `low` and `high` bound the share of right ones at 95 % (Wilson); delays are hours from first document to alert.
    """

    since: datetime
    rules: tuple[Rule, ...]
    rules_problem: str
    budget: float
    voices: int
    alerts: int
    judged: int
    right: int
    wrong: int
    late: int
    low: float
    high: float
    documents: int
    issues: int
    median_delay: float | None
    slow_delay: float | None
    record: tuple[JudgedIssue, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Deliveries:
    """Notices that never arrived, that wait, and that arrived, at most 100 of each."""

    given_up: tuple[DeliveryLine, ...]
    waiting: tuple[DeliveryLine, ...]
    delivered: tuple[DeliveryLine, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Users:
    """The members of staff, and the roles that they may have."""

    users: tuple[User, ...]
    roles: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Account:
    """Oneself: the role, and the tokens of the API that one holds; `scopes` are those one may give."""

    name: str
    role: str
    tokens: tuple[Token, ...]
    scopes: tuple[str, ...]
