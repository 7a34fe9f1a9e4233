"""What a story is worth is learned from judged stories, calibrated, and says why."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from conftest import NOW, make_annotation, make_document
from happenings import SMELL, PlainWorth, told

from monitor.detect.choice import FEATURES, GROWN, features, shipped
from monitor.detect.detector import entry_of
from monitor.detect.entry import Link
from monitor.detect.terms import rarities, terms, vector
from monitor.detect.worth import Judgement
from monitor.errors import ModelError
from monitor.records import TOPICS, Tone
from monitor.store import Hit
from nlp.stories.choice import Grown, examples
from nlp.stories.worth import Judged, Text, calibration, held_out, save, train
from nlp.worth import LinearWorth, notes

WORRIES = ("Rác hôi ở bến Sậy", "Nước đục ở xóm Lá", "Đường ngập ở chợ Mới", "Khói bụi ở lò Gạch", "Cầu nứt ở rạch Cát")
GAMES = (
    "Trận thắng ở sân Cỏ",
    "Bàn đẹp của đội Xanh",
    "Huy chương cho đội Đỏ",
    "Giải mới ở sân Cát",
    "Vua phá lưới sân Cỏ",
)


def text(title: str, concern: float, hour: float) -> Text:
    document = make_document(title)
    annotation = make_annotation(document, concern=concern)
    return Text(vector=vector(terms(document)), notes=tuple(notes(annotation)), publisher="A", hour=hour)


def judged(titles: tuple[str, ...], concern: float, severity: int) -> list[Judged]:
    return [
        Judged(texts=tuple(text(f"{t} {n}", concern, n) for n in range(3)), severity=severity, fold=f"f{k % 3}")
        for k, t in enumerate(titles * 3)
    ]


STORIES = [*judged(WORRIES, 0.7, 2), *judged(GAMES, 0.2, 0), *judged(("Vỉa hè hỏng ở phố Mới",), 0.6, 1)]


def judgement(model: LinearWorth, hits: list[Hit]) -> Judgement:
    readings = []
    for hit in hits:
        found = terms(hit.document)
        readings.append(model.read(hit, vector(found), found))
    return model.judge(readings, [h.document.publisher for h in hits], 3.0)


@pytest.fixture(scope="module")
def shipped_worth() -> LinearWorth:
    return LinearWorth.load()


def test_the_shipped_model_tells_a_complaint_from_a_match(shipped_worth: LinearWorth) -> None:
    match = [("Đội Xanh thắng đậm trận chung kết", "Tiền đạo ghi ba bàn thắng, cổ động viên ăn mừng trên sân")] * 3
    smell = judgement(shipped_worth, told(SMELL[:3]))
    game = judgement(shipped_worth, told(match, topic="sport", concern=0.01, tone=Tone.POSITIVE, places=()))
    assert smell.probability > 0.5 > game.probability
    assert smell.severity > game.severity


def test_a_reading_names_words_that_raise(shipped_worth: LinearWorth) -> None:
    hit = told(SMELL[:1])[0]
    found = terms(hit.document)
    reading = shipped_worth.read(hit, vector(found), found)
    assert set(reading.raises) <= set(found)
    assert reading.raises


def test_a_judgement_is_a_probability_and_a_severity_of_at_most_three(shipped_worth: LinearWorth) -> None:
    found = judgement(shipped_worth, told(SMELL))
    assert 0 <= found.probability <= 1
    assert 0 <= found.severity <= 3


def test_order_of_documents_changes_no_judgement(shipped_worth: LinearWorth) -> None:
    hits = told(SMELL)
    assert judgement(shipped_worth, hits).logit == pytest.approx(judgement(shipped_worth, hits[::-1]).logit)


def test_training_learns_what_was_judged() -> None:
    model = train(STORIES)
    worry = judgement(model, told([(w, "") for w in WORRIES[:3]], concern=0.7))
    game = judgement(model, told([(g, "") for g in GAMES[:3]], concern=0.2))
    assert worry.probability > 0.6 > 0.4 > game.probability


def test_a_story_is_scored_by_models_that_had_not_seen_its_fold() -> None:
    turned = [replace(s, severity=2 - s.severity) if s.fold == "f0" else s for s in STORIES]
    own = [s.fold == "f0" for s in STORIES]
    assert held_out(turned)[own].tolist() == held_out(STORIES)[own].tolist()


def test_calibration_makes_scores_into_shares() -> None:
    rng = np.random.default_rng(1)
    logits = rng.normal(size=(4000, 2))
    stories = [
        Judged(texts=(), severity=2 * int(rng.random() < 1 / (1 + np.exp(-3 * z))), fold="f") for z in logits[:, 0]
    ]
    slope, middle = calibration(logits, stories)[0]
    assert slope == pytest.approx(3, abs=0.3)
    assert middle == pytest.approx(0, abs=0.15)


def test_a_model_is_the_same_after_saving(tmp_path: Path) -> None:
    model = train(STORIES)
    save(model, tmp_path / "worth.npz")
    before, after = (judgement(m, told(SMELL[:3])) for m in (model, LinearWorth.load(tmp_path / "worth.npz")))
    assert before.probability == pytest.approx(after.probability, abs=0.02)


@pytest.mark.parametrize("content", [None, b"", b"not arrays"])
def test_a_missing_or_damaged_model_is_one_clear_line(content: bytes | None, tmp_path: Path) -> None:
    path = tmp_path / "worth.npz"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ModelError, match=r"worth\.npz"):
        LinearWorth.load(path)


def test_no_feature_of_worth_is_a_publisher_or_a_voice() -> None:
    hits = told(SMELL[:3])
    assert len(notes(hits[0].annotation)) == 1 + len(Tone) + 1 + len(TOPICS) if hits[0].annotation else False


def test_a_story_of_four_documents_has_grown() -> None:
    stands = [float(GROWN), *[0.0] * (len(FEATURES) - 1)]
    assert shipped().growth(stands) == 1
    assert shipped().chance(0.8, stands) == 0.8


def test_many_texts_at_once_grow_more_often_than_few_in_days() -> None:
    fast, slow = (stood([0.0, age, 2 * age]) for age in (0.5, 60.0))
    assert 0 < shipped().growth(slow) < shipped().growth(fast) < 1


def test_small_stories_teach_whether_they_grew() -> None:
    seen = [Grown(story=s, worth=0.5, features=(float(n),), size=n) for s, n in ((1, 2), (2, 2), (1, 3), (1, 4))]
    assert [(e.values, e.right) for e in examples(seen)] == [((2.0,), True), ((2.0,), False), ((3.0,), True)]


def stood(ages: Sequence[float]) -> list[float]:
    """Return how a story of two newsrooms stands whose texts are so many hours old."""
    now = NOW.timestamp()
    hits = told(SMELL[: len(ages)])
    aged = [entry_of(hit, now - 3600 * age, PlainWorth()) for hit, age in zip(hits, reversed(ages), strict=True)]
    return features(aged, [Link(0.4, 2)] * len(aged), now)


def test_a_smaller_budget_asks_for_a_surer_story() -> None:
    bars = [shipped().bar(budget) for budget in (1, 3, 6, 10)]
    assert bars == sorted(bars, reverse=True)
    assert 0 < bars[-1] < bars[0] < 1


def test_common_words_have_no_weight_and_rare_ones_do() -> None:
    assert set(rarities()) & set(range(1, 256))
    assert vector(["của"]) == {}
    assert vector(["gò sậy"])
