"""An upload job's file, how a job is found again, and what its end means."""

from __future__ import annotations

import csv
import datetime as dt
import io

import pytest

from tessera.contracts.customer_profiles import FIELDS
from tessera.destinations import catalog
from tessera.destinations.planning.estimate import estimate
from tessera.destinations.port import Item
from tessera.destinations.vendors.customer_profiles import destination as customer_profiles
from tessera.destinations.vendors.customer_profiles import uploads

NAME = "tessera-r1-0123"
OTHERS = "tessera-r2-4567"


def item(number: int, **content: str) -> Item:
    return Item(f"key-{number}", f"C {number}", "d", {"customer_id": f"C {number}", **content})


def rows(*items: Item) -> list[dict[str, str]]:
    text = uploads.document(items).decode()
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))


def job(status: str, *, name: str = NAME, day: int = 1, **fields: object) -> dict[str, object]:
    made = dt.datetime(2026, 5, day, tzinfo=dt.UTC)
    return {
        "JobId": f"{status}-{day}",
        "DisplayName": name,
        "Status": status,
        "CreatedAt": made,
    } | fields


@pytest.mark.parametrize("text", ["plain", ' "a", b\r\n', "Łódź\u2028☂", "=1+1", "-"])
def test_a_file_says_what_a_content_does(text):
    (row,) = rows(item(1, email=text, rfm_set_loudness=text))
    assert (row["email"], row["rfm_set_loudness"]) == (text, text)


def test_a_file_has_every_column_and_says_where_a_label_is_missing():
    first, second = rows(item(1, rfm_segment="Lost", rfm_set_own="Loud"), item(2, rfm_f="3"))
    assert set(first) == {*FIELDS, "rfm_set_own"}
    assert (first["rfm_segment"], first["rfm_set_own"], first["rfm_f"]) == ("Lost", "Loud", "")
    assert (second["rfm_segment"], second["rfm_set_own"], second["rfm_f"]) == ("-", "-", "3")
    assert second["email"] == ""


def test_a_job_has_its_fields_its_key_and_the_profiles_expiry():
    arguments = uploads.job([item(1, rfm_set_own="Loud")], name=NAME)
    assert arguments["UniqueKey"] in arguments["Fields"]
    assert arguments["Fields"]["rfm_set_own"]["Target"] == "_profile.Attributes.rfm_set_own"
    assert 1 <= arguments["DataExpiry"] <= 1098


def test_a_job_is_called_by_its_run_and_its_file():
    file = uploads.document([item(1)])
    assert uploads.job_name("r1", file) == uploads.job_name("r1", file)
    others = {uploads.job_name("r2", file), uploads.job_name("r1", uploads.document([item(2)]))}
    assert uploads.job_name("r1", file) not in others


@pytest.mark.parametrize(
    ("jobs", "resumed"),
    [
        ([], None),
        ([job("CREATED")], "CREATED-1"),
        ([job("IN_PROGRESS")], "IN_PROGRESS-1"),
        ([job("PARTIALLY_SUCCEEDED")], "PARTIALLY_SUCCEEDED-1"),
        ([job("FAILED"), job("STOPPED", day=2)], None),
        ([job("SUCCEEDED", day=2), job("FAILED", day=1)], "SUCCEEDED-2"),
        ([job("SUCCEEDED", name="tessera-r1-9999")], None),
        # Another run may have sent other values for these customers since.
        ([job("SUCCEEDED", day=1), job("SUCCEEDED", name=OTHERS, day=2)], None),
        ([job("SUCCEEDED", day=3), job("SUCCEEDED", name=OTHERS, day=2)], "SUCCEEDED-3"),
        ([job("IN_PROGRESS", day=1), job("SUCCEEDED", name=OTHERS, day=2)], "IN_PROGRESS-1"),
        ([job("SUCCEEDED", day=1), job("SUCCEEDED", name="by hand", day=2)], "SUCCEEDED-1"),
        ([{**job("SUCCEEDED"), "CreatedAt": None}], None),
    ],
)
def test_a_job_that_can_be_resumed_is_returned(jobs, resumed):
    standing = uploads.standing(jobs, name=NAME, run_id="r1")
    assert (standing and standing["JobId"]) == resumed


def results(updated: int, created: int, failed: int) -> dict[str, object]:
    return {
        "ResultsSummary": {
            "UpdatedRecords": updated,
            "CreatedRecords": created,
            "FailedRecords": failed,
        }
    }


@pytest.mark.parametrize("status", ["SUCCEEDED", "PARTIALLY_SUCCEEDED"])
def test_the_numbers_of_a_job_count_and_not_its_status(status):
    items = [item(1), item(2)]
    done = uploads.outcome(items, job(status, **results(1, 1, 0)))
    assert done is not None
    assert list(done.acknowledged) == items
    assert uploads.outcome(items, job(status, **results(1, 0, 1))) is None
    assert uploads.outcome(items, job(status, **results(1, 0, 0))) is None  # one is nowhere


def test_a_job_that_says_nothing_acknowledges_nobody():
    for response in ({}, job("SUCCEEDED"), job("SOMETHING_NEW")):
        done = uploads.outcome([item(1)], response)
        assert done is not None
        assert not done.acknowledged
        assert [again.key for again, _ in done.again] == ["key-1"]


def test_a_file_that_is_wrong_is_put_by_tens_and_a_service_that_fails_is_asked_again():
    assert uploads.outcome([item(1)], job("FAILED", StatusReason="VALIDATION_FAILURE")) is None
    done = uploads.outcome([item(1)], job("FAILED", StatusReason="INTERNAL_FAILURE"))
    assert done is not None
    assert len(done.again) == 1


def test_a_plan_knows_how_many_jobs_there_will_be():
    upload = catalog.loaded("customer_profiles", {"loader": "upload"})
    tens = catalog.loaded("customer_profiles", {"loader": "batches"})
    assert (upload, tens) == (uploads, customer_profiles)
    assert catalog.loaded("customer_profiles", {}) is customer_profiles
    assert catalog.loaded("export", {}) is None
    assert estimate(25_000, capabilities=uploads.CAPABILITIES).requests == 3 * 7
