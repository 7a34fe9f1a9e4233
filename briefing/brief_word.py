"""A briefing as a file for Word, on A4 and in the type of Vietnamese offices: a table of all, then each issue."""

import io
from collections.abc import Iterable, Sequence
from typing import Any

import docx
from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from docx.text.paragraph import Paragraph

from briefing.brief import Briefing, Section
from briefing.brief_text import case_line, chart_of, citation, heading, late_line, overview, title
from monitor.bulletins import LEVEL_WORDS, few
from monitor.detect.explain import number, place_names
from monitor.records import Issue
from monitor.store import Hit

_FONT = "Times New Roman"
_BLUE = RGBColor(0x0B, 0x55, 0x63)
_SIZES = {"Normal": 13, "Title": 20, "Heading 1": 15, "Heading 2": 14, "List Bullet": 12}
_COLUMNS = (("Vấn đề", 7.3), ("Mức", 1.9), ("Nơi", 3.2), ("Quan sát / thường lệ", 2.4), ("Tòa soạn", 1.7))


def word_of(briefing: Briefing) -> bytes:
    """Return the briefing as a DOCX with charts."""
    file = _blank()
    file.add_heading(title(briefing), 0)
    for line in overview(briefing):
        file.add_paragraph(line)
    if briefing.sections:
        _table(file, [section.issue for section in briefing.sections])
    for n, section in enumerate(briefing.sections, 1):
        _section(file, n, section)
    if briefing.late:
        file.add_heading("Chưa có kết quả cuối cùng, đã quá hạn", 2)
    for case in briefing.late:
        file.add_paragraph(late_line(case), style="List Bullet")
    content = io.BytesIO()
    file.save(content)
    return content.getvalue()


def _blank() -> Document:
    file = docx.Document()
    page = file.sections[0]
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    page.left_margin, page.right_margin = Cm(3), Cm(1.5)
    page.top_margin = page.bottom_margin = Cm(2)
    for name, size in _SIZES.items():
        style = file.styles[name]
        style.font.name, style.font.size = _FONT, Pt(size)
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for kind in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{kind}"), None)
        fonts.set(qn("w:hAnsi"), _FONT)
        if name.startswith(("Title", "Heading")):
            style.font.color.rgb = _BLUE
    foot = page.footer.paragraphs[0]
    foot.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _field(foot, "PAGE")
    return file


def _table(file: Document, issues: Sequence[Issue]) -> None:
    table = file.add_table(rows=1, cols=len(_COLUMNS), style="Table Grid")
    table.autofit = False
    for column, (_, width) in zip(table.columns, _COLUMNS, strict=True):
        column.width = Cm(width)
    _row(table.rows[0].cells, [name for name, _ in _COLUMNS], bold=True)
    for issue in issues:
        usual = f" / {few(issue.expected)}" if issue.p_value < 1 else ""
        counted = number(issue.observed) + usual
        places = place_names(issue.places)
        cells = (issue.title, LEVEL_WORDS[issue.level], places, counted, str(len(issue.publishers)))
        _row(table.add_row().cells, cells)


def _row(cells: Iterable[Any], texts: Sequence[str], *, bold: bool = False) -> None:
    for cell, text, (_, width) in zip(cells, texts, _COLUMNS, strict=True):
        cell.width = Cm(width)
        run = cell.paragraphs[0].add_run(text)
        run.bold, run.font.size = bold, Pt(11)


def _section(file: Document, n: int, section: Section) -> None:
    file.add_heading(f"{n}. {heading(section.issue)}", 2)
    file.add_paragraph(section.issue.explanation)
    if chart := chart_of(section):
        file.add_picture(io.BytesIO(chart), width=Cm(13))
        caption = file.add_paragraph("Số tin, bài mỗi ngày cùng chủ đề và nơi; cột đậm: từ khi nổi lên.")
        caption.runs[0].italic, caption.runs[0].font.size = True, Pt(11)
    for hit in section.hits:
        _cite(file.add_paragraph(style="List Bullet"), hit)
    for case in section.cases:
        file.add_paragraph().add_run(f"Hồ sơ. {case_line(case)}").bold = True


def _cite(paragraph: Paragraph, hit: Hit) -> None:
    """A title that leads to its source, where it has one on the web."""
    name, where, url = citation(hit)
    if not url:
        paragraph.add_run(f"{name} {where}")
        return
    link: Any = OxmlElement("w:hyperlink")
    link.set(qn("r:id"), paragraph.part.relate_to(url, RELATIONSHIP_TYPE.HYPERLINK, is_external=True))
    run = paragraph.add_run(name)
    run.font.color.rgb, run.underline = _BLUE, True
    element: Any = paragraph._p
    link.append(run._r)
    element.append(link)
    paragraph.add_run(f" {where}")


def _field(paragraph: Paragraph, name: str) -> None:
    run: Any = paragraph.add_run()._r
    begin, code, end = (OxmlElement(tag) for tag in ("w:fldChar", "w:instrText", "w:fldChar"))
    begin.set(qn("w:fldCharType"), "begin")
    code.text = name
    end.set(qn("w:fldCharType"), "end")
    run.extend((begin, code, end))
