"""What detection remembers from one pass to the next."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from monitor.detect.baseline import Baseline
from monitor.detect.counts import Counts
from monitor.detect.entry import DAY, Entry
from monitor.detect.gist import Gist
from monitor.detect.issues import OpenIssue
from monitor.detect.stories import Stories

REMEMBERED = 60 * DAY
"""How long a closed issue is kept for what may continue it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Settings:
    """What an office asks for: alerts a day, the topics and places it answers for (none named: all), least voices.

    `sure` is the least chance that a story is a concern and grows, whatever the budget: on judged months left out three
    in four alerts are then right.
    """

    budget: float = 6.0
    sure: float = 0.70
    topics: Sequence[str] = ()
    places: Sequence[str] = ()
    voices: int = 5


@dataclass(frozen=True, kw_only=True, slots=True)
class Past:
    """A closed issue."""

    id: str
    gist: Gist
    closed: float


@dataclass(kw_only=True, slots=True)
class State:
    """A pass changes it.  `waiting` are documents of the look that is not over yet, `ready` stories without budget.

    `baselines` are of the series that were asked for, as of the last day on which they were.
    """

    stories: Stories = field(default_factory=Stories)
    issues: dict[str, OpenIssue] = field(default_factory=dict)
    part_of: dict[int, str] = field(default_factory=dict)
    past: list[Past] = field(default_factory=list)
    waiting: list[Entry] = field(default_factory=list)
    ready: list[int] = field(default_factory=list)
    counts: Counts = field(default_factory=Counts)
    baselines: dict[str, Baseline] = field(default_factory=dict)
    clock: float = 0.0
    number: int = 0
    tokens: float | None = None

    def advance(self, now: float, budget: float) -> None:
        """Move the clock; the budget flows in evenly and no more than two days of it can be saved up."""
        saved = budget if self.tokens is None else self.tokens + budget * (now - self.clock) / DAY
        self.tokens, self.clock = min(2 * budget, saved), now

    def close(self, issue: OpenIssue, now: float) -> None:
        """Move an issue to the past; its stories may open another."""
        del self.issues[issue.id]
        for story in issue.stories:
            self.part_of.pop(story, None)
        kept = [past for past in self.past if now - past.closed < REMEMBERED]
        self.past = [*kept, Past(id=issue.id, gist=issue.gist, closed=now)]
