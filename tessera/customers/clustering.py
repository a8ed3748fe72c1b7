"""Fit K-Means on weighted distinct rows: exact weights, many restarts, little work.

Equal customers are one row with a weight, so cost follows distinct values. When even those are
many, restarts run on a grid of weighted cells, and Lloyd's algorithm then finishes on all rows.
"""

from __future__ import annotations

import dataclasses

import numpy as np
import threadpoolctl  # type: ignore[import-untyped]
from sklearn.cluster import KMeans

from tessera.customers.cluster_names import describe
from tessera.customers.clusters import (
    ClusterModel,
    Floats,
    log_features,
    nearest,
    squared_distances,
)
from tessera.customers.money import Ints
from tessera.errors import InvalidInput

CHOICES = range(2, 9)  # what k may become when it is chosen
RESTARTS = 50
MOST_CELLS = 20_000  # more rows than this and the restarts run on a grid
_FINEST_CELL = 1 / 32  # in standard deviations
_ITERATIONS = 300
_DIGITS = 9  # of what is written down: the last bits differ between machines


@dataclasses.dataclass(frozen=True)
class _Rows:
    """Distinct standardised rows, shape (n, 3), and how many customers each stands for."""

    points: Floats
    weights: Floats


def fit_clusters(
    *, recency_days: Ints, frequency: Ints, monetary: Ints, customers: Ints, k: int, seed: int
) -> ClusterModel:
    """Fit K-Means to buyers.

    Parameters
    ----------
    recency_days, frequency, monetary
        Shape (n,), buyers' days, orders and net money in minor units; rows may repeat and come
        in any order.
    customers
        Shape (n,), how many buyers have exactly these values.
    k
        How many clusters, or 0 to choose between 2 and 8 by the weighted simplified silhouette:
        with a the distance to the own centre and b that to the next nearest one, the mean over
        customers of (b - a) / max(a, b), 0 for a customer alone in a cluster; the highest wins.
    seed
        Of the restarts. The same rows, k and seed give the same model.

    Returns
    -------
    ClusterModel
        Clusters ranked by their mean net money. With fewer distinct rows than clusters asked for,
        one cluster a row; without buyers, none.

    References
    ----------
    Hruschka, de Castro & Campello (2004), "Evolutionary algorithms for clustering gene-expression
    data", for the simplified silhouette.
    """
    if k < 0 or (len(customers) and int(customers.min()) < 1):
        raise InvalidInput("clusters: k must be 0 or more, and every row stand for a customer")
    features = log_features(recency_days=recency_days, frequency=frequency, monetary=monetary)
    raw, weights = _distinct(features, customers)
    mean, sd = _moments(raw, weights)
    rows = _Rows((raw - mean) / sd, weights)
    with threadpoolctl.threadpool_limits(limits=1):  # threads would add up in any order
        centres, chosen, note = _choose(rows, k=k, seed=seed)
    scaled = (features - mean) / sd
    centres = _ranked(centres, scaled, money=monetary.astype(np.float64), customers=customers)
    positions, squares = nearest(rows.points, centres=centres)
    sizes = np.bincount(positions, weights=weights, minlength=len(centres)).astype(np.int64)
    return ClusterModel(
        k=len(centres),
        seed=seed,
        mean=tuple(mean.tolist()),
        sd=tuple(sd.tolist()),
        centres=tuple(tuple(centre) for centre in centres.tolist()),
        inertia=round(float(squares @ weights), 6),
        customers=int(customers.sum()),
        rows=len(raw),
        labels=describe(centres, sizes=sizes, mean=mean, sd=sd),
        chosen=chosen,
        note=note,
    )


def _distinct(features: Floats, customers: Ints) -> tuple[Floats, Floats]:
    """Return sorted distinct rows and their weights: the order of customers is forgotten."""
    if not len(features):
        return features, np.zeros(0)
    order = np.lexsort(features.T[::-1])
    ordered = features[order]
    first = np.r_[True, (ordered[1:] != ordered[:-1]).any(axis=1)]
    weights = np.add.reduceat(customers[order], np.flatnonzero(first))
    return ordered[first], weights.astype(np.float64)


def _moments(raw: Floats, weights: Floats) -> tuple[Floats, Floats]:
    if not len(raw):
        return np.zeros(3), np.ones(3)
    mean = np.average(raw, axis=0, weights=weights)
    sd = np.sqrt(np.average((raw - mean) ** 2, axis=0, weights=weights))
    constant = raw.min(axis=0) == raw.max(axis=0)
    return mean.round(_DIGITS), np.where(constant, 1.0, sd.round(_DIGITS))


def _choose(rows: _Rows, *, k: int, seed: int) -> tuple[Floats, str, str]:
    distinct = len(rows.points)
    if distinct <= max(k, CHOICES.start):
        fewest = k or CHOICES.start
        if distinct == fewest:
            return rows.points, "fixed" if k else "limited", f"{distinct} distinct customers"
        asked = f"{k} clusters were asked for" if k else "a choice needs at least 2"
        return rows.points, "limited", f"only {distinct} distinct buyers, and {asked}"
    small = _compressed(rows)
    if k:
        return _fit(small, rows, k=k, seed=seed), "fixed", f"{k} clusters as asked for"
    fits = {size: _fit(small, small, k=size, seed=seed) for size in CHOICES if size < distinct}
    quality = {size: _silhouette(small, centres) for size, centres in fits.items()}
    best = max(quality, key=lambda size: (round(quality[size], _DIGITS), -size))
    tried = ", ".join(f"{size}: {value:.3f}" for size, value in quality.items())
    note = f"{best} has the highest weighted simplified silhouette ({tried})"
    return _fit(small, rows, k=best, seed=seed), "auto", note


def _compressed(rows: _Rows) -> _Rows:
    """Return few rows that stand for many: the weighted mean of each cell of a grid."""
    cell = _FINEST_CELL
    while len(rows.points) > MOST_CELLS:
        corners = np.floor(rows.points / cell).astype(np.int64)
        spans = corners.max(axis=0) - corners.min(axis=0) + 1
        keys = np.ravel_multi_index(tuple((corners - corners.min(axis=0)).T), tuple(spans))
        found, index = np.unique(keys, return_inverse=True)
        if len(found) <= MOST_CELLS:
            weights = np.bincount(index, weights=rows.weights).astype(np.float64)
            sums = [np.bincount(index, weights=rows.weights * axis) for axis in rows.points.T]
            return _Rows(np.column_stack(sums) / weights[:, None], weights)
        cell *= 2
    return rows


def _fit(small: _Rows, rows: _Rows, *, k: int, seed: int) -> Floats:
    start = KMeans(k, n_init=RESTARTS, max_iter=_ITERATIONS, random_state=seed)
    centres = start.fit(small.points, sample_weight=small.weights).cluster_centers_
    if rows is not small:
        finish = KMeans(k, init=centres, n_init=1, max_iter=_ITERATIONS, random_state=seed)
        centres = finish.fit(rows.points, sample_weight=rows.weights).cluster_centers_
    return np.asarray(centres, np.float64)


def _silhouette(rows: _Rows, centres: Floats) -> float:
    distances = np.sqrt(squared_distances(rows.points, centres=centres))
    mine = distances.argmin(axis=1)
    own, other = np.partition(distances, 1, axis=1)[:, :2].T
    alone = np.bincount(mine, weights=rows.weights, minlength=len(centres))[mine] <= 1
    quality = np.where(alone, 0.0, (other - own) / np.maximum(other, 1e-12))
    return float(np.average(quality, weights=rows.weights))


def _ranked(centres: Floats, points: Floats, *, money: Floats, customers: Ints) -> Floats:
    """Return the centres, most valuable first: by mean net money, then by position."""
    rounded = centres.round(_DIGITS) + 0.0  # no negative zero
    if not len(rounded):
        return rounded
    positions, _ = nearest(points, centres=rounded)
    sizes = np.bincount(positions, weights=customers, minlength=len(rounded))
    totals = np.bincount(positions, weights=money * customers, minlength=len(rounded))
    means = (totals / np.maximum(sizes, 1)).round()
    return rounded[np.lexsort([*rounded.T[::-1], -means])]
