"""Upload jobs from every point at which somebody may have broken off."""

from __future__ import annotations

import logging

import boto3
import pytest

from adapters.destinations.aws.profile_uploads import ProfileUploads
from tessera.contracts.customer_profiles import EXPIRATION_DAYS, OBJECT_TYPE
from tessera.destinations.planning.plan import Plan
from tessera.destinations.port import Item
from tessera.destinations.vendors.customer_profiles import uploads
from tessera.errors import Refused, Retryable
from tests.destinations.places import DOMAIN, Clock, UploadsPlace

NAME = {"DomainName": DOMAIN}


@pytest.fixture
def place(profiles, monkeypatch) -> UploadsPlace:
    return UploadsPlace(profiles, monkeypatch)


@pytest.fixture
def items(customer) -> list[Item]:
    plan = Plan(uploads, ledger=[])
    return [item for number in range(12) for item in plan.offer(customer(number))]


def jobs(place: UploadsPlace) -> list[dict]:
    return list(place.state.domains[DOMAIN].uploads.values())


def created(place: UploadsPlace, items: list[Item]) -> str:
    """Make the batch's job, as a call did that broke off then."""
    name = uploads.job_name("r1", uploads.document(items))
    made = place.state.call("CreateUploadJob", {**NAME, **uploads.job(items, name=name)})
    return made["JobId"]


def test_a_batch_is_one_job_whose_profiles_expire_as_ours_do(place, items):
    assert len(place.transport.send(items).acknowledged) == len(place.customers()) == 12
    (job,) = jobs(place)
    assert (job["Status"], job["DataExpiry"]) == ("SUCCEEDED", EXPIRATION_DAYS)
    assert place.state.calls["BatchPutProfileObject"] == 0


@pytest.mark.parametrize("broken_off", ["created", "uploaded", "started", "ended"])
def test_a_job_is_found_at_whatever_step_it_is(place, items, broken_off):
    job_id = created(place, items)
    job = place.state.domains[DOMAIN].uploads[job_id]
    if broken_off != "created":
        job["_file"] = uploads.document(items)
    if broken_off in ("started", "ended"):
        place.state.call("StartUploadJob", {**NAME, "JobId": job_id})
    if broken_off == "ended":
        for _ in range(2):
            place.state.call("GetUploadJob", {**NAME, "JobId": job_id})
        assert job["Status"] == "SUCCEEDED"
    assert len(place.transport.send(items).acknowledged) == len(place.customers()) == 12
    assert [one["JobId"] for one in jobs(place)] == [job_id]


def test_a_start_whose_answer_was_lost_is_no_second_one(place, items, monkeypatch):
    client = place.transport._client
    start = client.start_upload_job
    monkeypatch.setattr(client, "start_upload_job", lambda **sent: (start(**sent), start(**sent)))
    assert len(place.transport.send(items).acknowledged) == 12
    assert len(jobs(place)) == 1


def test_a_job_that_failed_is_made_anew(place, items):
    place.state.domains[DOMAIN].uploads[created(place, items)]["Status"] = "FAILED"
    assert len(place.transport.send(items).acknowledged) == 12
    assert [one["Status"] for one in jobs(place)] == ["FAILED", "SUCCEEDED"]


def test_jobs_are_looked_for_on_every_page(place, items, monkeypatch):
    job_id = created(place, items)
    fields = {**NAME, **uploads.job(items, name="tessera-r0-x")}
    for _ in range(4):
        place.state.call("CreateUploadJob", fields)
    client = place.transport._client
    listed = client.list_upload_jobs
    monkeypatch.setattr(
        client, "list_upload_jobs", lambda **given: listed(**given | {"MaxResults": 2})
    )
    place.transport.send(items)
    assert len(jobs(place)) == 5
    assert place.state.domains[DOMAIN].uploads[job_id]["Status"] == "SUCCEEDED"


def test_who_failed_is_found_by_tens(place, items, customer):
    place.fail(customer(5), code="400", message="bad phone")
    done = place.transport.send(items)
    assert len(done.acknowledged) == 11
    assert [(one.customer_id, one.message) for one in done.refused] == [("C 5", "bad phone")]
    assert place.state.calls["BatchPutProfileObject"] == 2


def test_a_slow_job_is_left_and_resumed(place, items, monkeypatch):
    clock = Clock()
    slow = ProfileUploads(run_id="r1", clock=clock, **place._arguments() | {"pause": clock.pause})
    look = slow._client.get_upload_job
    waiting = {"Status": "IN_PROGRESS"}
    monkeypatch.setattr(slow._client, "get_upload_job", lambda **_arguments: waiting)
    with pytest.raises(Retryable, match="still processing") as caught:
        slow.send(items)
    assert caught.value.after_seconds == 60
    assert 0 < clock.now <= uploads.CAPABILITIES.exchange_seconds
    monkeypatch.setattr(slow._client, "get_upload_job", look)
    assert len(slow.send(items).acknowledged) == 12
    assert len(jobs(place)) == 1


def test_a_job_that_somebody_stopped_is_no_failure_to_repeat(place, items, monkeypatch):
    client = place.transport._client
    start = client.start_upload_job

    def stopped(**arguments: str) -> None:
        start(**arguments)
        client.stop_upload_job(**arguments)

    monkeypatch.setattr(client, "start_upload_job", stopped)
    with pytest.raises(Refused, match="stopped"):
        place.transport.send(items)


def test_a_service_without_upload_jobs_is_loaded_by_put_requests(place, items):
    place.state.faults.fail_next(1, "BadRequestException", operation="CreateUploadJob")
    with pytest.raises(Refused, match=r"was asked for.*'batches'"):
        place.transport.send(items)


def test_neither_upload_url_nor_key_is_logged(place, items, caplog):
    with caplog.at_level(logging.INFO):
        place.transport.send(items)
    (job,) = jobs(place)
    assert job["_token"] not in caplog.text
    assert job["_signature"] not in caplog.text


def test_a_further_tenant_has_jobs_in_a_domain_of_its_own(profiles, items):
    client = boto3.client("customer-profiles")
    own = ProfileUploads(
        run_id="r1",
        domain=DOMAIN,
        object_type_name=OBJECT_TYPE,
        tenant="acme",
        client=client,
        pause=lambda _seconds: None,
    )
    own.check([])
    assert len(own.send(items).acknowledged) == 12
    assert not profiles.domains[DOMAIN].uploads
