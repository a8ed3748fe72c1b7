"""Which products the same customers buy: for each product its nearest ones, with weights."""

from __future__ import annotations

import dataclasses

import numpy as np
from scipy.sparse import csr_array

from tessera.customers.recommending.bought import BoughtProducts, Ints
from tessera.customers.recommending.shelf import Shelf

SHRINKAGE = 10  # buyers that each product is given more than it has
NEIGHBOURS = 20
NEWEST = 100  # products of a customer that count
_VOTE = 1 << 20  # of a customer, in whole numbers, so that sums are exact
_WEIGHT = 1 << 24  # of 1: a sum over 100 products has 31 bits
_PLACE_BITS = 20
_CELLS = 1 << 22  # of the products by products that are in memory at once


@dataclasses.dataclass(frozen=True, kw_only=True)
class Neighbours:
    """What was learnt.

    Parameters
    ----------
    shelf
        The products that may be recommended.
    weights : shape (products, on sale)
        In whole numbers: how much a product that was bought speaks for each place on the shelf.
        At most 20 of a product.
    """

    shelf: Shelf
    weights: csr_array


def learn(bought: BoughtProducts) -> Neighbours:
    """Learn from who bought what until the day from which days are counted.

    Notes
    -----
    Each customer has one vote, divided evenly over the products bought, of which the 100 newest
    count. For products i and j, with v the votes of who bought both and n the buyers of each::

        weight(i, j) = v(i, j) / sqrt((n(i) + 10) (n(j) + 10))

    So who buys everything says little, and the ten buyers that each product is given keep products
    with few buyers from having near neighbours by chance. Votes and weights are whole numbers:
    no order of customers changes a sum.

    References
    ----------
    Deshpande & Karypis (2004), "Item-Based Top-N Recommendation Algorithms".
    """
    shelf, counted = Shelf.of(bought), bought.newest(NEWEST)
    votes = np.rint(_VOTE / np.maximum(counted.counts, 1)).astype(np.int64)
    by_customer = counted.matrix(np.repeat(votes, counted.counts))[:, shelf.products]
    by_product = csr_array(counted.matrix(np.ones(len(counted.product), np.int8)).T)
    buyers = counted.buyers() + SHRINKAGE
    rows = max(1, _CELLS // max(1, len(shelf)))
    blocks = [
        _nearest(
            csr_array(by_product[start : start + rows] @ by_customer),
            products=np.arange(start, min(start + rows, bought.products)),
            shelf=shelf,
            buyers=buyers,
        )
        for start in range(0, max(1, bought.products), rows)
    ]
    product, place, weight = (np.concatenate(each) for each in zip(*blocks, strict=True))
    shape = (bought.products, len(shelf))
    return Neighbours(shelf=shelf, weights=csr_array((weight, (product, place)), shape=shape))


def _nearest(
    together: csr_array, *, products: Ints, shelf: Shelf, buyers: Ints
) -> tuple[Ints, Ints, Ints]:
    """Return the nearest neighbours of some products: products, places and weights.

    Of equal weights, those further ahead on the shelf are nearer.
    """
    rows, size = len(products), together.shape[1]
    scale = _WEIGHT / _VOTE / np.sqrt(np.outer(buyers[products], buyers[shelf.products]))
    weights = np.rint(together.toarray() * scale).astype(np.int64)
    own = shelf.places[products]
    weights[np.flatnonzero(own >= 0), own[own >= 0]] = 0
    keys = (weights << _PLACE_BITS) | ((1 << _PLACE_BITS) - 1 - np.arange(size))
    kept = min(NEIGHBOURS, size)
    best = np.partition(keys, size - kept, axis=1)[:, size - kept :] if size else keys
    weight = best >> _PLACE_BITS
    place = (1 << _PLACE_BITS) - 1 - (best & ((1 << _PLACE_BITS) - 1))
    product = np.broadcast_to(products[:, None], (rows, kept))
    some = weight > 0
    return product[some], place[some], weight[some].astype(np.int32)
