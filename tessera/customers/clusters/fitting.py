"""Fit K-Means on weighted distinct rows: exact weights, many restarts, little work.

Equal customers are one row with a weight, so cost follows distinct values. When even those are
many, restarts run on a grid of weighted cells, and Lloyd's algorithm then finishes on all rows.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from sklearn.cluster import KMeans

from tessera.customers.clusters.grid import Grid, WeightedPoints, grid
from tessera.customers.clusters.model import (
    ClusterModel,
    Floats,
    nearest,
    squared_distances,
)
from tessera.customers.clusters.names import describe
from tessera.customers.clusters.rows import BuyerRows
from tessera.customers.money import Ints
from tessera.customers.one_thread import one_thread
from tessera.errors import InvalidInput

CHOICES = range(2, 9)  # what k may become when it is chosen
RESTARTS = 50
MOST_CELLS = 20_000  # more rows than this and the restarts run on a grid
_ITERATIONS = 300
_SETTLED = 1e-4  # the squares of the centres' moves, added up, in squared standard deviations
_SHARE = 1 << 18  # rows that a thread takes at once
_DIGITS = 9  # of what is written down: the last bits differ between machines


def fit_clusters(
    *, recency_days: Ints, frequency: Ints, monetary: Ints, customers: Ints, k: int, seed: int
) -> ClusterModel:
    """Fit K-Means to buyers.

    Parameters
    ----------
    recency_days, frequency, monetary
        Shape (n,), buyers' days, orders and net money in minor units. Rows may repeat and come
        in any order.
    customers
        Shape (n,), how many buyers have exactly these values.
    k
        How many clusters, or 0 to choose between 2 and 8 by the weighted simplified silhouette:
        with a the distance to the own centre and b that to the next nearest one, the mean over
        customers of (b - a) / max(a, b), 0 for a customer alone in a cluster. The highest wins.
    seed
        Of the restarts. The same rows, k and seed give the same model.

    Returns
    -------
    ClusterModel
        Clusters ranked by their mean net money. With fewer distinct rows than clusters asked for,
        one cluster a row. Without buyers, none.

    References
    ----------
    Hruschka, de Castro & Campello (2004), "Evolutionary algorithms for clustering gene-expression
    data", for the simplified silhouette.
    """
    rows = BuyerRows.empty(len(customers))
    rows.fill(
        0,
        recency_days=recency_days,
        frequency=frequency,
        monetary=monetary,
        customers=customers,
    )
    return fit_rows(rows, k=k, seed=seed)


def fit_rows(buyers: BuyerRows, *, k: int, seed: int) -> ClusterModel:
    """Fit K-Means to buyers. Their features are used up: they become the points.

    Parameters
    ----------
    buyers
        All of them. Rows may repeat and come in any order.
    k, seed
        See ``fit_clusters``.
    """
    if k < 0:
        raise InvalidInput(f"clusters: {k} clusters were asked for, expected 0 or more")
    rows = buyers.distinct()
    mean, sd = _moments(rows.features, rows.weights)
    standardised = rows.features
    standardised -= mean
    standardised /= sd
    points = WeightedPoints(standardised, rows.weights)
    with one_thread():
        centres, chosen, note = _choose(points, k=k, seed=seed)
    centres, sizes, inertia = _ranked(centres, points, money=rows.money)
    return ClusterModel(
        k=len(centres),
        seed=seed,
        mean=tuple(mean.tolist()),
        sd=tuple(sd.tolist()),
        centres=tuple(tuple(centre) for centre in centres.tolist()),
        inertia=round(inertia, 6),
        customers=int(rows.weights.sum()),
        rows=len(rows.weights),
        labels=describe(centres, sizes=sizes, mean=mean, sd=sd),
        chosen=chosen,
        note=note,
    )


def _moments(raw: Floats, weights: Floats) -> tuple[Floats, Floats]:
    if not len(raw):
        return np.zeros(3), np.ones(3)
    everybody = weights.sum()
    scratch = np.empty(len(raw))  # one column at a time, so that memory holds no second copy
    mean, variance = np.zeros(3), np.zeros(3)
    for place, axis in enumerate(raw.T):
        mean[place] = np.multiply(axis, weights, out=scratch).sum() / everybody
        np.subtract(axis, mean[place], out=scratch)
        np.multiply(scratch, scratch, out=scratch)
        variance[place] = np.multiply(scratch, weights, out=scratch).sum() / everybody
    constant = raw.min(axis=0) == raw.max(axis=0)
    return mean.round(_DIGITS), np.where(constant, 1.0, np.sqrt(variance).round(_DIGITS))


def _choose(rows: WeightedPoints, *, k: int, seed: int) -> tuple[Floats, str, str]:
    distinct = len(rows.points)
    if distinct <= max(k, CHOICES.start):
        fewest = k or CHOICES.start
        if distinct == fewest:
            return rows.points, "fixed" if k else "limited", f"{distinct} distinct customers"
        asked = f"{k} clusters were asked for" if k else "a choice needs at least 2"
        return rows.points, "limited", f"only {distinct} distinct buyers, and {asked}"
    fine = None if distinct <= MOST_CELLS else grid(rows)
    small = rows if fine is None else _few(fine)
    if k:
        centres = _finished(_fit(small, k=k, seed=seed), fine, rows)
        return centres, "fixed", f"{k} clusters as asked for"
    fits = {size: _fit(small, k=size, seed=seed) for size in CHOICES if size < distinct}
    quality = {size: _silhouette(small, centres) for size, centres in fits.items()}
    best = max(quality, key=lambda size: (round(quality[size], _DIGITS), -size))
    tried = ", ".join(f"{size}: {value:.3f}" for size, value in quality.items())
    note = f"{best} has the highest weighted simplified silhouette ({tried})"
    return _finished(fits[best], fine, rows), "auto", note


def _few(fine: Grid) -> WeightedPoints:
    while len(fine.weights) > MOST_CELLS:
        fine = fine.coarser()
    return fine.rows


def _fit(rows: WeightedPoints, *, k: int, seed: int) -> Floats:
    start = KMeans(k, n_init=RESTARTS, max_iter=_ITERATIONS, random_state=seed)
    fitted = start.fit(rows.points, sample_weight=rows.weights)
    return np.asarray(fitted.cluster_centers_, np.float64)


def _finished(centres: Floats, fine: Grid | None, rows: WeightedPoints) -> Floats:
    """Let centres that were found on few cells settle on a finer grid, and then on all rows."""
    if fine is None:
        return centres
    cells = fine.rows
    near = KMeans(len(centres), init=centres, n_init=1, max_iter=_ITERATIONS, tol=0)
    near.fit(cells.points, sample_weight=cells.weights)
    centres = np.asarray(near.cluster_centers_, np.float64)
    for _ in range(_ITERATIONS):
        moved = _moved(centres, rows)
        settled = float(((moved - centres) ** 2).sum()) <= _SETTLED
        centres = moved
        if settled:
            break
    return centres


def _moved(centres: Floats, rows: WeightedPoints) -> Floats:
    """Return the means of the rows nearest to each centre: one step of Lloyd's algorithm.

    Threads take shares of the rows, whose sums are added up in the order of the rows.
    """

    def share(start: int) -> Floats:
        part = slice(start, start + _SHARE)
        points, weights = rows.points[part], rows.weights[part]
        positions, _ = nearest(points, centres=centres)
        columns = [weights, *(weights * axis for axis in points.T)]
        return np.stack([np.bincount(positions, column, len(centres)) for column in columns])

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        sums = np.sum(list(pool.map(share, range(0, len(rows.points), _SHARE))), axis=0)
    empty = sums[0] == 0
    return np.where(empty, centres.T, sums[1:] / np.where(empty, 1, sums[0])).T


def _silhouette(rows: WeightedPoints, centres: Floats) -> float:
    distances = np.sqrt(squared_distances(rows.points, centres=centres))
    mine = distances.argmin(axis=1)
    own, other = np.partition(distances, 1, axis=1)[:, :2].T
    alone = np.bincount(mine, weights=rows.weights, minlength=len(centres))[mine] <= 1
    quality = np.where(alone, 0.0, (other - own) / np.maximum(other, 1e-12))
    return float(np.average(quality, weights=rows.weights))


def _ranked(centres: Floats, rows: WeightedPoints, *, money: Floats) -> tuple[Floats, Ints, float]:
    """Return the centres, most valuable first, their customers, and the inertia.

    By mean net money, then by position. Money is that of each row's customers.
    """
    rounded = centres.round(_DIGITS) + 0.0  # no negative zero
    sizes, totals = np.zeros(len(rounded)), np.zeros(len(rounded))
    squares = np.empty(len(rows.points))
    for start in range(0, len(squares), _SHARE):
        part = slice(start, start + _SHARE)
        positions, squares[part] = nearest(rows.points[part], centres=rounded)
        np.add.at(sizes, positions, rows.weights[part])
        np.add.at(totals, positions, money[part])
    squares *= rows.weights
    means = (totals / np.maximum(sizes, 1)).round()
    order = np.lexsort([*rounded.T[::-1], -means])
    return rounded[order], sizes[order].astype(np.int64), float(squares.sum())
