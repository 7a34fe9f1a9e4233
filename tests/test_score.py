"""The score of alerts is that of the shared scorer."""

import json
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from monitor.jsonl import read_lines
from tests.bench.score import Event, Told, bounds, read_events, score

DATA = Path(os.environ.get("LANGNGHE_DATA", Path(__file__).parent.parent.parent / "shared" / "data"))
SCORER = DATA.parent / "eval" / "hot_issues.py"
START = datetime(2025, 3, 1, tzinfo=UTC)
SEEN = {f"u{i}": START + timedelta(hours=i) for i in range(100)}
FLOOD = Event(id="flood", severity=2, urls=frozenset(f"u{i}" for i in range(10, 20)))


def told(hours: int, *numbers: int, issue: str = "") -> Told:
    return Told(at=START + timedelta(hours=hours), issue=issue or f"i{hours}", urls=tuple(f"u{n}" for n in numbers))


def test_an_alert_matches_with_two_documents_and_half_of_them():
    found = score([told(20, 10, 11, 3, 4), told(21, 12, 1, 2), told(22, 13)], [FLOOD], SEEN)
    assert found.outcomes == ("hit", "false", "false")
    assert found.hit == {"flood": 8}


def test_one_story_told_twice_is_a_repeat_and_an_escalation_is_free():
    found = score([told(20, 10, 11, issue="a"), told(25, 12, 13, issue="a"), told(30, 14, 15)], [FLOOD], SEEN)
    assert found.outcomes == ("hit", "repeat")


def test_a_document_shown_before_it_arrived_is_refused():
    with pytest.raises(ValueError, match="had not arrived"):
        score([told(10, 10, 11)], [FLOOD], SEEN)


def test_bounds_hold_the_mean():
    low, high = bounds([0, 1] * 50)
    assert low < 0.5 < high
    assert bounds([]) == (0, 0)


@pytest.mark.skipif(not SCORER.exists(), reason="needs the shared data (LANGNGHE_DATA)")
def test_the_score_is_that_of_the_shared_scorer(tmp_path: Path):
    gold, stream = DATA / "events" / "2026-01.jsonl", DATA / "news_stream" / "2026-01.jsonl.gz"
    seen: dict[str, datetime] = {}
    for _, line in read_lines(stream):
        seen.setdefault(line["url"], datetime.fromisoformat(line["first_seen_at"]))
    alerts, rng = [], Random(2)
    for number, event in enumerate(read_events(gold) * 2):
        urls = rng.sample(sorted(event.urls), min(4, len(event.urls))) + rng.sample(sorted(seen), number % 6)
        at = max(seen[url] for url in urls if url in seen)
        alerts.append(Told(at=at, issue=f"i{number}", urls=tuple(urls)))
    alerts.sort(key=lambda alert: alert.at)
    path = tmp_path / "alerts.jsonl"
    lines = ({"at": a.at.isoformat(), "issue_id": a.issue, "title": "", "urls": a.urls} for a in alerts)
    path.write_text("\n".join(json.dumps(line) for line in lines), encoding="utf-8")
    options = [f"--gold={gold}", f"--alerts={path}", f"--stream={stream}", "--json"]
    done = subprocess.run([sys.executable, SCORER, *options], capture_output=True, text=True, check=True)
    theirs, ours = json.loads(done.stdout), score(alerts, read_events(gold), seen)
    assert theirs["recall_all"] == round(ours.recall(1, 2, 3), 3)
    assert theirs["recall_severity_2_3"] == round(ours.recall(2, 3), 3)
    assert theirs["precision"] == round(ours.precision, 3)
    assert theirs["repeats"] == ours.outcomes.count("repeat")
    assert theirs["alerts_per_day"] == round(ours.per_day, 2)
    assert theirs["median_delay_h"] == pytest.approx(ours.delays[len(ours.delays) // 2], abs=1)
