"""What the warehouse last handed back of a tenant's orders: equal to it, nothing is unloaded."""

from __future__ import annotations

import dataclasses


@dataclasses.dataclass(frozen=True, kw_only=True)
class UnloadedOrders:
    """The rows of a table, whatever their order.

    Parameters
    ----------
    source
        The table or view.
    orders
        How many rows are the tenant's.
    checksum
        The sum of their hashes.
    """

    source: str
    orders: int
    checksum: str
