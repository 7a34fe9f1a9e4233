"""Annotating: the same is said of a document each time, whatever it holds and whoever its neighbours are."""

import random
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from monitor.errors import ModelError
from monitor.records import TOPICS, Annotation, Kind, Tone
from monitor.text import fold
from nlp import votes
from nlp.annotate import MODELS, Annotator
from nlp.calibrate import expected_error, platt, temperature
from nlp.grams import grams
from nlp.learn import Head, Plan, learn, matrix, outputs, vocabulary_of
from nlp.network import load, quantized, save
from nlp.teach import Lesson, student, voted
from nlp.train import sums
from tests.conftest import make_document

FLOOD = "Nước ngập nửa mét, người dân phường khốn khổ kêu cứu nhiều ngày"
MATCH = "Đội tuyển bóng đá thắng trận chung kết, đoạt cúp vô địch"
PLAN = Plan(heads=(Head(answers=2), Head(answers=1)), seen_in=1, hidden=8, batch=4, epochs=30)


@pytest.fixture(scope="module")
def annotator() -> Annotator:
    return Annotator.load()


def say(annotator: Annotator, title: str, **changes: object) -> Annotation:
    return annotator.annotate([make_document(title, **changes)])[0]


def test_a_flood_that_residents_complain_of_is_a_negative_concern(annotator: Annotator):
    found = say(annotator, FLOOD)
    assert (found.topic, found.tone) == ("disaster", Tone.NEGATIVE)
    assert found.concern > 0.5


def test_a_match_won_is_sport_and_no_concern(annotator: Annotator):
    found = say(annotator, MATCH)
    assert (found.topic, found.tone) == ("sport", Tone.POSITIVE)
    assert found.concern < 0.1


def test_text_without_marks_gets_the_topic_it_has_with_them(annotator: Annotator):
    for title in (FLOOD, MATCH):
        assert say(annotator, fold(title)).topic == say(annotator, title).topic


def test_probabilities_of_topics_sum_to_one_with_the_likeliest_first(annotator: Annotator):
    found = say(annotator, FLOOD)
    assert set(found.topics) == set(TOPICS)
    assert sum(found.topics.values()) == pytest.approx(1, abs=0.002)
    assert found.topic == max(found.topics, key=found.topics.__getitem__) == next(iter(found.topics))


def test_the_start_of_the_text_stands_for_a_missing_lead(annotator: Annotator):
    lead = say(annotator, "Bản tin", lead=FLOOD)
    assert replace(lead, document_id="") == replace(say(annotator, "Bản tin", text=FLOOD), document_id="")


def test_places_and_keywords_are_found(annotator: Annotator):
    found = say(annotator, "Kênh ở Cà Mau ô nhiễm nặng")
    assert found.places == ("96",)
    assert "ô nhiễm" in found.keywords


def test_an_annotation_does_not_depend_on_neighbours_or_their_number(annotator: Annotator):
    documents = [make_document(f"{title} {n}") for n in range(5) for title in (FLOOD, MATCH, fold(FLOOD))]
    together = annotator.annotate(documents)
    assert together == [annotator.annotate([document])[0] for document in documents]
    assert [a.document_id for a in together] == [d.id for d in documents]


def test_comments_are_told_by_the_model_of_posts(annotator: Annotator):
    angry = "Làm ăn quá tệ, thất vọng, không bao giờ quay lại 😡"
    assert say(annotator, "Quán mới mở", text=angry, kind=Kind.COMMENT).tone == Tone.NEGATIVE


def test_the_model_is_named_in_every_annotation(annotator: Annotator):
    assert say(annotator, FLOOD).model == annotator.model == Annotator.load().model


def hostile(rng: random.Random) -> str:
    """Return a string of random Unicode, of markup, of control characters, or of shreds of Vietnamese."""
    alphabets = (
        [chr(rng.randrange(1, 0x11_0000)) for _ in range(40)],
        list("<>&\"'/=%{}[]()\\;:!?#@\x00\x07\x1b\u200b\u202e\ufeff\ud800\n\t"),
        list("ăâđêôơưáàảãạ̣́̀̉̃ "),
    )
    return "".join(rng.choices(rng.choice(alphabets), k=rng.randrange(0, 120)))


def test_five_thousand_hostile_strings_are_annotated_alike_twice(annotator: Annotator):
    rng = random.Random(7)
    kinds = list(Kind)
    documents = [
        make_document(hostile(rng), url=f"https://bao.example/{n}", text=hostile(rng), kind=kinds[n % len(kinds)])
        for n in range(5_000)
    ]
    assert annotator.annotate(documents) == annotator.annotate(documents)


@pytest.mark.parametrize("text", ["", " ", "a" * 1_000_000, "ngập " * 200_000, "😡" * 250_000, "<p>" * 300_000])
def test_empty_and_endless_texts_are_annotated(annotator: Annotator, text: str):
    found = say(annotator, text, text=text, url="https://bao.example/1")
    assert found.topic in TOPICS


def test_start_up_needs_no_training_library():
    load_all = "import sys; from nlp.annotate import Annotator; Annotator.load()"
    code = f"{load_all}; print({{'sklearn', 'underthesea', 'scipy'}} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_model_files_fit_in_25_megabytes():
    assert sum(path.stat().st_size for path in MODELS.iterdir()) <= 25_000_000


def test_model_files_are_those_that_training_wrote():
    listed = (MODELS / "SHA256SUMS").read_text()
    assert listed == sums([MODELS / line.split()[1] for line in listed.splitlines()])


def test_a_missing_model_is_named(tmp_path: Path):
    with pytest.raises(ModelError, match=r"news.npz: missing"):
        Annotator.load(tmp_path)


@pytest.mark.parametrize("content", [b"", b"not an archive", (MODELS / "background.npz").read_bytes()])
def test_a_damaged_model_is_named(tmp_path: Path, content: bytes):
    (tmp_path / "news.npz").write_bytes(content)
    with pytest.raises(ModelError, match=r"news.npz"):
        load(tmp_path / "news.npz")


def lesson() -> Lesson:
    texts = [grams([word, str(n)]) for n in range(12) for word in ("tốt", "xấu")]
    targets = np.array([[1, 0, 0], [0, 1, np.nan]] * 12, np.float32)
    return Lesson(texts=texts, targets=targets, weights=np.ones(24, np.float32), folds=np.arange(24) % 2)


def test_learning_tells_what_it_was_taught_and_lets_unknown_answers_be():
    taught = lesson()
    vocabulary = vocabulary_of(taught.texts, at_least=1)
    rows = matrix(vocabulary, taught.texts)
    said = outputs(learn(PLAN, rows, taught.targets, taught.weights), rows)
    assert (said[:, :2].argmax(axis=1) == taught.targets[:, :2].argmax(axis=1)).all()


def test_the_same_labels_give_the_same_bytes(tmp_path: Path):
    for name in ("a.npz", "b.npz"):
        save(student(PLAN, lesson(), voted(PLAN, lesson(), lesson())), tmp_path / name)
    assert (tmp_path / "a.npz").read_bytes() == (tmp_path / "b.npz").read_bytes()


def test_a_large_reader_counts_twice_what_two_networks_think():
    unheard = np.full((24, 3), np.nan, np.float32)
    asked = replace(lesson(), targets=unheard)
    alone = voted(PLAN, lesson(), asked).targets
    assert voted(PLAN, lesson(), asked, unheard).targets.tolist() == alone.tolist()
    assert voted(PLAN, lesson(), asked, np.ones_like(alone)).targets == pytest.approx((2 + alone) / 3)


def test_votes_are_found_by_the_text_they_are_on(tmp_path: Path):
    told = {"late": np.array([[0.5, 1.0], [0.2, 0.0]]), "early": np.array([[0.1, 0.3], [np.nan, np.nan]])}
    votes.save([("Ngập", ""), ("Kẹt xe", "")], told, tmp_path / "votes.npz")
    found = votes.heard([("Kẹt xe", ""), ("Mưa", ""), ("Ngập", "")], "late", tmp_path / "votes.npz")
    assert found == pytest.approx(np.array([[0.2, 0.0], [np.nan] * 2, [0.5, 1.0]]), nan_ok=True)
    assert np.isnan(votes.heard([("Kẹt xe", "")], "early", tmp_path / "votes.npz")).all()
    with pytest.raises(ModelError, match=r"votes.npz.*'whole'"):
        votes.heard([("Kẹt xe", "")], "whole", tmp_path / "votes.npz")


def test_a_network_says_the_same_after_saving(tmp_path: Path):
    network = student(PLAN, lesson(), lesson())
    save(network, tmp_path / "n.npz")
    names = grams(["tốt"])
    assert load(tmp_path / "n.npz").logits(names).tolist() == network.logits(names).tolist()


def test_calibration_mends_what_is_too_sure():
    rng = np.random.default_rng(1)
    logits = rng.normal(0, 2, 4_000)
    truth = (rng.random(4_000) < 1 / (1 + np.exp(-logits))).astype(int)
    factor, shift = platt(3 * logits + 1, truth)
    assert (factor, shift) == (pytest.approx(1 / 3, abs=0.05), pytest.approx(-1 / 3, abs=0.2))
    assert expected_error(1 / (1 + np.exp(-factor * (3 * logits + 1) - shift)), truth) < 0.03


def test_temperature_finds_the_factor_of_logits():
    rng = np.random.default_rng(2)
    logits = rng.normal(0, 1, (4_000, 3))
    truth = (logits + rng.gumbel(size=logits.shape)).argmax(axis=1)
    assert temperature(4 * logits, truth) == pytest.approx(0.25, abs=0.05)


def test_eight_bits_a_weight_are_enough():
    rng = np.random.default_rng(3)
    vectors = rng.normal(0, 1, (50, 8)).astype(np.float32)
    vocabulary = vocabulary_of([np.arange(50, dtype=np.uint32)], at_least=1)
    dense = {"hidden_bias": np.zeros(8), "output": np.ones((8, 1)), "bias": np.zeros(1)}
    network = quantized(vocabulary, vectors, **dense)
    assert np.abs(network.table * network.scale - vectors).max() < 0.02
