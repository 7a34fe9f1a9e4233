"""Survey results from CSV or XLSX: counts by question, group and answer; a list of respondents is refused."""

import csv
import io
import re
import warnings
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from monitor.errors import InputError
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
_TELEPHONE = re.compile(r"(?<!\d)(?:\+?84|0)(?:[ .\-]?\d){8,10}(?!\d)")
_IDENTITY = re.compile(r"(?<!\d)(?:\d{9}|\d{12})(?!\d)")
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+\.\w{2,}")
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
        raise InputError(f"{name}: over {LARGEST >> 20} MB")
    rows = _xlsx(name, content) if name.lower().endswith(".xlsx") else _csv(name, content)
    lines = [(n, cells) for n, cells in enumerate(rows, 1) if any(cells)]
    if not lines or len(lines) > MOST_ROWS:
        raise InputError(f"{name}: needs a line of column names and 1 to {MOST_ROWS} lines of counts")
    columns = _columns(name, lines[0][1])
    counts = [_count(f"{name}, line {n}", columns, cells) for n, cells in lines[1:]]
    _check_names(name, counts)
    return _with_samples(name, counts)


def _columns(name: str, header: Sequence[str]) -> list[str]:
    known = {word: column for column, words in COLUMNS.items() for word in words}
    columns = [known.get(fold(cell).replace("_", " "), "") for cell in header]
    for cell, column in zip(header, columns, strict=True):
        if not column:
            raise InputError(
                f"{name}: column {cell[:40]!r} is refused: only counts are taken, never lines of single respondents; "
                "columns: question, answer, count, group, sample"
            )
    if len(set(columns)) < len(columns) or not {"question", "answer", "count"} <= set(columns):
        raise InputError(f"{name}: needs the columns question, answer and count, each once")
    return columns


def _count(where: str, columns: Sequence[str], cells: Sequence[str]) -> Count:
    if len(cells) > len(columns) and any(cells[len(columns) :]):
        raise InputError(f"{where}: more cells than columns")
    values = dict(zip(columns, cells, strict=False))
    for column in ("question", "part", "answer"):
        _check_cell(where, values.get(column, ""))
    if not values.get("question") or not values.get("answer"):
        raise InputError(f"{where}: needs a question and an answer")
    return Count(
        question=values["question"],
        part=values.get("part", ""),
        answer=values["answer"],
        count=_whole(where, values.get("count", "")),
        sample=_whole(where, values["sample"]) if values.get("sample") else 0,
    )


def _check_cell(where: str, cell: str) -> None:
    if len(cell) > _LONGEST_CELL:
        raise InputError(f"{where}: a cell is over {_LONGEST_CELL} signs")
    looks = {"a telephone number": _TELEPHONE, "an identity number": _IDENTITY, "an address of mail": _EMAIL}
    for what, pattern in looks.items():
        if pattern.search(cell):
            raise InputError(f"{where}: refused, a cell holds {what}; only counts are taken")


def _check_names(name: str, counts: Sequence[Count]) -> None:
    """One full name is enough; of two words, as many wards and districts are, half of a column must read like names."""
    for cells in ({c.part for c in counts}, {c.answer for c in counts}, {c.question for c in counts}):
        named = sorted(cell for cell in cells if is_name(cell))
        if any(len(cell.split()) > 2 for cell in named) or (len(named) > 1 and 2 * len(named) >= len(cells)):
            raise InputError(
                f"{name}: refused, {named[0]!r} looks like the name of a person; only counts are taken "
                "(write 'phường', 'xã' before the name of a place)"
            )


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
            raise InputError(
                f"{name}: refused, {question[:60]!r} has {total} answers in {part[:40]!r}: too few to count"
            )
    made = [_sampled(one, totals[one.question, one.part]) for one in counts]
    if wrong := next((one for one in made if one.count > one.sample), None):
        raise InputError(f"{name}: {wrong.question[:60]!r} has more answers {wrong.answer[:40]!r} than people asked")
    return tuple(made)


def _sampled(one: Count, total: int) -> Count:
    return Count(question=one.question, part=one.part, answer=one.answer, count=one.count, sample=one.sample or total)


def _whole(where: str, cell: str) -> int:
    plain = re.sub(r"(?<=\d)[ .,](?=\d{3}(?!\d))", "", cell)
    if not re.fullmatch(r"\d{1,9}(\.0)?", plain):
        raise InputError(f"{where}: {cell[:40]!r} is not a whole number")
    return int(float(plain))


def _csv(name: str, content: bytes) -> list[list[str]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InputError(f"{name}: not UTF-8; save it as CSV UTF-8 or XLSX") from None
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
        raise InputError(f"{name}: no XLSX that can be read ({type(error).__name__})") from None


def _cells(row: Iterable[object]) -> list[str]:
    cells = ["" if cell is None else clean(str(cell)).strip() for cell in row]
    while cells and not cells[-1]:
        cells.pop()
    return cells
