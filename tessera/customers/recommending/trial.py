"""Whether what was learnt finds the next products of customers better than popularity does."""

from __future__ import annotations

import numpy as np

from tessera.customers.forecasting.confidence import SURE
from tessera.customers.purchase.pairs import Floats
from tessera.customers.recommending.bought import BoughtProducts, Small
from tessera.customers.recommending.learning import learn
from tessera.customers.recommending.recommending import MOST, recommend, recommend_popular
from tessera.customers.recommending.shelf import NOWHERE
from tessera.records.scoring.recommending import Recommender, RecommendingTest
from tessera.records.scoring.report_card import Lead

LEAST_CUSTOMERS = 100
MOST_CUSTOMERS = 50_000  # tested. More would hardly narrow the range
_DIGITS = 6


def tried(bought: BoughtProducts, *, holdout_days: int | None) -> RecommendingTest | None:
    """Learn as if it were an earlier day, and compare with what customers began to buy since.

    Parameters
    ----------
    bought
        Who bought what until now.
    holdout_days
        How many days ago that earlier day is. None where the history is too short.

    Returns
    -------
    RecommendingTest or None
        None where the history is too short, or fewer than 100 customers can be tested.

    Notes
    -----
    All three ways recommend from the same shelf and nothing that the customer already had. At most
    50,000 customers are tested, evenly spaced over all of them.
    """
    if not holdout_days:
        return None
    known, since = bought.before(holdout_days), bought.within(holdout_days)
    testable = np.flatnonzero((known.counts > 0) & (since.counts > 0))
    if len(testable) < LEAST_CUSTOMERS:
        return None
    some = testable[:: -(-len(testable) // MOST_CUSTOMERS)]
    model, tested, came = learn(known), known.choose(some), since.choose(some)
    in_order = np.arange(len(model.shelf))
    learnt, _ = recommend(model, tested)
    ways = {
        "learnt": learnt,
        "popular": recommend_popular(model.shelf, tested, order=model.shelf.by_buyers),
        "lately": recommend_popular(model.shelf, tested, order=in_order),
    }
    recalls = {name: recall(products, came=came) for name, products in ways.items()}
    products = int((known.buyers() > 0).sum())
    return RecommendingTest(
        holdout_days=holdout_days,
        customers=len(some),
        products=products,
        new_products=round(float(came.counts.mean()), _DIGITS),
        **{name: _recommender(way, recalls[name], products) for name, way in ways.items()},
        lead_popular=_lead(recalls["learnt"] - recalls["popular"]),
        lead_lately=_lead(recalls["learnt"] - recalls["lately"]),
    )


def recall(products: Small, *, came: BoughtProducts) -> Floats:
    """Return which share of what came was recommended, shape (customers,).

    Parameters
    ----------
    products : shape (customers, 10)
        The recommendations, each once.
    came
        What the same customers began to buy, at least one product each.
    """
    size = came.products + 1
    row = np.repeat(np.arange(len(came)), MOST)
    asked = row * size + np.where(products == NOWHERE, came.products, products).ravel()
    hits = np.isin(asked, came.customer.astype(np.int64) * size + came.product)
    return np.asarray(hits.reshape(len(came), MOST).sum(axis=1) / came.counts, np.float64)


def beats_popularity(test: RecommendingTest) -> bool:
    """Return whether recall is surely higher than that of either kind of popular products."""
    return test.lead_popular.low > 0 and test.lead_lately.low > 0


def _recommender(products: Small, recalls: Floats, known: int) -> Recommender:
    given = np.unique(products[products != NOWHERE])
    return Recommender(
        recall=round(float(recalls.mean()), _DIGITS), coverage=round(len(given) / known, _DIGITS)
    )


def _lead(gain: Floats) -> Lead:
    mean, error = float(gain.mean()), float(gain.std(ddof=1)) / float(np.sqrt(len(gain)))
    low, high = mean - SURE * error, mean + SURE * error
    return Lead(mean=round(mean, _DIGITS), low=round(low, _DIGITS), high=round(high, _DIGITS))
