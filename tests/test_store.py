"""The contract of a store; every backend passes every test."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from unicodedata import normalize as unicode_form

import pytest
from conftest import NOW, make_annotation, make_document, make_issue
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.errors import InputError
from monitor.query import By, Order, Query, parse_query
from monitor.records import VIETNAM, Document, Kind, Level, Outcome, Tone
from monitor.store import MOST_HITS, Hit, Store

HOUR = timedelta(hours=1)
EMPTY_RUNS = count()
laws = settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


def titles(store: Store, text: str, order: Order = Order.NEWEST) -> list[str]:
    return [h.document.title for h in store.search(replace(parse_query(text), order=order), 100).hits]


def pages(store: Store, query: Query, limit: int) -> Iterator[Hit]:
    after = None
    while True:
        page = store.search(query, limit, after)
        yield from page.hits
        if (after := page.after) is None:
            return


def add_hourly(store: Store, number: int, title: str = "Ngập") -> list[Document]:
    documents = [make_document(f"{title} {n:03}", published_at=NOW + n * HOUR) for n in range(number)]
    store.add(documents)
    return documents


def test_get_returns_what_was_added(store: Store) -> None:
    document = make_document(lead="l", text="t\n\nt", section="s", reactions={"like": 3}, voice="v", parent_id="p")
    store.add([document])
    assert store.get(document.id) == Hit(document=document)


def test_get_of_an_unknown_id_is_none(store: Store) -> None:
    assert store.get("0" * 16) is None


def test_adding_twice_is_adding_once(store: Store) -> None:
    document = make_document()
    assert [a.outcome for a in store.add([document, document])] == [Outcome.STORED, Outcome.DUPLICATE]
    assert [a.outcome for a in store.add([document])] == [Outcome.DUPLICATE]
    assert store.total(Query()) == 1


def test_adding_nothing_is_allowed(store: Store) -> None:
    assert store.add([]) == []


@pytest.mark.parametrize("part", ["title", "lead", "text"])
def test_an_edit_is_a_new_version_of_the_same_document(store: Store, part: str) -> None:
    first = make_document(id="a" * 16)
    edited = replace(first, **{part: "Ngập nặng"}, published_at=NOW + HOUR, fetched_at=NOW + HOUR)
    store.add([first])
    (added,) = store.add([edited])
    assert added.outcome is Outcome.UPDATED
    assert added.document == replace(edited, version=2, fetched_at=first.fetched_at)
    assert store.get(first.id) == Hit(document=added.document)


def test_versions_are_kept_oldest_first_with_the_time_each_was_seen(store: Store) -> None:
    versions = [make_document(id="a" * 16, text=f"bản {n}", fetched_at=NOW + n * HOUR, version=n) for n in (1, 2, 3)]
    for document in versions:
        store.add([replace(document, version=1)])
    assert store.versions("a" * 16) == versions
    assert store.versions("b" * 16) == []


def test_an_edit_is_found_by_its_new_words_only(store: Store) -> None:
    store.add([make_document("Triều cường", id="a" * 16), make_document("Mưa lớn", id="a" * 16)])
    assert titles(store, "triều cường") == []
    assert titles(store, "mưa lớn") == ["Mưa lớn"]


def test_a_text_fetched_before_the_present_one_does_not_replace_it(store: Store) -> None:
    new = make_document(id="a" * 16, text="mới", fetched_at=NOW + HOUR)
    late = replace(new, text="cũ", fetched_at=NOW)
    store.add([new])
    assert [(a.outcome, a.document) for a in store.add([late])] == [(Outcome.DUPLICATE, new)]
    assert store.versions(new.id) == [new]


@laws
@given(fetched=st.lists(st.integers(0, 5), min_size=1, max_size=8), data=st.data())
def test_in_any_order_the_newest_text_stays_and_a_repeat_changes_nothing(
    store: Store, fetched: list[int], data: st.DataObject
) -> None:
    name = f"run {next(EMPTY_RUNS)}"
    offered = [make_document(name, text=f"bản {hour}", fetched_at=NOW + hour * HOUR) for hour in fetched]
    store.add(data.draw(st.permutations(offered)))
    kept = store.versions(offered[0].id)
    store.add(offered)
    assert store.versions(offered[0].id) == kept
    assert kept[-1].text == f"bản {max(fetched)}"
    assert [d.version for d in kept] == list(range(1, len(kept) + 1))


def test_annotations_are_returned_with_their_documents(store: Store) -> None:
    document = make_document()
    annotation = make_annotation(document, wards=("27064",), story_id="s1", copy_of="c", version=1)
    store.add([document])
    store.annotate([annotation])
    assert store.get(document.id) == Hit(document=document, annotation=annotation)
    assert store.search(Query(), 1).hits[0].annotation == annotation


def test_annotating_again_replaces(store: Store) -> None:
    document = make_document()
    store.add([document])
    store.annotate([make_annotation(document), make_annotation(document, model="m2", places=("01",))])
    assert (titles(store, "place:79"), titles(store, "place:01")) == ([], [document.title])
    assert store.count(Query(), By.PLACE)[0].key == "01"


def test_the_annotation_of_an_unknown_document_is_left_out(store: Store) -> None:
    document = make_document()
    store.annotate([make_annotation(document)])
    assert store.get(document.id) is None


def test_an_edit_loses_the_annotation_and_waits_for_the_next(store: Store) -> None:
    document = make_document()
    store.add([document])
    store.annotate([make_annotation(document)])
    store.add([replace(document, text="Đã sửa")])
    assert [d.version for d in store.unannotated("m1", 10)] == [2]
    assert titles(store, "topic:environment") == titles(store, "place:79") == []


def test_the_annotation_of_an_earlier_version_is_left_out(store: Store) -> None:
    document = make_document()
    store.add([document, replace(document, text="Đã sửa")])
    store.annotate([make_annotation(document, version=1)])
    assert len(store.unannotated("m1", 10)) == 1
    store.annotate([make_annotation(document, version=2)])
    assert store.unannotated("m1", 10) == []


def test_annotating_again_keeps_the_story_and_what_it_copies(store: Store) -> None:
    document = make_document()
    store.add([document])
    store.annotate([make_annotation(document, story_id="s1", copy_of="c1"), make_annotation(document, model="m2")])
    assert store.get(document.id) == Hit(
        document=document, annotation=make_annotation(document, model="m2", story_id="s1", copy_of="c1")
    )
    store.annotate([make_annotation(document, story_id="s2")])
    assert store.get(document.id) == Hit(
        document=document, annotation=make_annotation(document, story_id="s2", copy_of="c1")
    )


def test_an_edit_stays_in_its_story_and_takes_nothing_else_over(store: Store) -> None:
    document = make_document()
    store.add([document])
    store.annotate([make_annotation(document, story_id="s1", copy_of="c1", wards=("27064",))])
    (added,) = store.add([replace(document, text="Đã sửa")])
    assert store.get(document.id) == Hit(document=added.document)
    read = make_annotation(document, topics={"health": 1.0}, places=())
    store.annotate([read])
    assert store.get(document.id) == Hit(document=added.document, annotation=replace(read, story_id="s1", copy_of="c1"))


def test_unannotated_are_oldest_arrival_first_for_each_model(store: Store) -> None:
    documents = [make_document(f"tin {n}", published_at=NOW - n * HOUR) for n in range(5)]
    store.add(documents)
    store.annotate([make_annotation(documents[n]) for n in (0, 2)])
    store.annotate([make_annotation(documents[4], model="m2")])
    assert store.unannotated("m1", 2) == [documents[1], documents[3]]
    assert store.unannotated("m2", 10) == documents[:4]


def test_arrivals_stop_at_the_first_document_not_annotated(store: Store) -> None:
    documents = add_hourly(store, 4)
    store.annotate([make_annotation(documents[n]) for n in (0, 1, 3)])
    page = store.arrivals(None, 10)
    store.annotate([make_annotation(documents[2])])
    rest = store.arrivals(page.after, 10)
    assert [h.document for h in page.hits] == documents[:2]
    assert [h.document for h in rest.hits] == documents[2:]


def test_arrivals_come_once_though_edited_and_in_order_of_first_sight(store: Store) -> None:
    documents = [make_document(f"tin {n}", published_at=NOW - n * HOUR) for n in range(3)]
    store.add(documents)
    store.annotate(map(make_annotation, documents))
    page = store.arrivals(None, 10)
    edited = store.add([replace(documents[0], text="Đã sửa")])[0].document
    store.annotate([make_annotation(edited, version=2)])
    assert [h.document for h in page.hits] == documents
    assert store.arrivals(page.after, 10).hits == ()


def test_arrivals_go_on_from_an_empty_page(store: Store) -> None:
    nothing = store.arrivals(None, 10)
    documents = add_hourly(store, 3)
    store.annotate(map(make_annotation, documents))
    first = store.arrivals(nothing.after, 2)
    last = store.arrivals(first.after, 2)
    assert [h.document for h in (*first.hits, *last.hits)] == documents


@pytest.mark.parametrize("typed", ["ô nhiễm", "o nhiem", "Ô NHIỄM", unicode_form("NFD", "ô nhiễm"), '"ô nhiem"'])
def test_search_ignores_marks_case_and_unicode_form(store: Store, typed: str) -> None:
    store.add(make_document(t) for t in ("Kênh ô nhiễm", "kenh o nhiem", unicode_form("NFD", "KÊNH Ô NHIỄM 2")))
    assert len(titles(store, typed)) == 3


@pytest.mark.parametrize("typed", ["đà nẵng", "da nang", "Ðà Nẵng"])
def test_search_knows_d_with_stroke_and_its_lookalikes(store: Store, typed: str) -> None:
    store.add(make_document(t) for t in ("Mưa ở Đà Nẵng", "Bão vào Ðà Nẵng", "mua da nang"))
    assert len(titles(store, typed)) == 3


@pytest.mark.parametrize("typed", ["hoà bình", "hòa bình"])
def test_search_takes_both_ways_to_place_a_tone_mark(store: Store, typed: str) -> None:
    store.add([make_document("Hoà Bình mưa to"), make_document("Hòa Bình mưa to")])
    hits = store.search(replace(parse_query(typed), order=Order.RELEVANCE), 10).hits
    assert {h.snippet for h in hits} == {"⟦Hoà⟧ ⟦Bình⟧ mưa to", "⟦Hòa⟧ ⟦Bình⟧ mưa to"}


def test_exact_marks_rank_first_under_relevance(store: Store) -> None:
    for n, title in enumerate(["Bạn ăn gì", "Bàn ăn gỗ", "ban an toan", "Bán ăn sáng"]):
        store.add([make_document(title, published_at=NOW + n * HOUR)])
    assert titles(store, "bàn ăn", Order.RELEVANCE)[0] == "Bàn ăn gỗ"
    assert len(titles(store, "bàn ăn", Order.RELEVANCE)) == 4


def test_words_side_by_side_and_in_the_title_rank_before_newer(store: Store) -> None:
    store.add([make_document("Ô nhiễm kênh"), make_document("Tin 1", text="kênh ô nhiễm", published_at=NOW + HOUR)])
    store.add([make_document("Tin 2", text="nhiễm bệnh, đi ô tô", published_at=NOW + 2 * HOUR)])
    assert titles(store, "ô nhiễm", Order.RELEVANCE) == ["Ô nhiễm kênh", "Tin 1", "Tin 2"]
    assert titles(store, "ô nhiễm") == ["Tin 2", "Tin 1", "Ô nhiễm kênh"]


def test_all_words_must_be_there_wherever_they_stand(store: Store) -> None:
    store.add([make_document("Ngập", lead="ở Thủ Đức", text="do triều cường"), make_document("Ngập ở Huế")])
    assert titles(store, "ngập triều đức") == ["Ngập"]


def test_a_phrase_stands_side_by_side_within_one_part(store: Store) -> None:
    store.add([make_document("Giá nước sạch", lead="tăng"), make_document("Nước giá sạch"), make_document("nước-sạch")])
    assert sorted(titles(store, '"nước sạch"')) == ["Giá nước sạch", "nước-sạch"]
    assert titles(store, '"sạch tăng"') == []


def test_exclusion_takes_away_words_and_phrases(store: Store) -> None:
    store.add(map(make_document, ["Ngập ở sân bóng", "Ngập ở chợ", "Kẹt xe"]))
    assert titles(store, "ngập -bóng") == ["Ngập ở chợ"]
    assert sorted(titles(store, '-"sân bóng"')) == ["Kẹt xe", "Ngập ở chợ"]


FILTERED = {
    "source:bao-b": {"b"},
    "source:bao-b source:bao-a": {"a", "b", "c"},
    'publisher:"Báo B"': {"b"},
    "kind:post": {"c"},
    "topic:health": {"b"},
    "tone:positive": {"b"},
    "place:Huế": {"b", "c"},
    "place:46 place:TP.HCM": {"a", "b", "c"},
    "concern:0.5": {"a", "c"},
    "since:2025-11-04": {"b", "c"},
    "until:2025-11-03": {"a"},
    "since:2025-11-04T09:30 until:2025-11-04T09:30": set(),
    "tin place:Huế concern:0.5 kind:post": {"c"},
}


@pytest.mark.parametrize("text", FILTERED)
def test_field_filters(store: Store, text: str) -> None:
    a, b, c = (make_document(f"Tin {n}", published_at=NOW + i * 24 * HOUR) for i, n in enumerate("abc"))
    b, c = replace(b, source_id="bao-b", publisher="Báo B"), replace(c, kind=Kind.POST)
    store.add([a, b, c, make_document("Chưa đọc", source_id="x", publisher="X", published_at=NOW - 24 * 365 * HOUR)])
    other = {"topic": "health", "tone": Tone.POSITIVE, "concern": 0.1, "places": ("46", "79")}
    store.annotate([make_annotation(a), make_annotation(b, **other), make_annotation(c, places=("46",))])
    wanted = {f"Tin {n}" for n in FILTERED[text]}
    assert set(titles(store, text)) - {"Chưa đọc"} == wanted
    assert store.total(parse_query(f"tin {text}")) == len(wanted)


def test_since_is_inclusive_and_until_exclusive(store: Store) -> None:
    documents = add_hourly(store, 3)
    query = Query(since=documents[0].published_at, until=documents[2].published_at)
    assert [h.document for h in store.search(query, 10).hits] == documents[1::-1]


def test_newest_come_first_and_ties_by_id(store: Store) -> None:
    documents = [make_document(f"tin {n}", published_at=NOW + n % 2 * HOUR) for n in range(6)]
    store.add(documents)
    ordered = sorted(sorted(documents, key=lambda d: d.id), key=lambda d: d.published_at, reverse=True)
    assert [h.document for h in store.search(Query(), 10).hits] == ordered


@pytest.mark.parametrize("order", list(Order))
@pytest.mark.parametrize("text", ["", "ngập", "ngập đường"])
def test_paging_visits_every_hit_once(store: Store, order: Order, text: str) -> None:
    store.add(make_document(f"{'Ngập' if n % 2 else 'ngap'} {n}", text="đường", published_at=NOW) for n in range(17))
    query = replace(parse_query(text), order=order)
    seen = [h.document.id for h in pages(store, query, 5)]
    assert len(seen) == len(set(seen)) == 17
    assert seen == [h.document.id for h in store.search(query, 100).hits]


@laws
@given(limit=st.integers(1, 7), arriving=st.lists(st.integers(0, 3), max_size=12), order=st.sampled_from(Order))
def test_paging_visits_each_hit_once_while_newer_documents_arrive(
    store: Store, limit: int, arriving: list[int], order: Order
) -> None:
    run = f"run{next(EMPTY_RUNS)}"
    before = [make_document(f"{run} {'Đ' if n % 3 else 'D'}ê {n}", published_at=NOW + n // 2 * HOUR) for n in range(12)]
    store.add(before)
    seen = []
    for n, hit in enumerate(pages(store, Query(words=(run, "đê"), order=order), limit)):
        seen.append(hit.document.id)
        newer = (
            make_document(f"{run} Đê {n}.{i}", published_at=NOW + (100 + n) * HOUR)
            for i in range(sum(arriving[n : n + 1]))
        )
        store.add(newer)
    assert len(seen) == len(set(seen))
    assert {d.id for d in before} <= set(seen)


@pytest.mark.parametrize("cursor", ["x", "AAAA", "bnVsbA", "WzFd", "W10", "é", "'; DROP TABLE documents; --"])
def test_a_cursor_that_is_none_is_refused(store: Store, cursor: str) -> None:
    with pytest.raises(InputError):
        store.search(Query(), 10, cursor)
    with pytest.raises(InputError):
        store.arrivals(cursor, 10)


def test_a_cursor_of_another_query_is_refused(store: Store) -> None:
    add_hourly(store, 3)
    after = store.search(Query(), 1).after
    with pytest.raises(InputError):
        store.search(Query(words=("ngập",)), 1, after)


@pytest.mark.parametrize("limit", [0, -1, MOST_HITS + 1])
def test_a_senseless_limit_is_refused(store: Store, limit: int) -> None:
    with pytest.raises(InputError):
        store.search(Query(), limit)


HOSTILE = [
    "*",
    "ng*",
    "NEAR(ngập lụt, 2)",
    "title:ngập",
    "{title lead}:x",
    "^ngập",
    "ngập OR lụt",
    "NOT",
    'a"b',
    '"',
    "'; DROP TABLE documents; --",
    "\x00",
    "a+b",
    "-",
    "--",
    "((((",
    "?",
    "%",
    "_",
    "\\",
    "ngập:",
    "\ud800",
    "đ" * 100_000,
]


@pytest.mark.parametrize("typed", HOSTILE)
def test_no_syntax_leaks_from_what_people_type(store: Store, typed: str) -> None:
    add_hourly(store, 2, "Kẹt xe")
    for query in (Query(words=(typed,)), Query(phrases=(typed,)), Query(without=(typed,)), Query(sources=(typed,))):
        assert store.total(query) in (0, 2)
        assert len(store.search(replace(query, order=Order.RELEVANCE), 10).hits) == store.total(query)


def test_operators_are_plain_words(store: Store) -> None:
    store.add(map(make_document, ["Vé AND quà", "vé quà", "vé or quà", "vé near quà"]))
    assert titles(store, "vé AND quà") == ["Vé AND quà"]
    assert titles(store, "vé OR quà") == ["vé or quà"]
    assert titles(store, "NEAR(vé quà)") == []
    assert titles(store, "NEAR vé") == ["vé near quà"]


def test_ten_thousand_words_are_refused(store: Store) -> None:
    with pytest.raises(InputError):
        store.search(Query(words=("ngập",) * 10_000), 10)


def test_snippets_mark_what_matched_in_the_published_text(store: Store) -> None:
    store.add([make_document("Tin", lead="Đường NGẬP sâu,", text="xe ngap, nước ⟦ngập⟧")])
    (hit,) = store.search(parse_query("ngập"), 1).hits
    assert hit.snippet == "Đường ⟦NGẬP⟧ sâu, xe ⟦ngap⟧, nước [⟦ngập⟧]"


def test_long_texts_are_cut_around_the_first_match(store: Store) -> None:
    store.add([make_document("Tin", text="mưa " * 500 + "triều cường dâng " + "gió " * 500)])
    snippet = store.search(parse_query('"triều cường"'), 1).hits[0].snippet
    assert "mưa ⟦triều cường⟧ dâng gió" in snippet
    assert snippet[0] == snippet[-1] == "…"
    assert len(snippet) < 260


def test_snippets_fall_back_to_the_title_and_to_nothing(store: Store) -> None:
    store.add([make_document("Kẹt xe", text="ở cầu")])
    assert store.search(parse_query("kẹt"), 1).hits[0].snippet == "⟦Kẹt⟧ xe"
    assert store.search(Query(), 1).hits[0].snippet == ""


def test_values_are_counted_most_first_then_by_name(store: Store) -> None:
    store.add(make_document(f"tin {n}", source_id=f"s{n % 3}") for n in range(8))
    assert [(b.key, b.count) for b in store.count(Query(), By.SOURCE)] == [("s0", 3), ("s1", 3), ("s2", 2)]


@pytest.mark.parametrize("by", list(By))
def test_counts_are_totals_of_the_query_for_each_value(store: Store, by: By) -> None:
    documents = [replace(d, kind=Kind.POST, source_id=f"s{n % 2}") for n, d in enumerate(add_hourly(store, 30, "Mưa"))]
    store.add(replace(d, title=f"Ngập {n}", id=f"{n:016x}") for n, d in enumerate(documents))
    store.annotate(make_annotation(d) for d in store.unannotated("m1", 100))
    buckets = store.count(Query(words=("ngập",)), by)
    assert sum(b.count for b in buckets) == store.total(Query(words=("ngập",))) == 30
    field = {By.HOUR: "since", By.DAY: "since"}.get(by, by)
    later = [store.total(parse_query(f'ngập {field}:"{b.key}"')) for b in buckets]
    assert later[0] == (30 if field == "since" else buckets[0].count)


def test_documents_without_a_value_are_in_no_bucket(store: Store) -> None:
    first, *_ = add_hourly(store, 3)
    store.annotate([make_annotation(first, places=("01", "79", "79"))])
    assert [(b.key, b.count) for b in store.count(Query(), By.TOPIC)] == [("environment", 1)]
    assert [(b.key, b.count) for b in store.count(Query(), By.PLACE)] == [("01", 1), ("79", 1)]


def test_days_are_days_of_viet_nam_without_gaps(store: Store) -> None:
    times = [datetime(2025, 11, 2, 16, 59, 59, tzinfo=UTC), datetime(2025, 11, 2, 17, tzinfo=UTC)]
    late = datetime(2025, 11, 4, 17, tzinfo=UTC)
    store.add(make_document(f"tin {t}", published_at=t) for t in (*times, late))
    counts = [(b.key, b.count) for b in store.count(Query(), By.DAY)]
    assert counts == [("2025-11-02", 1), ("2025-11-03", 1), ("2025-11-04", 0), ("2025-11-05", 1)]


def test_hours_fill_the_time_that_was_asked_for(store: Store) -> None:
    store.add([make_document()])
    day = datetime(2025, 11, 3, tzinfo=VIETNAM)
    buckets = store.count(Query(since=day, until=day + 24 * HOUR), By.HOUR)
    assert [b.key for b in buckets] == [f"2025-11-03T{hour:02}" for hour in range(24)]
    assert [b.key for b in buckets if b.count] == ["2025-11-03T09"]


def test_times_before_1970_have_their_day(store: Store) -> None:
    store.add([make_document(published_at=datetime(1969, 12, 30, 20, tzinfo=UTC))])
    assert [(b.key, b.count) for b in store.count(Query(), By.DAY)] == [("1969-12-31", 1)]


def test_nothing_found_counts_nothing(store: Store) -> None:
    assert [store.count(Query(words=("ngập",)), by) for by in By] == [[]] * len(By)


def test_too_many_hours_are_refused(store: Store) -> None:
    store.add([make_document("cũ", published_at=NOW - 20 * 365 * 24 * HOUR), make_document()])
    with pytest.raises(InputError):
        store.count(Query(), By.HOUR)


def test_issues_are_replaced_and_listed_by_score(store: Store) -> None:
    issues = [make_issue(id=f"i{n}", score=float(n % 3), level=list(Level)[n % 4]) for n in range(6)]
    store.save_issues(issues)
    store.save_issues([replace(issues[0], score=9.0)])
    assert [i.id for i in store.issues()] == ["i0", "i2", "i5", "i1", "i4", "i3"]
    assert [i.id for i in store.issues((Level.HOT, Level.CLOSED), 2)] == ["i5", "i1"]
    assert store.issue("i1") == issues[1]
    assert store.issue("i9") is None


def test_state_is_what_was_kept_last(store: Store) -> None:
    store.save_state("watch", b"\x00one")
    store.save_state("watch", b"\xfftwo")
    assert (store.state("watch"), store.state("brief")) == (b"\xfftwo", None)


def test_times_keep_their_microseconds(store: Store) -> None:
    document = make_document(published_at=datetime(2025, 11, 3, 1, 2, 3, 456789, tzinfo=UTC))
    store.add([document])
    assert store.get(document.id) == Hit(document=document)
