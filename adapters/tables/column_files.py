"""Columns of numbers in files: written block after block, read whole or in part."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[Any]
_AT_ONCE = 1 << 18  # rows that are read at a time


@dataclasses.dataclass(frozen=True)
class FileColumn:
    """A column of everyone, read where it is sliced."""

    path: Path
    dtype: np.dtype[Any]

    def __len__(self) -> int:
        """Return how many rows it has."""
        return self.path.stat().st_size // self.dtype.itemsize

    def __getitem__(self, rows: slice) -> Numbers:
        """Return some rows, or all of them."""
        start = rows.start or 0
        count = -1 if rows.stop is None else rows.stop - start
        return np.fromfile(self.path, self.dtype, count=count, offset=self.dtype.itemsize * start)

    def blocks(self) -> Iterator[Numbers]:
        """Yield all rows, some after the others."""
        return (self[slice(start, start + _AT_ONCE)] for start in range(0, len(self), _AT_ONCE))


class ColumnFiles(Mapping[str, FileColumn]):
    """Columns by name, a file each, in the type of their first rows.

    Parameters
    ----------
    folder
        An empty folder, or one that does not exist yet.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._types: dict[str, np.dtype[Any]] = {}

    def append(self, columns: Mapping[str, Numbers]) -> None:
        """Add the next rows of some columns."""
        for name, values in columns.items():
            dtype = self._types.setdefault(name, values.dtype)
            with (self._folder / name).open("ab") as file:
                values.astype(dtype, copy=False).tofile(file)

    def rows(self, rows: slice) -> dict[str, Numbers]:
        """Return some rows of all columns."""
        return {name: column[rows] for name, column in self.items()}

    def __getitem__(self, name: str) -> FileColumn:
        """Return a column."""
        return FileColumn(self._folder / name, self._types[name])

    def __iter__(self) -> Iterator[str]:
        """Yield the names of the columns."""
        return iter(sorted(self._types))

    def __len__(self) -> int:
        """Return how many columns there are."""
        return len(self._types)


class NumberPile:
    """Numbers in a file, in no order that matters.

    Parameters
    ----------
    path
        The file, which does not exist yet. Its folder does.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        path.touch(exist_ok=False)

    def append(self, values: npt.NDArray[np.float64], /) -> None:
        """Add some numbers."""
        with self._path.open("ab") as file:
            values.astype(np.float64, copy=False).tofile(file)

    def blocks(self) -> Iterator[npt.NDArray[np.float64]]:
        """Yield all numbers, some after the others."""
        return FileColumn(self._path, np.dtype(np.float64)).blocks()
