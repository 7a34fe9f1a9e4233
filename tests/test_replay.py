"""The same stream gives the same issues, byte for byte, however it arrives and wherever it is interrupted."""

from collections.abc import Sequence
from datetime import timedelta

import orjson
import pytest
from conftest import NOW
from happenings import BRIDGE, SMELL, PlainWorth, in_order, plain_choice, told

from monitor.detect.detector import detect
from monitor.detect.replay import replay
from monitor.detect.snapshot import from_bytes, to_bytes
from monitor.detect.state import Settings, State
from monitor.errors import StoreError
from monitor.jsonl import to_line
from monitor.store import Hit

WEEDS = [(f"Tin thường số {n}", f"Chuyện riêng thứ {n} chẳng dính tới ai {n * 7919}") for n in range(60)]
STREAM = in_order(
    told(SMELL, every=3), told(BRIDGE, start=1, every=5, topic="transport"), told(WEEDS, every=0.25, concern=0.01)
)
SETTINGS = Settings()


def alerts(hits: Sequence[Hit], batch: int) -> bytes:
    lines = replay(hits, worth=PlainWorth(), settings=SETTINGS, batch=batch, choice=plain_choice())
    return b"\n".join(orjson.dumps(line) for line in lines)


def run(state: State, hits: Sequence[Hit]) -> list[str]:
    end = hits[-1].document.fetched_at + timedelta(hours=1)
    found = detect(state, hits, worth=PlainWorth(), settings=SETTINGS, choice=plain_choice(), until=end)
    return [to_line(issue) for issue in found.issues]


@pytest.mark.parametrize("batch", [1, 7, 50, 400])
def test_the_batches_of_arrival_change_nothing(batch: int) -> None:
    assert alerts(STREAM, batch) == alerts(STREAM, 3) != b""


def test_equal_times_in_another_order_change_nothing() -> None:
    hits = in_order(told(SMELL, every=0), told(BRIDGE, every=0))
    assert alerts(hits[::-1], 50) == alerts(hits, 50) != b""


def test_a_run_that_restarts_after_each_document_finds_the_same() -> None:
    state, last = State(), {}
    for hit in STREAM:
        found = detect(state, [hit], worth=PlainWorth(), settings=SETTINGS, choice=plain_choice())
        last.update({issue.id: to_line(issue) for issue in found.issues})
        state = from_bytes(to_bytes(state))
    whole = State()
    detected = detect(whole, STREAM, worth=PlainWorth(), settings=SETTINGS, choice=plain_choice())
    assert last == {issue.id: to_line(issue) for issue in detected.issues} != {}


def test_a_snapshot_is_the_same_whenever_it_is_taken() -> None:
    state = State()
    run(state, STREAM)
    assert to_bytes(from_bytes(to_bytes(state))) == to_bytes(state)


@pytest.mark.parametrize("data", [b"", b"nonsense of no length", to_bytes(State())[:-9]])
def test_a_damaged_snapshot_says_so(data: bytes) -> None:
    with pytest.raises(StoreError, match="delete it"):
        from_bytes(data)


def test_no_document_is_shown_before_it_arrived() -> None:
    arrived = {hit.document.url: hit.document.fetched_at.isoformat() for hit in STREAM}
    lines = replay(STREAM, worth=PlainWorth(), settings=SETTINGS, choice=plain_choice())
    assert all(arrived[url] <= line["at"] for line in lines for url in line["urls"])


def test_an_alert_line_has_what_people_need() -> None:
    line = next(iter(replay(STREAM, worth=PlainWorth(), settings=SETTINGS, choice=plain_choice())))
    named = {
        "at",
        "issue_id",
        "title",
        "level",
        "urls",
        "observed",
        "expected",
        "p_value",
        "publishers",
        "topic",
        "places",
    }
    assert set(line) == named
    assert line["places"] == ["TP.HCM"]


def test_a_document_that_arrives_late_is_taken_at_the_next_look() -> None:
    state = State()
    run(state, told(BRIDGE))
    late = told(SMELL[:2], start=-48, every=0)
    assert [issue for issue in run(state, late + told(SMELL[2:3], start=30)) if "Gò Sậy" in issue]
    assert state.clock > NOW.timestamp()
