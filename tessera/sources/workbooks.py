"""Excel workbooks before they are opened: what their bytes and their parts' sizes show."""

from __future__ import annotations

import zipfile
from typing import BinaryIO

from tessera.errors import InvalidInput

SUFFIX = ".xlsx"
_ZIP, _OLD = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_WORKBOOK = "xl/workbook.xml"
_MOST_TIMES = 20  # that the unpacked parts may be larger than the file
_SMALL = 1 << 18  # unpacked bytes that no machine minds


def is_workbook(name: str) -> bool:
    """Return whether a file's name is an Excel workbook's."""
    return name.lower().endswith(SUFFIX)


def check_workbook(file: BinaryIO, *, name: str) -> None:
    """Refuse a file that is no workbook, or one that must not be opened.

    Parameters
    ----------
    file
        The file, at its start. Only its first bytes and its directory are read.

    Raises
    ------
    InvalidInput
        The file is protected by a password, an old ``.xls``, no workbook, or expands too far.
    """
    start = file.read(4)
    if start == _OLD:
        raise InvalidInput(
            f"{name} is protected by a password, or an old .xls file: save it as .xlsx without a "
            "password, or as CSV UTF-8"
        )
    if start != _ZIP:
        raise InvalidInput(f"{name} is no Excel workbook although its name says so: save it again")
    try:
        with zipfile.ZipFile(file) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise InvalidInput(f"{name} is damaged: upload it again") from error
    if _WORKBOOK not in {part.filename for part in parts}:
        raise InvalidInput(
            f"{name} is a ZIP file but no Excel workbook: upload its files one by one"
        )
    packed = sum(part.compress_size for part in parts)
    unpacked = sum(part.file_size for part in parts)
    if unpacked > _SMALL and unpacked > _MOST_TIMES * packed:
        raise InvalidInput(
            f"{name} expands {unpacked / max(packed, 1):,.0f} times when it is opened, more than "
            f"{_MOST_TIMES} times: save the sheet as CSV UTF-8"
        )
