"""What customers are worth, in two pictures: the distribution, and value against churn."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Iterable, Mapping

import numpy as np
import numpy.typing as npt

from tessera.customers.exact_sums import ExactSums
from tessera.records.scoring.sets import Value, ValueBin, ValueByChurn
from tessera.segments.assignment import Codes
from tessera.segments.sets.catalog import SegmentSets

Floats = npt.NDArray[np.float64]

VALUE, CHURN = "value_tier", "churn_band"
_STEPS = (1.0, 2.0, 5.0)
_BINS = 11  # edges, and so three magnitudes and a half
_MAGNITUDES = 4


@dataclasses.dataclass(frozen=True, kw_only=True)
class ValuedCustomers:
    """What both pictures are of, shape (n,) each.

    Parameters
    ----------
    clv
        NaN for empty.
    labels
        By set, each customer's position in its ``everyone``.
    """

    clv: Floats
    labels: Mapping[str, Codes]


Blocks = Callable[[], Iterable[ValuedCustomers]]


def value_record(blocks: Blocks, *, sets: SegmentSets) -> Value:
    """Return both pictures. None for one that there is nothing to draw of.

    Parameters
    ----------
    blocks
        Returns everybody, some after the others.
    sets
        The run's sets.
    """
    return Value(clv_histogram=_histogram(blocks), churn_by_value=_by_value(blocks, sets=sets))


def _histogram(blocks: Blocks) -> tuple[ValueBin, ...] | None:
    """Return customers between 1, 2, 5, 10 … of the currency: values spread over magnitudes."""
    most = max((float(values.max()) for values in _known(blocks)), default=None)
    if most is None:
        return None
    lowest = math.floor(math.log10(most)) - _MAGNITUDES if most > 0 else 0
    edges = [step * 10.0**power for power in range(lowest, lowest + 9) for step in _STEPS]
    inner = [edge for edge in edges if edge < most][-_BINS:]
    counts = np.zeros(len(inner) + 1, np.int64)
    for values in _known(blocks):
        places = np.searchsorted(inner, values, side="right")
        counts += np.bincount(places, minlength=len(counts))
    return tuple(
        ValueBin(low=start, below=end, customers=count)
        for start, end, count in zip([0.0, *inner], [*inner, None], counts.tolist(), strict=True)
    )


def _known(blocks: Blocks) -> Iterable[Floats]:
    """Yield the values of those who have one, omitting blocks without any."""
    values = (some.clv[~np.isnan(some.clv)] for some in blocks())
    return (known for known in values if len(known))


def _by_value(blocks: Blocks, *, sets: SegmentSets) -> ValueByChurn | None:
    by_name = {one.name: one for one in sets.simple}
    if VALUE not in by_name or CHURN not in by_name:
        return None
    rows, columns = by_name[VALUE].everyone, by_name[CHURN].everyone
    size, width = len(rows) * len(columns), len(columns)
    money, counts = ExactSums(size), np.zeros(size, np.int64)
    for some in blocks():
        cells = some.labels[VALUE].astype(np.int64) * width + some.labels[CHURN]
        money.add(np.nan_to_num(some.clv), groups=cells)
        counts += np.bincount(cells, minlength=size)
    lines = range(0, size, width)
    return ValueByChurn(
        rows=tuple(label.label for label in rows),
        columns=tuple(label.label for label in columns),
        customers=tuple(tuple(counts[line : line + width].tolist()) for line in lines),
        clv=tuple(
            tuple(f"{money[cell]:.2f}" for cell in range(line, line + width)) for line in lines
        ),
    )
