"""The names that DMS gives the files of a table, below the bucket folder.

Source: AWS DMS' documentation, "Using Amazon S3 as a target". A full load's files are counted in
hexadecimal digits, a file of changes is named after the moment at which it was made.
"""

from __future__ import annotations

import datetime as dt
import re

_MILLISECOND = dt.timedelta(milliseconds=1)
_FORM = "%Y%m%d-%H%M%S"
_SUFFIX = ".parquet"
_CHANGES = re.compile(r"\d{8}-\d{9}\.parquet")


def folder(schema: str, table: str) -> str:
    """Return the folder of a table, with a slash at its end."""
    return f"{schema}/{table}/"


def load_name(number: int) -> str:
    """Return the name of a full load's file. The first number is 1."""
    return f"LOAD{number:08X}{_SUFFIX}"


def changes_name(moment: dt.datetime, *, after: str = "") -> str:
    """Return the name of a file of changes.

    Parameters
    ----------
    after
        The name of the file before it. The new one is later, whatever the clock says.
    """
    if after and (following := moment_of(after) + _MILLISECOND) > moment:
        moment = following
    utc = moment.astimezone(dt.UTC)
    return f"{utc.strftime(_FORM)}{utc.microsecond // 1000:03d}{_SUFFIX}"


def is_changes(name: str) -> bool:
    """Return whether a file is one of changes."""
    return bool(_CHANGES.fullmatch(name))


def moment_of(name: str) -> dt.datetime:
    """Return the moment that a file of changes is named after."""
    digits = name.removesuffix(_SUFFIX)
    return dt.datetime.strptime(f"{digits}000+0000", f"{_FORM}%f%z")
