"""Columns of numbers in files: written block after block, read whole or in part."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
_BYTES = np.dtype(np.float64).itemsize


@dataclasses.dataclass(frozen=True)
class FileColumn:
    """A column of everyone, read where it is sliced."""

    path: Path

    def __getitem__(self, rows: slice) -> Floats:
        """Return some rows, or all of them."""
        start = rows.start or 0
        count = -1 if rows.stop is None else rows.stop - start
        return np.fromfile(self.path, np.float64, count=count, offset=_BYTES * start)


class ColumnFiles(Mapping[str, FileColumn]):
    """Columns by name, a file each.

    Parameters
    ----------
    folder
        An empty folder, or one that does not exist yet.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder

    def append(self, columns: Mapping[str, Floats]) -> None:
        """Add the next rows of some columns."""
        for name, values in columns.items():
            with (self._folder / name).open("ab") as file:
                values.astype(np.float64, copy=False).tofile(file)

    def rows(self, rows: slice) -> dict[str, Floats]:
        """Return some rows of all columns."""
        return {name: column[rows] for name, column in self.items()}

    def __getitem__(self, name: str) -> FileColumn:
        """Return a column."""
        path = self._folder / name
        if not path.exists():
            raise KeyError(name)
        return FileColumn(path)

    def __iter__(self) -> Iterator[str]:
        """Yield the names of the columns."""
        return iter(sorted(path.name for path in self._folder.iterdir()))

    def __len__(self) -> int:
        """Return how many columns there are."""
        return sum(1 for _ in self)
