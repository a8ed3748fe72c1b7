"""Training: the same record whatever the rows' order and threads, and what it takes."""

from __future__ import annotations

import json

import numpy as np
import pytest
import threadpoolctl

from adapters.processes.beside import forked
from tessera.customers.forecasting.history.behaviour import BehaviourDays
from tessera.customers.forecasting.history.known import known
from tessera.customers.forecasting.shown import AMOUNTS
from tessera.customers.spend.clv import ClvTerms
from tessera.customers.training import train_forecasts
from tessera.records.codec import decode, encode
from tessera.records.scoring.forecast_models import LearntModels
from tests.behaviour import AS_OF, MODEL, behaviour, of_events, snapshot
from tests.learnt import corrections
from tests.whole_forecast import whole_forecast

pytestmark = pytest.mark.slow  # models are fitted to many earlier days


def text(record: LearntModels) -> str:
    return json.dumps(encode(record), allow_nan=False)


def shuffled(days: BehaviourDays) -> BehaviourDays:
    """The same rows as they may come from files, in any order."""
    mixed = np.random.default_rng(3).permutation(len(days.customer))
    names = ("bought", "net", "lines", "views", "sessions", "emails")
    return behaviour(
        days.customer[mixed],
        days.days_ago[mixed],
        **{name: getattr(days, name)[mixed] for name in names},
        customers=days.customers,
    )


@pytest.fixture(scope="module")
def young(small_days) -> BehaviourDays:
    """The drawn shop when it was 130 days old: few windows, so it is quickly learnt."""
    return small_days.until(small_days.span_days - 130)


def test_cdnow_publishes_the_most_likely_kind_with_all_that_scoring_needs(cdnow_record):
    assert cdnow_record.published == cdnow_record.card.model == "bg_nbd"
    assert [fit.name for fit in cdnow_record.tested] == ["bg_nbd", "mbg_nbd", "pareto_nbd"]
    pareto = cdnow_record.tested[2]
    assert pareto.parameters_per_week["r"] == pytest.approx(0.5533, rel=0.01)
    assert cdnow_record.model.customers == 2357
    assert set(cdnow_record.learnt.chances) == {"30", "90", "180"}
    assert cdnow_record.learnt.ranges.span_days == 182  # a third of 546 days
    assert cdnow_record.learnt.season is None  # of less than two years
    assert cdnow_record.reasons == ()


def test_a_record_is_small_and_gives_the_same_forecasts_later(cdnow_record):
    document = text(cdnow_record)
    assert len(document) < 600_000
    again = decode(LearntModels, json.loads(document), document="previous.json")
    assert text(again) == document
    people, _ = known(of_events("cdnow_sample"))
    one, other = (
        whole_forecast(people, record=record, terms=ClvTerms(), as_of=AS_OF["cdnow_sample"])
        for record in (cdnow_record, again)
    )
    for name in AMOUNTS:
        assert np.isfinite(one.columns[name]).all()
        assert np.array_equal(one.columns[name], other.columns[name])
    for name, days in one.days_to_next_order.items():
        assert np.array_equal(days, other.days_to_next_order[name])
    assert one.totals == other.totals


def test_the_order_of_rows_and_the_number_of_threads_and_processes_change_no_byte(young, tomorrow):
    with threadpoolctl.threadpool_limits(limits=1):
        one = train_forecasts(young, as_of=tomorrow, holdout_days=28)
    with threadpoolctl.threadpool_limits(limits=2):
        other = train_forecasts(shuffled(young), as_of=tomorrow, holdout_days=28, beside=forked)
    assert one.card.verdicts is not None
    assert text(one) == text(other)


def test_trees_and_factor_survive_json_to_the_last_digit(small_days):
    at = snapshot(small_days.until(170), model=MODEL)
    made = corrections(at)
    again = decode(type(made), json.loads(json.dumps(encode(made))), document="score.json")
    assert again == made


def test_without_a_holdout_nothing_is_published(young, tomorrow):
    record = train_forecasts(young, as_of=tomorrow, holdout_days=None)
    assert record.published is None
    assert record.reasons == ("the history is too short to hold out four weeks after 90 days",)
    assert record.card is None
    assert set(record.inputs) == {"repeats", "silent_days", "net_spend"}


def test_a_shop_without_buyers_is_no_error(tomorrow):
    for days in (behaviour([], []), behaviour([0], [5], bought=[False])):
        record = train_forecasts(days, as_of=tomorrow, holdout_days=None)
        assert record.reasons == ("nobody has bought anything yet",)
        record = train_forecasts(days, as_of=tomorrow, holdout_days=28)
        assert record.published is None
        assert text(record)


@pytest.mark.parametrize(
    "days",
    [
        behaviour([0, 0, 0], [200, 150, 20]),  # one customer
        behaviour(np.arange(40), 100 + np.arange(40)),  # nobody came back
        behaviour(np.repeat(np.arange(9), 2), np.tile([200, 150], 9), net=[-5] * 18),  # all silent
    ],
)
def test_hardly_anything_to_learn_from_is_withheld_with_reasons(days, tomorrow):
    record = train_forecasts(days, as_of=tomorrow, holdout_days=49)
    assert record.published is None
    assert any("repeat buyers before the cut-off" in reason for reason in record.reasons)
    assert text(record)


def test_equal_inputs_have_an_equal_digest(young, tomorrow):
    def digest(days: BehaviourDays) -> str:
        return train_forecasts(days, as_of=tomorrow, holdout_days=None).inputs_sha256

    assert digest(young) == digest(shuffled(young))
    assert digest(young) != digest(young.until(1))
