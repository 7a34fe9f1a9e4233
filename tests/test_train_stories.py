"""What detection learns from judged stories: whole months in, the same files out; an office's judgements too."""

import gzip
import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from conftest import NOW, make_annotation, make_document
from demo_home import environ

from monitor.errors import InputError
from monitor.records import digest
from monitor.store import Hit
from nlp.annotate import MODELS
from nlp.stories.judged import (
    fold_of,
    folds,
    happenings,
    month_of,
    most_of,
    office_stories,
)
from nlp.stories.train import train_stories
from nlp.worth import LinearWorth

PLACES = ("Gò Sậy", "Rạch Lá", "Bến Tre Xanh", "Đồi Thông", "Xóm Chài", "Cồn Én")
WORRY = (
    "Bãi rác {} bốc mùi hôi, dân kêu cứu",
    "Bãi rác {} ô nhiễm, phường kiểm tra",
    "Bãi rác {} vẫn hôi thối, cư dân bức xúc",
    "Bãi rác {} gây bệnh, tỉnh yêu cầu dọn",
    "Nước đen tràn ruộng ấp {:.2}",
    "Ruộng ấp {:.2} ngập nước đen, lúa chết",
    "Nước đen làm lúa chết trắng ấp {:.2}",
)
GAME = (
    "Đội bóng {} thắng đậm trận khai mạc",
    "Đội bóng {} vào bán kết sau loạt luân lưu",
    "Đội bóng {} ăn mừng cùng người hâm mộ",
    "Đội bóng {} nhận cúp vô địch",
)


def lines_of(month: int) -> Iterator[tuple[dict[str, str], str, int]]:
    """Each document of a month as the stream has it, the happening it tells of, and the severity of that."""
    for n, place in enumerate(PLACES):
        severity = (n % 3 + 1) * (n % 2)
        for k, what in enumerate(WORRY if severity else GAME):
            at = NOW.replace(year=2025, month=month, day=2 + 3 * n) + timedelta(hours=5 * k)
            title = what.format(place)
            url = f"https://bao-{k % 3}.example/{digest(title, str(month))}"
            document = {"url": url, "source": f"bao-{k % 3}", "title": title, "summary": f"{title} ({month})"}
            times = {"published_at": at.isoformat(), "first_seen_at": at.isoformat()}
            yield {**document, **times}, f"2025-{month:02}-{n}", severity


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A folder of three months with their judged stories."""
    for name in ("labels", "news_stream"):
        (tmp_path / name).mkdir()
    judged = []
    for month in (8, 9, 10):
        found = list(lines_of(month))
        with gzip.open(tmp_path / "news_stream" / f"2025-{month:02}.jsonl.gz", "wt", encoding="utf-8") as stream:
            stream.writelines(json.dumps(line, ensure_ascii=False) + "\n" for line, _, _ in found)
        for n, event in enumerate(dict.fromkeys(event for _, event, _ in found)):
            told = [line for line, of, _ in found if of == event]
            severity = next(s for _, of, s in found if of == event)
            story = {"id": f"s25{month:02}_{n:04}", "severity": severity, "event": event if severity else None}
            judged.append({**story, "urls": [line["url"] for line in told]})
    (tmp_path / "labels/stories_train.jsonl").write_text("".join(json.dumps(j) + "\n" for j in judged))
    return tmp_path


@pytest.fixture
def models(tmp_path: Path) -> Path:
    """A folder with the networks that ship."""
    (tmp_path / "models").mkdir()
    for file in MODELS.glob("*"):
        if file.name != "worth.npz":
            (tmp_path / "models" / file.name).symlink_to(file)
    return tmp_path / "models"


def test_the_same_files_give_the_same_bytes(data: Path, models: Path, tmp_path: Path) -> None:
    made = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        train_stories(data, models, tmp_path / name)
        made.append({f.name: f.read_bytes() for f in [*(tmp_path / name).iterdir(), models / "worth.npz"]})
    assert made[0] == made[1]
    names = {"choice.json", "join.json", "kinship.json", "outlook.json", "rarity.npz", "worth.npz"}
    assert set(made[0]) == names


def test_worth_learns_what_the_office_judged(data: Path, models: Path, tmp_path: Path) -> None:
    office = tmp_path / "judged.jsonl"
    titles = ["Lễ hội hoa kẹt xe nhiều giờ", "Kẹt xe kéo dài ở lễ hội hoa", "Lễ hội hoa lại kẹt xe"]
    hits = {d.url: Hit(document=d, annotation=make_annotation(d, concern=0.2)) for d in map(make_document, titles)}
    office.write_text(json.dumps({"urls": list(hits), "judgement": "right"}) + "\n")
    stories = office_stories(office, hits.get)
    assert [(story.severity, story.rated, len(story.texts)) for story in stories] == [(1, False, 3)]
    found = []
    for some in ([], stories * 20):
        train_stories(data, models, tmp_path, some)
        found.append(chance(LinearWorth.load(models / "worth.npz"), list(hits.values())))
    assert found[1] > found[0]


def chance(worth: LinearWorth, hits: list[Hit]) -> float:
    from monitor.detect.terms import terms, vector

    readings = [worth.read(h, vector(terms(h.document)), ()) for h in hits]
    return worth.judge(readings, ["Báo A"], 3).probability


def test_the_command_trains_from_what_an_office_said(data: Path, models: Path, tmp_path: Path) -> None:
    office = tmp_path / "judged.jsonl"
    office.write_text(json.dumps({"urls": ["https://bao.example/1"], "judgement": "wrong"}) + "\n")
    words = ("train", data, "--only", "detection", "--models", models, "--judged", office)
    done = subprocess.run(
        [sys.executable, "-m", "cli", *map(str, words)], env=environ(LANGNGHE_HOME=str(tmp_path / "home")), check=False
    )
    assert done.returncode == 0
    assert {"choice.json", "worth.npz", "join.json"} <= {file.name for file in models.iterdir()}


@pytest.mark.parametrize("months", [0, 1])
def test_too_few_months_are_one_line_of_error(data: Path, models: Path, tmp_path: Path, months: int) -> None:
    path = data / "labels/stories_train.jsonl"
    kept = [line for line in path.read_text().splitlines(keepends=True) if months and "s2508" in line]
    path.write_text("".join(kept))
    with pytest.raises(InputError, match="two months or more"):
        train_stories(data, models, tmp_path)


def test_a_line_that_is_no_judgement_is_named(tmp_path: Path) -> None:
    (tmp_path / "x.jsonl").write_text('{"title": "Kênh đen"}\n')
    with pytest.raises(InputError, match=r"x\.jsonl:1: not a judgement"):
        office_stories(tmp_path / "x.jsonl", lambda url: None)


def test_documents_that_the_store_has_no_more_teach_nothing(tmp_path: Path) -> None:
    (tmp_path / "x.jsonl").write_text('{"urls": ["https://bao.example/1"], "judgement": "wrong"}\n')
    assert office_stories(tmp_path / "x.jsonl", lambda url: None) == []


def test_a_fold_is_a_month(data: Path) -> None:
    assert folds(data / "labels/stories_train.jsonl") == ["s2508", "s2509", "s2510"]
    assert month_of(fold_of("2025-08.jsonl.gz")) == "2025-08"


def test_concerns_are_happenings_of_some_severity(data: Path) -> None:
    path = data / "labels/stories_train.jsonl"
    assert len(set(happenings(path, "s2508").values())) == len(PLACES)
    assert set(happenings(path, "s2508", least=1).values()) == {f"2025-08-{n}" for n in (1, 3, 5)}


def test_most_is_two_and_half() -> None:
    known = {"a": "x", "b": "x", "c": "y"}
    assert most_of(known, ["a", "b", "c", "d"]) == "x"
    assert most_of(known, ["a", "c"]) is None
    assert most_of(known, ["a", "b", "c", "d", "e"]) is None
