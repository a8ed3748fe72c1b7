"""The cells of a file with one row a customer, by column, and where each row stood."""

from __future__ import annotations

import collections
import dataclasses
from collections.abc import Mapping, Sequence

import numpy as np

from tessera.errors import InvalidInput
from tessera.events.persons.reading import DEFAULT_RULES, IdRules
from tessera.events.persons.words import attribute_ids
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
        Each row's customer, as the same cell of events comes to.
    lines
        The line that each row ends on.
    columns
        The other columns, by normalised header.
    notes
        A sentence on each kind of id in doubt.
    """

    name: str
    ids: tuple[str, ...]
    lines: Sequence[int]
    columns: Mapping[str, Texts]
    notes: tuple[str, ...] = ()


def read_sheet(
    content: bytes, *, name: str, customer_id: str, rules: IdRules = DEFAULT_RULES
) -> Sheet:
    """Read a CSV or CSV.gz file whole. See ``attributes.parse_attributes`` for what is refused."""
    rows = rows_of(text_of(content, name), name)
    _, header = next(rows, (0, []))
    keys = keys_of(header, name)
    place = id_place(keys, name=name, own=customer_id)
    ids: dict[str, int] = {}
    doubts: collections.Counter[str] = collections.Counter()
    codes: list[list[int]] = [[] for _ in header]
    distinct: list[dict[str, int]] = [{} for _ in header]
    for line, row in rows:
        if len(row) != len(header):
            raise InvalidInput(
                f"{name}, line {line} has {len(row)} cells, and the header {len(header)}: quote "
                "cells that contain the delimiter"
            )
        known_id = rules.read(row[place])
        doubts[known_id.doubt] += 1
        if known_id.doubt and known_id.person is None:
            continue
        _take_id(ids, known_id.person or "", line=line, name=name)
        for cell, column, known in zip(row, codes, distinct, strict=True):
            column.append(known.setdefault(cell.strip(), len(known)))
    columns = {
        key: Texts(header[at].strip(), np.array(codes[at], np.int64), tuple(distinct[at]))
        for at, key in enumerate(keys)
        if at != place
    }
    notes = tuple(attribute_ids(doubts, doubtful_ids=rules.doubtful_ids))
    return Sheet(name, tuple(ids), tuple(ids.values()), columns, notes)


def _take_id(ids: dict[str, int], cell: str, *, line: int, name: str) -> None:
    if not cell:
        raise InvalidInput(f"{name}, line {line} has no customer id: fill it in, or remove the row")
    if cell in ids:
        raise InvalidInput(
            f"{name}, lines {ids[cell]} and {line} are about the same customer: keep one row a "
            "customer"
        )
    ids[cell] = line
