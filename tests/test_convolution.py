"""The network of posts: it hears the order of words, learns by true slopes, and half from labels, half from votes."""

from pathlib import Path

import numpy as np
import pytest

from monitor.errors import ModelError
from nlp.convolution import AFTER, BEFORE, NOTHING, load, save
from nlp.grams import grams
from nlp.labels import Post
from nlp.learn_convolution import Plan, committee, slopes, start, told
from nlp.reading import post
from nlp.train_posts import FOLDS, fold_of, post_lesson

PLAN = Plan(seen_in=1, size=8, hidden=6, epochs=40, batch=8, rate=0.02, dropped=0, vector_dropout=0, dropout=0)
ORDERS = ["chưa xong đã hỏng", "đã xong chưa hỏng"] * 12


def learned(plan: Plan = PLAN):
    texts = [grams(text.split(), longest=1) for text in ORDERS]
    targets = np.array([[1, 0, 0], [0, 0, 1]] * 12, np.float32)
    return committee(plan, texts, targets, np.ones(len(texts), np.float32))


def test_the_same_words_in_another_order_say_another_thing():
    network = learned()
    assert [network.logits(grams(text.split(), longest=1)).argmax() for text in ORDERS[:2]] == [0, 2]


def test_slopes_are_how_the_loss_changes():
    rng = np.random.default_rng(0)
    weights = {name: values.astype(np.float64) for name, values in start(PLAN, 9, 3, rng).items()}
    at = np.array([[2, 3, 4, 1], [5, 6, NOTHING, NOTHING], [7, 8, 2, NOTHING]])
    at = np.pad(at, ((0, 0), (BEFORE, AFTER)))
    targets, counts = np.eye(3), np.array([1, 0.5, 2])

    def loss() -> float:
        return float((-(targets * np.log(told(PLAN, weights, at, rng).answers)).sum(axis=1) * counts).mean())

    found = slopes(PLAN, weights, at, targets, counts, rng)
    for name, values in weights.items():
        for place in zip(*(rng.integers(0, size, 5) for size in values.shape), strict=True):
            if name == "vectors" and place[0] == NOTHING:
                continue
            before = values[place]
            values[place] = before + 1e-5
            above = loss()
            values[place] = before - 1e-5
            assert found[name][place] == pytest.approx((above - loss()) / 2e-5, abs=1e-5)
            values[place] = before


def test_the_same_texts_give_the_same_bytes(tmp_path: Path):
    for name in ("a.npz", "b.npz"):
        save(learned(), tmp_path / name)
    assert (tmp_path / "a.npz").read_bytes() == (tmp_path / "b.npz").read_bytes()
    names = post("Đường hỏng", "chưa xong")
    assert load(tmp_path / "a.npz").logits(names).tolist() == learned().logits(names).tolist()


@pytest.mark.parametrize("text", ["", "từ chưa thấy bao giờ", "\x00😡" * 40, "hỏng " * 5000])
def test_any_text_gets_an_answer(text: str):
    assert np.isfinite(learned(Plan(seen_in=1, epochs=1)).logits(post("", text))).all()


def test_a_file_of_another_network_is_refused(tmp_path: Path):
    np.savez(tmp_path / "posts.npz", names=np.arange(3))
    with pytest.raises(ModelError, match=r"posts.npz"):
        load(tmp_path / "posts.npz")


def test_our_labels_count_half_and_others_only_where_no_reader_was_heard():
    silent = [np.nan] * 3
    posts = [
        Post(context="Ngập", text="bao giờ mới hết", tone=0, ours=True),
        Post(context="", text="máy tốt", tone=2, ours=False),
        Post(context="", text="máy tốt lắm", tone=2, ours=False),
        Post(context="Ngập", text="ừ", tone=None, ours=False),
        Post(context="Ngập", text="à", tone=None, ours=False),
    ]
    votes = np.array([[0.5, 0.5, 0], [0, 1, 0], silent, [0, 0, 1], silent], np.float32)
    lesson = post_lesson(posts, votes)
    assert lesson.targets.tolist() == [[0.75, 0.25, 0], [0, 1, 0], [0, 0, 1], [0, 0, 1]]
    assert lesson.weights.tolist() == [1, 0.5, 0.5, 0.5]
    assert 0 <= fold_of(posts[0]) < FOLDS
    assert lesson.folds.tolist() == [fold_of(posts[0]), -1, -1, -1]
