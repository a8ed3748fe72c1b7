"""The first rows of a file, from which how the whole upload is written is decided."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tessera.sources.dates.order import with_time

Row = Sequence[str | None]
SAMPLE_ROWS = 500  # how many are looked at


def cells_of(rows: Sequence[Row], place: int) -> list[str]:
    """Return a column's cells that are not blank."""
    return [cell for row in rows if place < len(row) and (cell := row[place])]


def sample_of(rows: Sequence[Row], columns: Mapping[str, int]) -> dict[str, list[str]]:
    """Return the cells of our columns. A time of day in a separate column belongs to the date.

    Parameters
    ----------
    columns
        Our column's name to its place.
    """
    sample = {name: cells_of(rows, place) for name, place in columns.items()}
    if "time" in columns:
        date, time = columns["date"], columns["time"]
        dates = (
            with_time(row[date], row[time] if time < len(row) else None)
            for row in rows
            if date < len(row)
        )
        sample["date"] = [each for each in dates if each]
    return sample
