"""Tables as files: CSV and XLSX that no spreadsheet takes for formulas, JSON Lines."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

import orjson

from monitor.records import VIETNAM
from monitor.text import clean

BOM = "\ufeff"
"""Excel takes a CSV for UTF-8 only when it begins with this."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%", "＝", "＋", "－", "＠")
_LONGEST_CELL = 32_767


def csv_text(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return rows as CSV with a line of column names; numbers stay numbers, times are of Viet Nam."""
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_MINIMAL, lineterminator="\r\n")
    writer.writerow([safe(column) for column in columns])
    writer.writerows([safe(value) for value in row] for row in rows)
    return BOM + text.getvalue()


def xlsx_bytes(title: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """Return rows as a workbook of one sheet, its first line bold and standing."""
    import openpyxl
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font

    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet(_sheet_name(title))
    sheet.freeze_panes = "A2"
    names = [WriteOnlyCell(sheet, value=str(safe(column))) for column in columns]
    for name in names:
        name.font = Font(bold=True)
    sheet.append(names)
    for row in rows:
        sheet.append([_cell(value) for value in row])
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def json_lines(rows: Iterable[Mapping[str, object]]) -> str:
    """Return one object a line."""
    return "".join(orjson.dumps(dict(row)).decode() + "\n" for row in rows)


def safe(value: object) -> object:
    """Return a cell: a number as it is, anything else as text, with ' before what a spreadsheet would calculate."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    text = _text(value)
    return "'" + text if text.startswith(_FORMULA) or text.lstrip().startswith(_FORMULA) else text


def _cell(value: object) -> object:
    cell = safe(value)
    return cell[:_LONGEST_CELL] if isinstance(cell, str) else cell


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return f"{value.astimezone(VIETNAM):%Y-%m-%d %H:%M}"
    if isinstance(value, tuple | list):
        return "; ".join(_text(one) for one in value)
    return clean(str(value)) if str(value)[:1] not in ("\t", "\r", "\n") else str(value)[:1] + clean(str(value)[1:])


def _sheet_name(title: str) -> str:
    return "".join("_" if c in "[]:*?/\\'" else c for c in clean(title))[:31].strip() or "Sheet"
