"""What a shop knows of its customers beside their events: typed columns, one row a customer."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence
from typing import Literal, Self

import numpy as np
import numpy.typing as npt

from tessera.errors import InvalidInput

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Kind = Literal["number", "flag", "category", "date"]
KINDS: tuple[Kind, ...] = ("number", "flag", "category", "date")

# The columns beside the attributes in the table of a run.
KEY = "customer_key"
LABEL = "churn_label"  # whether the customer cancelled, empty where that is unknown
OBSERVED = "observed_at"  # the day that the row describes, as_of unless the file says another


@dataclasses.dataclass(frozen=True, eq=False)
class Attribute:
    """One column.

    Parameters
    ----------
    name
        The file's own header.
    kind
        ``number``, ``flag`` (0 or 1), ``date`` (days since 1970-01-01) or ``category``.
    values
        Shape (n,). NaN where unknown. Of a category, the place in ``levels``.
    levels
        A category's distinct texts. Empty for other kinds.
    """

    name: str
    kind: Kind
    values: Floats
    levels: tuple[str, ...] = ()

    def take(self, rows: Ints) -> Self:
        """Return the same column of some customers."""
        return dataclasses.replace(self, values=self.values[rows])


@dataclasses.dataclass(frozen=True, eq=False)
class AttributeColumns:
    """Columns of equal length, by name.

    Raises
    ------
    InvalidInput
        Two columns share a name, or differ in length.
    """

    columns: tuple[Attribute, ...]

    def __post_init__(self) -> None:
        """Refuse what is no table."""
        if len(set(self.names)) < len(self.columns):
            raise InvalidInput("attributes: two columns have the same name; rename one of them")
        if len({len(column.values) for column in self.columns}) > 1:
            raise InvalidInput("attributes: every column must have a value for every customer")

    @property
    def names(self) -> tuple[str, ...]:
        """The columns' names, in order."""
        return tuple(column.name for column in self.columns)

    @property
    def customers(self) -> int:
        """How many rows there are. 0 without columns."""
        return len(self.columns[0].values) if self.columns else 0

    def take(self, rows: Ints) -> AttributeColumns:
        """Return the same columns of some customers."""
        return AttributeColumns(tuple(column.take(rows) for column in self.columns))

    def only(self, names: Iterable[str]) -> AttributeColumns:
        """Return some of the columns, in the order of ``names``."""
        by_name = {column.name: column for column in self.columns}
        return AttributeColumns(tuple(by_name[name] for name in names))


def category(name: str, texts: Sequence[str | None]) -> Attribute:
    """Return a column of texts, None where unknown. Levels are sorted."""
    levels = tuple(sorted({text for text in texts if text is not None}))
    place = {text: float(index) for index, text in enumerate(levels)}
    values = np.array([np.nan if text is None else place[text] for text in texts], np.float64)
    return Attribute(name, "category", values, levels)
