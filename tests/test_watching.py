"""The watch stage: nothing arrived is taken twice or left out; a store never watched is caught up in its own time."""

from datetime import UTC, datetime, timedelta

import pytest

from flows import stages, watching
from monitor.config import load_settings
from monitor.desk import Desk
from monitor.desk.alerts import dossiers
from monitor.detect.signals import KEPT_AS
from monitor.detect.state import Settings
from monitor.store import open_store
from nlp.annotate import Annotator
from nlp.worth import LinearWorth
from tests.conftest import make_document

START = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)
TOLD = (
    (
        "Hàng nghìn hộ dân ở Huế kêu cứu vì nước máy nhiễm dầu",
        "Nước máy bốc mùi dầu, người dân phường An Cựu, Huế bức xúc.",
    ),
    ("Nước máy nhiễm dầu ở Huế, dân phải mua nước bình", "Người dân phường An Cựu, Huế khổ sở vì nước máy nhiễm dầu."),
    (
        "Vụ nước máy nhiễm dầu ở Huế: dân đòi bồi thường",
        "Hàng nghìn hộ dân An Cựu, Huế đề nghị bồi thường vì nước nhiễm dầu.",
    ),
    ("Huế xin lỗi dân vì nước máy nhiễm dầu", "Công ty cấp nước Huế xin lỗi người dân An Cựu về sự cố nước nhiễm dầu."),
)


@pytest.fixture(scope="module")
def annotator():
    return Annotator.load()


@pytest.fixture
def settings(tmp_path):
    return load_settings({"LANGNGHE_HOME": str(tmp_path)})


@pytest.fixture
def store(settings):
    with open_store(settings.store) as opened:
        yield opened


def report(n, fetched_at=None):
    at = START + timedelta(hours=n)
    title, lead = TOLD[n]
    return make_document(title, lead=lead, publisher=f"bao-{n}", published_at=at, fetched_at=fetched_at or at)


def keep(store, annotator, *documents):
    store.add(documents)
    stages.annotate(store, annotator)


def look(store, watch, until=None):
    return [*watching.look(store, watch, worth=LinearWorth.load(), settings=Settings(), until=until)]


def test_a_watch_goes_on_where_it_was_kept(store, annotator):
    keep(store, annotator, report(0), report(1))
    first = watching.Watch()
    look(store, first)
    watching.keep(store, first)
    keep(store, annotator, report(2))
    again = watching.resume(store)
    assert [len(store.arrivals(again.after, 10).hits), again.state.clock] == [1, first.state.clock]


def test_a_copy_is_known_after_a_restart(store, annotator):
    keep(store, annotator, report(0))
    watch = watching.Watch()
    look(store, watch)
    watching.keep(store, watch)
    copy = make_document(
        TOLD[0][0], lead=TOLD[0][1], url="https://bao-9.example/x", publisher="bao-9", fetched_at=START
    )
    keep(store, annotator, copy)
    look(store, watching.resume(store))
    assert store.get(copy.id).annotation.copy_of == report(0).id


def test_a_killed_pass_is_done_again_to_the_same_issues(store, annotator):
    keep(store, annotator, *map(report, range(4)))
    until = START + timedelta(hours=5)
    results = [look(store, watching.resume(store), until) for _ in range(2)]
    assert results[0] == results[1]
    assert any(found.issues for found in results[0])


def test_a_store_never_watched_is_caught_up_in_its_own_time(store, annotator, settings):
    now = START + timedelta(days=30)
    keep(store, annotator, *(report(n, fetched_at=now) for n in range(4)))
    watching.watch(store, Desk(settings.desk), settings, now)
    (issue,) = store.issues()
    assert issue.first_seen_at < START + timedelta(hours=4)


def test_watching_again_tells_nothing_again(store, annotator, settings):
    desk = Desk(settings.desk)
    keep(store, annotator, *map(report, range(4)))
    watching.watch(store, desk, settings, START + timedelta(hours=5))
    told = dossiers(desk)
    watching.watch(store, desk, settings, START + timedelta(hours=6))
    assert [d.alert.id for d in dossiers(desk)] == [d.alert.id for d in told]


def test_a_pass_keeps_what_is_out_of_the_ordinary(store, annotator, settings):
    keep(store, annotator, report(0), report(1))
    watching.watch(store, Desk(settings.desk), settings, START + timedelta(hours=3))
    assert store.state(KEPT_AS) == b"[]"
