"""What a run starts with and what it leaves, against the embedded S3."""

from __future__ import annotations

import dataclasses
import datetime as dt
import errno
import uuid

import pytest

from local.app.state.files import StateFiles
from local.app.state.folder import StateFolder
from local.app.state.remembered import State, StatePlace
from local.app.state.snapshot import CAMPAIGNS, DATA, IDENTITIES
from local.aws.objects.files import Current
from local.services.klaviyo.server import Klaviyo
from tessera.errors import InvalidInput

NOW = dt.datetime(2026, 7, 1, 12, tzinfo=dt.UTC)
EVENTS = "tenants/default/events/upload=u/part-0.parquet"
LEDGERS = {
    name: f"tenants/default/destinations/{name}/ledger/base.csv.gz"
    for name in ("klaviyo", "postgresql")
}


@pytest.fixture
def clients(aws):
    return aws.client


class Forgetful:
    """A stand-in that remembers nothing."""


def place(client, **stand_ins):
    """Make an app: buckets and a table."""
    number = uuid.uuid4().hex
    names = {bucket: f"{bucket}-{number}" for bucket in (DATA, IDENTITIES)}
    for name in names.values():
        client("s3").create_bucket(Bucket=name)
        client("s3").put_bucket_versioning(
            Bucket=name, VersioningConfiguration={"Status": "Enabled"}
        )
    client("dynamodb").create_table(
        TableName=f"runs-{number}", BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": "tenant", "KeyType": "HASH"},
                   {"AttributeName": "run_id", "KeyType": "RANGE"}],
        AttributeDefinitions=[{"AttributeName": "tenant", "AttributeType": "S"},
                              {"AttributeName": "run_id", "AttributeType": "S"}],
    )  # fmt: skip
    return StatePlace(
        buckets=names, runs_table=f"runs-{number}", stand_ins=stand_ins, client=client
    )


def put(app, bucket, key, body=b"x", **how):
    return app.client("s3").put_object(Bucket=app.buckets[bucket], Key=key, Body=body, **how)


def keys(app, bucket):
    listed = app.client("s3").list_objects_v2(Bucket=app.buckets[bucket])
    return {one["Key"] for one in listed.get("Contents", [])}


def record(app, run_id, status="SUCCEEDED"):
    item = {
        "tenant": "default", "run_id": run_id, "status": status, "upload": "uploads/a.csv",
        "execution_arn": "arn", "started_at": "2026-07-01", "finished_at": "2026-07-01T10:00",
    }  # fmt: skip
    app.client("dynamodb").put_item(
        TableName=app.runs_table, Item={name: {"S": value} for name, value in item.items()}
    )


@pytest.fixture
def folder(tmp_path):
    made = StateFolder(tmp_path / "out.state")
    with made.locked(wait=lambda: None):
        yield made


def test_objects_runs_and_stand_ins_are_there_in_the_next_app(clients, folder):
    first = place(clients, klaviyo=Klaviyo())
    first.stand_ins["klaviyo"].profiles["7"] = {"properties": {"rfm_segment": "New"}}
    version = put(first, DATA, EVENTS, b"0123456789" * 100_000, Metadata={"as-of": "2026-01-01"})
    put(first, IDENTITIES, LEDGERS["klaviyo"])
    record(first, "aaaa")
    State(folder).save(first, now=NOW)

    second = place(clients, klaviyo=Klaviyo())
    state = State(folder)
    assert state.restore(second) == []

    got = clients("s3").get_object(Bucket=second.buckets[DATA], Key=EVENTS, Range="bytes=5-14")
    assert got["Body"].read() == b"5678901234"
    whole = clients("s3").get_object(Bucket=second.buckets[DATA], Key=EVENTS)
    assert whole["Body"].read() == b"0123456789" * 100_000
    assert (whole["ETag"], whole["VersionId"]) == (version["ETag"], version["VersionId"])
    assert whole["Metadata"] == {"as-of": "2026-01-01"}
    assert keys(second, IDENTITIES) == {LEDGERS["klaviyo"]}
    assert second.stand_ins["klaviyo"].profiles == first.stand_ins["klaviyo"].profiles
    assert state.before == "1 earlier run, the last on 2026-07-01 of a.csv"
    assert not state.is_new
    assert [run.run_id for run in StateFiles(folder.path).runs()] == ["aaaa"]


def test_a_further_table_is_filled_again(clients, folder):
    first = place(clients)
    State(folder).save(first, now=NOW)  # by a command without campaigns
    first = with_table(first)
    State(folder).restore(first)
    items = [{"run_id": {"S": str(n)}, "tenant": {"S": "x"}, "n": {"N": "7"}} for n in range(60)]
    for item in items:
        clients("dynamodb").put_item(TableName=first.tables[CAMPAIGNS], Item=item)
    State(folder).save(first, now=NOW)
    State(folder).save(place(clients), now=NOW)  # such a command forgets none of it

    second = with_table(place(clients))
    State(folder).restore(second)
    restored = clients("dynamodb").scan(TableName=second.tables[CAMPAIGNS])["Items"]
    assert len(restored) == len(items)
    assert all(one in items for one in restored)


def with_table(app):
    return dataclasses.replace(app, tables={CAMPAIGNS: place(app.client).runs_table})


def test_an_unchanged_object_keeps_its_file_and_a_replaced_one_gets_another(clients, folder):
    first = place(clients)
    put(first, DATA, EVENTS, b"same")
    put(first, DATA, "tenants/default/latest.json", b"old")
    State(folder).save(first, now=NOW)
    before = {one.facts.key: one.file for one in folder.read().objects[DATA]}

    second = place(clients)
    state = State(folder)
    state.restore(second)
    put(second, DATA, "tenants/default/latest.json", b"new")
    state.save(second, now=NOW)

    after = {one.facts.key: one.file for one in folder.read().objects[DATA]}
    assert after[EVENTS] == before[EVENTS]
    assert after["tenants/default/latest.json"] != before["tenants/default/latest.json"]
    assert StateFiles(folder.path).read(DATA, "tenants/default/latest.json") == b"new"


def test_what_was_deleted_stays_deleted(clients, folder):
    app = place(clients)
    put(app, DATA, EVENTS)
    clients("s3").delete_object(Bucket=app.buckets[DATA], Key=EVENTS)
    State(folder).save(app, now=NOW)
    assert folder.read().objects[DATA] == ()


def test_uploads_settings_and_runs_that_did_not_end_are_not_remembered(clients, folder):
    app = place(clients)
    put(app, DATA, "uploads/a.csv")
    put(app, DATA, "tenants/default/settings.toml")
    put(app, DATA, EVENTS)
    record(app, "turn")
    record(app, "bbbb", status="RUNNING")
    State(folder).save(app, now=NOW)
    assert [one.facts.key for one in folder.read().objects[DATA]] == [EVENTS]
    assert folder.read().runs == ()


def test_the_parts_of_a_streams_day_are_remembered_while_others_may_come(clients, folder):
    app = place(clients)
    parts = {f"uploads/acme/stream-2026-11-29/{name}" for name in ("_SUCCESS", "shard-1-2.csv.gz")}
    for key in parts:
        put(app, DATA, key)
    now = dt.datetime.now(dt.UTC)
    State(folder).save(app, now=now)
    assert {one.facts.key for one in folder.read().objects[DATA]} == parts
    State(folder).save(app, now=now + dt.timedelta(days=3))
    assert folder.read().objects[DATA] == ()


def test_a_runs_files_expire_and_history_does_not(clients, folder):
    app = place(clients)
    run_file = "tenants/default/runs/aaaa/summary.json"
    put(app, DATA, EVENTS)
    put(app, DATA, run_file)
    later = dt.datetime.now(dt.UTC) + dt.timedelta(days=50)
    State(folder, keep_days={"run-file": 400}).save(app, now=later)
    assert {one.facts.key for one in folder.read().objects[DATA]} == {EVENTS, run_file}
    State(folder, keep_days={"run-file": 40}).save(app, now=later)
    assert {one.facts.key for one in folder.read().objects[DATA]} == {EVENTS}


def test_a_ledger_never_claims_what_a_fresh_stand_in_did_not_get(clients, folder):
    first = place(clients, klaviyo=Klaviyo(), postgresql=Forgetful())
    for ledger in LEDGERS.values():
        put(first, IDENTITIES, ledger)
    State(folder).save(first, now=NOW)
    second = place(clients, klaviyo=Klaviyo(), postgresql=Forgetful())
    State(folder).restore(second)
    assert keys(second, IDENTITIES) == {LEDGERS["klaviyo"]}

    name = folder.read().stand_ins["klaviyo"]
    folder.file(name).write_text('{"other": "version"}')
    third = place(clients, klaviyo=Klaviyo())
    assert State(folder).restore(third) == ["klaviyo"]
    assert keys(third, IDENTITIES) == set()


def test_a_destination_that_a_run_omits_keeps_its_ledger_and_its_stand_ins_memory(clients, folder):
    first = place(clients, klaviyo=Klaviyo())
    first.stand_ins["klaviyo"].profiles["7"] = {"properties": {}}
    put(first, IDENTITIES, LEDGERS["klaviyo"])
    State(folder).save(first, now=NOW)
    second = place(clients)
    state = State(folder)
    state.restore(second)
    state.save(second, now=NOW)
    third = place(clients, klaviyo=Klaviyo())
    assert State(folder).restore(third) == []
    assert keys(third, IDENTITIES) == {LEDGERS["klaviyo"]}
    assert third.stand_ins["klaviyo"].profiles == {"7": {"properties": {}}}


def test_a_disk_that_fills_up_leaves_the_state_as_it_was_and_no_half_files(
    clients, folder, monkeypatch
):
    first = place(clients)
    put(first, DATA, EVENTS)
    State(folder).save(first, now=NOW)
    before = folder.read()
    second = place(clients, klaviyo=Klaviyo())
    put(second, DATA, EVENTS)

    def full(_current, path):
        path.write_bytes(b"half")
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Current, "write", full)
    with pytest.raises(OSError, match="No space left"):
        State(folder).save(second, now=NOW)
    assert folder.read() == before
    assert {path.name for path in (folder.path / "objects").iterdir()} == before.files


def test_the_secret_of_a_state_stays_the_same(clients, folder):
    app = place(clients)
    State(folder).save(app, now=NOW)
    other = dataclasses.replace(folder.read(), secret="another")
    folder.write(other)
    state = State(folder)
    assert state.secret == "another"
    state.restore(app)
    state.save(app, now=NOW)
    assert folder.read().secret == "another"


def test_a_run_is_found_by_the_start_of_its_id_and_otherwise_named(clients, folder):
    app = place(clients)
    for run_id in ("abcd", "abce"):
        record(app, run_id)
    State(folder).save(app, now=NOW)
    files = StateFiles(folder.path)
    assert files.find("abcd").run_id == "abcd"
    with pytest.raises(InvalidInput, match=r"more than one run .* abcd, abce"):
        files.find("ab")
    with pytest.raises(InvalidInput, match=r"no run .* abcd, abce"):
        files.find("f")


def test_a_state_without_a_run_is_refused_with_what_to_do(tmp_path):
    with pytest.raises(InvalidInput, match="has no run yet: `tessera run FILE`"):
        StateFiles(tmp_path / "none")
