"""How far alerts can be trusted: the rule, what staff say of them, the base rate, the delays."""

from datetime import timedelta
from statistics import median, quantiles

from dashboard.alerting import rules_of
from dashboard.contexts_desk import Accuracy, JudgedIssue
from dashboard.given import Now, TheDesk, TheSettings, TheStore
from monitor.desk import alerts, judgements
from monitor.desk.alerts import Dossier
from monitor.desk.judgements import Judgement, Verdict
from monitor.desk.surveys import wilson
from monitor.query import Query

_LOOK_BACK = timedelta(days=90)
_SHOWN = 50


def accuracy(store: TheStore, desk: TheDesk, settings: TheSettings, now: Now) -> Accuracy:
    """Return the record of the last 90 days; the verdict on an alert is that of most staff, the newest of equals."""
    since = now - _LOOK_BACK
    found = [d for d in alerts.dossiers(desk) if d.alert.opened_at >= since]
    said: dict[str, list[Judgement]] = {}
    for one in judgements.judgements(desk):
        said.setdefault(one.issue_id, []).append(one)
    judged = [d for d in found if d.alert.issue_id in said]
    verdicts = [verdict(said[d.alert.issue_id]) for d in judged]
    right = verdicts.count(Verdict.RIGHT)
    low, high = wilson(right, len(judged))
    rules, problem = rules_of(settings)
    delays = sorted(delay_hours(d) for d in found)
    return Accuracy(
        since=since,
        rules=rules,
        rules_problem=problem,
        budget=settings.budget,
        voices=settings.voices,
        alerts=len(found),
        judged=len(judged),
        right=right,
        wrong=verdicts.count(Verdict.WRONG),
        late=verdicts.count(Verdict.LATE),
        low=low,
        high=high,
        documents=store.total(Query(since=since, until=now)),
        issues=sum(issue.last_seen_at >= since for issue in store.issues(limit=10_000)),
        median_delay=median(delays) if delays else None,
        slow_delay=quantiles(delays, n=10)[-1] if len(delays) > 1 else None,
        record=tuple(_judged(d, said[d.alert.issue_id]) for d in judged[:_SHOWN]),
    )


def verdict(votes: list[Judgement]) -> Verdict:
    """Return what most say, the newest of equals."""
    return max(votes, key=lambda vote: (sum(v.verdict is vote.verdict for v in votes), vote.at)).verdict


def delay_hours(dossier: Dossier) -> float:
    """Return the hours from the first document of an issue to its alert."""
    return max(0.0, (dossier.alert.opened_at - dossier.issue.first_seen_at) / timedelta(hours=1))


def _judged(dossier: Dossier, votes: list[Judgement]) -> JudgedIssue:
    return JudgedIssue(
        issue_id=dossier.alert.issue_id,
        title=dossier.issue.title,
        level=dossier.peak,
        opened_at=dossier.alert.opened_at,
        delay_hours=delay_hours(dossier),
        verdicts=tuple(votes),
    )
