"""The cells of a file with one row a customer, by column, and where each row stood."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence

import numpy as np

from tessera.errors import InvalidInput
from tessera.sources.attributes.header import id_place, keys_of, rows_of, text_of
from tessera.sources.attributes.types import Texts


@dataclasses.dataclass(frozen=True)
class Sheet:
    """A file's cells.

    Parameters
    ----------
    name
        The file, for messages.
    ids
        Each row's customer, exactly as given.
    lines
        The line that each row ends on.
    columns
        The other columns, by normalised header.
    """

    name: str
    ids: tuple[str, ...]
    lines: Sequence[int]
    columns: Mapping[str, Texts]


def read_sheet(content: bytes, *, name: str, customer_id: str) -> Sheet:
    """Read a CSV or CSV.gz file whole. See ``attributes.parse_attributes`` for what is refused."""
    rows = rows_of(text_of(content, name), name)
    _, header = next(rows, (0, []))
    keys = keys_of(header, name)
    place = id_place(keys, name=name, own=customer_id)
    ids: dict[str, int] = {}
    codes: list[list[int]] = [[] for _ in header]
    distinct: list[dict[str, int]] = [{} for _ in header]
    for line, row in rows:
        if len(row) != len(header):
            raise InvalidInput(
                f"{name}, line {line} has {len(row)} cells, and the header {len(header)}: quote "
                "cells that contain the delimiter"
            )
        _take_id(ids, row[place], line=line, name=name)
        for cell, column, known in zip(row, codes, distinct, strict=True):
            column.append(known.setdefault(cell.strip(), len(known)))
    columns = {
        key: Texts(header[at].strip(), np.array(codes[at], np.int64), tuple(distinct[at]))
        for at, key in enumerate(keys)
        if at != place
    }
    return Sheet(name, tuple(ids), tuple(ids.values()), columns)


def _take_id(ids: dict[str, int], cell: str, *, line: int, name: str) -> None:
    if not cell.strip():
        raise InvalidInput(f"{name}, line {line} has no customer id: fill it in, or remove the row")
    if cell in ids:
        raise InvalidInput(
            f"{name}, lines {ids[cell]} and {line} are about the same customer: keep one row a "
            "customer"
        )
    ids[cell] = line
