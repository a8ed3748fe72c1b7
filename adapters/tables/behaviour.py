"""BEHAVIOUR_DAYS as the forecasts learn from it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from adapters.tables.columns import integers, unscaled
from adapters.tables.parquet import read_table
from tessera.customers.forecasting.history.behaviour import BehaviourDays
from tessera.customers.units import MINOR

_DIGITS = 8  # of a key, in base 16: the hash that samples go by
_BASE = 16


def read_behaviour(folder: Path) -> BehaviourDays:
    """Read the table in a folder, whatever order its files and rows are in.

    Customers are numbered in the order of their keys. Columns are read one by one, so that few
    are in memory twice.
    """

    def column(name: str) -> pa.ChunkedArray:
        return read_table(folder, columns=[name]).column(0)

    encoded = column("customer_key").combine_chunks().dictionary_encode()
    by_key = pc.sort_indices(encoded.dictionary).to_numpy()
    place = np.empty(len(by_key), np.int64)
    place[by_key] = np.arange(len(by_key))
    customer = place[np.asarray(encoded.indices)]
    ranks = _ranks(encoded.dictionary.take(pa.array(by_key)))
    del encoded
    days_ago = integers(column("days_ago"))
    order = np.lexsort((-days_ago, customer))

    def floats(name: str) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        return integers(column(name)).astype(np.float64)[order]

    return BehaviourDays(
        customer=customer[order],
        days_ago=days_ago[order],
        bought=integers(column("bought"))[order] > 0,
        net=(unscaled(column("net")) / MINOR)[order],
        lines=floats("lines"),
        views=floats("views"),
        sessions=floats("sessions"),
        emails=floats("emails"),
        rank=ranks,
    )


def _ranks(keys: pa.Array) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    heads = pc.utf8_slice_codeunits(keys, 0, _DIGITS).to_pylist()
    return np.array([int(head, _BASE) for head in heads], np.float64) / float(_BASE**_DIGITS)
