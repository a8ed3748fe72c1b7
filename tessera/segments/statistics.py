"""What each segment, cluster and cell of the R×F grid amounts to: the numbers people read.

Sums are exact. Recency, frequency and mean order value are about buyers: a customer who has only
looked adds to ``customers`` and to nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import numpy as np

from tessera.customers.clusters.model import ClusterModel
from tessera.customers.money import GroupTotals, Ints, amount_text
from tessera.customers.order_statistics import counted
from tessera.customers.scores import Scores
from tessera.records.customer_totals import CustomerTotals
from tessera.records.scoring.score import ClusterRow, GridCell, SegmentRow
from tessera.segments.assignment import Codes
from tessera.segments.definition import Definition
from tessera.segments.groups import CustomerValues, totals_of

Grouped = Iterable[tuple[CustomerValues, Codes]]  # some customers after the others, with groups
_DAYS = 1 << 32  # more than there are between two dates


def total_statistics(blocks: Iterable[CustomerValues]) -> CustomerTotals:
    """Return everyone's numbers: customers, buyers, orders, net money."""
    customers, buyers = 0, 0
    orders, money = GroupTotals(1), GroupTotals(1)
    for values in blocks:
        together = np.zeros(len(values), np.int64)
        customers += len(values)
        buyers += int(np.count_nonzero(values.orders))
        orders.add(values.orders, groups=together)
        money.add(values.monetary, groups=together)
    return CustomerTotals(
        customers=customers, buyers=buyers, orders=orders[0], monetary=amount_text(money[0])
    )


def segment_statistics(
    blocks: Callable[[], Grouped], *, definition: Definition
) -> tuple[SegmentRow, ...]:
    """Return one row a segment, in the definition's order, empty segments included.

    Parameters
    ----------
    blocks
        Returns all customers, each with the position in ``definition.everyone`` (see
        ``assignment``).
    definition
        Gives the labels, meanings and actions.
    """
    groups = totals_of(blocks(), count=len(definition.everyone))
    medians = _median_recency(blocks())
    return tuple(
        SegmentRow(
            label=segment.label,
            meaning=segment.meaning,
            action=segment.action,
            median_recency_days=medians.get(code),
            **vars(groups.row(code)),
        )
        for code, segment in enumerate(definition.everyone)
    )


def cluster_statistics(blocks: Grouped, *, model: ClusterModel) -> tuple[ClusterRow, ...]:
    """Return one row a cluster, best first. Groups are ranks, 0 for customers without."""
    groups = totals_of(blocks, count=model.k + 1)
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
    blocks: Iterable[tuple[CustomerValues, Scores, Scores]], *, scale: int
) -> tuple[tuple[GridCell, ...], ...]:
    """Return customers and net money by recency score, then by frequency score, from 1 each.

    Parameters
    ----------
    blocks
        Some customers after the others, with their recency and frequency scores.
    scale
        The best score.
    """
    width = scale + 1
    customers, money = np.zeros(width * width, np.int64), GroupTotals(width * width)
    for values, recency, frequency in blocks:
        cells = recency.astype(np.int64) * width + frequency
        customers += np.bincount(cells, minlength=width * width)
        money.add(values.monetary, groups=cells)
    return tuple(
        tuple(
            GridCell(customers=int(customers[cell]), monetary=amount_text(money[cell]))
            for cell in range(r * width + 1, (r + 1) * width)
        )
        for r in range(1, width)
    )


def _median_recency(blocks: Grouped) -> dict[int, float]:
    """Return the median of days since the last purchase of each group that has buyers."""

    def joint() -> Iterator[Ints]:
        for values, codes in blocks:
            bought = values.orders > 0
            yield codes[bought].astype(np.int64) * _DAYS + values.recency_days[bought]

    distinct, counts = counted(joint())
    groups, days = np.divmod(distinct, _DAYS)
    medians = {}
    for group in np.unique(groups).tolist():
        here = groups == group
        ends, some = np.cumsum(counts[here]), days[here]
        middle = [(ends[-1] - 1) // 2, ends[-1] // 2]
        low, high = some[np.searchsorted(ends, middle, side="right")].tolist()
        medians[group] = (low + high) / 2
    return medians
