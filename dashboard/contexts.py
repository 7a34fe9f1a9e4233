"""What each page shows of documents, issues and sources: the same typed values go to the template and to the API."""

from dataclasses import dataclass
from datetime import datetime

from monitor.detect.signals import Signal
from monitor.records import FeedHealth, Kind, Level, SourceKind, Tone
from monitor.store import Bucket


@dataclass(frozen=True, kw_only=True, slots=True)
class IssueLine:
    """One issue in a list; `alert` is the status of its alert, "" without one; `fresh`: began since the last look."""

    id: str
    title: str
    topic: str
    places: tuple[str, ...]
    level: Level
    score: float
    observed: float
    expected: float
    publishers: int
    negative_share: float
    first_seen_at: datetime
    last_seen_at: datetime
    alert: str = ""
    fresh: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class DocumentLine:
    """One document in a list; `excerpt` marks what matched with ⟦ and ⟧; `url` is "" where no link may be given."""

    id: str
    title: str
    excerpt: str
    publisher: str
    source_id: str
    kind: Kind
    url: str
    published_at: datetime
    topic: str = ""
    tone: Tone | None = None
    concern: float | None = None
    places: tuple[str, ...] = ()
    copy_of: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Trend:
    """How many documents a topic or a place had in the last seven days, and in the seven before."""

    key: str
    now: int
    before: int
    negative: int
    issues: int


@dataclass(frozen=True, kw_only=True, slots=True)
class SourceLine:
    """A source as it was last found; `state` is ok, troubled (some feeds unread), dead (none read) or never."""

    id: str
    name: str
    publisher: str
    kind: SourceKind
    region: str
    home: str
    state: str
    checked_at: datetime | None
    last_document_at: datetime | None
    failures: int
    documents: int
    day: int
    usual: float
    feeds: tuple[FeedHealth, ...]
    outcomes: tuple[Bucket, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Overview:
    """What is hot now, what began since the last look, whether the sources are heard, and the budget used.

    `usual` is the mean of the seven days before the last 24 hours; `missing` names parts that did not answer.
    """

    at: datetime
    looked_at: datetime | None
    hot: tuple[IssueLine, ...]
    emerging: tuple[IssueLine, ...]
    cooling: tuple[IssueLine, ...]
    levels: tuple[Bucket, ...]
    fresh: int
    documents: int
    usual: float
    publishers: int
    alerts: int
    budget: float
    waiting: int
    overdue: int
    sources: int
    heard: int
    silent: tuple[SourceLine, ...]
    topics: tuple[Trend, ...]
    places: tuple[Bucket, ...]
    signals: tuple[Signal, ...]
    undelivered: int
    missing: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class IssueList:
    """Issues by score, of the levels, topic and place asked for; `levels` counts those of each level.

    `after` opens the next page, None on the last; `first` says whether this is the first.
    """

    issues: tuple[IssueLine, ...]
    after: str | None
    first: bool
    levels: tuple[Bucket, ...]
    level: Level | None
    topic: str
    place: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Search:
    """Hits of a query, newest or best first; `after` opens the next page; `problem` says what could not be read."""

    q: str
    order: str
    total: int
    hits: tuple[DocumentLine, ...]
    after: str | None
    first: bool
    partial: bool
    problem: str
    days: tuple[Bucket, ...]
    topics: tuple[Bucket, ...]
    tones: tuple[Bucket, ...]
    places: tuple[Bucket, ...]
    publishers: tuple[Bucket, ...]
    kinds: tuple[Bucket, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Version:
    """One version of a document, with when it was first seen."""

    version: int
    title: str
    fetched_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class DocumentPage:
    """One document whole, what the models say of it, and its versions; reading it is in the audit."""

    document: DocumentLine
    lead: str
    text: str
    section: str
    fetched_at: datetime
    keywords: tuple[str, ...]
    model: str
    versions: tuple[Version, ...]
    issues: tuple[IssueLine, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Topics:
    """All topics in the last seven days."""

    since: datetime
    trends: tuple[Trend, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class TopicPage:
    """One topic: its days, its places, its issues and its newest concerns."""

    topic: str
    days: tuple[Bucket, ...]
    trend: Trend
    places: tuple[Bucket, ...]
    publishers: tuple[Bucket, ...]
    issues: tuple[IssueLine, ...]
    documents: tuple[DocumentLine, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Places:
    """The 34 provinces in the last seven days."""

    since: datetime
    trends: tuple[Trend, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class PlacePage:
    """One province: its days, its topics, its issues and its newest concerns."""

    code: str
    name: str
    region: str
    former: tuple[str, ...]
    days: tuple[Bucket, ...]
    trend: Trend
    topics: tuple[Bucket, ...]
    issues: tuple[IssueLine, ...]
    documents: tuple[DocumentLine, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Sources:
    """All sources with their health and coverage."""

    at: datetime
    sources: tuple[SourceLine, ...]
    heard: int
    problem: str


@dataclass(frozen=True, kw_only=True, slots=True)
class SourcePage:
    """One source: its health, its days and its newest documents."""

    source: SourceLine
    days: tuple[Bucket, ...]
    documents: tuple[DocumentLine, ...]
