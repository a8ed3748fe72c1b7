"""PlanLoads: what each destination of a run would get, before anything is sent."""

from __future__ import annotations

import dataclasses
import os

import pytest

from lambdas.ensure_segments.handler import handler as ensure_segments
from lambdas.plan_loads.handler import handler
from steps.activate.activation import Activation, LoadJob
from tessera.destinations.planning.preview import segment_changes
from tessera.errors import InvalidInput
from tessera.records.codec import decode
from tessera.records.loads.segment import Segment
from tests.lambdas.activate.conftest import SEGMENTS

RUN = {"tenant": "default", "run_id": "r1"}


def settle(loaded_run, **settings: object) -> None:
    """Say what the tenant wants."""
    key = "tenants/default/runs/r1/ticket.json"
    loaded_run.data.write_json(key, {**loaded_run.data.read_json(key), "settings": settings})


def plan(**event: str) -> dict[str, dict]:
    return {load["destination"]: load for load in handler({**RUN, **event}, None)["loads"]}


def test_a_plan_counts_customers_segments_requests_and_minutes(loaded_run, profiles):
    settle(loaded_run, destinations=["export", "customer_profiles", "klaviyo"])
    loaded_run.write(desired=3, destination="export", adds=3)
    loaded_run.write(adds=20, updates=3, exits=2, unchanged=7, changes=25)
    loaded_run.write(destination="klaviyo", adds=900_000, changes=900_000)
    planned = plan()
    assert list(planned) == ["export", "customer_profiles", "klaviyo"]
    own = planned["customer_profiles"]
    assert [own[name] for name in ("adds", "updates", "exits", "unchanged")] == [20, 3, 2, 7]
    assert own["segments"] == {"adds": 3, "updates": 0, "exits": 0, "unchanged": 0}
    assert (own["requests"], own["minutes"], own["held"]) == (3, None, "")
    assert own["message"] == (
        "To send: 20 new customers, 3 changes, 2 exits. 7 already up to date. That is 3 requests."
    )
    assert (planned["klaviyo"]["requests"], planned["klaviyo"]["minutes"]) == (270, 1.8)
    assert (planned["export"]["requests"], planned["export"]["minutes"]) == (0, None)
    assert not profiles.calls


def test_a_plan_has_the_expected_cost_of_such_a_run(loaded_run):
    settle(loaded_run, destinations=["export"])
    loaded_run.write(destination="export", adds=3)
    cost = handler(RUN, None)["expected_cost"]
    assert [step["step"] for step in cost["steps"]] == [
        "Prepare", "TrainKMeans", "TrainForecasts", "Score", "MapSchema",
    ]  # fmt: skip
    assert (cost["region"], cost["usd"]) == ("us-east-1", pytest.approx(0.0162, abs=5e-5))


def test_the_tenants_own_rate_makes_the_minutes_in_the_plan_and_in_the_report(loaded_run):
    settle(loaded_run, destinations=["klaviyo"], requests_per_minute=30, dry_run=True)
    why = "Nothing was sent: this is a dry run."
    loaded_run.write(destination="klaviyo", adds=900_000, changes=900_000, held=why)
    planned = plan()["klaviyo"]
    assert (planned["requests"], planned["minutes"]) == (270, 9.0)
    assert planned["held"] == why
    ensure_segments({**loaded_run.event, "destination": "klaviyo"}, None)
    report = loaded_run.identities.read_json(
        "tenants/default/runs/r1/destinations/klaviyo/report.json"
    )
    assert report["planned"] == {"requests": 270, "minutes": 9.0}
    assert report["message"] == planned["message"]


def test_segments_are_compared_with_those_that_runs_before_left_there(loaded_run):
    settle(loaded_run, destinations=["customer_profiles"])
    loaded_run.write()
    load = Activation.of(LoadJob.parse(loaded_run.event), env=os.environ).load()
    lost, at_risk, _ = (decode(Segment, one, document="load.json") for one in SEGMENTS)
    gone = dataclasses.replace(lost, name="_RFM_Gone")
    load.remember_segments([lost, dataclasses.replace(at_risk, value="Risky"), gone])
    changes = plan()["customer_profiles"]["segments"]
    assert changes == {"adds": 1, "updates": 1, "exits": 1, "unchanged": 1}


def test_a_segment_of_another_size_or_meaning_is_the_same():
    (one, *_) = (decode(Segment, one, document="load.json") for one in SEGMENTS)
    other = dataclasses.replace(one, customers=9, meaning="reworded")
    assert segment_changes([other], [one]).unchanged == 1


def test_latest_is_the_last_finished_run(loaded_run):
    settle(loaded_run, destinations=["customer_profiles"])
    loaded_run.write(["a"])
    with pytest.raises(InvalidInput, match="tenant 'default' has no finished run"):
        handler({}, None)
    loaded_run.data.write_json(
        "tenants/default/latest.json", {"run_id": "r1", "as_of": "2026-05-01"}
    )
    assert handler({}, None) == handler({"tenant": "default", "run_id": "latest"}, None)
    assert handler({}, None)["run_id"] == "r1"


@pytest.mark.parametrize(
    ("event", "words"),
    [
        ({"run_id": "r2"}, "there is no run 'r2'"),
        ({"tenant": "other"}, "there is no run 'r1' of tenant 'other'"),
        ({"run_id": "../x"}, "the run is '../x'"),
        ({"tenant": "No Such"}, "not a valid name"),
        ({"destination": "klaviyo"}, "unknown field 'destination'"),
        ({}, "has no plan"),
    ],
)
def test_what_has_no_plan_is_refused(loaded_run, event, words):
    with pytest.raises(InvalidInput, match=words):
        handler({**RUN, **event}, None)
