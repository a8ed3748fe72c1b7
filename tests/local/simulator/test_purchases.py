"""Made-up purchases: the result can be compared with the truth."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict

import numpy as np
import pytest

from local.simulator.model import DEFAULT_MODEL, BandReactions, ReactionModel
from local.simulator.purchases import simulate_purchases
from tessera.campaigns.definitions.document import parse_definition
from tessera.campaigns.results.assignments import PurchaseRows
from tessera.campaigns.results.measuring import measure
from tessera.errors import InvalidInput
from tests.campaigns.made import document
from tests.campaigns.results.made import EPOCH, PLANNED, Person, assigned, purchases

BANDS = ("Low", "Middle", "High", "")


def people(count, *, held_out=0.5):
    return assigned(
        *(
            Person(f"{n:032x}", held_out=n % 100 < 100 * held_out, band=BANDS[n // 100 % 4])
            for n in range(count)
        )
    )


def simulated(*runs, seed=1, model=DEFAULT_MODEL, past=None):
    return simulate_purchases(runs, result_days=30, model=model, seed=seed, past=past)


def together(*parts):
    names = vars(parts[0])
    return PurchaseRows(**{n: np.concatenate([getattr(one, n) for one in parts]) for n in names})


def rows(result):
    bought = result.purchases
    columns = (bought.customer_key, bought.day, bought.amount)
    return sorted(zip(*(column.tolist() for column in columns), strict=True))


def test_the_same_seed_gives_the_same_purchases_in_any_order():
    everybody = people(2_000)
    shuffled = everybody.where(np.random.default_rng(3).permutation(2_000))
    assert rows(simulated(everybody)) == rows(simulated(shuffled))
    parts = [everybody.where(np.arange(2_000) % 2 == one) for one in (1, 0)]
    assert rows(simulated(*parts)) == rows(simulated(everybody))
    assert rows(simulated(everybody, seed=2)) != rows(simulated(everybody))


def test_purchases_are_within_the_days_of_result():
    result = simulated(people(2_000))
    since = result.purchases.day - PLANNED
    assert (since.min(), since.max()) == (0, 29)
    assert result.closed_on == PLANNED + 30
    assert result.purchases.amount.min() > 0
    assert result.purchases.is_order.all()


def test_a_person_of_several_runs_buys_by_the_first_assignment():
    first, again = (assigned(Person("a", day=day)) for day in (0, 60))
    sure = ReactionModel(bands={"High": BandReactions(reads=0, buys=1, effect=0)})
    ((_, day, _),) = rows(simulated(again, first, model=sure))
    assert 0 <= day - PLANNED < 30


def test_the_truth_is_the_models():
    truth = simulated(people(800, held_out=0.25))
    assert {band: one.difference for band, one in truth.by_band.items()} == {
        "": 0.05, "Low": 0.02, "Middle": 0.08, "High": 0.06,
    }  # fmt: skip
    assert {one.held_out for one in truth.by_band.values()} == {50}
    assert truth.everybody.people == 800
    assert truth.everybody.difference == pytest.approx(0.0525)


def test_receivers_who_are_no_customers_buy_nothing():
    mixed = assigned(Person("a"), Person("b", customer=""))
    assert simulated(mixed).everybody.people == 1
    with pytest.raises(InvalidInput, match="took no customer"):
        simulated(assigned(Person("b", customer="")))


def test_the_measured_effect_is_the_true_one_within_its_interval():
    everybody, hits = people(4_000), defaultdict(list)
    half = everybody.where(np.arange(4_000) % 2 == 0)
    before = purchases(*((one.decode(), -40, 200.0) for one in half.customer_key.tolist()))
    news = parse_definition(document(holdout={"share": 0.5}))
    for seed in range(40):
        result = simulated(everybody, seed=seed, past=before)
        day = EPOCH + dt.timedelta(days=result.closed_on)
        rows = together(before, result.purchases)
        measured = measure([everybody], rows, definition=news, today=day)
        for figure in measured.promised:
            truth = result.promised[figure.figure]
            is_hit = figure.difference.low <= truth <= figure.difference.high
            hits["promised", figure.figure].append(is_hit)
        truths = {"churn_band": result.by_band | {"unknown": result.by_band[""]}}
        for one in measured.slices:
            truth = truths.get(one.by, {}).get(one.group, result.everybody)
            is_hit = one.conversion.low <= truth.difference <= one.conversion.high
            hits[one.by, one.group].append(is_hit)
    assert len(hits) == 10
    for covered in hits.values():
        assert sum(covered) >= 33  # of 40, where 95 % are 38 on average
