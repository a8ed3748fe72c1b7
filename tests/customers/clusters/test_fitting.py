"""K-Means: against the best inertia known, and what always holds."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tessera.customers.clusters import fitting
from tessera.customers.clusters.fitting import fit_clusters
from tessera.customers.clusters.model import ClusterModel
from tessera.customers.units import MINOR
from tessera.errors import InvalidInput
from tessera.records.codec import decode, encode
from tests import reference


def buyers(name):
    rows = reference.rows(f"oracles/scikit_learn/{name}_rfm_days")
    return {
        "recency_days": np.array([int(row["T"]) - int(row["recency"]) for row in rows]),
        "frequency": np.array([int(row["frequency"]) + 1 for row in rows]),
        "monetary": np.array([round(float(row["monetary_total"]) * MINOR) for row in rows]),
    }


def fit(columns, *, k, seed=18):
    ones = np.ones(len(columns["frequency"]), np.int64)
    return fit_clusters(**columns, customers=ones, k=k, seed=seed)


def rows(*values):
    recency, frequency, monetary = np.array(values, np.int64).reshape(-1, 3).T
    return {"recency_days": recency, "frequency": frequency, "monetary": monetary}


@pytest.fixture(scope="module")
def cdnow():
    return buyers("cdnow_sample")


@pytest.mark.parametrize("name", ["cdnow_sample", "online_retail"])
@pytest.mark.parametrize("k", range(2, 9))
def test_inertia_is_within_half_a_percent_of_the_best_known(name, k):
    best = reference.document(f"oracles/scikit_learn/{name}_kmeans")
    model = fit(buyers(name), k=k)
    assert model.inertia <= 1.005 * best["k"][str(k)]["inertia"]
    assert model.k == k
    assert model.mean == pytest.approx(best["feature_means"], abs=1e-8)
    assert model.sd == pytest.approx(best["feature_sds"], abs=1e-8)
    assert sum(label.customers for label in model.labels) == best["customers"] == model.customers


def test_many_rows_are_compressed_without_losing_inertia(cdnow, monkeypatch):
    exact = fit(cdnow, k=5)
    monkeypatch.setattr(fitting, "MOST_CELLS", 300)
    assert fit(cdnow, k=5).inertia <= 1.002 * exact.inertia


def test_weights_stand_for_repeated_rows(cdnow):
    few = {name: column[:200] for name, column in cdnow.items()}
    twice = {name: np.repeat(column, 2) for name, column in few.items()}
    weighted = fit_clusters(**few, customers=np.full(200, 2), k=4, seed=18)
    assert weighted == fit(twice, k=4)


def test_the_order_of_rows_is_irrelevant(cdnow):
    mixed = np.random.default_rng(7).permutation(len(cdnow["frequency"]))
    assert fit({name: column[mixed] for name, column in cdnow.items()}, k=5) == fit(cdnow, k=5)


def read_back(document):
    return decode(ClusterModel, json.loads(json.dumps(document)), document="model.json")


def test_prediction_agrees_with_the_fit_and_survives_json(cdnow):
    model = fit(cdnow, k=6)
    again = read_back(encode(model))
    assert again == model
    ranks = again.predict(**cdnow)
    assert np.bincount(ranks)[1:].tolist() == [label.customers for label in model.labels]


def test_rank_1_is_the_most_valuable(cdnow):
    model = fit(cdnow, k=5)
    ranks = model.predict(**cdnow)
    means = [cdnow["monetary"][ranks == rank].mean() for rank in range(1, 6)]
    assert means == sorted(means, reverse=True)
    assert [label.label for label in model.labels] == [f"Cluster {rank}" for rank in range(1, 6)]


def test_names_are_plain_words_and_distinct(cdnow):
    names = [label.name for label in fit(cdnow, k=5).labels]
    assert names[0] == "very recent, very frequent, very high spend"
    assert names[-1] == "long ago, rare, low spend"
    crowded = [label.name for label in fit(cdnow, k=20).labels]
    assert len(set(crowded)) == 20


def test_k_is_chosen_by_the_silhouette_and_says_so():
    groups = [
        (5, 20, 900), (5, 21, 901), (6, 20, 902), (300, 1, 10), (301, 1, 11), (302, 1, 10),
        (40, 5, 200), (41, 5, 201), (42, 5, 202),
    ]  # fmt: skip
    model = fit(rows(*[(r, f, m * MINOR) for r, f, m in groups]), k=0)
    assert (model.k, model.chosen) == (3, "auto")
    assert "silhouette" in model.note


def test_choosing_ends_with_few_distinct_buyers():
    model = fit(rows(*[(day, 1, MINOR) for day in (1, 50, 400)]), k=0)
    assert model.k == 2


@pytest.mark.parametrize(("k", "note"), [(5, "only 2 distinct buyers"), (0, "only 1 distinct")])
def test_fewer_distinct_buyers_than_clusters_are_noted(k, note):
    values = [(3, 2, 500), (3, 2, 500), (90, 1, 70)] if k else [(3, 2, 500)] * 4
    model = fit(rows(*values), k=k)
    assert model.chosen == "limited"
    assert note in model.note
    assert model.inertia == 0
    assert model.k == len({tuple(value) for value in values})
    assert sorted(set(model.predict(**rows(*values)).tolist())) == list(range(1, model.k + 1))


def test_one_buyer_is_one_cluster_of_all():
    model = fit(rows((10, 1, 500)), k=5)
    assert [(label.name, label.customers) for label in model.labels] == [("all buyers", 1)]
    assert model.sd == (1.0, 1.0, 1.0)


def test_no_buyers_make_no_clusters():
    model = fit(rows(), k=5)
    assert (model.k, model.centres, model.labels, model.chosen) == (0, (), (), "limited")
    assert read_back(encode(model)) == model


def test_returns_above_purchases_count_as_no_money():
    below, nothing = rows((3, 2, -500)), rows((3, 2, 0))
    model = fit(rows((3, 2, 0), (90, 1, 700_000)), k=2)
    assert model.predict(**below).tolist() == model.predict(**nothing).tolist()


def test_a_model_of_other_features_is_refused(cdnow):
    document = encode(fit(cdnow, k=2)) | {"features": ["age"]}
    with pytest.raises(InvalidInput, match="train it with this version"):
        read_back(document)


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 400), st.integers(1, 30), st.integers(-(10**6), 10**8)),
        min_size=1,
        max_size=30,
    ),
    st.sampled_from([0, 2, 3, 5]),
)
def test_every_buyer_has_one_of_the_named_clusters(values, k):
    columns = rows(*values)
    model = fit(columns, k=k)
    ranks = model.predict(**columns)
    assert set(ranks.tolist()) <= set(range(1, model.k + 1))
    assert [label.rank for label in model.labels] == list(range(1, model.k + 1))
    assert len({label.name for label in model.labels}) == model.k
    assert math.isfinite(model.inertia)
