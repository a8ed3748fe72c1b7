"""The totals of a run, in prepare.json and score.json."""

from __future__ import annotations

import dataclasses


@dataclasses.dataclass(frozen=True, kw_only=True)
class CustomerTotals:
    """All customers in numbers.

    Parameters
    ----------
    customers, buyers, orders
        How many.
    monetary
        Net money of all, as text.
    """

    customers: int
    buyers: int
    orders: int
    monetary: str
