"""What customers are worth, in two pictures: the distribution, and value against churn."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from tessera.segments.set_catalog import SegmentSets
from tessera.segments.set_labels import SetLabels

Floats = npt.NDArray[np.float64]

VALUE, CHURN = "value_tier", "churn_band"
_BINS = 24
_MOST = 0.99  # the last bin takes the largest 1 %, or a few giants would flatten all others


def value_record(
    clv: Floats, *, sets: SegmentSets, labelled: Mapping[str, SetLabels]
) -> dict[str, Any]:
    """Return both pictures, JSON-ready; None for one that there is nothing to draw of.

    Parameters
    ----------
    clv
        Shape (n,), NaN for empty.
    sets, labelled
        The run's sets and everyone's labels.
    """
    return {
        "clv_histogram": _histogram(clv[~np.isnan(clv)]),
        "churn_by_value": _by_value(clv, sets=sets, labelled=labelled),
    }


def _histogram(values: Floats) -> list[dict[str, Any]] | None:
    if not len(values):
        return None
    top = float(np.quantile(values, _MOST)) or float(values.max()) or 1.0
    edges = np.linspace(0.0, top, _BINS + 1)
    counts, _ = np.histogram(np.minimum(values, top), bins=edges)
    ends: list[float | None] = [round(float(edge), 2) for edge in edges[1:-1]]
    return [
        {"from": round(float(start), 2), "below": end, "customers": int(count)}
        for start, end, count in zip(edges[:-1], [*ends, None], counts, strict=True)
    ]


def _by_value(
    clv: Floats, *, sets: SegmentSets, labelled: Mapping[str, SetLabels]
) -> dict[str, Any] | None:
    by_name = {one.name: one for one in sets.simple}
    if VALUE not in by_name or CHURN not in by_name:
        return None
    rows, columns = by_name[VALUE].everyone, by_name[CHURN].everyone
    cells = labelled[VALUE].codes * len(columns) + labelled[CHURN].codes
    size = len(rows) * len(columns)
    shape = (len(rows), len(columns))
    money = np.bincount(cells, weights=np.nan_to_num(clv), minlength=size).reshape(shape)
    return {
        "rows": [label.label for label in rows],
        "columns": [label.label for label in columns],
        "customers": np.bincount(cells, minlength=size).reshape(shape).tolist(),
        "clv": [[f"{value:.2f}" for value in row] for row in money.tolist()],
    }
