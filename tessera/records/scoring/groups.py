"""The groups of every segment set in numbers: a part of score.json and of insights.json."""

from __future__ import annotations

import dataclasses


@dataclasses.dataclass(frozen=True, kw_only=True)
class GroupStatistics:
    """The customers of one label in numbers. Averages are of its buyers, None without any.

    Parameters
    ----------
    group
        The label.
    uuids
        How many customers have it.
    buyers
        Those of them with a purchase.
    percentage
        Of all customers, 0 to 100.
    order_count_avg
        Orders of a buyer.
    timeliness_avg_days
        Days since a buyer's last purchase.
    monetary
        Net money of all, as text.
    monetary_percentage
        Of everybody's net money. Refunds can take it below 0 or above 100.
    mean_order_value
        Net money of an order, as text.
    historic_value_avg
        Net money of a buyer so far, times the margin, as text.
    clv_avg
        Predicted value of a buyer in the next 365 days, as text. None unless it is published in
        figures.
    clv_from_avg, clv_to_avg
        The ends of the buyers' own 80 % ranges on average, as text. They are no range of
        ``clv_avg``.
    p_no_order_90d_avg
        The probability that a buyer does not order within 90 days. None unless it is published in
        figures.
    """

    group: str
    uuids: int
    buyers: int
    percentage: float
    order_count_avg: float | None
    timeliness_avg_days: float | None
    monetary: str
    monetary_percentage: float
    mean_order_value: str | None
    historic_value_avg: str | None = None
    clv_avg: str | None = None
    clv_from_avg: str | None = None
    clv_to_avg: str | None = None
    p_no_order_90d_avg: float | None = None
