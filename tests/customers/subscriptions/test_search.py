"""Choosing how models are fitted: against a tuned peer, within a budget, the same everywhere."""

from __future__ import annotations

import numpy as np
import pytest
import threadpoolctl

from bench.churn_peers import PeerTable, tuned
from bench.subscribers import subscribers
from tessera.customers.subscriptions import search, tree_fit
from tessera.customers.subscriptions.encoding import EncodedRows, encode
from tessera.customers.subscriptions.quality import measure
from tessera.customers.subscriptions.search import try_growths, try_lines
from tessera.customers.subscriptions.splits import folds
from tessera.customers.subscriptions.training import fit, fit_calibration

pytestmark = pytest.mark.slow  # a model is learnt in most tests


def encoded(customers, *, sharpness=1.0):
    made = subscribers(customers, seed=11, sharpness=sharpness)
    encoding = encode(made.attributes, day=made.observed)
    matrix = encoding.matrix(made.attributes, day=made.observed)
    return EncodedRows(encoding, matrix, made.label == 1)


def pairs(rows):
    [(some, others), *_] = folds(rows.cancelled, count=3, seed=1)
    return [(rows.take(some), rows.take(others))]


@pytest.mark.parametrize("sharpness", [1.0, 4.0])
def test_held_out_customers_are_ranked_as_a_tuned_peer_ranks_them(sharpness):
    everyone = encoded(6_000, sharpness=sharpness)
    learnt, seen = everyone.take(np.arange(3_000)), everyone.take(np.arange(3_000, 6_000))
    splits = folds(learnt.cancelled, count=3, seed=1)[:1]
    candidates = fit(learnt, splits=splits, seed=1)
    ours = candidates.model(candidates.best).probability(seen.matrix)
    categories = [p for p, f in enumerate(learnt.encoding.features) if f.kind == "category"]
    theirs = tuned(PeerTable(learnt.matrix, learnt.cancelled, categories), "scikit-learn")(
        seen.matrix
    )
    base = np.full(len(ours), learnt.cancelled.mean())
    us, them = (measure(p, seen.cancelled, base=base) for p in (ours, theirs))
    assert us.auc >= them.auc - 0.003
    assert us.log_loss <= 1.03 * them.log_loss
    odds = np.log(ours / (1 - ours))
    assert fit_calibration(odds, seen.cancelled).slope == pytest.approx(1, abs=0.15)


def test_steps_and_interactions_get_larger_trees_than_noise():
    sharp, plain = (try_growths(pairs(encoded(1_500, sharpness=s)), seed=1) for s in (6.0, 0.2))
    assert sharp.rounds * sharp.growth.leaves > 2 * plain.rounds * plain.growth.leaves


def test_lines_bend_only_where_it_helps(shop, rows):
    assert try_lines(pairs(rows)).knots == 2  # the risk follows straight lines
    assert try_lines(pairs(encoded(6_000, sharpness=2.0))).knots > 2


def test_the_number_of_threads_leaves_no_trace(few_rounds, rows):
    splits = folds(rows.cancelled, count=3, seed=1)
    models = []
    for threads in (1, 2):
        with threadpoolctl.threadpool_limits(limits=threads):
            fitted = fit(rows, splits=splits, seed=1)
        models.append((fitted.choice, fitted.model("blend").to_dict()))
    assert models[0] == models[1]


def test_the_search_stays_within_its_budget(monkeypatch, rows):
    grown = []

    def counting(some, **given):
        grown.append(grow(some, **given))
        return grown[-1]

    grow = search.grow_boosting
    monkeypatch.setattr(search, "grow_boosting", counting)
    monkeypatch.setattr(tree_fit, "_ROW_ROUNDS", 20_000)
    chosen = try_growths(pairs(rows), seed=1)
    assert 3 <= len(grown) <= 5  # a start, two sizes at most, a rate, a share of features
    assert max(len(boosting.trees) for boosting in grown) <= 20
    assert chosen.rounds <= 20
