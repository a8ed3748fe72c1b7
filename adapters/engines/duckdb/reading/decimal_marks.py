"""Whether an upload writes decimal points or commas: by its first rows, or else by all of them."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from adapters.engines.duckdb.reading.parts import UploadFile
from adapters.engines.duckdb.session import Connection
from tessera.events.currency_names import has_decimals
from tessera.settings import RunSettings
from tessera.sources.amounts import Mark, decide_mark, is_telling

_DISTINCT_NUMBERS = 100_000


def mark_of(
    connection: Connection, parts: Sequence[UploadFile], *, settings: RunSettings, currency: str
) -> Mark:
    """Return the decimal mark of an upload.

    Parameters
    ----------
    currency
        Of the tenant's history, empty when there is none.

    Raises
    ------
    InvalidInput
        Its amounts could be read two ways.
    """
    name = parts[0].name if len(parts) == 1 else f"{parts[0].name} and its other parts"
    seen = {cell for part in parts for place in part.numbers for cell in part.start_of(place)}
    if settings.decimal != "auto" or any(is_telling(cell) for cell in seen):
        return decide_mark(sorted(seen), setting=settings.decimal, name=name)
    decimals = has_decimals(
        (cell for part in parts for cell in part.sample.get("currency", ())),
        seen,
        fallback=settings.currency or currency,
    )
    everything: set[str] = set(seen)
    for part in parts:
        everything |= _marked_numbers(connection, part)
    return decide_mark(sorted(everything), setting="auto", name=name, decimals=decimals)


def _marked_numbers(connection: Connection, part: UploadFile) -> set[str]:
    source = part.source(again=True)
    cells = [f"c{place}" for place in part.numbers]
    numbers: set[str] = set()
    for cell in cells:
        query = (
            f"SELECT DISTINCT {cell} FROM {source.relation} WHERE contains({cell}, '.') "  # noqa: S608
            f"OR contains({cell}, ',') LIMIT {_DISTINCT_NUMBERS}"
        )
        try:
            numbers |= {str(row[0]) for row in connection.execute(query).fetchall()}
        except duckdb.Error:  # a broken file: reading it will rewrite it first
            return numbers
    return numbers
