"""The products that customers are likeliest to buy next."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from tessera.customers.recommending.bought import BoughtProducts, Ints, Small
from tessera.customers.recommending.learning import NEWEST, Neighbours
from tessera.customers.recommending.shelf import NOWHERE, Shelf

MOST = 10
BLOCK = 1 << 13  # customers at a time: a key has 13 bits for them
_PLACE_BITS, _SCORE_BITS = 20, 31
_PLACES = (1 << _PLACE_BITS) - 1
_SCORES = (1 << _SCORE_BITS) - 1
_ROW_SHIFT = np.uint64(_PLACE_BITS + _SCORE_BITS)
Keys = npt.NDArray[np.uint64]


def recommend(model: Neighbours, bought: BoughtProducts) -> tuple[Small, Small]:
    """Return ten products for each customer, the likeliest first.

    Parameters
    ----------
    model
        What was learnt.
    bought
        All that the customers bought, in the numbers of the model's products.

    Returns
    -------
    products : shape (customers, 10)
        Product numbers. None of them did the customer buy before, and none is there twice.
        ``NOWHERE`` behind the last, where the shelf has fewer.
    scores : shape (customers, 10)
        How much the customer's products speak for each, descending. 0 for the most popular ones,
        which follow where there are fewer than ten.
    """
    shelf = model.shelf
    places = np.full((len(bought), MOST), NOWHERE, np.int32)
    scores = np.zeros((len(bought), MOST), np.int32)
    for rows in _blocks(len(bought)):
        some = bought.take(rows)
        _by_neighbours(model, some, places[rows], scores[rows])
        _fill(some, places[rows], order=np.arange(len(shelf)), shelf=shelf)
    return _products(shelf, places), scores


def recommend_popular(shelf: Shelf, bought: BoughtProducts, *, order: Ints) -> Small:
    """Return what ``recommend`` would without neighbours: places in an order, for everybody."""
    places = np.full((len(bought), MOST), NOWHERE, np.int32)
    for rows in _blocks(len(bought)):
        _fill(bought.take(rows), places[rows], order=order, shelf=shelf)
    return _products(shelf, places)


def _blocks(customers: int) -> Iterator[slice]:
    return (slice(start, min(start + BLOCK, customers)) for start in range(0, customers, BLOCK))


def _products(shelf: Shelf, places: Small) -> Small:
    return np.append(shelf.products, NOWHERE).astype(np.int32)[places]


def _by_neighbours(model: Neighbours, bought: BoughtProducts, places: Small, scores: Small) -> None:
    """Write the best places and their scores. Sums of whole numbers have no order."""
    counted = bought.newest(NEWEST)
    added = counted.matrix(np.ones(len(counted.product), np.int32)) @ model.weights
    row = np.repeat(np.arange(len(bought)), np.diff(added.indptr)).astype(np.int64)
    new = ~_has(bought, row, added.indices, shelf=model.shelf)
    row, place, score = row[new], added.indices[new].astype(np.int64), added.data[new]
    keys = row.astype(np.uint64) << _ROW_SHIFT
    keys |= ((_SCORES - score.astype(np.int64)) << _PLACE_BITS | place).astype(np.uint64)
    keys.sort()
    row = (keys >> _ROW_SHIFT).astype(np.int64)
    rank = _ranks(row, rows=len(bought))
    best = rank < MOST
    row, rank, keys = row[best], rank[best], keys[best].astype(np.int64)
    places[row, rank] = keys & _PLACES
    scores[row, rank] = _SCORES - (keys >> _PLACE_BITS & _SCORES)


def _fill(bought: BoughtProducts, places: Small, *, order: Ints, shelf: Shelf) -> None:
    """Write the first places of an order behind those that are there, each once, none bought."""
    listed = (places != NOWHERE).sum(axis=1)
    short = np.flatnonzero(listed < MOST)
    # So many of the order suffice, even if all that was bought or is listed came first.
    asked = np.minimum(MOST + bought.counts[short], len(order))
    row = np.repeat(short, asked)
    place = order[_ranks(row, rows=len(bought))]
    again = (places[row] == place[:, None]).any(axis=1) | _has(bought, row, place, shelf=shelf)
    row, place = row[~again], place[~again]
    rank = listed[row] + _ranks(row, rows=len(bought))
    some = rank < MOST
    places[row[some], rank[some]] = place[some]


def _has(
    bought: BoughtProducts, row: Ints, place: npt.NDArray[np.integer], *, shelf: Shelf
) -> npt.NDArray[np.bool_]:
    """Return whether the customers in these rows bought the products at these places."""
    size = len(shelf)
    mine = shelf.places[bought.product]
    on_sale = mine != NOWHERE
    taken = np.sort(bought.customer[on_sale].astype(np.int64) * size + mine[on_sale])
    asked = row * size + place
    at = np.searchsorted(taken, asked)
    return np.asarray(np.append(taken, -1)[at] == asked, bool)


def _ranks(row: Ints, *, rows: int) -> Ints:
    """Return each entry's place among those of its row. Entries of a row follow each other."""
    counts = np.bincount(row, minlength=rows)
    return np.arange(len(row)) - np.repeat(np.cumsum(counts) - counts, counts)
