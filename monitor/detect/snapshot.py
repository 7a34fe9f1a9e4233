"""The state of detection as bytes, so that a run goes on where the one before ended."""

import zlib
from collections.abc import Mapping
from typing import Any

import orjson

from monitor.detect.counts import Counts
from monitor.detect.entry import Entry, Link
from monitor.detect.gist import Gist, gist
from monitor.detect.issues import OpenIssue
from monitor.detect.state import Past, State
from monitor.detect.stories import Stories
from monitor.detect.worth import Reading
from monitor.errors import StoreError
from monitor.records import Kind, Level, Tone

VERSION = 3

_OPTIONS = orjson.OPT_NON_STR_KEYS | orjson.OPT_SERIALIZE_DATACLASS


def to_bytes(state: State) -> bytes:
    """Return the state as bytes; equal states give equal bytes."""
    stories = state.stories
    kept = [[entry, stories.story_of[n], stories.links[n]] for n, entry in stories.entries.items()]
    gists = {story: gist for story, gist in stories.gists.items() if gist.count > 1}
    values = {
        "version": VERSION,
        "stories": [stories.first, stories.reached, kept, gists],
        "issues": list(state.issues.values()),
        "past": state.past,
        "waiting": state.waiting,
        "ready": state.ready,
        "clock": [state.clock, state.number, state.tokens],
    }
    body = zlib.compress(orjson.dumps(values, option=_OPTIONS), 1)
    return len(body).to_bytes(8, "big") + body + state.counts.snapshot()


def from_bytes(data: bytes) -> State:
    """Return the state that `to_bytes` was given.  Raises StoreError when it is damaged or of another version."""
    size = int.from_bytes(data[:8], "big")
    try:
        values = orjson.loads(zlib.decompress(data[8 : 8 + size]))
        if values["version"] != VERSION:
            raise StoreError(f"the state of detection is of version {values['version']}, not {VERSION}: delete it")
        return _state(values, Counts.restore(data[8 + size :]))
    except (zlib.error, orjson.JSONDecodeError, KeyError, TypeError) as error:
        raise StoreError("the state of detection is damaged: delete it, and the next run starts anew") from error


def _state(values: Mapping[str, Any], counts: Counts) -> State:
    issues = [_issue(issue) for issue in values["issues"]]
    clock, number, tokens = values["clock"]
    return State(
        stories=_stories(*values["stories"]),
        issues={issue.id: issue for issue in issues},
        part_of={story: issue.id for issue in issues for story in issue.stories},
        past=[Past(id=p["id"], gist=_gist(p["gist"]), closed=p["closed"]) for p in values["past"]],
        waiting=[_entry(entry) for entry in values["waiting"]],
        ready=values["ready"],
        counts=counts,
        clock=clock,
        number=number,
        tokens=tokens,
    )


def _stories(first: int, reached: int, kept: list[list[Any]], gists: Mapping[str, Any]) -> Stories:
    """The gist of a story of one document is that document's."""
    stories = Stories(first=first, reached=reached)
    for entry, story, link in kept:
        stories.hold(_entry(entry), story, Link(**link))
    alone = {story: gist(stories.of(story)) for story in stories.members if str(story) not in gists}
    stories.gists.update(alone | {int(story): _gist(values) for story, values in gists.items()})
    return stories


def _entry(values: dict[str, Any]) -> Entry:
    reading = values["reading"]
    changed = {
        "vector": _numbered(values["vector"]),
        "kind": Kind(values["kind"]),
        "tone": Tone(values["tone"]),
        "topics": tuple(values["topics"]),
        "places": tuple(values["places"]),
        "reading": Reading(tuple(reading["values"]), tuple(reading["raises"]), tuple(reading["lowers"])),
    }
    return Entry(**(values | changed))


def _issue(values: dict[str, Any]) -> OpenIssue:
    pairs = {name: tuple(values[name]) for name in ("first", "lead", "asked", "raises", "lowers") if name in values}
    numbers = values["numbers"] and tuple(values["numbers"])
    made = {"gist": _gist(values["gist"]), "level": Level(values["level"]), "numbers": numbers}
    return OpenIssue(**(values | pairs | made))


def _gist(values: dict[str, Any]) -> Gist:
    return Gist(**(values | {"terms": _numbered(values["terms"])}))


def _numbered(weights: Mapping[str, float]) -> dict[int, float]:
    return {int(key): weight for key, weight in weights.items()}
