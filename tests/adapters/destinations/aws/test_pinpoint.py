"""Batches by way of S3 and import jobs: found again, awaited, and taken away afterwards."""

from __future__ import annotations

import json

import boto3
import pytest

from adapters.aws.objects import Objects
from adapters.destinations import transports
from local.services.pinpoint.rules import BadEndpointError
from tessera.destinations.planning.plan import Plan
from tessera.destinations.vendors.pinpoint import destination as vendor
from tessera.environments.activate import ActivateEnvironment
from tessera.errors import InvalidInput, Refused, Retryable
from tessera.records.loads.segment import Segment
from tests.destinations.conftest import customer as customer  # noqa: PLC0414 (a fixture)
from tests.destinations.pinpoint_place import FOLDER, ROLE, pinpoint_place

RISK = Segment("At Risk", "_RFM_At_Risk", "segment", "At Risk", "Long ago.", 1, set="rfm")


@pytest.fixture
def place(request, monkeypatch):
    return pinpoint_place(request, monkeypatch)


@pytest.fixture
def items(customer):
    plan = Plan(vendor, ledger=[])
    return [item for number in range(3) for item in plan.offer(customer(number))]


def jobs(place):
    return list(place.application.jobs.values())


def files(place):
    return list(place.identities.keys(FOLDER))


def test_a_batch_is_one_file_and_one_job_and_leaves_nothing_in_the_bucket(place, items):
    assert len(place.transport.send(items).acknowledged) == 3
    (job,) = jobs(place)
    assert job["Definition"] == {
        "Format": "JSON", "S3Url": job["Definition"]["S3Url"], "RoleArn": ROLE,
        "RegisterEndpoints": True, "DefineSegment": False,
    }  # fmt: skip
    assert job["Definition"]["S3Url"].startswith(f"s3://identities/{FOLDER}imports/")
    assert "C 1" not in job["Definition"]["S3Url"]
    assert files(place) == []


def test_a_job_that_takes_longer_is_found_again(place, items, monkeypatch):
    monkeypatch.setattr("local.services.pinpoint.server._LOOKS", 60)
    with pytest.raises(Retryable) as busy:
        place.transport.send(items)
    assert busy.value.after_seconds == 60
    assert place.clock.now <= vendor.CAPABILITIES.exchange_seconds
    assert len(files(place)) == 1
    monkeypatch.setattr(
        "local.services.pinpoint.server._LOOKS", place.state.calls["GetImportJob"] + 2
    )
    assert len(place._connect().send(items).acknowledged) == 3
    assert (len(jobs(place)), files(place)) == (1, [])


def test_a_job_whose_beginning_was_not_heard_of_is_found_among_many(place, items):
    for item in items * 5:
        place._connect(prefix=f"{FOLDER}{place.clock.now}/").send([item])
    place.lost(1)
    with pytest.raises(Retryable):
        place.transport.send(items)
    begun = len(jobs(place))
    assert len(place.transport.send(items).acknowledged) == 3
    assert len(jobs(place)) == begun > 10


def test_a_batch_whose_job_failed_gets_another_one(place, items, monkeypatch):
    imported = place.state._imported
    answers = iter([{"JobStatus": "FAILED", "TotalProcessed": 3}])
    monkeypatch.setattr(
        place.state, "_imported", lambda *arguments: next(answers, None) or imported(*arguments)
    )
    assert len(place.transport.send(items).again) == 3
    assert len(place.transport.send(items).acknowledged) == 3
    assert [job["JobStatus"] for job in jobs(place)] == ["FAILED", "COMPLETED"]


def test_a_job_that_cannot_read_stops_and_names_the_role(place, items, monkeypatch):
    monkeypatch.setattr("local.services.pinpoint.server.read_object", lambda _url: None)
    with pytest.raises(Refused, match=f"role {ROLE} may read s3://identities"):
        place.transport.send(items)


def test_who_does_not_fit_is_refused_and_keeps_nobody_away(place, items, customer):
    (long,) = Plan(vendor, ledger=[]).offer(customer(9, segment="x" * 101))
    outcome = place.transport.send([long, *items])
    assert [one.code for one in outcome.refused] == ["too-long"]
    assert list(outcome.acknowledged) == items
    alone = place.transport.send([long])
    assert (len(alone.refused), len(jobs(place))) == (1, 1)


def test_an_application_that_is_gone_says_that_pinpoint_ended(place, items):
    place.state.applications.clear()
    for call in (lambda: place.transport.check([]), lambda: place.transport.send(items)):
        with pytest.raises(InvalidInput, match=r"ended on 2026-10-30.*'destinations'"):
            call()


def test_a_segment_keeps_its_identity_when_it_changes_and_is_made_once_after_trouble(place):
    assert place.transport.ensure(RISK) == "created"
    (made,) = place.application.segments
    changed = Segment("At Risk", RISK.name, "segment", "Champions", "", 1, set="rfm")
    assert place.transport.ensure(changed) == "recreated"
    assert list(place.application.segments) == [made]
    place.broken(1)
    with pytest.raises(Retryable):
        place.transport.ensure(RISK)
    assert place.transport.ensure(RISK) == "recreated"
    assert list(place.application.segments) == [made]


def test_of_several_segments_with_one_name_the_oldest_that_follows_attributes_is_ours(place):
    place.transport.ensure(RISK)
    ((ours, segment),) = place.application.segments.items()
    place.application.segments |= {
        "later": {**segment, "Id": "later", "CreationDate": "2027-01-01T00:00:00.000Z"},
        "list": {**segment, "Id": "list", "SegmentType": "IMPORT", "CreationDate": "2020-01-01"},
    }
    changed = Segment("At Risk", RISK.name, "segment", "Champions", "", 1, set="rfm")
    assert place._connect().ensure(changed) == "recreated"
    assert place.application.segments[ours]["Version"] == 2


def test_an_imported_segment_of_that_name_is_nobody_we_may_change(place):
    place.transport.ensure(RISK)
    (segment,) = place.application.segments.values()
    segment["SegmentType"] = "IMPORT"
    with pytest.raises(InvalidInput, match="'_RFM_At_Risk' that was imported"):
        place._connect().ensure(RISK)


def test_a_tenant_without_an_application_uses_nobody_elses(place):
    boto3.client("s3").create_bucket(Bucket="assets")
    Objects("assets").write_json("applications.json", {"default": "a"})
    uri = "s3://assets/applications.json"
    options = json.dumps({"pinpoint": {"applications": uri, "role_arn": "r", "addresses": False}})
    environment = ActivateEnvironment("data", "identities", "dev", options)
    with pytest.raises(InvalidInput, match="'acme' has no Pinpoint application"):
        transports.connect("pinpoint", environment=environment, tenant="acme", run_id="r1")
    transports.connect("pinpoint", environment=environment, tenant="default", run_id="r1")


def test_what_the_stand_in_refuses_is_what_is_documented(place):
    put = place.application.put
    endpoint = {
        "Id": "e",
        "ChannelType": "EMAIL",
        "Address": "a@example.com",
        "User": {"UserId": "u"},
    }
    for change in (
        {"EndpointStatus": "ACTIVE"}, {"ChannelType": "FAX"}, {"Address": ""},
        {"ChannelType": "SMS", "Address": "0212"}, {"Metrics": {"m": "1"}},
        {"User": {"UserId": "u", "UserAttributes": {"a": "text"}}},
        {"User": {"UserId": "u", "UserAttributes": {"a" * 51: ["x"]}}},
        {"User": {"UserId": "u", "UserAttributes": {"a": ["x" * 101]}}},
    ):  # fmt: skip
        with pytest.raises(BadEndpointError):
            put({**endpoint, **change})
    for number in range(15):
        put({**endpoint, "Id": f"e{number}"})
    with pytest.raises(BadEndpointError, match="15 endpoints"):
        put(endpoint)
    put({"Id": "e1", "Address": "b@example.com"})  # one that is there needs nothing else
    assert place.application.endpoints["e1"]["ChannelType"] == "EMAIL"
