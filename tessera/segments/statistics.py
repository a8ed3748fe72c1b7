"""What each segment, cluster and cell of the R×F grid amounts to: the numbers people read.

Sums are exact. Recency, frequency and mean order value are about buyers: a customer who has only
looked adds to ``customers`` and to nothing else.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from tessera.customers.clusters.model import ClusterModel
from tessera.customers.money import amount_text, exact_total, group_totals
from tessera.customers.scores import Scores
from tessera.records.customer_totals import CustomerTotals
from tessera.records.scoring.score import ClusterRow, GridCell, SegmentRow
from tessera.segments.assignment import Codes
from tessera.segments.definition import Definition
from tessera.segments.groups import CustomerValues, totals_of


def total_statistics(values: CustomerValues) -> CustomerTotals:
    """Return everyone's numbers: customers, buyers, orders, net money."""
    return CustomerTotals(
        customers=len(values.orders),
        buyers=int(np.count_nonzero(values.orders)),
        orders=int(values.orders.sum()),
        monetary=amount_text(exact_total(values.monetary)),
    )


def segment_statistics(
    values: CustomerValues, *, codes: Codes, definition: Definition
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
    groups = totals_of(values, codes=codes, count=len(definition.everyone))
    return tuple(
        SegmentRow(
            label=segment.label,
            meaning=segment.meaning,
            action=segment.action,
            median_recency_days=_median_recency(values, codes == code),
            **vars(groups.row(code)),
        )
        for code, segment in enumerate(definition.everyone)
    )


def cluster_statistics(
    values: CustomerValues, *, clusters: Codes, model: ClusterModel
) -> tuple[ClusterRow, ...]:
    """Return one row a cluster, best first. ``clusters`` holds ranks, 0 for customers without."""
    groups = totals_of(values, codes=clusters, count=model.k + 1)
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


def _median_recency(values: CustomerValues, members: npt.NDArray[np.bool_]) -> float | None:
    """Return the median of days since the last purchase, None without buyers."""
    days = values.recency_days[members & (values.orders > 0)]
    return float(np.median(days)) if len(days) else None
