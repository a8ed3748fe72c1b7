"""Excel workbooks made for tests: the few parts that a reader needs."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from xml.sax.saxutils import escape

DATE = "date"  # the style of a cell whose number is a day
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_STYLES = (
    '<fonts count="1"><font/></fonts><fills count="1"><fill/></fills><borders count="1"><border/>'
    '</borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="2"><xf numFmtId="0"/>'
    '<xf numFmtId="22" applyNumberFormat="1"/></cellXfs>'
)
Cell = str | float | tuple[str, float]


def workbook(
    *sheets: tuple[str, Sequence[Sequence[Cell]]], since_1904: bool = False, extra: bytes = b""
) -> bytes:
    """Return a workbook with these sheets. A text such as ``#N/A`` is a formula's error."""
    types = "".join(
        f'<Override PartName="/xl/worksheets/s{number}.xml" ContentType="application/'
        'vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>'
        for number in range(len(sheets))
    )
    named = "".join(
        f'<sheet name="{escape(name)}" sheetId="{number + 1}" r:id="s{number}"/>'
        for number, (name, _) in enumerate(sheets)
    )
    related = "".join(
        f'<Relationship Id="s{number}" Type="{_OFFICE}/worksheet" '
        f'Target="worksheets/s{number}.xml"/>'
        for number in range(len(sheets))
    )
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default '
        'Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" '
        'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
        f"{types}</Types>",
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="w" '
        f'Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><workbookPr '
        f'date1904="{int(since_1904)}"/><sheets>{named}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">{related}'
        f'<Relationship Id="st" Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>',
        "xl/styles.xml": f'<styleSheet xmlns="{_MAIN}">{_STYLES}</styleSheet>',
    }
    parts |= {
        f"xl/worksheets/s{number}.xml": f'<worksheet xmlns="{_MAIN}"><sheetData>'
        f"{''.join(map(_row, enumerate(rows, 1)))}</sheetData></worksheet>"
        for number, (_, rows) in enumerate(sheets)
    }
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, _HEAD + text)
        if extra:
            archive.writestr("xl/media/image1.bin", extra)
    return file.getvalue()


def _row(numbered: tuple[int, Sequence[Cell]]) -> str:
    number, cells = numbered
    inside = "".join(_cell(f"{chr(65 + at)}{number}", cell) for at, cell in enumerate(cells))
    return f'<row r="{number}">{inside}</row>'


def _cell(name: str, cell: Cell) -> str:
    if isinstance(cell, tuple):
        return f'<c r="{name}" s="1"><v>{cell[1]}</v></c>'
    if isinstance(cell, float | int):
        return f'<c r="{name}"><v>{cell}</v></c>'
    if cell.startswith("#"):
        return f'<c r="{name}" t="e"><v>{cell}</v></c>'
    return f'<c r="{name}" t="inlineStr"><is><t>{escape(cell)}</t></is></c>' if cell else ""
