"""A run as one point of the trend that summary.json keeps."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping


@dataclasses.dataclass(frozen=True, kw_only=True)
class TrendPoint:
    """A finished run in few numbers, to compare it with others.

    Parameters
    ----------
    run_id, as_of
        Which run, and the day that it describes.
    customers, buyers, orders
        How many.
    monetary
        Net money of all, as text.
    segments
        Customers by segment label.
    """

    run_id: str
    as_of: dt.date
    customers: int
    buyers: int
    orders: int
    monetary: str
    segments: Mapping[str, int]


@dataclasses.dataclass(frozen=True, kw_only=True)
class SegmentSize:
    """A segment and its customers."""

    label: str
    customers: int


@dataclasses.dataclass(frozen=True, kw_only=True)
class EarlierSummary:
    """What the next run reads of a summary.json, which another version may have written.

    Parameters
    ----------
    run_id, as_of, customers, buyers, orders, monetary
        As in ``TrendPoint``.
    segments
        Each segment's size.
    trend
        The trend until that run. Empty in a summary of version 0.1.0.
    """

    run_id: str
    as_of: dt.date
    customers: int
    buyers: int
    orders: int
    monetary: str
    segments: tuple[SegmentSize, ...]
    trend: tuple[TrendPoint, ...] = ()
