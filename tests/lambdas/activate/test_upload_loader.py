"""A stage that chose upload jobs: the same three functions, other batches."""

from __future__ import annotations

import json

import pytest

from lambdas.ensure_segments.handler import handler as ensure_segments
from lambdas.poll_load.handler import handler as poll_load
from lambdas.start_load.handler import handler as start_load
from tessera.contracts.customer_profiles import OBJECT_TYPE
from tessera.errors import InvalidInput

DOMAIN = "amazon-connect-shop"


class Context:
    def get_remaining_time_in_millis(self) -> int:
        return 840_000


@pytest.fixture(autouse=True)
def quick(loaded_run, monkeypatch) -> None:
    options = {"domain": DOMAIN, "object_type": OBJECT_TYPE, "loader": "upload"}
    monkeypatch.setenv("OPTIONS", json.dumps({"customer_profiles": options}))
    monkeypatch.setattr("adapters.destinations.aws.profile_uploads._PAUSES_SECONDS", (0.0,))


def test_a_part_is_one_job_that_is_called_by_its_run(loaded_run, profiles):
    loaded_run.write([f"c{number}" for number in range(25)], ["z"])
    assert start_load(loaded_run.event, None)["status"] == "IN_PROGRESS"
    assert poll_load(loaded_run.event, Context())["status"] == "DONE"
    names = [job["DisplayName"] for job in profiles.domains[DOMAIN].uploads.values()]
    assert [name.rpartition("-")[0] for name in names] == ["tessera-r1"] * 2
    assert len(loaded_run.acknowledged()) == len(profiles.domains[DOMAIN].profiles) == 26
    assert profiles.calls["BatchPutProfileObject"] == 0
    ensure_segments(loaded_run.event, None)
    report = json.loads(loaded_run.read("report.json"))
    assert (report["sent"], report["requests"], report["segments"][0]["size"]) == (26, 2, 26)


def test_a_plan_counts_jobs_and_not_tens(loaded_run):
    loaded_run.write(["a"], held="Held.", changes=25_000, updates=0)
    ensure_segments(loaded_run.event, None)
    planned = json.loads(loaded_run.read("report.json"))["planned"]
    assert planned == {"requests": 3 * 7, "minutes": None}


def test_an_object_type_that_makes_no_profiles_is_refused_before_anything_is_sent(
    loaded_run, profiles
):
    profiles.domains[DOMAIN].object_types[OBJECT_TYPE]["AllowProfileCreation"] = False
    loaded_run.write(["a"])
    with pytest.raises(InvalidInput, match="AllowProfileCreation"):
        start_load(loaded_run.event, None)
