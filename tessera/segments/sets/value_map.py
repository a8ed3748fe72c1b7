"""What customers are worth, in two pictures: the distribution, and value against churn."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from tessera.records.scoring.sets import Value, ValueBin, ValueByChurn
from tessera.segments.sets.catalog import SegmentSets
from tessera.segments.sets.labels import SetLabels

Floats = npt.NDArray[np.float64]

VALUE, CHURN = "value_tier", "churn_band"
_STEPS = (1.0, 2.0, 5.0)
_BINS = 11  # edges, and so three magnitudes and a half
_MAGNITUDES = 4


def value_record(clv: Floats, *, sets: SegmentSets, labelled: Mapping[str, SetLabels]) -> Value:
    """Return both pictures. None for one that there is nothing to draw of.

    Parameters
    ----------
    clv
        Shape (n,), NaN for empty.
    sets, labelled
        The run's sets and everyone's labels.
    """
    return Value(
        clv_histogram=_histogram(clv[~np.isnan(clv)]),
        churn_by_value=_by_value(clv, sets=sets, labelled=labelled),
    )


def _histogram(values: Floats) -> tuple[ValueBin, ...] | None:
    """Return customers between 1, 2, 5, 10 … of the currency: values spread over magnitudes."""
    if not len(values):
        return None
    most = float(values.max())
    lowest = math.floor(math.log10(most)) - _MAGNITUDES if most > 0 else 0
    edges = [step * 10.0**power for power in range(lowest, lowest + 9) for step in _STEPS]
    inner = [edge for edge in edges if edge < most][-_BINS:]
    counts = np.bincount(np.searchsorted(inner, values, side="right"), minlength=len(inner) + 1)
    return tuple(
        ValueBin(low=start, below=end, customers=count)
        for start, end, count in zip([0.0, *inner], [*inner, None], counts.tolist(), strict=True)
    )


def _by_value(
    clv: Floats, *, sets: SegmentSets, labelled: Mapping[str, SetLabels]
) -> ValueByChurn | None:
    by_name = {one.name: one for one in sets.simple}
    if VALUE not in by_name or CHURN not in by_name:
        return None
    rows, columns = by_name[VALUE].everyone, by_name[CHURN].everyone
    cells = labelled[VALUE].codes * len(columns) + labelled[CHURN].codes
    size = len(rows) * len(columns)
    shape = (len(rows), len(columns))
    money = np.bincount(cells, weights=np.nan_to_num(clv), minlength=size).reshape(shape)
    counts = np.bincount(cells, minlength=size).reshape(shape)
    return ValueByChurn(
        rows=tuple(label.label for label in rows),
        columns=tuple(label.label for label in columns),
        customers=tuple(map(tuple, counts.tolist())),
        clv=tuple(tuple(f"{value:.2f}" for value in row) for row in money.tolist()),
    )
