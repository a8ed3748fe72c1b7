"""People who were treated or held out by chance, what was known of each before, and the outcome."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from tessera.errors import InvalidInput

Floats = npt.NDArray[np.float64]
Matrix = npt.NDArray[np.floating]
Mask = npt.NDArray[np.bool_]
Places = npt.NDArray[np.int64]
Codes = npt.NDArray[np.int16]
_BLOCK = 1 << 14  # rows whose columns stay in the processor's cache


@dataclasses.dataclass(frozen=True, kw_only=True, eq=False)
class Experiment:
    """What uplift is learnt from.

    Parameters
    ----------
    names
        Of the columns.
    matrix : shape (n, columns)
        What was known at the assignment, NaN for unknown. Single precision is enough.
    is_treated : shape (n,)
        Who was to be treated. The rest were held out.
    share : shape (n,)
        The chance that each had to be treated, between 0 and 1, both excluded.
    outcome : shape (n,)
        What came of it, such as revenue per person.
    """

    names: tuple[str, ...]
    matrix: Matrix
    is_treated: Mask
    share: Floats
    outcome: Floats

    def __post_init__(self) -> None:
        """Refuse columns that do not fit each other, and chances that are none."""
        rows = len(self.outcome)
        lengths = {len(self.matrix), len(self.is_treated), len(self.share), rows}
        if len(lengths) > 1 or self.matrix.shape[1] != len(self.names):
            raise InvalidInput(
                f"experiment: {rows} outcomes, {len(self.is_treated)} assignments and a matrix of "
                f"{self.matrix.shape}, expected a row for each person and {len(self.names)} columns"
            )
        if rows and not (self.share.min() > 0 and self.share.max() < 1):
            raise InvalidInput("experiment: a chance to be treated is not between 0 and 1")
        if not np.isfinite(self.outcome).all():
            raise InvalidInput("experiment: an outcome is no number")

    def __len__(self) -> int:
        """Return how many people there are."""
        return len(self.outcome)

    @property
    def weight(self) -> Floats:
        """What makes an outcome an unbiased guess of the effect, shape (n,).

        It is 1 / share of the treated and -1 / (1 - share) of the held out. So the mean of weight
        times outcome is the average effect (Horvitz and Thompson, 1952).
        """
        return np.where(self.is_treated, 1 / self.share, -1 / (1 - self.share))

    def column(self, name: str) -> Floats:
        """Return a column, shape (n,)."""
        values: Floats = self.matrix[:, self.names.index(name)].astype(np.float64)
        return values


def blocks(rows: int) -> Iterator[slice]:
    """Yield slices of rows, one after the other."""
    return (slice(start, start + _BLOCK) for start in range(0, rows, _BLOCK))


def folds_of(rows: int, *, count: int, seed: int) -> Codes:
    """Return a fold for each row by chance, each with as many rows, shape (n,)."""
    folds: Codes = (np.arange(rows) % count).astype(np.int16)
    np.random.default_rng(seed).shuffle(folds)
    return folds
