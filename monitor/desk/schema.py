"""The tables of the desk; people in them are the office's own staff."""

import sqlalchemy as sa

metadata = sa.MetaData()


def _text(name: str) -> "sa.Column[str]":
    return sa.Column(name, sa.Text, nullable=False, default="")


def _moment(name: str, *, needed: bool = False) -> "sa.Column[str]":
    """Times are text of one width in UTC, so that they sort as they follow one another in every database."""
    return sa.Column(name, sa.String(32), nullable=not needed)


def _key(name: str = "id") -> "sa.Column[str]":
    return sa.Column(name, sa.String(64), primary_key=True)


schema_version = sa.Table("schema_version", metadata, sa.Column("version", sa.Integer, primary_key=True))

alerts = sa.Table(
    "alerts",
    metadata,
    _key(),
    sa.Column("issue_id", sa.String(64), nullable=False, unique=True),
    sa.Column("storm", sa.String(64), nullable=False, index=True),
    _text("level"),
    _text("peak"),
    sa.Column("status", sa.String(16), nullable=False, index=True),
    _moment("opened_at", needed=True),
    _moment("raised_at", needed=True),
    _moment("resolved_at"),
    _moment("notified_at"),
    _text("by"),
    _text("note"),
    _text("assigned"),
    _text("issue"),
    _text("headlines"),
)

alert_events = sa.Table(
    "alert_events",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("alert_id", sa.String(64), nullable=False, index=True),
    _moment("at", needed=True),
    _text("event"),
    _text("by"),
    _text("comment"),
)

# What each channel was told of each alert last: the level's rank, 0 once it was told that the issue closed.
told = sa.Table(
    "told",
    metadata,
    _key("alert_id"),
    _key("channel"),
    sa.Column("rank", sa.Integer, nullable=False),
    _moment("at", needed=True),
)

outbox = sa.Table(
    "outbox",
    metadata,
    _key("key"),
    sa.Column("channel", sa.String(80), nullable=False, index=True),
    sa.Column("position", sa.Integer, nullable=False),
    _text("kind"),
    _text("title"),
    _text("text"),
    _text("html"),
    _text("alerts"),
    _moment("created_at", needed=True),
    _moment("next_at", needed=True),
    _moment("delivered_at"),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("state", sa.String(16), nullable=False, index=True),
    _text("error"),
)

silences = sa.Table(
    "silences",
    metadata,
    _key(),
    _text("matcher"),
    _text("by"),
    _text("comment"),
    _moment("created_at", needed=True),
    _moment("until"),
    _moment("ended_at"),
    _text("ended_by"),
)

digests = sa.Table("digests", metadata, _key("name"), _moment("at", needed=True))

judgements = sa.Table(
    "judgements",
    metadata,
    _key("alert_id"),
    _key("by"),
    _text("judgement"),
    _text("comment"),
    _moment("at", needed=True),
)

agencies = sa.Table("agencies", metadata, _key(), _text("name"), _text("topics"), _text("places"), _text("address"))

cases = sa.Table(
    "cases",
    metadata,
    _key(),
    sa.Column("issue_id", sa.String(64), nullable=False, index=True),
    sa.Column("agency_id", sa.String(64), nullable=False, index=True),
    _text("agency"),
    _text("title"),
    _text("letter"),
    _text("by"),
    _moment("sent_at", needed=True),
    _moment("due_at", needed=True),
    _moment("final_at"),
    _text("final_result"),
)

answers = sa.Table(
    "answers",
    metadata,
    _key(),
    sa.Column("case_id", sa.String(64), nullable=False, index=True),
    _moment("at", needed=True),
    _text("text"),
    sa.Column("final", sa.Boolean, nullable=False),
    _text("files"),
    _text("by"),
)

reminders = sa.Table("reminders", metadata, _key("case_id"), _key("occasion"), _moment("at", needed=True))

reports = sa.Table(
    "reports",
    metadata,
    _key(),
    _text("topic"),
    _text("place"),
    _text("text"),
    sa.Column("people", sa.Integer, nullable=False),
    _moment("at", needed=True),
    _text("by"),
    sa.Column("state", sa.String(16), nullable=False, index=True),
    _text("reviewed_by"),
    _moment("reviewed_at"),
    _text("comment"),
    _text("document_id"),
)

dialogues = sa.Table(
    "dialogues", metadata, _key(), _text("title"), _text("place"), _moment("held_at", needed=True), _text("by")
)

opinions = sa.Table(
    "opinions",
    metadata,
    _key(),
    sa.Column("dialogue_id", sa.String(64), nullable=False, index=True),
    _text("topic"),
    _text("text"),
    _text("agency"),
    _moment("at", needed=True),
    _moment("due_at", needed=True),
    _text("answer"),
    _moment("answered_at"),
    _text("by"),
)

surveys = sa.Table(
    "surveys",
    metadata,
    _key(),
    _text("title"),
    _text("topic"),
    _text("places"),
    _moment("since", needed=True),
    _moment("until", needed=True),
    _moment("at", needed=True),
    _text("by"),
)

survey_counts = sa.Table(
    "survey_counts",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("survey_id", sa.String(64), nullable=False, index=True),
    _text("question"),
    _text("part"),
    _text("answer"),
    sa.Column("count", sa.Integer, nullable=False),
    sa.Column("sample", sa.Integer, nullable=False),
)

users = sa.Table(
    "users",
    metadata,
    _key("name"),
    _text("role"),
    _text("password"),
    sa.Column("active", sa.Boolean, nullable=False),
    _moment("created_at", needed=True),
)

sessions = sa.Table(
    "sessions",
    metadata,
    _key("token"),
    sa.Column("name", sa.String(64), nullable=False, index=True),
    _moment("created_at", needed=True),
    _moment("seen_at", needed=True),
    _moment("expires_at", needed=True),
)

tokens = sa.Table(
    "tokens",
    metadata,
    _key(),
    sa.Column("token", sa.String(64), nullable=False, unique=True),
    sa.Column("name", sa.String(64), nullable=False, index=True),
    _text("label"),
    _text("scopes"),
    _moment("created_at", needed=True),
    _moment("expires_at"),
    _moment("revoked_at"),
)

attempts = sa.Table(
    "attempts",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("key", sa.String(64), nullable=False, index=True),
    _moment("at", needed=True),
)

audit = sa.Table(
    "audit",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("at", sa.String(32), nullable=False, index=True),
    _text("by"),
    _text("action"),
    _text("object"),
    _text("detail"),
)

saved_searches = sa.Table(
    "saved_searches", metadata, _key("by"), _key("name"), _text("query"), _moment("at", needed=True)
)

looks = sa.Table("looks", metadata, _key("by"), _moment("at", needed=True))
