"""A run's cost is seconds × list price, by step. What is not known has no cost."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.pipeline.settings import GLUE_WORKERS, JobSettings
from tessera.environments.machines import StageMachines
from tessera.insights.cost.price_list import price_list
from tessera.insights.cost.run_cost import Billing
from tessera.insights.cost.steps import RunSize, expected_seconds

MACHINES = JobSettings().machines
BILLING = Billing(machines=MACHINES, region="us-east-1")
EXAMPLE = RunSize(events=397_884, customers=4_338)
SIZES = st.builds(
    RunSize,
    events=st.integers(0, 10**9),
    customers=st.integers(0, 10**8),
    attributes=st.integers(0, 10**7),
    on_spark=st.booleans(),
)


def test_the_example_costs_what_its_steps_cost_together():
    cost = BILLING.expected(EXAMPLE)
    assert cost is not None
    assert [step.step for step in cost.steps] == [
        "Prepare", "TrainKMeans", "TrainForecasts", "Score", "MapSchema",
    ]  # fmt: skip
    assert cost.usd == pytest.approx(sum(step.usd for step in cost.steps))
    assert cost.steps[-1].runs_on == "2 × G.1X"
    assert cost.steps[-1].usd == round(60 * 0.88 / 3600, 6)


@given(SIZES)
def test_every_step_that_runs_is_expected_to_take_time(size):
    cost = BILLING.expected(size)
    unknown = {step.step for step in cost.steps if not step.seconds}
    assert unknown <= {"PrepareOnSpark"}
    names = [step.step for step in cost.steps]
    assert ("TrainChurn" in names) == bool(size.attributes)
    assert ("PrepareOnSpark" in names) == size.on_spark != ("Prepare" in names)


@given(SIZES, st.integers(1, 10**6))
def test_a_larger_history_never_costs_less(size, more):
    larger = dataclasses.replace(size, events=size.events + more, customers=size.customers + more)
    assert BILLING.expected(larger).usd >= BILLING.expected(size).usd


def test_a_step_in_a_function_costs_by_its_memory():
    machines = dataclasses.replace(MACHINES, function_memory_mb=2048)
    seconds = {"PrepareInFunction": 10.0, "Score": 20.0}
    billing = dataclasses.replace(BILLING, machines=machines, seconds=seconds)
    cost = billing.measured(EXAMPLE)
    first = cost.steps[0]
    assert (first.step, first.runs_on) == ("PrepareInFunction", "a function of 2.00 GB")
    assert first.usd == pytest.approx(10 * 2 * 0.0000166667, abs=1e-6)
    assert [step.step for step in cost.steps][1:] == [
        "TrainKMeans", "TrainForecasts", "Score", "MapSchema",
    ]  # fmt: skip


def test_a_stage_without_functions_says_nothing_of_them():
    assert "function" not in MACHINES.to_text()
    with_functions = dataclasses.replace(MACHINES, function_memory_mb=2048)
    assert StageMachines.from_text(with_functions.to_text()) == with_functions
    assert StageMachines.from_text(MACHINES.to_text()) == MACHINES


def test_a_run_whose_jobs_reported_nothing_has_no_measured_cost():
    assert BILLING.measured(EXAMPLE) is None


def test_a_step_that_did_not_report_has_no_cost_and_the_others_count():
    billing = dataclasses.replace(BILLING, seconds={"Prepare": 3600.0})
    cost = billing.measured(EXAMPLE)
    assert {step.step: step.usd for step in cost.steps if step.usd} == {"Prepare": 0.23}
    assert cost.usd == 0.23


def test_glue_bills_a_minute_at_least():
    for seconds, billed in ((1, 60), (60, 60), (90, 90)):
        cost = dataclasses.replace(BILLING, seconds={"MapSchema": seconds}).measured(EXAMPLE)
        assert cost.usd == round(billed * 0.88 / 3600, 6)


def test_an_instance_without_a_price_has_no_cost():
    machines = dataclasses.replace(MACHINES, score_instance="ml.r7i.48xlarge")
    cost = dataclasses.replace(BILLING, machines=machines).expected(EXAMPLE)
    score = next(step for step in cost.steps if step.step == "Score")
    assert (score.usd_per_hour, score.usd) == (None, None)
    assert score.seconds == expected_seconds(EXAMPLE)["Score"]


def test_a_region_without_a_price_list_has_no_cost():
    assert dataclasses.replace(BILLING, region="mars-north-1").expected(EXAMPLE) is None


def test_the_prices_are_dated_and_cover_what_a_stage_may_choose_by_default():
    prices = price_list("us-east-1")
    assert prices.priced_on <= dt.datetime.now(dt.UTC).date()
    assert set(prices.glue) == set(GLUE_WORKERS)
    assert {MACHINES.prepare_instance, MACHINES.train_instance} <= set(prices.sagemaker)


def test_machines_survive_the_environment():
    assert StageMachines.from_text(MACHINES.to_text()) == MACHINES
