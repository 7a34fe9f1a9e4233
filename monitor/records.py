"""The records that cross every boundary: frozen, keyword only, times aware and in UTC."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from enum import StrEnum
from hashlib import blake2b
from types import MappingProxyType

VIETNAM = timezone(timedelta(hours=7), "Asia/Ho_Chi_Minh")

TOPICS = (
    "health",
    "education",
    "transport",
    "land_housing",
    "environment",
    "disaster",
    "economy",
    "labour_welfare",
    "crime_law",
    "governance",
    "culture",
    "sport",
    "technology",
    "world",
    "lifestyle",
)


class SourceKind(StrEnum):
    NEWS = "news"
    FORUM = "forum"
    API = "api"
    REPORT = "report"


class Kind(StrEnum):
    ARTICLE = "article"
    POST = "post"
    COMMENT = "comment"
    REPORT = "report"


class Tone(StrEnum):
    NEGATIVE = "negative"
    NEUTRAL = "neutral"
    POSITIVE = "positive"


class Level(StrEnum):
    EMERGING = "emerging"
    HOT = "hot"
    COOLING = "cooling"
    CLOSED = "closed"


class AlertStatus(StrEnum):
    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    RESOLVED = "resolved"


class CaseStatus(StrEnum):
    SENT = "sent"
    ANSWERED = "answered"
    OVERDUE = "overdue"
    FINAL = "final"


class Outcome(StrEnum):
    """What became of one page: exactly one of these, the same words in logs, counts and screens."""

    STORED = "stored"
    UPDATED = "updated"
    DUPLICATE = "duplicate"
    TOO_SHORT = "too_short"
    NO_TEXT = "no_text"
    NO_DATE = "no_date"
    NOT_VIETNAMESE = "not_vietnamese"
    DISALLOWED = "disallowed"
    FAILED = "failed"


class FeedStatus(StrEnum):
    """How a feed was found when it was last asked."""

    OK = "ok"
    NOT_MODIFIED = "not_modified"
    EMPTY = "empty"
    INVALID = "invalid"
    FAILED = "failed"
    DISALLOWED = "disallowed"
    WAITING = "waiting"


@dataclass(frozen=True, kw_only=True, slots=True)
class Source:
    """One place to collect from; sources of one newsroom share `publisher`, which is what counts count."""

    id: str
    name: str
    home: str
    kind: SourceKind
    publisher: str
    region: str = ""
    feeds: tuple[str, ...] = ()
    sitemaps: tuple[str, ...] = ()
    lists: tuple[str, ...] = ()
    selectors: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    pace: timedelta = timedelta(seconds=2)
    local: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class FeedHealth:
    """One feed, sitemap or list as it was found; `detail` says why when it could not be read."""

    url: str
    status: FeedStatus
    detail: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class SourceHealth:
    """A source after a crawl; `failures` counts the crawls in a row in which none of its feeds could be read."""

    source_id: str
    checked_at: datetime
    feeds: tuple[FeedHealth, ...] = ()
    failures: int = 0
    documents: int = 0
    outcomes: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    last_document_at: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Document:
    """One published text.  `id` is the hash of the canonical URL; `version` grows when the text was edited."""

    id: str
    url: str
    source_id: str
    publisher: str
    kind: Kind
    title: str
    lead: str = ""
    text: str = ""
    section: str = ""
    published_at: datetime
    fetched_at: datetime
    parent_id: str | None = None
    voice: str | None = None
    reactions: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    version: int = 1


@dataclass(frozen=True, kw_only=True, slots=True)
class Annotation:
    """What the annotator says of one document; `places` are codes of the 34 provinces, `wards` where certain.

    `version` is the version of the document that was read; None stands for whichever is present.
    """

    document_id: str
    model: str
    topic: str
    topics: Mapping[str, float]
    tone: Tone
    tone_score: float
    concern: float
    places: tuple[str, ...] = ()
    wards: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    story_id: str | None = None
    copy_of: str | None = None
    version: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Story:
    """One happening: the documents that tell it, in order of arrival."""

    id: str
    title: str
    first_seen_at: datetime
    last_seen_at: datetime
    publishers: tuple[str, ...]
    documents: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Issue:
    """A concern that grew beyond what is normal, with its reasons in numbers; `key` is a story id or a series key."""

    id: str
    key: str
    title: str
    topic: str
    places: tuple[str, ...]
    level: Level
    score: float
    observed: float
    expected: float
    p_value: float
    publishers: tuple[str, ...]
    negative_share: float
    first_seen_at: datetime
    last_seen_at: datetime
    evidence: tuple[str, ...]
    explanation: str
    continues: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Alert:
    """People were told, or are to be told, of an issue at a level."""

    id: str
    issue_id: str
    level: Level
    status: AlertStatus
    opened_at: datetime
    notified_at: datetime | None = None
    by: str = ""
    note: str = ""
    assigned: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Silence:
    """No notices for what `matcher` matches, until a time, or until the issue closes (`until` is None)."""

    id: str
    matcher: Mapping[str, str]
    by: str
    comment: str
    until: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class StoredFile:
    """A file that came with an answer, kept under its SHA-256; `name` is what it was called."""

    digest: str
    name: str
    kind: str
    size: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """What an agency answered in a case."""

    at: datetime
    text: str
    final: bool = False
    files: tuple[StoredFile, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Case:
    """An issue sent to the agency that must answer it, followed to the final result, and if it flares up again."""

    id: str
    issue_id: str
    agency: str
    sent_at: datetime
    due_at: datetime
    answers: tuple[Answer, ...] = ()
    status: CaseStatus = CaseStatus.SENT
    final_result: str = ""
    title: str = ""
    letter: str = ""
    by: str = ""
    final_at: datetime | None = None
    flared_up_at: datetime | None = None


def digest(*parts: str) -> str:
    """Return 16 hex digits that name the parts; the same parts give the same name on every machine."""
    return blake2b("\x1f".join(parts).encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
