"""The product's rules for a row's texts, as SQL: which rows are skipped, and a date's time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from adapters.engines.duckdb.session import text
from tessera.events.reasons import BLANK_ROW, REPEATED_HEADER, TOTALS_ROW
from tessera.sources.skipped_rows import AROUND, TOTALS


def skipped(header: Sequence[str], *, columns: Mapping[str, int], cells: Mapping[str, str]) -> str:
    """Return SQL for what ``tessera.sources.skipped_rows`` says of a row.

    Parameters
    ----------
    header
        The file's own column names.
    columns, cells
        Our column's name to its place in the header, and to its SQL.
    """
    customer, date = (cells[name] for name in ("customer_id", "date"))
    names = [header[columns[name]] for name in ("customer_id", "date")]
    lead = ", ".join(f"nullif(trim(c{at}), '')" for at in range(len(header)))
    totals = ", ".join(map(text, TOTALS))
    return f"""CASE WHEN COALESCE({lead}) IS NULL THEN '{BLANK_ROW.code}'
        WHEN COALESCE(trim({date}), '') = ''
            AND lower(trim(COALESCE({lead}), {text(AROUND)})) IN ({totals})
        THEN '{TOTALS_ROW.code}'
        WHEN trim({customer}) = {text(names[0])} AND trim({date}) = {text(names[1])}
        THEN '{REPEATED_HEADER.code}' ELSE '' END"""


def with_time(date: str, *, time: str) -> str:
    """Return SQL for what ``tessera.sources.dates.order.with_time`` says."""
    clock = f"trim({time})"
    return (
        f"CASE WHEN contains({time}, ':') AND NOT contains({date}, ':') "
        f"THEN {date} || ' ' || {clock} "
        f"WHEN contains({time}, ':') AND ends_with({date}, '00:00:00') "
        f"THEN left({date}, length({date}) - 8) || {clock} ELSE {date} END"
    )
