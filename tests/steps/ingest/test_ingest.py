"""Batches of a stream become parts, and their days become uploads: once, whatever comes again."""

from __future__ import annotations

import json

import boto3
import pytest
from moto import mock_aws

from adapters.aws.objects import Objects
from steps.ingest.close import CloseReport, close_windows
from steps.ingest.store import store_events
from tessera import naming
from tessera.errors import Refused, Retryable
from tessera.sources.stream import StreamRecord

NOON = 1_795_867_200.0  # 2026-11-28, noon UTC
DAY_S = 86_400
SATURDAY, SUNDAY = ("uploads/default/stream-2026-11-28/", "uploads/default/stream-2026-11-29/")


@pytest.fixture
def data(aws_environment):
    with mock_aws():
        s3 = boto3.client("s3")
        s3.create_bucket(Bucket="data")
        s3.put_bucket_versioning(Bucket="data", VersioningConfiguration={"Status": "Enabled"})
        yield Objects("data")


def record(number, *, after_s=0.0, tenant="", shard=0, **fields):
    event = {"CustomerID": f"C{number}", "Date": "2026-11-28", "EventName": "VIEWED", **fields}
    body = json.dumps({**event, **({"Tenant": tenant} if tenant else {})}).encode()
    return StreamRecord(f"shardId-{shard:012d}", f"{number:020d}", NOON + after_s, body)


def parts(data, folder):
    return [key for key in data.keys(folder) if not key.endswith(naming.FOLDER_COMPLETE)]


def listed(data, folder):
    end = data.read_json(folder + naming.FOLDER_COMPLETE)
    return sorted(folder + part["name"] for part in end["parts"])


def test_a_batch_is_a_part_of_each_tenants_day(data):
    batch = [record(1), record(2, tenant="acme"), record(3, after_s=DAY_S)]
    report = store_events(batch, data=data)
    assert (report.parts, report.repeated, report.counts.records) == (3, 0, 3)
    assert close_windows(data) == CloseReport(folders=3, closed=3)
    for folder in (SATURDAY, SUNDAY, "uploads/acme/stream-2026-11-28/"):
        assert listed(data, folder) == parts(data, folder)
        assert len(parts(data, folder)) == 1


def test_a_batch_that_comes_again_writes_nothing_and_closes_nothing(data):
    batch = [record(1), record(2)]
    store_events(batch, data=data)
    close_windows(data)
    before = data.head(SATURDAY + naming.FOLDER_COMPLETE)["LastModified"]
    assert store_events(batch, data=data).repeated == 1
    assert close_windows(data) == CloseReport(folders=1, closed=0)
    assert data.head(SATURDAY + naming.FOLDER_COMPLETE)["LastModified"] == before


def test_a_day_without_new_parts_is_not_even_looked_at(data):
    store_events([record(1)], data=data)
    close_windows(data)
    assert close_windows(data) == CloseReport(folders=0, closed=0)
    assert not boto3.client("s3").list_object_versions(Bucket="data", Prefix="streams/").keys() & {
        "Versions", "DeleteMarkers",
    }  # fmt: skip


def test_a_late_part_closes_its_day_again(data):
    store_events([record(1)], data=data)
    close_windows(data)
    # A shard that lagged for three days: its records are of the day in which they arrived.
    store_events([record(9, shard=1)], data=data)
    store_events([record(5, after_s=3 * DAY_S)], data=data)
    assert close_windows(data) == CloseReport(folders=2, closed=2)
    assert listed(data, SATURDAY) == parts(data, SATURDAY)
    assert len(parts(data, SATURDAY)) == 2


def test_a_part_that_comes_while_its_day_is_closed_is_closed_next(data, monkeypatch):
    store_events([record(1)], data=data)
    delete = Objects.delete_versions

    def delete_late(self, versions):
        store_events([record(1)], data=data)  # its mark is written again
        store_events([record(2)], data=data)
        monkeypatch.setattr(Objects, "delete_versions", delete)
        delete(self, versions)

    monkeypatch.setattr(Objects, "delete_versions", delete_late)
    close_windows(data)
    assert len(listed(data, SATURDAY)) == 1
    assert close_windows(data) == CloseReport(folders=1, closed=1)
    assert len(listed(data, SATURDAY)) == 2


def test_a_store_that_ends_between_part_and_mark_is_repaired_by_the_next_delivery(
    data, monkeypatch
):
    def end(*_args, **_more):
        raise Retryable("S3 was busy")

    batch = [record(1)]
    with monkeypatch.context() as patch:
        patch.setattr(Objects, "write", end)
        with pytest.raises(Retryable):
            store_events(batch, data=data)
    assert close_windows(data).folders == 0
    store_events(batch, data=data)
    assert close_windows(data) == CloseReport(folders=1, closed=1)


def test_a_close_that_ends_early_does_the_rest_the_next_time(data, monkeypatch):
    store_events([record(1), record(2, after_s=DAY_S)], data=data)
    write = Objects.write

    def refuse_saturday(self, key, body, **more):
        if key == SATURDAY + naming.FOLDER_COMPLETE:
            raise Refused("S3 denied it")
        write(self, key, body, **more)

    with monkeypatch.context() as patch:
        patch.setattr(Objects, "write", refuse_saturday)
        with pytest.raises(Refused):
            close_windows(data)
    assert len(listed(data, SUNDAY)) == 1
    assert close_windows(data) == CloseReport(folders=1, closed=1)
    assert len(listed(data, SATURDAY)) == 1


def test_a_days_parts_are_merged_when_it_is_closed_and_marks_wait_for_time(data):
    for number in range(3):
        store_events([record(number)], data=data)
    late = close_windows(data, fewest=2, merging_seconds=0.0, seconds=lambda: 1.0)
    assert late == CloseReport(folders=1, closed=1, merged=0)
    assert len(listed(data, SATURDAY)) == 3
    assert close_windows(data, fewest=2) == CloseReport(folders=1, closed=1, merged=3)
    [part] = listed(data, SATURDAY)
    assert part.startswith(f"{SATURDAY}{naming.MERGED}")
    assert close_windows(data, fewest=2) == CloseReport(folders=0, closed=0)
