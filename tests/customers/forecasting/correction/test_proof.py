"""What later days prove, of everybody and of groups."""

from __future__ import annotations

import numpy as np
import pytest

from tessera.customers.forecasting.correction.proof import Blends, proven, uses
from tessera.customers.forecasting.history.known import GROUPS, KnownBuyers, known
from tessera.records.scoring.learnt_forecasts import Blend
from tests.behaviour import behaviour

EACH = 400


@pytest.fixture(scope="module")
def people() -> KnownBuyers:
    """As many new customers, one-time buyers and repeat buyers."""
    customers = np.arange(3 * EACH)
    ago = np.repeat([10, 200, 200], EACH)
    return known(behaviour([*customers, *customers[2 * EACH :]], [*ago, *([100] * EACH)]))[0]


def losses(people: KnownBuyers, *, gain: dict[str, float], noise: float = 0.5):
    """Losses that fall by a group's gain with the weight. Customers differ by the noise."""
    random = np.random.default_rng(2)
    base = random.gamma(2, 1, len(people))
    gains = np.array([gain.get(name, 0.0) for name in GROUPS])[people.group]
    # As many gain by chance as lose: the mean is the gain asked for.
    each = gains + noise * np.resize([1.0, -1.0], len(people))

    def loss(blends: Blends) -> np.ndarray:
        weight = np.array([blends[name].weight for name in GROUPS])[people.group]
        return base - weight * each

    return loss


def weights(blends: Blends) -> dict[str, float]:
    return {name: blends[name].weight for name in GROUPS}


def test_a_gain_of_everybody_counts_for_everybody(people):
    gain = dict.fromkeys(GROUPS, 0.3)
    assert weights(proven(people, losses(people, gain=gain))) == dict.fromkeys(GROUPS, 1.0)


def test_without_a_gain_nothing_counts(people):
    blends = proven(people, losses(people, gain={}, noise=0.0))
    assert blends == dict.fromkeys(GROUPS, Blend(weight=0.0, share=0.0))
    assert not uses(blends, "weight")
    assert not uses(blends, "share")


def test_a_gain_that_may_be_chance_counts_for_nothing(people):
    # Of 1,200 customers with a spread of 10, a mean of 0.3 is one standard error.
    for noise, weight in ((10.0, 0.0), (1.0, 1.0)):
        gain = dict.fromkeys(GROUPS, 0.3)
        blends = proven(people, losses(people, gain=gain, noise=noise))
        assert weights(blends)["repeated"] == weight


def test_new_customers_need_a_proof_of_their_kind(people):
    blends = proven(people, losses(people, gain={"repeated": 0.9, "bought_once": 0.3}))
    assert weights(blends) == {"new": 0.0, "bought_once": 1.0, "repeated": 1.0}
    harmful = proven(people, losses(people, gain={"repeated": 0.9, "new": -0.2}))
    assert weights(harmful)["new"] == 0.0


def test_the_best_weight_is_chosen_before_the_share_of_trees(people):
    asked: list[tuple[float, float]] = []

    def loss(blends: Blends) -> np.ndarray:
        one = blends["repeated"]
        asked.append((one.weight, one.share))
        away = abs(one.weight - 0.75) + abs(one.share - 0.25)
        return np.full(len(people), 1 + away)

    blends = proven(people, loss)
    assert blends == dict.fromkeys(GROUPS, Blend(weight=0.75, share=0.25))
    assert (0.5, 0.25) not in asked  # given the weight
    assert len(asked) == len(set(asked))  # no blend is tried twice
    assert uses(blends, "weight")
    assert uses(blends, "share")


def test_one_customer_proves_nothing(people):
    one = people.take(np.array([0]))
    blends = proven(one, lambda tried: np.array([1 - tried["new"].weight]))
    assert not uses(blends, "weight")
