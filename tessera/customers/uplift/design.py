"""Columns as lines that may bend: what the regressions read in place of numbers."""

from __future__ import annotations

import dataclasses
from typing import Self

import numpy as np

from tessera.customers.uplift.experiment import Floats, Matrix

_TAILS = (0.01, 0.99)  # numbers beyond these quantiles count as the quantile
_BENDS = (1 / 3, 2 / 3)
_MOST_ROWS = 200_000  # of which quantiles are taken


@dataclasses.dataclass(frozen=True, kw_only=True)
class _Line:
    """A column: where it is cut and bends, and by what it is centred and scaled.

    Parameters
    ----------
    low, high
        Numbers outside count as these.
    bends
        Where the line may change its slope.
    centres, scales
        Of the value, and of how much it exceeds each bend.
    may_lack
        Whether some values are unknown.
    """

    low: float
    high: float
    bends: tuple[float, ...]
    centres: tuple[float, ...]
    scales: tuple[float, ...]
    may_lack: bool

    @property
    def width(self) -> int:
        """How many columns it makes."""
        return len(self.centres) + self.may_lack


@dataclasses.dataclass(frozen=True, kw_only=True)
class Design:
    """How each column is read. Outcomes have no part in it."""

    lines: tuple[_Line, ...]

    @classmethod
    def of(cls, matrix: Matrix) -> Self:
        """Choose cuts and bends at quantiles of the columns."""
        step = max(1, len(matrix) // _MOST_ROWS)
        return cls(lines=tuple(_line(column) for column in matrix[::step].T))

    @property
    def width(self) -> int:
        """Columns of ``block``, the constant included."""
        return 1 + sum(line.width for line in self.lines)

    def block(self, matrix: Matrix) -> Floats:
        """Return the columns of some rows, shape (n, width). The first is constant."""
        made = np.ones((len(matrix), self.width))
        place = 1
        for line, column in zip(self.lines, matrix.T, strict=True):
            _fill(made[:, place : place + line.width], line, column)
            place += line.width
        return made


def _line(column: Matrix) -> _Line:
    absent = np.isnan(column)
    known = column[~absent].astype(np.float64)
    may_lack = bool(absent.any())
    if not len(known) or known.min() == known.max():
        return _Line(low=0.0, high=0.0, bends=(), centres=(), scales=(), may_lack=may_lack)
    low, *bends, high = np.quantile(known, (_TAILS[0], *_BENDS, _TAILS[1])).tolist()
    if low == high:  # a rare flag, or a count that is nearly always the same
        low, high = float(known.min()), float(known.max())
    inner = tuple(sorted({bend for bend in bends if low < bend < high}))
    parts = _parts(np.clip(known, low, high), inner)
    spreads = parts.std(axis=0)
    return _Line(
        low=low,
        high=high,
        bends=inner,
        centres=tuple(parts.mean(axis=0).tolist()),
        scales=tuple(np.where(spreads > 0, spreads, 1.0).tolist()),
        may_lack=may_lack,
    )


def _parts(values: Floats, bends: tuple[float, ...]) -> Floats:
    return np.column_stack([values, *(np.maximum(values - bend, 0.0) for bend in bends)])


def _fill(room: Floats, line: _Line, column: Matrix) -> None:
    absent = np.isnan(column)
    values = np.clip(column.astype(np.float64), line.low, line.high)
    for place, (centre, scale) in enumerate(zip(line.centres, line.scales, strict=True)):
        part = values if place == 0 else np.maximum(values - line.bends[place - 1], 0.0)
        room[:, place] = np.where(absent, 0.0, (part - centre) / scale)
    if line.may_lack:
        room[:, -1] = absent
