"""Columns of the profiles as segment sets read them, without the libraries of scoring."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from adapters.tables.columns import days, unscaled
from tessera.segments.sets.conditions import SCORES


def set_column(column: pa.ChunkedArray, *, name: str) -> npt.NDArray[np.generic]:
    """Return a column of the profiles as segment sets read it."""
    if pa.types.is_timestamp(column.type):
        return days(column)
    if pa.types.is_decimal(column.type):
        absent = np.asarray(column.is_null().to_numpy())
        return np.where(absent, np.nan, unscaled(column) / 10.0**column.type.scale)
    if pa.types.is_date32(column.type):
        return numbers(column.cast(pa.int32()))
    if pa.types.is_string(column.type) and name != SCORES:
        return np.asarray(column.to_numpy(zero_copy_only=False), object)
    return numbers(column)


def numbers(column: pa.ChunkedArray) -> npt.NDArray[np.float64]:
    """Return a column as floats, NaN for an empty cell."""
    values = column.cast(pa.float64()).to_numpy()
    return np.asarray(values, np.float64)
