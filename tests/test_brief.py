"""A briefing tells of the days it is asked for, in text, Word and HTML, with charts and what agencies answered."""

import io
from datetime import date, timedelta

import docx
import pytest
from conftest import NOW, make_annotation, make_document, make_issue

from briefing.brief import brief
from briefing.write import write
from monitor.desk import agencies, cases
from monitor.errors import ConfigError, InputError, StoreUnavailable
from monitor.store import open_store

DAY = date(2025, 11, 3)
HOSTILE = "<script>alert(1)</script>"


@pytest.fixture
def store():
    with open_store("sqlite://") as opened:
        document = make_document("Kênh đen ngòm", url="https://bao.example/1")
        opened.add([document])
        opened.annotate([make_annotation(document)])
        opened.save_issues([make_issue(evidence=(document.id,))])
        yield opened


def late_case(desk):
    (agency,) = agencies.suggest(agencies.shipped_agencies(), "environment", ["79"], 1)
    cases.send_case(desk, make_issue(), agency, "Kính gửi", NOW + timedelta(days=1), "lan", NOW)
    return cases.cases(desk, NOW + timedelta(days=2))


def test_a_briefing_counts_and_cites_what_was_published(store):
    text = write(brief(store, DAY, DAY), "text", None)
    for part in (
        "03/11/2025",
        "1 tin, bài",
        "Kênh ô nhiễm (Nóng; TP.HCM)",
        "12 bài, thường 2,5",
        "https://bao.example/1",
    ):
        assert part in text


def test_a_period_without_issues_says_so(store):
    text = write(brief(store, date(2025, 1, 1), date(2025, 1, 2)), "text", None)
    assert "Không có vấn đề nổi lên." in text


def test_a_briefing_says_what_agencies_made_of_it_and_who_is_late(desk, store):
    text = write(brief(store, DAY, DAY, late_case(desk)), "text", None)
    assert text.count("Sở Nông nghiệp và Môi trường TP.HCM: quá hạn, hạn 04/11/2025") == 2


def test_a_word_file_holds_text_and_charts(store, tmp_path):
    path = write(brief(store, DAY, DAY), "docx", tmp_path / "b.docx")
    file = docx.Document(io.BytesIO((tmp_path / "b.docx").read_bytes()))
    assert path.endswith("b.docx")
    assert "1. Kênh ô nhiễm (Nóng; TP.HCM)" in [p.text for p in file.paragraphs]
    assert len(file.inline_shapes) == 1
    assert [cell.text for cell in file.tables[0].rows[1].cells] == ["Kênh ô nhiễm", "Nóng", "TP.HCM", "12 / 2,5", "2"]
    assert "https://bao.example/1" in {r.target_ref for r in file.part.rels.values() if r.is_external}


def test_a_page_takes_hostile_text_as_text_and_loads_nothing(store, tmp_path):
    store.save_issues([make_issue(title=HOSTILE, explanation=HOSTILE)])
    write(brief(store, DAY, DAY), "html", tmp_path / "b.html")
    page = (tmp_path / "b.html").read_text(encoding="utf-8")
    assert "<script" not in page
    assert page.count("<img") == page.count('<img src="data:image/png;base64,iVBOR') == 1


def test_a_wrong_question_is_one_line(store, tmp_path):
    with pytest.raises(InputError, match="before"):
        brief(store, DAY, DAY - timedelta(days=1))
    with pytest.raises(ConfigError, match="pdf"):
        write(brief(store, DAY, DAY), "pdf", None)
    with pytest.raises(StoreUnavailable, match="cannot be written"):
        write(brief(store, DAY, DAY), "html", tmp_path / "no" / "such" / "b.html")
