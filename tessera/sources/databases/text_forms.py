"""The text of a PostgreSQL value in a change file, which is that of DMS' typed column as text.

The session must have ``SESSION``: then a timestamp, date or number has one text.
"""

from __future__ import annotations

from collections.abc import Mapping

# DMS keeps a moment as UTC without an offset, and a boolean as the word (varchar(5)).
SESSION: Mapping[str, str] = {
    "TimeZone": "UTC",
    "DateStyle": "ISO, YMD",
    "IntervalStyle": "iso_8601",
    "bytea_output": "hex",
    "extra_float_digits": "1",
}
BOOLEAN, MOMENT = 16, 1184  # OIDs of bool and timestamptz
_OFFSET = "+00"
_WORDS = {"t": "true", "f": "false"}


def text_of(value: str, *, type_: int) -> str:
    """Return the text in a change file of a value's text in PostgreSQL.

    Parameters
    ----------
    type_
        The OID of the value's type. A domain is its base type.
    """
    if type_ == BOOLEAN:
        return _WORDS.get(value, value)
    if type_ == MOMENT:
        return value.removesuffix(_OFFSET)
    return value


def text_sql(column: str, *, type_: int) -> str:
    """Return the SQL expression of that text. ``column`` is quoted already."""
    if type_ == MOMENT:
        return f"({column} AT TIME ZONE 'UTC')::text"
    return f"{column}::text"
