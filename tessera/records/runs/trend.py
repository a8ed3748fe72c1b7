"""A run as one point of the trend that summary.json keeps."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

from tessera.records.customer_totals import CustomerTotals
from tessera.records.run_of_day import RunOfDay


@dataclasses.dataclass(frozen=True, kw_only=True)
class GroupSize:
    """A group of customers in two numbers.

    Parameters
    ----------
    customers
        How many.
    monetary
        Their net money, as text.
    """

    customers: int
    monetary: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class TrendPoint(CustomerTotals, RunOfDay):
    """A finished run in few numbers, to compare it with others.

    Parameters
    ----------
    run_id, as_of
        Which run, and the day that it describes.
    segments
        Customers by segment label.
    groups
        By segment set, then by label: customers and money. Empty where a version did not keep it.
    """

    segments: Mapping[str, int]
    groups: Mapping[str, Mapping[str, GroupSize]] = dataclasses.field(default_factory=dict)


@dataclasses.dataclass(frozen=True, kw_only=True)
class SegmentSize:
    """A segment and its customers."""

    label: str
    customers: int


@dataclasses.dataclass(frozen=True, kw_only=True)
class EarlierSummary(CustomerTotals, RunOfDay):
    """What the next run reads of a summary.json, which another version may have written.

    Parameters
    ----------
    segments
        Each segment's size.
    trend
        The trend until that run. Empty in a summary of version 0.1.0.
    """

    segments: tuple[SegmentSize, ...]
    trend: tuple[TrendPoint, ...] = ()
