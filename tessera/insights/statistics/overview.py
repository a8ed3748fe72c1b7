"""All customers of a run in few numbers."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from tessera.records.insights.insights import Overview
from tessera.records.runs.run import RunRecords

_CENT = Decimal("0.01")


def overview(records: RunRecords) -> Overview:
    """Return customers, orders and money, who comes back, and how soon."""
    score, prepare = records.score, records.prepare
    repeat = prepare.repeat_buyers
    each = Decimal(score.monetary) / score.orders if score.orders else None
    return Overview(
        customers=score.customers,
        buyers=score.buyers,
        orders=score.orders,
        monetary=score.monetary,
        orders_per_buyer=round(score.orders / score.buyers, 6) if score.buyers else None,
        average_order_value=None if each is None else str(each.quantize(_CENT, ROUND_HALF_UP)),
        repeat_buyers=repeat,
        repeat_rate=None if repeat is None or not score.buyers else round(repeat / score.buyers, 6),
        median_days_to_second_order=prepare.median_days_to_second_order,
    )
