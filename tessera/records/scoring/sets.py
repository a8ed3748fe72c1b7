"""The segment sets of a run, and what customers are worth: parts of score.json."""

from __future__ import annotations

import dataclasses
from typing import Literal

EdgeKind = Literal["value", "quantile"]


@dataclasses.dataclass(frozen=True, kw_only=True)
class LabelRecord:
    """One label of a segment set.

    Parameters
    ----------
    label, meaning, action
        Its name, who has it, and what to do with them.
    segment_label
        The name of its segment at destinations.
    customers
        How many have it.
    low, below
        The values between which it is given: from ``from`` on, and less than ``below``. None
        stands for no limit, and for a set without ranges.
    """

    label: str
    meaning: str
    action: str
    segment_label: str
    customers: int
    low: float | None = dataclasses.field(default=None, metadata={"name": "from"})
    below: float | None = None


@dataclasses.dataclass(frozen=True, kw_only=True)
class SetRecord:
    """A segment set.

    Parameters
    ----------
    meaning
        What it is about.
    labels
        Its labels, in order.
    of
        The two sets that a combined set is made of. Empty for a simple set.
    column
        The profile column that labelled the customers. None where no column has a value.
    by
        Whether ``edges`` are values or quantiles of the column. None without ranges.
    withheld
        The columns that would have come first, and are empty.
    edges
        The values between the labels, ascending.
    by_conditions
        Whether each label has a condition, of which the first that holds gives the label.
    """

    meaning: str
    labels: tuple[LabelRecord, ...]
    of: tuple[str, ...] = ()
    column: str | None = None
    by: EdgeKind | None = None
    withheld: tuple[str, ...] = ()
    edges: tuple[float, ...] = ()
    by_conditions: bool = False


@dataclasses.dataclass(frozen=True, kw_only=True)
class ValueBin:
    """The customers whose lifetime value is between two amounts.

    Parameters
    ----------
    low, below
        The amounts. ``below`` is None for the last bin.
    customers
        How many.
    """

    low: float = dataclasses.field(metadata={"name": "from"})
    below: float | None
    customers: int


@dataclasses.dataclass(frozen=True, kw_only=True)
class ValueByChurn:
    """Value against the risk of churn.

    Parameters
    ----------
    rows, columns
        The labels of value tiers and of churn bands.
    customers, clv
        By row, then by column: how many, and their lifetime value as text.
    """

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    customers: tuple[tuple[int, ...], ...]
    clv: tuple[tuple[str, ...], ...]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Value:
    """What customers are worth.

    Parameters
    ----------
    clv_histogram
        The distribution of lifetime values. None where they are withheld.
    churn_by_value
        Value against churn. None without both sets.
    """

    clv_histogram: tuple[ValueBin, ...] | None
    churn_by_value: ValueByChurn | None
