"""The command line as users and operators meet it: a process of its own, one line for an error, an exit status."""

import gzip
import json
import os
import subprocess
import sys

import pytest

from cli import app

LINES = [
    {
        "title": "Nước máy đục ở phường Bình Minh",
        "summary": "Người dân kêu nước máy đục ba ngày nay.",
        "source": "bao-a",
    },
    {"title": "Đội nhà thắng đậm", "summary": "Trận đấu kết thúc với tỉ số ba không.", "source": "bao-b"},
]


@pytest.fixture
def langnghe(tmp_path):
    """Run the command in an empty home and return the finished process."""

    def run(*words, **environ):
        env = {k: v for k, v in os.environ.items() if not k.startswith("LANGNGHE_")}
        env |= {"LANGNGHE_HOME": str(tmp_path / "home"), "COLUMNS": "160", **environ}
        command = [sys.executable, "-m", "cli", *map(str, words)]
        return subprocess.run(command, env=env, capture_output=True, text=True, timeout=120, check=False)

    return run


@pytest.fixture
def documents(tmp_path):
    path = tmp_path / "documents.jsonl.gz"
    with gzip.open(path, "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(line, ensure_ascii=False) + "\n" for line in LINES)
    return path


def in_one_line(done):
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert done.stderr.count("\n") == 1
    return done.stderr


def test_every_command_has_help_with_an_example(langnghe):
    for command in app.registered_commands:
        assert "Example:" in (command.callback.__doc__ or ""), command.callback.__name__


def test_ingesting_twice_is_ingesting_once(langnghe, documents):
    assert json.loads(langnghe("ingest", documents, "--json").stdout)["stored"] == 2
    assert json.loads(langnghe("ingest", documents, "--json").stdout)["duplicate"] == 2


def test_search_finds_without_marks(langnghe, documents):
    langnghe("ingest", documents)
    found = json.loads(langnghe("search", "nuoc may duc", "--json").stdout)
    assert [hit["document"]["title"] for hit in found["hits"]] == [LINES[0]["title"]]


def test_search_prints_a_table(langnghe, documents):
    langnghe("ingest", documents)
    assert "Nước máy đục" in langnghe("search", "nước máy").stdout


def test_an_empty_store_has_no_issues(langnghe):
    assert json.loads(langnghe("issues", "--json").stdout) == []


def test_a_briefing_says_that_nothing_came_up(langnghe, documents):
    langnghe("ingest", documents)
    assert "Không có vấn đề nổi lên" in langnghe("brief", "--from", "2025-11-01", "--to", "2025-11-02").stdout


def test_a_briefing_is_written_as_docx(langnghe, tmp_path):
    target = tmp_path / "tin.docx"
    done = langnghe("brief", "--from", "2025-11-01", "--to", "2025-11-02", "--format", "docx", "--output", target)
    assert done.returncode == 0
    assert target.read_bytes().startswith(b"PK")


@pytest.mark.parametrize(
    ("text", "named"),
    [("[[source", "sources.toml"), ('[[source]]\nid = "a"\nfeed = ["x"]', "'feed'"), ("", "sources.toml")],
)
def test_a_broken_sources_file_is_one_line(langnghe, tmp_path, text, named):
    file = tmp_path / "sources.toml"
    file.write_text(text)
    assert named in in_one_line(langnghe("crawl", LANGNGHE_SOURCES=str(file)))


def test_a_home_that_cannot_be_written_is_one_line(langnghe, documents):
    assert "/proc" in in_one_line(langnghe("ingest", documents, LANGNGHE_HOME="/proc/nowhere"))


def test_a_missing_file_is_one_line(langnghe, tmp_path):
    assert "none.jsonl" in in_one_line(langnghe("ingest", tmp_path / "none.jsonl"))


def test_a_bad_line_is_named(langnghe, tmp_path):
    file = tmp_path / "bad.jsonl"
    file.write_text('{"title": "một"}\n[1, 2]\n')
    assert "line 2" in in_one_line(langnghe("ingest", file))


def test_a_bad_query_is_one_line(langnghe):
    assert "topic:weather" in in_one_line(langnghe("search", "topic:weather"))


def test_a_page_becomes_a_document(langnghe, tmp_path):
    page = tmp_path / "page.html"
    body = "".join(
        f"<p>Hộ thứ {n} trong khu phố phản ánh nước máy đục suốt ba ngày, phải mua nước bình để nấu ăn.</p>"
        for n in range(4)
    )
    head = '<meta property="article:published_time" content="2026-01-05T08:15:00+07:00">'
    page.write_text(f"<html><head>{head}</head><body><article><h1>Nước máy đục</h1>{body}</article></body></html>")
    document = json.loads(langnghe("extract", page, "--url", "https://bao.example/nuoc-1.html").stdout)
    assert document["title"] == "Nước máy đục"
    assert document["published_at"].startswith("2026-01-05T01:15")


def test_a_page_without_text_says_so(langnghe, tmp_path):
    page = tmp_path / "empty.html"
    page.write_text("<html></html>")
    assert "no_text" in in_one_line(langnghe("extract", page, "--url", "https://bao.example/x"))
