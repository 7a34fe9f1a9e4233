"""Survey results from CSV or XLSX: counts by question, group and answer; a list of respondents is refused."""

import csv
import io
import re
import warnings
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from monitor.errors import WrongInput
from monitor.provinces import province_code
from monitor.text import clean, fold

COLUMNS = {
    "question": ("question", "cau hoi"),
    "answer": ("answer", "phuong an", "tra loi"),
    "count": ("count", "so luong", "so nguoi", "so phieu"),
    "part": ("group", "nhom", "part"),
    "sample": ("sample", "co mau", "mau", "sample size"),
}
"""What each column may be called, folded; question, answer and count must be there, and no other may."""

LARGEST = 10 << 20
MOST_ROWS = 20_000
SMALLEST_CELL = 5
"""A group asked one question must have this many answers, or it says what single people think."""

_LONGEST_CELL = 500
_PERSONAL = {
    "survey.telephone": re.compile(r"(?<!\d)(?:\+?84|0)(?:[ .\-]?\d){8,10}(?!\d)"),
    "survey.identity": re.compile(r"(?<!\d)(?:\d{9}|\d{12})(?!\d)"),
    "survey.mail": re.compile(r"[\w.+-]+@[\w-]+\.\w{2,}"),
}
_FAMILY_NAMES = frozenset((
    "nguyen", "tran", "le", "pham", "hoang", "huynh", "phan", "vu", "vo", "dang", "bui", "do", "ho", "ngo", "duong",
    "ly", "dinh", "dao", "doan", "trinh", "luu", "mai", "to", "truong",
))  # fmt: skip


@dataclass(frozen=True, kw_only=True, slots=True)
class Count:
    """How many of a group (empty: of all) gave an answer to a question, of how many that were asked it."""

    question: str
    part: str
    answer: str
    count: int
    sample: int


def read_survey(name: str, content: bytes) -> tuple[Count, ...]:
    """Return the counts of a file, `.xlsx` by its name or else CSV in UTF-8.

    Raises InputError that names the file and line, and refuses whatever looks like a list of respondents: unknown
    columns, cells that hold names of persons, telephone or identity numbers or addresses of mail, groups so small
    that they say what single people think.
    """
    if len(content) > LARGEST:
        raise WrongInput("survey.size", name=name, most=LARGEST >> 20)
    rows = _xlsx(name, content) if name.lower().endswith(".xlsx") else _csv(name, content)
    lines = [(n, cells) for n, cells in enumerate(rows, 1) if any(cells)]
    if not lines or len(lines) > MOST_ROWS:
        raise WrongInput("survey.lines", name=name, most=MOST_ROWS)
    columns = _columns(name, lines[0][1])
    counts = [_count(name, n, columns, cells) for n, cells in lines[1:]]
    _check_names(name, counts)
    return _with_samples(name, counts)


def _columns(name: str, header: Sequence[str]) -> list[str]:
    known = {word: column for column, words in COLUMNS.items() for word in words}
    columns = [known.get(fold(cell).replace("_", " "), "") for cell in header]
    for cell, column in zip(header, columns, strict=True):
        if not column:
            raise WrongInput("survey.column", name=name, column=cell[:40])
    if len(set(columns)) < len(columns) or not {"question", "answer", "count"} <= set(columns):
        raise WrongInput("survey.columns", name=name)
    return columns


def _count(name: str, line: int, columns: Sequence[str], cells: Sequence[str]) -> Count:
    if len(cells) > len(columns) and any(cells[len(columns) :]):
        raise WrongInput("survey.cells", name=name, line=line)
    values = dict(zip(columns, cells, strict=False))
    for column in ("question", "part", "answer"):
        _check_cell(name, line, values.get(column, ""))
    if not values.get("question") or not values.get("answer"):
        raise WrongInput("survey.no_answer", name=name, line=line)
    return Count(
        question=values["question"],
        part=values.get("part", ""),
        answer=values["answer"],
        count=_whole(name, line, values.get("count", "")),
        sample=_whole(name, line, values["sample"]) if values.get("sample") else 0,
    )


def _check_cell(name: str, line: int, cell: str) -> None:
    if len(cell) > _LONGEST_CELL:
        raise WrongInput("survey.long", name=name, line=line, most=_LONGEST_CELL)
    for refusal, pattern in _PERSONAL.items():
        if pattern.search(cell):
            raise WrongInput(refusal, name=name, line=line)


def _check_names(name: str, counts: Sequence[Count]) -> None:
    """One full name is enough; of two words, as many wards and districts are, half of a column must read like names."""
    for cells in ({c.part for c in counts}, {c.answer for c in counts}, {c.question for c in counts}):
        named = sorted(cell for cell in cells if is_name(cell))
        if any(len(cell.split()) > 2 for cell in named) or (len(named) > 1 and 2 * len(named) >= len(cells)):
            raise WrongInput("survey.person", name=name, cell=named[0])


def is_name(cell: str) -> bool:
    """Return whether a whole cell reads like a person's name: a family name and one to three words, all capitals."""
    words = cell.split()
    capital = all(word[0].isupper() and word.isalpha() for word in words)
    return 2 <= len(words) <= 4 and capital and fold(words[0]) in _FAMILY_NAMES and province_code(cell) is None


def _with_samples(name: str, counts: Sequence[Count]) -> tuple[Count, ...]:
    totals: dict[tuple[str, str], int] = {}
    for one in counts:
        totals[one.question, one.part] = totals.get((one.question, one.part), 0) + one.count
    for (question, part), total in totals.items():
        if total < SMALLEST_CELL:
            raise WrongInput("survey.few", name=name, question=question[:60], total=total, part=part[:40])
    made = [_sampled(one, totals[one.question, one.part]) for one in counts]
    if wrong := next((one for one in made if one.count > one.sample), None):
        raise WrongInput("survey.more", name=name, question=wrong.question[:60], answer=wrong.answer[:40])
    return tuple(made)


def _sampled(one: Count, total: int) -> Count:
    return Count(question=one.question, part=one.part, answer=one.answer, count=one.count, sample=one.sample or total)


def _whole(name: str, line: int, cell: str) -> int:
    plain = re.sub(r"(?<=\d)[ .,](?=\d{3}(?!\d))", "", cell)
    if not re.fullmatch(r"\d{1,9}(\.0)?", plain):
        raise WrongInput("survey.whole", name=name, line=line, cell=cell[:40])
    return int(float(plain))


def _csv(name: str, content: bytes) -> list[list[str]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise WrongInput("survey.encoding", name=name) from None
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    return [_cells(row) for row in csv.reader(io.StringIO(text), delimiter=delimiter)]


def _xlsx(name: str, content: bytes) -> list[list[str]]:
    import openpyxl

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
            sheet = book.worksheets[0]
            return [_cells(row) for row in sheet.iter_rows(values_only=True, max_row=MOST_ROWS + 2, max_col=50)]
    except Exception as error:
        raise WrongInput("survey.workbook", name=name, problem=type(error).__name__) from None


def _cells(row: Iterable[object]) -> list[str]:
    cells = ["" if cell is None else clean(str(cell)).strip() for cell in row]
    while cells and not cells[-1]:
        cells.pop()
    return cells
