"""Tenths: the order of customers, without figures."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import numpy as np

from tessera.customers.order_statistics import OrderStatistics
from tessera.customers.purchase.pairs import Floats

Edges = tuple[float, ...]

_TENTHS = 10


def tenth_edges(blocks: Callable[[], Iterable[Floats]]) -> Edges:
    """Return the least values beyond one tenth, two, … and nine of all customers.

    Equal values share a tenth, that of their middle, so the order of customers is irrelevant.

    Parameters
    ----------
    blocks
        Returns everybody's values, some after the others. NaN has no tenth.
    """

    def known() -> Iterator[Floats]:
        for values in blocks():
            missing = np.isnan(values)
            yield values[~missing] if missing.any() else values

    ordered = OrderStatistics(known)
    customers = len(ordered)
    places = [tenth * customers // _TENTHS for tenth in range(1, _TENTHS)]
    if not customers:
        return (np.inf,) * len(places)
    least = ordered.at(places)
    ends = ordered.around(least)
    after = [min(end, customers - 1) for _, end in ends]
    following = [
        value if end < customers else np.inf
        for value, (_, end) in zip(ordered.at(after), ends, strict=True)
    ]
    return tuple(
        # the middle of those that are equal decides
        value if _TENTHS * (first + end) >= 2 * tenth * customers else more
        for tenth, (value, (first, end), more) in enumerate(
            zip(least, ends, following, strict=True), start=1
        )
    )


def tenths(values: Floats, *, edges: Edges | None = None) -> Floats:
    """Return each customer's tenth, 1 the least to 10 the most, shape (n,). NaN stays NaN.

    Parameters
    ----------
    values
        Of some customers.
    edges
        Of all customers. By default these are all.
    """
    made = np.ones(len(values))
    for least in tenth_edges(lambda: (values,)) if edges is None else edges:
        made += values >= least
    made[np.isnan(values)] = np.nan
    return made
