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
