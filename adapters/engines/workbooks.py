"""A sheet of an Excel workbook, written as the CSV that both engines read."""

from __future__ import annotations

import csv
import datetime as dt
import html
import posixpath
import re
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

from tessera.errors import InvalidInput
from tessera.sources.workbooks import check_workbook

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook

_BLOCK = 4 << 20
_LONGEST_CELL = 4096  # bytes of a cell with an error
_MOST_DIGITS = 1e15  # beyond them a spreadsheet keeps no whole number
_FAULTY = re.compile(rb'<c\s[^>]*\bt="e"[^>]*>.*?</c>', re.DOTALL)
_NAME = re.compile(rb'\br="([A-Z]+[0-9]+)"')
_RESULT = re.compile(rb"<v>([^<]*)</v>")
_SHEET = re.compile(r"<(?:\w+:)?sheet\s[^>]*>")
_RELATION = re.compile(r"<(?:\w+:)?Relationship\s[^>]*>")
_Value = str | float | bool | dt.datetime | dt.date | dt.time | dt.timedelta


def write_sheet(path: Path, *, sheet: str, folder: Path, name: str) -> Path:
    """Write a sheet's rows as CSV in UTF-8, a line for each row, and return the file.

    Parameters
    ----------
    path
        The workbook.
    sheet
        The sheet's name. Empty for the first visible one.
    folder
        Where the CSV goes.
    name
        The workbook, for messages.

    Raises
    ------
    InvalidInput
        The workbook can't be read, lacks the sheet, or a formula in it has no result.
    """
    try:
        from python_calamine import CalamineError, PasswordError, load_workbook  # noqa: PLC0415
    except ImportError as error:  # it is compiled code, which Glue's Spark can't load from a ZIP
        raise InvalidInput(
            f"{name} is an Excel workbook, which Glue can't read: set 'engine' to duckdb, or save "
            "the sheet as CSV UTF-8"
        ) from error

    with path.open("rb") as file:
        check_workbook(file, name=name)
    target = folder / f"{path.name}.csv"
    try:
        with load_workbook(path) as workbook:
            rows = _sheet(workbook, sheet, name)
            _refuse_errors(path, rows.name, name=name)
            _write(rows, target, name=name)
    except PasswordError as error:
        raise InvalidInput(f"{name} is protected by a password: save it without one") from error
    except CalamineError as error:
        raise InvalidInput(
            f"{name} is no readable Excel workbook ({error}): save it again"
        ) from error
    return target


def _sheet(workbook: CalamineWorkbook, sheet: str, name: str) -> CalamineSheet:
    from python_calamine import SheetTypeEnum, SheetVisibleEnum  # noqa: PLC0415

    sheets = [each for each in workbook.sheets_metadata if each.typ == SheetTypeEnum.WorkSheet]
    shown = [each.name for each in sheets if each.visible == SheetVisibleEnum.Visible]
    if sheet and sheet not in workbook.sheet_names:
        raise InvalidInput(
            f"{name} has no sheet {sheet!r}: its sheets are {', '.join(workbook.sheet_names)}. "
            "Correct the setting 'sheet'"
        )
    if not sheet and not shown:
        raise InvalidInput(f"{name} has no visible sheet: name one in the setting 'sheet'")
    return workbook.get_sheet_by_name(sheet or shown[0])


def _write(sheet: CalamineSheet, target: Path, *, name: str) -> None:
    rows = 0
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        for row in sheet.iter_rows():
            cells = [_text(value) for value in row]
            rows += any(cells)
            writer.writerow(cells)
    if rows < 2:
        raise InvalidInput(
            f"{name}: sheet {sheet.name!r} has {'a header' if rows else 'nothing'} and no rows. "
            "Name another in the setting 'sheet'"
        )


def _text(value: _Value) -> str:
    """Return a cell as people read it: whole numbers without a fraction, dates as ISO 8601."""
    if isinstance(value, str):
        return value if value.isprintable() else " ".join(value.split())
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        whole = value.is_integer() and abs(value) < _MOST_DIGITS
        return str(int(value)) if whole else repr(value)
    if isinstance(value, dt.datetime):
        return value.isoformat(" ").removesuffix(" 00:00:00")
    return str(value)


def _refuse_errors(path: Path, sheet: str, *, name: str) -> None:
    """Refuse a sheet with a formula that has no result, which would read as a blank cell.

    Raises
    ------
    InvalidInput
        Names the cell and its error.
    """
    with zipfile.ZipFile(path) as archive, archive.open(_part_of(archive, sheet)) as part:
        rest = b""
        while block := part.read(_BLOCK):
            data = rest + block
            faulty = _FAULTY.search(data)
            if faulty is not None:
                cell, error = _NAME.search(faulty[0]), _RESULT.search(faulty[0])
                raise InvalidInput(
                    f"{name}, sheet {sheet!r}: cell {cell[1].decode() if cell else '?'} has the "
                    f"error {error[1].decode() if error else '?'}. Correct its formula, or paste "
                    "values in its place"
                )
            rest = data[-_LONGEST_CELL:]


def _part_of(archive: zipfile.ZipFile, sheet: str) -> str:
    """Return the part that holds a sheet."""
    workbook = archive.read("xl/workbook.xml").decode()
    relations = archive.read("xl/_rels/workbook.xml.rels").decode()
    ids = {_attribute(tag, "name"): _attribute(tag, r"\w+:id") for tag in _SHEET.findall(workbook)}
    targets = {
        _attribute(tag, "Id"): _attribute(tag, "Target") for tag in _RELATION.findall(relations)
    }
    return posixpath.normpath(posixpath.join("/xl", targets[ids[sheet]])).lstrip("/")


def _attribute(tag: str, name: str) -> str:
    value = re.search(rf"\s{name}=[\"']([^\"']*)", tag)
    return html.unescape(value[1]) if value else ""
