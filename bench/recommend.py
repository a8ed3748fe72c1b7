"""``python -m bench recommend``: next products, on Online Retail and of a large shop.

The large shop has products in kinds. Customers have favourite kinds, so there is something to
learn, and some bestsellers that everybody buys.
"""

from __future__ import annotations

import datetime as dt
import resource
import time
from collections.abc import Callable
from pathlib import Path

import duckdb
import numpy as np

from bench.report import Ratio, Section, table
from tessera.customers.recommending.bought import BoughtProducts
from tessera.customers.recommending.learning import learn
from tessera.customers.recommending.recommending import recommend
from tessera.customers.recommending.trial import tried
from tessera.records.scoring.recommending import RecommendingTest

_EXAMPLE = Path(__file__).parents[1] / "examples" / "online_retail_events.csv.gz"
_AS_OF = dt.date(2011, 12, 10)
_HOLDOUTS = (119, 60, 28)  # the first is what a run holds out
_PRODUCTS, _KINDS, _SPAN_DAYS = 20_000, 400, 730
_TRAINING_SECONDS, _MEMORY_MB, _SCORED_A_SECOND = 120, 4_096, 20_000


def measure(customers: int, *, say: Callable[[str], None]) -> Section:
    """Test on Online Retail. Then learn, test and recommend for a large shop."""
    say("Online Retail: next products")
    shop = online_retail()
    tests = [test for days in _HOLDOUTS if (test := tried(shop, holdout_days=days))]
    say(f"{customers:,} customers, {_PRODUCTS:,} products: next products")
    large = drawn_shop(customers)
    began = time.process_time()
    tried(large, holdout_days=_SPAN_DAYS // 3)
    model = learn(large)
    trained = time.process_time() - began
    began = time.process_time()
    recommend(model, large)
    rate = customers / (time.process_time() - began)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    lines = (
        *table(
            ["days held out", "customers", "way", "recall@10", "coverage"],
            [row for test in tests for row in _rows(test)],
        ),
        "",
        f"{customers:,} customers with {len(large.product):,} pairs of {_PRODUCTS:,} products: "
        f"test and learning {trained:.1f} processor s, {rate:,.0f} customers a second, peak "
        f"{memory:,.0f} MB with the data",
    )
    return Section(
        "Next products",
        lines,
        (
            Ratio(
                "next products: recall@10 by that of the most popular",
                tests[0].learnt.recall / max(tests[0].popular.recall, tests[0].lately.recall),
                1,
                least=True,
            ),
            Ratio("next products: processor seconds of training", trained, _TRAINING_SECONDS),
            Ratio("next products: peak MB", memory, _MEMORY_MB),
            Ratio("next products: customers scored a second", rate, _SCORED_A_SECOND, least=True),
        ),
    )


def _rows(test: RecommendingTest) -> list[list[str]]:
    ways = {
        "learnt": test.learnt,
        "most popular": test.popular,
        "most popular lately": test.lately,
    }
    return [
        [
            f"{test.holdout_days}",
            f"{test.customers:,}",
            name,
            f"{100 * way.recall:.2f} %",
            f"{100 * way.coverage:.1f} %",
        ]
        for name, way in ways.items()
    ]


def online_retail() -> BoughtProducts:
    """Return who bought what in the example that ships."""
    pairs = duckdb.execute(
        f"""SELECT dense_rank() OVER (ORDER BY CustomerID) - 1 AS customer,
            dense_rank() OVER (ORDER BY ProductCode) - 1 AS product,
            date_diff('day', min(strptime(Date, '%a, %d %b %Y %H:%M:%S %z')::TIMESTAMP)::DATE,
                DATE '{_AS_OF}') AS days_ago
        FROM read_csv('{_EXAMPLE}', all_varchar = true)
        WHERE EventName = 'PURCHASED' GROUP BY CustomerID, ProductCode ORDER BY 1, 2"""
    ).fetchnumpy()
    return _bought(*(np.asarray(pairs[name]) for name in ("customer", "product", "days_ago")))


def drawn_shop(customers: int) -> BoughtProducts:
    """Draw a large shop: about twenty products a customer, some hundreds for a few."""
    draws = np.random.default_rng(1)
    size = np.minimum(500, 1 + draws.lognormal(2.4, 1.0, customers).astype(np.int64))
    who = np.repeat(np.arange(customers, dtype=np.int32), size)
    in_kind = _PRODUCTS // _KINDS
    favourites = draws.integers(0, _KINDS, (customers, 3), dtype=np.int16)
    kind = favourites[who, draws.integers(0, 3, len(who), dtype=np.int8)].astype(np.int32)
    place = np.minimum(in_kind - 1, draws.pareto(1.0, len(who)) * 4).astype(np.int32)
    product = kind * in_kind + place
    best = draws.random(len(who)) < 0.3
    product[best] = np.minimum(_PRODUCTS - 1, draws.pareto(0.7, int(best.sum())) * 60)
    pair = np.unique(who.astype(np.int64) * _PRODUCTS + product)
    days = draws.integers(1, _SPAN_DAYS, len(pair), dtype=np.int32)
    return _bought(pair // _PRODUCTS, pair % _PRODUCTS, days, customers=customers)


def _bought(
    customer: np.ndarray, product: np.ndarray, days: np.ndarray, *, customers: int | None = None
) -> BoughtProducts:
    many = int(customer.max()) + 1 if customers is None else customers
    return BoughtProducts(
        starts=np.searchsorted(customer, np.arange(many + 1)),
        product=product.astype(np.int32),
        first_days_ago=days.astype(np.int32),
        products=int(product.max()) + 1,
    )
