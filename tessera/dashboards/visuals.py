"""What a visual is, and the query whose rows it shows."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Literal

from tessera.contracts.table import Column, Table

Kind = Literal["figure", "bars", "lines", "heat", "areas", "flow", "table"]
Fold = Literal["SUM", "AVERAGE", "MAX", "COUNT"]
COLUMNS = 36  # of Quick Sight's grid
_LATEST = "is_latest"


@dataclasses.dataclass(frozen=True, kw_only=True)
class Dataset:
    """Rows of a view of one tenant.

    Parameters
    ----------
    view
        The view.
    latest
        Whether only the latest run counts. A view with one row a customer has no other.
    """

    view: Table
    latest: bool = True

    @property
    def name(self) -> str:
        """The view's name, with a mark where earlier runs count too."""
        return self.view.name if self.latest else f"{self.view.name}_history"

    def where(self, tenant: str) -> str:
        """Return the condition of its rows."""
        only = f" AND {_LATEST} = 1" if self.latest and _LATEST in self.view.names else ""
        return f"tenant = '{tenant}'{only}"


@dataclasses.dataclass(frozen=True, kw_only=True)
class Measure:
    """A column, and how its values become one figure."""

    column: str
    fold: Fold = "SUM"


@dataclasses.dataclass(frozen=True, kw_only=True)
class Visual:
    """One picture on a sheet.

    Parameters
    ----------
    id, title, kind
        What it is.
    data
        Its rows.
    by
        The columns that its rows are grouped by: none of a figure, two of a heat map and a flow.
    measures
        What it shows.
    only
        A further condition: a column and its value.
    place
        Its column, row, width and height on a grid of 36 columns.
    """

    id: str
    title: str
    kind: Kind
    data: Dataset
    by: tuple[str, ...] = ()
    measures: tuple[Measure, ...]
    only: tuple[str, str] | None = None
    place: tuple[int, int, int, int]

    def column(self, name: str) -> Column:
        """Return a column of its rows."""
        return next(one for one in self.data.view.columns if one.name == name)

    def sql(self, *, tenant: str) -> str:
        """Return the query of what it shows, over the views."""
        folded = [f"{_FOLDS[one.fold]}({one.column}) AS {_alias(one)}" for one in self.measures]
        only = f" AND {self.only[0]} = '{self.only[1]}'" if self.only else ""
        grouped = ", ".join(self.by)
        end = f" GROUP BY {grouped} ORDER BY {grouped}" if self.by else ""
        return (
            f"SELECT {', '.join([*self.by, *folded])} FROM {self.data.view.name} "
            f"WHERE {self.data.where(tenant)}{only}{end}"
        )


@dataclasses.dataclass(frozen=True, kw_only=True)
class DashboardSheet:
    """A page of a dashboard. ``about`` is the question that it answers."""

    id: str
    title: str
    about: str
    visuals: Sequence[Visual]


_FOLDS = {"SUM": "sum", "AVERAGE": "avg", "MAX": "max", "COUNT": "count"}


def _alias(measure: Measure) -> str:
    return f"{measure.column}_{_FOLDS[measure.fold]}"
