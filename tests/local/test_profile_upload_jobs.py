"""Upload jobs of the local Customer Profiles service, asked by the real SDK."""

from __future__ import annotations

import boto3
import pytest
import urllib3
from botocore.config import Config
from botocore.exceptions import ClientError

from adapters.http.presigned import encryption
from tessera.contracts.customer_profiles import UNIQUE_FIELD, fields_of

DOMAIN = {"DomainName": "amazon-connect-shop"}
COLUMNS = (UNIQUE_FIELD, "email", "rfm_segment")
HEADER = ",".join(COLUMNS)


@pytest.fixture
def client(profiles):
    unchecked = Config(parameter_validation=False, retries={"total_max_attempts": 1})
    return boto3.client("customer-profiles", config=unchecked)


def create(client, **changes) -> dict:
    fields = {"DisplayName": "x", "Fields": fields_of(COLUMNS), "UniqueKey": UNIQUE_FIELD}
    made = client.create_upload_job(**DOMAIN, **{**fields, **changes})
    return {**DOMAIN, "JobId": made["JobId"]}


def put(client, job: dict, text: str | bytes, *, url: str = "", **headers: str) -> int:
    place = client.get_upload_job_path(**job)
    headers = {**encryption(place["ClientToken"]), **headers}
    body = text.encode() if isinstance(text, str) else text
    return urllib3.request("PUT", place["Url"] + url, body=body, headers=headers).status


def carried_out(client, text: str | bytes) -> dict:
    job = create(client)
    assert put(client, job, text) == 200
    client.start_upload_job(**job)
    assert client.get_upload_job(**job)["Status"] == "IN_PROGRESS"
    return client.get_upload_job(**job)


def refused(call, **parameters) -> str:
    with pytest.raises(ClientError) as caught:
        call(**parameters)
    return caught.value.response["Error"]["Code"]


def test_records_become_profiles_and_are_upserted_by_the_unique_key(client):
    first = carried_out(client, f"{HEADER}\nC 1,ann@example.com,Lost\nC 2,,\n")
    assert first["Status"] == "SUCCEEDED"
    assert first["ResultsSummary"]["CreatedRecords"] == 2
    again = carried_out(client, f'{HEADER}\nC 1,,"Łódź, ""☂"""\n')
    assert again["ResultsSummary"]["UpdatedRecords"] == 1
    (profile,) = client.search_profiles(**DOMAIN, KeyName="_account", Values=["C 1"])["Items"]
    assert profile["Attributes"] == {"rfm_segment": 'Łódź, "☂"'}
    assert "EmailAddress" not in profile


def test_a_record_that_fails_is_counted_and_not_named(client):
    done = carried_out(client, f"{HEADER}\nC 1,,Lost\n,,Lost\nC 3,,{'x' * 256}\n")
    assert done["Status"] == "PARTIALLY_SUCCEEDED"
    assert done["ResultsSummary"] == {
        "UpdatedRecords": 0,
        "CreatedRecords": 1,
        "FailedRecords": 2,
    }
    assert "C 3" not in str(done)


@pytest.mark.parametrize(
    "file",
    [
        b"",
        HEADER,
        "customer_id,email\nC 1,\n",
        f"{HEADER}\nC 1,\n",
        f'{HEADER}\n"C 1,,\n',
        f"{HEADER}\nC 1,,ü\n".encode("latin-1"),
    ],
)
def test_a_file_that_is_none_fails_the_job(client, file):
    done = carried_out(client, file)
    assert (done["Status"], done["StatusReason"]) == ("FAILED", "VALIDATION_FAILURE")


def test_a_file_is_taken_with_its_key_and_signature_alone(client, profiles):
    job = create(client)
    prefix = "x-amz-server-side-encryption-customer-"
    assert put(client, job, HEADER, **{f"{prefix}algorithm": "AES128"}) == 400
    assert put(client, job, HEADER, **{f"{prefix}key-MD5": "AAAA"}) == 400
    assert put(client, job, HEADER, url="0") == 403
    assert refused(client.start_upload_job, **job) == "BadRequestException"
    place = client.get_upload_job_path(**job)
    (held,) = profiles.domains[DOMAIN["DomainName"]].uploads.values()
    held["_until"] = 0
    headers = encryption(place["ClientToken"])
    assert urllib3.request("PUT", place["Url"], body=b"", headers=headers).status == 403
    assert urllib3.request("GET", place["Url"], headers=headers).status == 405


def test_a_job_starts_once_and_stops_before_its_end(client):
    job = create(client)
    put(client, job, f"{HEADER}\nC 1,,Lost\n")
    client.start_upload_job(**job)
    assert refused(client.start_upload_job, **job) == "BadRequestException"
    client.stop_upload_job(**job)
    assert client.get_upload_job(**job)["Status"] == "STOPPED"
    assert refused(client.stop_upload_job, **job) == "BadRequestException"


def test_what_the_model_does_not_allow_is_refused(client):
    assert refused(create, client=client, DataExpiry=1099) == "BadRequestException"
    assert refused(create, client=client, DisplayName="x" * 256) == "BadRequestException"
    assert refused(create, client=client, UniqueKey="nothing") == "BadRequestException"
    unknown = {**DOMAIN, "JobId": "0" * 32}
    assert refused(client.get_upload_job, **unknown) == "ResourceNotFoundException"


def test_jobs_are_listed_a_page_at_a_time_and_expire_in_two_weeks_by_default(client):
    for name in "abc":
        create(client, DisplayName=name)
    first = client.list_upload_jobs(**DOMAIN, MaxResults=2)
    rest = client.list_upload_jobs(**DOMAIN, MaxResults=2, NextToken=first["NextToken"])
    assert [one["DisplayName"] for one in (*first["Items"], *rest["Items"])] == ["a", "b", "c"]
    assert {one["DataExpiry"] for one in rest["Items"]} == {14}
    assert "NextToken" not in rest
