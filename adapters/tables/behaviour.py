"""BEHAVIOUR_DAYS as the forecasts learn from it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from adapters.tables.columns import integers, unscaled
from adapters.tables.parquet import read_table
from tessera.contracts.tables import BEHAVIOUR_DAYS
from tessera.customers.forecasting.history.behaviour import BehaviourDays
from tessera.customers.units import MINOR

_DIGITS = 8  # of a key, in base 16: the hash that samples go by
_BASE = 16


def read_behaviour(folder: Path) -> BehaviourDays:
    """Read the table in a folder, whatever order its files and rows are in."""
    return behaviour_days(read_table(folder, columns=BEHAVIOUR_DAYS.names))


def behaviour_days(rows: pa.Table) -> BehaviourDays:
    """Return BEHAVIOUR_DAYS with customers numbered in the order of their keys."""
    rows = rows.sort_by([("customer_key", "ascending"), ("days_ago", "descending")])
    encoded = rows.column("customer_key").combine_chunks().dictionary_encode()
    keys = encoded.dictionary  # in the order of appearance, so ascending

    def floats(name: str) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        return integers(rows.column(name)).astype(np.float64)

    return BehaviourDays(
        customer=np.asarray(encoded.indices).astype(np.int64),
        days_ago=integers(rows.column("days_ago")),
        bought=integers(rows.column("bought")) > 0,
        net=unscaled(rows.column("net")) / MINOR,
        lines=floats("lines"),
        views=floats("views"),
        sessions=floats("sessions"),
        emails=floats("emails"),
        rank=_ranks(keys),
    )


def _ranks(keys: pa.Array) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    heads = pc.utf8_slice_codeunits(keys, 0, _DIGITS).to_pylist()
    return np.array([int(head, _BASE) for head in heads], np.float64) / float(_BASE**_DIGITS)
