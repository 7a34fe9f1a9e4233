"""Notices that are not of one alert: summaries at set hours, silences that ended, cases that are due."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from monitor.bulletins import Bulletin, brief_entry
from monitor.desk.alerts import Dossier
from monitor.desk.silences import KeptSilence
from monitor.provinces import PROVINCES
from monitor.records import VIETNAM, AlertStatus, Case
from monitor.rules import Digest

NOTHING_NEW = "không có gì mới"

_MATCHER_WORDS = {"issue": "vấn đề", "topic": "chủ đề", "place": "nơi", "rule": "quy tắc"}


def last_slot(digest: Digest, now: datetime) -> datetime:
    """Return the newest set time of a digest that is not after now."""
    today = now.astimezone(VIETNAM).date()
    slots = [datetime.combine(day, at, VIETNAM) for day in (today, today - timedelta(days=1)) for at in digest.at]
    return max(slot for slot in slots if slot <= now)


def digest_bulletin(dossiers: Sequence[Dossier], since: datetime, until: datetime) -> Bulletin:
    """Return the summary of alerts raised or closed in a period, and of those still open."""
    open_ = [d for d in dossiers if d.alert.status != AlertStatus.RESOLVED]
    new = [d for d in open_ if d.raised_at > since]
    over = [d for d in dossiers if d.resolved_at and d.resolved_at > since]
    still = [d for d in open_ if d not in new]
    groups = ((new, "Mới hoặc tăng mức"), (still, "Còn mở"), (over, "Đã khép lại"))
    counts = ", ".join(f"{len(some)} {words.lower()}" for some, words in groups if some)
    summary = counts if new or over else NOTHING_NEW + (f", {counts}" if counts else "")
    return Bulletin(
        kind="digest",
        title=f"Tổng hợp {until.astimezone(VIETNAM):%H:%M %d/%m/%Y}: {summary}",
        lead=f"Từ {since.astimezone(VIETNAM):%H:%M %d/%m/%Y}: {summary}.",
        entries=tuple(brief_entry(d, words) for some, words in groups for d in some),
    )


def silence_bulletin(kept: KeptSilence, still: Sequence[Dossier]) -> Bulletin:
    """Return the notice that a silence ended by itself, with the alerts that it held back and are open still."""
    began = kept.created_at.astimezone(VIETNAM)
    lead = f"Do {kept.silence.by} đặt lúc {began:%H:%M %d/%m/%Y}: {kept.silence.comment}"
    return Bulletin(
        kind="silence",
        title=f"Hết thời gian tắt thông báo: {matcher_words(kept)}",
        lead=f"{lead}\nCòn mở: {len(still)} vấn đề.",
        entries=tuple(brief_entry(d, "Còn mở") for d in still),
    )


def matcher_words(kept: KeptSilence) -> str:
    """Return what a silence matches, for people."""
    values = dict(kept.silence.matcher)
    if values.get("place") in PROVINCES:
        values["place"] = PROVINCES[values["place"]].name
    return ", ".join(f"{_MATCHER_WORDS[key]} {value}" for key, value in values.items())


def case_bulletin(case: Case, now: datetime) -> Bulletin:
    """Return the reminder of a case that is due soon or late."""
    due = case.due_at.astimezone(VIETNAM)
    late = now >= case.due_at
    days = abs(now - case.due_at).days
    state = f"quá hạn {days} ngày" if late and days else "quá hạn" if late else "sắp đến hạn"
    answers = f"{len(case.answers)} trả lời, chưa có kết quả cuối cùng" if case.answers else "chưa có trả lời"
    return Bulletin(
        kind="case",
        title=f"[{state.capitalize()}] {case.agency}: {case.title}",
        lead=f"Gửi {case.sent_at.astimezone(VIETNAM):%d/%m/%Y}, hạn {due:%H:%M %d/%m/%Y}; {answers}.",
    )
