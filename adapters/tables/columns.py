"""Arrow columns as NumPy arrays of whole numbers and back: exact money, no row by row work."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Ints = npt.NDArray[np.int64]
_SIGN_BIT = 63


def integers(column: pa.ChunkedArray) -> Ints:
    """Return integers, dates (days) or timestamps (microseconds) as int64. 0 where absent."""
    plain = column
    if pa.types.is_timestamp(column.type):
        plain = column.cast(pa.timestamp("us", tz=column.type.tz)).cast(pa.int64())
    values = plain.cast(pa.int64()).fill_null(0)
    return np.asarray(values.to_numpy(), np.int64)


def days(column: pa.ChunkedArray) -> npt.NDArray[np.float64]:
    """Return the day of each timestamp, UTC, in days since 1970. NaN where absent."""
    dates = pc.floor_temporal(column, unit="day").cast(pa.date32()).cast(pa.int32())
    return np.asarray(dates.cast(pa.float64()).to_numpy(), np.float64)


def unscaled(column: pa.ChunkedArray) -> Ints:
    """Return decimals without their point, as int64: 12.5000 in decimal(18,4) is 125000.

    A decimal of at most 18 digits fits the lower of its two 64-bit words.
    """
    parts = [_low_words(chunk) for chunk in column.chunks]
    return np.concatenate(parts) if parts else np.zeros(0, np.int64)


def _low_words(chunk: pa.Array) -> Ints:
    words = np.frombuffer(chunk.buffers()[1], np.int64)[::2]
    return words[chunk.offset : chunk.offset + len(chunk)]


def decimals(values: Ints, *, scale: int, absent: npt.NDArray[np.bool_] | None = None) -> pa.Array:
    """Return int64 as decimal(18, scale), the reverse of ``unscaled``. Null where ``absent``."""
    words = np.column_stack([values, values >> _SIGN_BIT]).astype(np.int64)
    column = pa.Array.from_buffers(
        pa.decimal128(18, scale), len(values), [None, pa.py_buffer(words.tobytes())]
    )
    return column if absent is None else _without(column, absent)


def optional(values: npt.NDArray[np.integer], *, absent: npt.NDArray[np.bool_]) -> pa.Array:
    """Return integers with nulls where ``absent``."""
    return pa.array(values, mask=absent)


def _without(column: pa.Array, absent: npt.NDArray[np.bool_]) -> pa.Array:
    return pc.if_else(pa.array(~absent), column, pa.scalar(None, column.type))
