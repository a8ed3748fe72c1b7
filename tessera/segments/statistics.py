"""What each segment, cluster and cell of the R×F grid amounts to: the numbers people read.

Sums are exact. Recency, frequency and mean order value are about buyers: a customer who has only
looked adds to ``customers`` and to nothing else.
"""

from __future__ import annotations

import dataclasses

import numpy as np
import numpy.typing as npt

from tessera.customers.clusters.model import ClusterModel
from tessera.customers.money import Ints, amount_text, exact_total, group_totals
from tessera.customers.scores import Scores
from tessera.records.customer_totals import CustomerTotals
from tessera.records.scoring.score import ClusterRow, CustomerGroup, GridCell, SegmentRow
from tessera.segments.definition import Definition


@dataclasses.dataclass(frozen=True, kw_only=True)
class CustomerValues:
    """What is added up, shape (n,) each.

    Parameters
    ----------
    recency_days
        Calendar days since the last purchase. Meaningless without one.
    orders
        Purchases. 0 for a customer who has only looked.
    monetary
        Net money in minor units.
    """

    recency_days: Ints
    orders: Ints
    monetary: Ints


def total_statistics(values: CustomerValues) -> CustomerTotals:
    """Return everyone's numbers: customers, buyers, orders, net money."""
    return CustomerTotals(
        customers=len(values.orders),
        buyers=int(np.count_nonzero(values.orders)),
        orders=int(values.orders.sum()),
        monetary=amount_text(exact_total(values.monetary)),
    )


def segment_statistics(
    values: CustomerValues, *, codes: Ints, definition: Definition
) -> tuple[SegmentRow, ...]:
    """Return one row a segment, in the definition's order, empty segments included.

    Parameters
    ----------
    values
        Of all customers.
    codes
        Each customer's position in ``definition.everyone`` (see ``assignment``).
    definition
        Gives the labels, meanings and actions.
    """
    groups = _Groups(values, codes=codes, count=len(definition.everyone))
    return tuple(
        SegmentRow(
            label=segment.label,
            meaning=segment.meaning,
            action=segment.action,
            median_recency_days=groups.median_recency(code),
            **vars(groups.row(code)),
        )
        for code, segment in enumerate(definition.everyone)
    )


def cluster_statistics(
    values: CustomerValues, *, clusters: Ints, model: ClusterModel
) -> tuple[ClusterRow, ...]:
    """Return one row a cluster, best first. ``clusters`` holds ranks, 0 for customers without."""
    groups = _Groups(values, codes=clusters, count=model.k + 1)
    return tuple(
        ClusterRow(
            rank=label.rank,
            label=label.label,
            name=label.name,
            centre=centre,
            typical=label.typical,
            **vars(groups.row(label.rank)),
        )
        for label, centre in zip(model.labels, model.centres, strict=True)
    )


def grid_statistics(
    values: CustomerValues, *, recency: Scores, frequency: Scores, scale: int
) -> tuple[tuple[GridCell, ...], ...]:
    """Return customers and net money by recency score, then by frequency score, from 1 each."""
    width = scale + 1
    cells = recency.astype(np.int64) * width + frequency
    customers = np.bincount(cells, minlength=width * width)
    money = group_totals(values.monetary, groups=cells, count=width * width)
    return tuple(
        tuple(
            GridCell(customers=int(customers[cell]), monetary=amount_text(money[cell]))
            for cell in range(r * width + 1, (r + 1) * width)
        )
        for r in range(1, width)
    )


class _Groups:
    """Exact totals of disjoint groups of customers."""

    def __init__(self, values: CustomerValues, *, codes: Ints, count: int) -> None:
        bought: npt.NDArray[np.bool_] = values.orders > 0
        self._values, self._codes, self._bought = values, codes, bought
        self._everyone = max(len(codes), 1)
        self._customers = np.bincount(codes, minlength=count).tolist()
        self._buyers = np.bincount(codes[bought], minlength=count).tolist()
        self._orders = group_totals(values.orders, groups=codes, count=count)
        self._money = group_totals(values.monetary, groups=codes, count=count)
        self._days = group_totals(values.recency_days[bought], groups=codes[bought], count=count)

    def row(self, code: int) -> CustomerGroup:
        """Return a group's numbers. None for a mean of nobody."""
        orders, money, total = self._orders[code], self._money[code], sum(self._money)
        return CustomerGroup(
            customers=self._customers[code],
            share=round(self._customers[code] / self._everyone, 6),
            monetary=amount_text(money),
            monetary_share=round(money / total, 6) if total else 0.0,
            mean_recency_days=_mean(self._days[code], self._buyers[code]),
            mean_frequency=_mean(orders, self._buyers[code]),
            mean_order_value=amount_text(money, per=orders) if orders else None,
        )

    def median_recency(self, code: int) -> float | None:
        """Return the median of days since the last purchase, None without buyers."""
        days = self._values.recency_days[(self._codes == code) & self._bought]
        return float(np.median(days)) if len(days) else None


def _mean(total: int, count: int) -> float | None:
    return round(total / count, 2) if count else None
