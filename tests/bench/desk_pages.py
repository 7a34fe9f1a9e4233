"""Prints how fast pages are served: python tests/bench/desk_pages.py [--documents N] [--readers N] [--store PATH].

The store holds invented articles of thirty days (tests/bench/store.py), 300 issues and their alerts.  Server time is
that of the whole request in the process that serves; readers are threads that ask a real server on loopback.
"""

import argparse
import socket
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from statistics import median, quantiles

import httpx
import uvicorn
from fastapi import FastAPI
from fastapi.testclient import TestClient

sys.path.insert(0, str(Path(__file__).parent))

from store import BATCH, START, annotation, document

from dashboard.app import create_app
from dashboard.given import Health
from dashboard.limits import Limiter
from dashboard.visitor import SESSION
from dashboard.warming import warm_charts, warm_pages
from monitor.config import Settings
from monitor.desk import Desk, alerts, users
from monitor.desk.users import Role
from monitor.records import Issue, Level, digest
from monitor.store import Store, open_store

PATHS = ("/", "/issues", "/issues/{issue}", "/search?q=nha", "/topics", "/places", "/sources")
# A session lasts twelve hours, and two without use.
ASKED, MOVED = 60, 10


class Unlimited(Limiter):
    """Many readers of one name are no attack here."""

    def take(self, *_: object) -> None:
        """Let everybody in."""


def main() -> None:
    """Build an office and print its figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=200_000)
    parser.add_argument("--readers", type=int, default=50)
    parser.add_argument("--store", type=Path, help="a file that is kept; a temporary one when none is given")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = chosen.store or Path(folder) / "store.db"
        present = path.exists()
        with open_store(f"sqlite:///{path}") as store:
            if not present:
                fill(store, chosen.documents)
            measure(store, Path(folder), chosen.readers)


def measure(store: Store, folder: Path, readers: int) -> None:
    """Print milliseconds of each page, and what many readers at once are answered."""
    now = START + timedelta(days=30)
    desk = Desk(f"sqlite:///{folder}/desk.db")
    users.add_user(desk, "viewer", Role.VIEWER, "a long password", "bench", now)
    for issue in store.issues(limit=300):
        alerts.see(desk, issue, (), now)
    hand = [now]
    app = create_app(
        Settings(home=folder, store="", desk=""), store=store, desk=desk, clock=lambda: hand[0], health=lambda: Health()
    )
    app.state.given = replace(app.state.given, limiter=Unlimited())
    session = users.begin_session(desk, "viewer", now) or ""
    say(f"pages are warmed before the first request in {1000 * seconds(lambda: warm_pages(app.state.given)):.0f} ms")
    say(f"charts are warmed beside the first requests in {seconds(warm_charts):.1f} s")
    paths = [path.format(issue=store.issues(limit=1)[0].id) for path in PATHS]
    client = TestClient(app, base_url="http://127.0.0.1", cookies={SESSION: session}, follow_redirects=False)
    for path in paths:
        times = [1000 * seconds(lambda p=path: client.get(p).raise_for_status()) for _ in range(ASKED)]
        first, last = times[0], quantiles(times, n=20)[-1]
        say(f"{path}: median {median(times):.0f} ms, 95th percentile {last:.0f} ms, first {first:.0f} ms")
    together(app, session, readers)
    for words, later in (("a minute", timedelta(minutes=1)), ("an hour", timedelta(hours=1))):
        times = [1000 * seconds(lambda: client.get("/").raise_for_status()) for _ in moved(hand, later)]
        say(f"/, the first of {words}: median {median(times):.0f} ms, slowest of {MOVED} {max(times):.0f} ms")
    desk.close()


def moved(hand: list[datetime], step: timedelta) -> Iterator[datetime]:
    """Put the clock on by a step, MOVED times."""
    for _ in range(MOVED):
        hand[0] += step
        yield hand[0]


def together(app: FastAPI, session: str, readers: int) -> None:
    """Print what readers at once on loopback are answered."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning", ws="none"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        while not server.started:
            time.sleep(0.01)
        base = f"http://127.0.0.1:{listener.getsockname()[1]}"

        def read(_: int) -> tuple[int, float]:
            with httpx.Client(base_url=base, cookies={SESSION: session}, timeout=120) as client:
                began = time.perf_counter()
                status = client.get("/").status_code
                return status, time.perf_counter() - began

        with ThreadPoolExecutor(readers) as pool:
            answers = list(pool.map(read, range(4 * readers)))
        server.should_exit = True
        thread.join()
    waits = sorted(wait for _, wait in answers)
    say(f"{readers} readers at once: {dict(Counter(status for status, _ in answers))}, longest wait {waits[-1]:.1f} s")


def fill(store: Store, number: int) -> None:
    """Fill a store with documents, annotations and issues."""
    rng = Random(20251101)
    evidence: list[str] = []
    for start in range(0, number, BATCH):
        seen = START + start / number * timedelta(days=30)
        batch = [document(rng, 50, seen) for _ in range(BATCH)]
        store.add(batch)
        store.annotate([annotation(rng, one) for one in batch])
        evidence = [one.id for one in batch[:8]]
    store.save_issues(issue(n, evidence, START + timedelta(days=29)) for n in range(300))


def issue(number: int, evidence: list[str], at: datetime) -> Issue:
    """Return an invented issue."""
    return Issue(
        id=digest("issue", str(number)),
        key=f"story:{number}",
        title=f"Vấn đề {number}",
        topic="environment",
        places=("79", "01"),
        level=list(Level)[number % 4],
        score=number / 100,
        observed=12.0,
        expected=2.0,
        p_value=0.001,
        publishers=("bao-1", "bao-2"),
        negative_share=0.8,
        first_seen_at=at,
        last_seen_at=at,
        evidence=tuple(evidence),
        explanation="",
    )


def seconds(work: Callable[[], object]) -> float:
    """Return how long the work takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def say(line: str) -> None:
    """Print one figure."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
