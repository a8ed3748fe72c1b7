"""CheckUpload starts what is sound and new, and says what is wrong with the rest."""

from __future__ import annotations

import gzip
import hashlib
import json
import subprocess
import sys
import time

import boto3
import pytest

from adapters.stores.runs import RUNNING
from adapters.stores.tenants import Tenants
from lambdas.check_upload.handler import handler
from tessera.environments.tenancy import Tenancy
from tessera.errors import InvalidInput
from tessera.records.tenant import Tenant, TenantLimits

HEADER = (
    "EventName,ProductCode,ProductName,ProductDescription,UnitPrice,Quantity,CustomerID,Username,"
    "ChannelType,Address,City,State,Country,Date\n"
)
ROW = (
    "PURCHASED,A1,Mug,Blue,2.50,2,c-1,user-1,EMAIL,customer-1@example.com,X,Y,GBR,"
    '"Wed, 01 Dec 2010 08:26:00 +0000"\n'
)
CSV = (HEADER + ROW).encode()
ARN = "arn:aws:states:us-east-1:123456789012:execution:machine:"


def upload(key: str = "uploads/x.csv", *, by: str = "one", version_id: str = ""):
    event = {"trigger": "upload", "key": key, "version_id": version_id}
    return handler({**event, "execution_arn": ARN + by, "execution_name": by}, None)


def schedule(time: str = "2026-11-22T03:00:00Z", *, tenant: str = "default", by: str = "one"):
    event = {"trigger": "schedule", "tenant": tenant, "time": time}
    return handler({**event, "execution_arn": ARN + by, "execution_name": by}, None)


def ticket(account, reply):
    return account.data.read_json(f"tenants/{reply['tenant']}/runs/{reply['run_id']}/ticket.json")


def test_a_sound_upload_starts_a_run(account):
    account.data.write("uploads/x.csv", CSV)
    reply = upload()
    assert reply["status"] == "START"
    assert reply["tenant"] == "default"
    assert reply["bytes"] == len(CSV)
    assert reply["destinations"] == ["export", "customer_profiles"]
    assert len(reply["run_id"]) == 16
    written = ticket(account, reply)
    head = account.data.head("uploads/x.csv")
    assert written["run_id"] == reply["run_id"]
    assert written["trigger"] == "upload"
    assert written["as_of"] is None
    assert written["settings"]["preset"] == "classic-11"
    assert written["upload"] == {
        "id": hashlib.sha256(b"uploads/x.csv").hexdigest()[:16],
        "name": "uploads/x.csv",
        "parts": [
            {
                "key": "uploads/x.csv",
                "version_id": head["VersionId"],
                "etag": head["ETag"].strip('"'),
                "bytes": len(CSV),
            }
        ],
        "closed_by": "",
        "withdrawn": False,
    }
    assert account.runs.get("default", reply["run_id"]).status == RUNNING


def test_a_run_knows_how_much_history_it_has(account):
    account.data.write("uploads/x.csv", CSV)
    account.data.write("tenants/default/events/upload=1/content=0a/part-00000.parquet", bytes(70))
    account.data.write("tenants/default/events/upload=1/_upload.json", b"{}")
    account.data.write("tenants/acme/events/upload=1/content=0a/part-00000.parquet", bytes(9))
    assert upload()["history_bytes"] == 72


def test_the_version_of_the_event_is_pinned(account):
    account.data.write("uploads/x.csv", CSV)
    version = account.data.head("uploads/x.csv")["VersionId"]
    reply = upload(version_id=version)
    assert ticket(account, reply)["upload"]["parts"][0]["version_id"] == version


def test_an_old_version_does_not_replace_what_a_newer_one_brings(account):
    account.data.write("uploads/x.csv", CSV)
    old = account.data.head("uploads/x.csv")["VersionId"]
    time.sleep(1.1)  # S3 has the time of an object in whole seconds
    account.data.write("uploads/x.csv", CSV + ROW.encode())
    new = account.data.head("uploads/x.csv")["VersionId"]
    assert upload(version_id=old)["status"] == "SUPERSEDED"
    assert upload(version_id=new)["status"] == "START"


def test_a_compressed_upload_is_looked_into(account):
    account.data.write("uploads/x.csv.gz", gzip.compress(CSV))
    assert upload("uploads/x.csv.gz")["status"] == "START"


def test_an_upload_says_the_day_that_it_describes(account):
    boto3.client("s3").put_object(
        Bucket="data", Key="uploads/x.csv", Body=CSV, Metadata={"as-of": "2011-12-10"}
    )
    assert ticket(account, upload())["as_of"] == "2011-12-10"


# ---- the same work is done once ----------------------------------------------------------------


def test_the_same_event_twice_makes_one_run(account):
    account.data.write("uploads/x.csv", CSV)
    first = upload()
    account.runs.finish("default", first["run_id"], finished_at="2026-11-22T03:00:10Z")
    second = upload(by="two")
    assert second == {**first, "status": "DUPLICATE"}
    assert upload()["status"] == "DUPLICATE"


def test_what_an_erasure_wrote_again_starts_no_run(account, tenants_table):
    def event_of(key, body, **metadata):
        account.data.write(key, body, **metadata)
        return upload(key, version_id=account.data.head(key)["VersionId"])

    rewritten = {"metadata": {"rewritten": "yes"}}
    reply = event_of("uploads/x.csv", CSV, **rewritten)
    assert (reply["status"], reply["run_id"]) == ("DUPLICATE", "")
    assert account.runs.of_tenant("default") == []
    listing = json.dumps({"format": 1, "parts": []}).encode()
    reply = event_of("uploads/acme/day/_SUCCESS", listing, **rewritten)
    assert reply["status"] == "DUPLICATE"
    # Somebody uploads it again.
    assert event_of("uploads/x.csv", CSV)["status"] == "START"


def test_who_starts_a_run_by_hand_gets_what_an_erasure_has_left(account, tenants_table):
    """Its first run had failed, so the rows of all others are stored nowhere yet."""
    account.data.write("uploads/x.csv", CSV, metadata={"rewritten": "yes"})
    assert upload()["status"] == "START"


def test_a_run_whose_execution_is_gone_is_taken_over(account):
    account.data.write("uploads/x.csv", CSV)
    first = upload()
    assert upload(by="two") == first


@pytest.fixture
def running(account):
    """Start executions by their names."""
    states = boto3.client("stepfunctions")
    machine = states.create_state_machine(
        name="machine",
        definition=json.dumps({"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}),
        roleArn="arn:aws:iam::123456789012:role/x",
    )

    def start(*names: str) -> None:
        for name in names:
            states.start_execution(stateMachineArn=machine["stateMachineArn"], name=name)

    return start


def test_a_run_that_is_under_way_is_not_started_again(account, running):
    running("one")
    account.data.write("uploads/x.csv", CSV)
    assert upload()["status"] == "START"
    assert upload(by="two")["status"] == "DUPLICATE"


def test_a_tenants_runs_go_one_after_another_and_tenants_side_by_side(account, running):
    running("one", "two", "three")
    account.data.write("uploads/x.csv", CSV)
    account.data.write("uploads/y.csv", CSV)
    account.data.write("uploads/shop/z.csv", CSV)
    first = upload()
    assert first["status"] == "START"
    assert upload("uploads/y.csv", by="two")["status"] == "QUEUED"
    assert upload("uploads/shop/z.csv", by="three")["status"] == "START"
    account.runs.give_turn("default", execution_arn=ARN + "two")  # not its to give
    assert upload("uploads/y.csv", by="two")["status"] == "QUEUED"
    account.runs.give_turn("default", execution_arn=ARN + "one")
    assert upload("uploads/y.csv", by="two")["status"] == "START"


def test_the_third_run_waits_and_says_so(account, running, tenants_table):
    running("one", "three", "two")
    for name in "xyz":
        account.data.write(f"uploads/shop/{name}.csv", CSV)
    assert upload("uploads/shop/x.csv")["status"] == "START"
    assert upload("uploads/shop/y.csv", by="three")["wait_seconds"] == 15
    third = upload("uploads/shop/z.csv", by="two")  # a name is later in the alphabet
    assert (third["status"], third["wait_seconds"]) == ("QUEUED", 30)
    why = account.runs.get("shop", third["run_id"]).queued
    assert why.startswith("2 runs of tenant 'shop' come first")
    assert "'max_runs' is 2" in why
    raised = TenantLimits(max_runs=3)
    Tenants(tenants_table).save(
        Tenant(tenant="shop", limits=raised), before=Tenants(tenants_table).get("shop")
    )
    assert upload("uploads/shop/z.csv", by="two")["wait_seconds"] == 15
    account.runs.give_turn("shop", execution_arn=ARN + "one")
    assert upload("uploads/shop/z.csv", by="two")["status"] == "QUEUED"
    assert upload("uploads/shop/y.csv", by="three")["status"] == "START"
    assert {run.queued for run in account.runs.of_tenant("shop")} - {""} == {
        account.runs.get("shop", third["run_id"]).queued
    }


def test_the_turn_of_an_execution_that_is_gone_is_taken_over(account, running):
    running("two")
    account.data.write("uploads/x.csv", CSV)
    account.data.write("uploads/y.csv", CSV)
    assert upload(by="gone")["status"] == "START"
    assert upload("uploads/y.csv", by="two")["status"] == "START"


def test_other_bytes_settings_or_day_make_another_run(account):
    seen = set()
    for settings in (b"", b"clusters = 3\n"):
        account.data.write("tenants/default/settings.toml", settings)
        for _ in range(2):
            account.data.write("uploads/x.csv", CSV)
            seen.add(upload()["run_id"])
    boto3.client("s3").put_object(
        Bucket="data", Key="uploads/x.csv", Body=CSV, Metadata={"as-of": "2011-12-10"}
    )
    seen.add(upload()["run_id"])
    assert len(seen) == 5


# ---- folders -------------------------------------------------------------------------------------


def test_a_part_waits_for_its_folder(account):
    account.data.write("uploads/shop/2026/part-1.csv", CSV)
    reply = upload("uploads/shop/2026/part-1.csv")
    assert reply == {
        "status": "WAITING", "tenant": "shop", "run_id": "", "bytes": 0, "history_bytes": 0,
        "engine": "", "destinations": [],
        "attributes": False, "wait_seconds": 0,
    }  # fmt: skip


@pytest.mark.parametrize("key", ["uploads/", "uploads/shop/", "uploads/shop/2026/"])
def test_a_folder_made_in_the_console_is_nothing_to_run(account, key):
    assert upload(key)["status"] == "WAITING"


def test_a_complete_folder_is_one_upload(account):
    for name in ("part-2.csv", "part-1.csv", "_SUCCESS", ".part-1.csv.crc", "_committed_1"):
        account.data.write(f"uploads/shop/2026/{name}", CSV if name.startswith("part") else b"")
    reply = upload("uploads/shop/2026/_SUCCESS")
    assert reply["status"] == "START"
    assert reply["bytes"] == 2 * len(CSV)
    written = ticket(account, reply)["upload"]
    assert written["name"] == "uploads/shop/2026/"
    assert [part["key"] for part in written["parts"]] == [
        "uploads/shop/2026/part-1.csv",
        "uploads/shop/2026/part-2.csv",
    ]


def test_a_source_is_read_by_the_data_contract_and_a_bad_producer_refuses_no_day(account):
    own = b'decimal = "comma"\nmax_bad_share = 0.1\n[columns]\ncustomer_id = "Kunde"\n'
    account.data.write("tenants/acme/settings.toml", own)
    shares = {"stream-2026-11-29": 1.0, "database-orders": 0.1}
    for folder, share in shares.items():
        account.data.write(f"uploads/acme/{folder}/part-1.csv", CSV)
        account.data.write(f"uploads/acme/{folder}/_SUCCESS", b"")
        reply = upload(f"uploads/acme/{folder}/_SUCCESS", by=folder)
        settings = ticket(account, reply)["settings"]
        assert (settings["columns"], settings["decimal"]) == ({}, "dot")
        assert (settings["mapping"], settings["max_bad_share"]) == ("none", share)
    account.data.write("uploads/acme/orders/part-1.csv", CSV)
    account.data.write("uploads/acme/orders/_SUCCESS", b"")
    with pytest.raises(InvalidInput, match="setting 'columns' names 'Kunde'"):
        upload("uploads/acme/orders/_SUCCESS", by="orders")


def test_a_folder_without_parts_says_so(account):
    account.data.write("uploads/shop/2026/_SUCCESS", b"")
    with pytest.raises(InvalidInput, match="has _SUCCESS but no parts"):
        upload("uploads/shop/2026/_SUCCESS")


LISTING = "uploads/shop/stream-2026-11-29/"


def listing(account, *names: str, version: int = 1) -> None:
    """Close a folder with a list of parts, as they are now."""
    parts = [
        {"name": entry.key.removeprefix(LISTING), "bytes": entry.bytes, "etag": entry.etag}
        for entry in account.data.entries(LISTING)
        if entry.key.removeprefix(LISTING) in names
    ]
    account.data.write_json(LISTING + "_SUCCESS", {"version": version, "parts": parts})


@pytest.fixture
def two_parts(account):
    for name in ("part-1.csv", "part-2.csv"):
        account.data.write(LISTING + name, CSV)
    return account


def test_only_the_parts_that_the_folder_lists_count(two_parts):
    listing(two_parts, "part-1.csv")
    reply = upload(LISTING + "_SUCCESS")
    assert reply["status"] == "START"
    parts = ticket(two_parts, reply)["upload"]["parts"]
    assert [part["key"] for part in parts] == [LISTING + "part-1.csv"]


def test_a_listed_part_that_is_gone_is_named(two_parts):
    listing(two_parts, "part-1.csv", "part-2.csv")
    two_parts.data.delete([LISTING + "part-2.csv"])
    with pytest.raises(InvalidInput, match=r"lists the part part-2.csv in _SUCCESS, but it is gon"):
        upload(LISTING + "_SUCCESS")


def test_a_listed_part_that_was_written_again_is_named(two_parts):
    listing(two_parts, "part-1.csv", "part-2.csv")
    two_parts.data.write(LISTING + "part-2.csv", CSV + ROW.encode())
    with pytest.raises(InvalidInput, match=r"part-2.csv has .* it was written again after"):
        upload(LISTING + "_SUCCESS")


def test_a_folder_that_is_replaced_while_it_is_checked_is_another_events_matter(two_parts):
    listing(two_parts, "part-1.csv", "part-2.csv")
    old = two_parts.data.head(LISTING + "_SUCCESS")["VersionId"]
    time.sleep(1.1)  # S3 keeps whole seconds
    listing(two_parts, "part-1.csv")
    two_parts.data.delete([LISTING + "part-2.csv"])
    assert upload(LISTING + "_SUCCESS", version_id=old)["status"] == "SUPERSEDED"


@pytest.mark.parametrize("text", [b"done", b'{"name": "SuccessData/1", "filenames": []}', b"[1]"])
def test_what_another_program_writes_into_the_end_of_a_folder_is_no_list(two_parts, text):
    two_parts.data.write(LISTING + "_SUCCESS", text)
    assert upload(LISTING + "_SUCCESS")["bytes"] == 2 * len(CSV)


def test_a_list_in_another_form_is_refused(two_parts):
    listing(two_parts, "part-1.csv", version=2)
    with pytest.raises(InvalidInput, match="version 2, not 1"):
        upload(LISTING + "_SUCCESS")


def test_each_closing_of_a_folder_is_one_run(two_parts):
    two_parts.data.write(LISTING + "_SUCCESS", b"")
    first, same_event = (upload(LISTING + "_SUCCESS")["run_id"] for _ in range(2))
    two_parts.data.write(LISTING + "_SUCCESS", b"")
    assert upload(LISTING + "_SUCCESS")["run_id"] != first == same_event


# ---- withdrawals ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "name"),
    [("uploads/x.csv", "uploads/x.csv"), (LISTING + "_SUCCESS", LISTING)],
)
def test_an_upload_can_be_withdrawn(account, key, name):
    account.data.write(key, b"", metadata={"withdraw": "Yes"})
    reply = upload(key)
    assert reply["status"] == "START"
    written = ticket(account, reply)["upload"]
    assert (written["name"], written["withdrawn"]) == (name, True)
    assert [part["key"] for part in written["parts"]] == [key]
    assert written["parts"][0]["version_id"] == account.data.head(key)["VersionId"]


def test_an_upload_that_is_withdrawn_and_comes_again_has_three_runs(two_parts):
    runs = set()
    for metadata in ({}, {"withdraw": "yes"}, {}):
        two_parts.data.write(LISTING + "_SUCCESS", b"", metadata=metadata)
        runs.add(upload(LISTING + "_SUCCESS", by=str(len(runs)))["run_id"])
    assert len(runs) == 3


def test_what_neither_withdraws_nor_counts_is_refused(two_parts):
    two_parts.data.write(LISTING + "_SUCCESS", b"", metadata={"withdraw": "soon"})
    with pytest.raises(InvalidInput, match=r"_SUCCESS has the metadata withdraw='soon'"):
        upload(LISTING + "_SUCCESS")


def test_customer_attributes_cannot_be_withdrawn(account):
    account.data.write("uploads/attributes/x.csv", PEOPLE, metadata={"withdraw": "yes"})
    with pytest.raises(InvalidInput, match="customer attributes cannot be withdrawn"):
        upload("uploads/attributes/x.csv")


def test_a_tenant_without_events_has_no_daily_run(account):
    account.data.write("tenants/default/events/upload=a/_upload.json", b"{}")
    assert schedule()["status"] == "WAITING"


# ---- attributes ----------------------------------------------------------------------------------

PEOPLE = b"customer_id,plan,churned\n1,gold,no\n2,basic,yes\n"


@pytest.mark.parametrize(
    ("key", "tenant"),
    [("uploads/attributes/x.csv", "default"), ("uploads/shop/attributes/x.csv.gz", "shop")],
)
def test_a_file_about_customers_starts_a_run_over_the_history(account, key, tenant):
    body = gzip.compress(PEOPLE) if key.endswith(".gz") else PEOPLE
    account.data.write(key, body)
    reply = upload(key)
    assert (reply["status"], reply["tenant"], reply["attributes"]) == ("START", tenant, True)
    written = ticket(account, reply)
    assert written["upload"] is None
    assert written["attributes"]["name"] == key
    assert [part["key"] for part in written["attributes"]["parts"]] == [key]


def test_a_run_knows_whether_its_tenant_has_attributes(account):
    account.data.write("uploads/x.csv", CSV)
    assert upload()["attributes"] is False
    account.data.write("tenants/default/attributes/upload=1/_upload.json", b"{}")
    account.data.write("uploads/y.csv", CSV)
    account.data.write("uploads/shop/x.csv", CSV)
    assert upload("uploads/y.csv")["attributes"] is True
    assert upload("uploads/shop/x.csv")["attributes"] is False


@pytest.mark.parametrize(
    ("key", "body", "message"),
    [
        ("uploads/attributes/x.parquet", b"PAR1", r"unknown type: use \.csv, \.csv\.gz"),
        ("uploads/attributes/x.csv", b"", "is empty"),
        ("uploads/attributes/x.csv", b"PK\x03\x04", "is not CSV"),
        ("uploads/attributes/x.csv", b"name,plan\na,b\n", "no column of customer ids"),
        ("uploads/attributes/x.csv", b"id,plan,Plan\n1,a,b\n", "two columns called 'Plan'"),
        ("uploads/attributes/x.csv.gz", b"\x1f\x8bno gzip", "damaged gzip"),
        ("uploads/shop/attributes/2026/x.csv", PEOPLE, "directly into uploads/shop/attributes/"),
    ],
)
def test_an_unsound_file_about_customers_is_refused(account, key, body, message):
    account.data.write(key, body)
    with pytest.raises(InvalidInput, match=message):
        upload(key)


def test_a_large_file_about_customers_is_refused(account, monkeypatch):
    monkeypatch.setattr("steps.check_upload.uploads.MOST_ATTRIBUTES_BYTES", 20)
    account.data.write("uploads/attributes/x.csv", PEOPLE)
    with pytest.raises(InvalidInput, match="of a file of attributes"):
        upload("uploads/attributes/x.csv")


# ---- schedules -----------------------------------------------------------------------------------


def test_a_schedule_describes_its_day_in_the_tenants_time_zone(account):
    account.data.write("tenants/shop/settings.toml", b'time_zone = "Pacific/Auckland"\n')
    account.data.write("tenants/shop/events/upload=a/content=b/part-00000.parquet", b"")
    reply = schedule("2026-11-22T13:00:00Z", tenant="shop")
    written = ticket(account, reply)
    assert reply["status"] == "START"
    assert reply["bytes"] == 0
    assert written["as_of"] == "2026-11-23"
    assert written["upload"] is None
    assert written["trigger"] == "schedule"


def test_a_schedule_runs_once_a_day(account):
    account.data.write("tenants/default/events/upload=a/content=b/part-00000.parquet", b"")
    first = schedule("2026-11-22T03:00:00Z")
    account.runs.finish("default", first["run_id"], finished_at="2026-11-22T03:00:10Z")
    assert schedule("2026-11-22T04:00:00Z", by="two")["status"] == "DUPLICATE"
    assert schedule("2026-11-23T03:00:00Z", by="two")["status"] == "START"


# ---- what is refused -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "body", "message"),
    [
        ("uploads/x.csv", b"", r"s3://data/uploads/x\.csv is empty"),
        ("uploads/x.xls", b"PK", r"unknown type: use \.csv, .*\.parquet, \.xlsx"),
        ("uploads/orders.pdf", b"%PDF", r"orders\.pdf has an unknown type"),
        ("uploads/x.xlsx", b"PK", r"s3://data/uploads/x\.xlsx is no Excel workbook"),
        ("uploads/x.xlsx", b"\xd0\xcf\x11\xe0" * 99, r"protected by a password, or an old \.xls"),
        ("uploads/x.parquet", b"a,b\n", "not Parquet"),
        ("uploads/x.csv", CSV * 100, "more than the 0.00 GB"),
        ("uploads/Bad Name/x.csv", CSV, "tenant 'Bad Name' is not a valid name"),
        ("elsewhere/x.csv", CSV, "is not an upload"),
        ("uploads/x.csv", b"a,b,c\n1,2,3\n", "header"),
    ],
)
def test_an_unsound_upload_is_refused(account, key, body, message):
    account.data.write(key, body)
    with pytest.raises(InvalidInput, match=message):
        upload(key)


def test_an_upload_that_is_not_there_is_named(account):
    with pytest.raises(InvalidInput, match=r"s3://data/uploads/gone\.csv does not exist"):
        upload("uploads/gone.csv")


@pytest.mark.parametrize("day", ["yesterday", "2011-13-01", "2011-1-1T", "20111210"])
def test_a_day_that_is_none_is_refused(account, day):
    boto3.client("s3").put_object(
        Bucket="data", Key="uploads/x.csv", Body=CSV, Metadata={"as-of": day}
    )
    with pytest.raises(InvalidInput, match=f"as-of='{day}'"):
        upload()


SET = """
segment_sets = ["{name}"]
[sets.{name}]
meaning = "Who looks."
prefix = "Viewer"
label = [{{ label = "Looks", meaning = "Looks.", action = "Show." }}]
empty = {{ label = "Blind", meaning = "Never looked.", action = "Wait." }}
rule = [{{ column = "{column}", ranges = {{ Looks = {{}} }} }}]
"""


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ("clusters = 3\npreset = \n", r"settings\.toml is not valid TOML.*line 2"),
        ("clutsers = 3\n", r"settings\.toml: unknown setting 'clutsers'"),
        ('clusters = "3"\n', r"settings\.toml: setting 'clusters' is '3': expected int"),
        ('preset = "classic"\n', r"settings\.toml: preset 'classic' is unknown"),
        ('segment_sets = ["tier"]\n', r"settings\.toml: segment set 'tier' is unknown: expected"),
        (
            SET.format(name="mine", column="shoe_size"),
            r"'mine' reads the column 'shoe_size', which",
        ),
        (SET.format(name="monetary", column="views"), "'monetary' has the name of a column"),
        ('destinations = ["pigeon"]\n', "'pigeon', which this deployment does not have: use cus"),
    ],
)
def test_wrong_settings_are_named_with_their_file(account, settings, message):
    account.data.write("uploads/shop/x.csv", CSV)
    account.data.write("tenants/shop/settings.toml", settings.encode())
    with pytest.raises(InvalidInput, match=message) as caught:
        upload("uploads/shop/x.csv")
    assert "s3://data/tenants/shop/settings.toml" in str(caught.value)


def test_settings_in_another_encoding_are_refused_with_the_line(account):
    account.data.write("uploads/x.csv", CSV)
    account.data.write("tenants/default/settings.toml", "clusters = 3\n# é".encode("cp1252"))
    with pytest.raises(InvalidInput, match="not UTF-8 at line 2"):
        upload()


@pytest.mark.parametrize(
    "event", [{}, {"trigger": "upload"}, {"trigger": "schedule", "tenant": "default"}]
)
def test_an_input_that_is_neither_says_what_was_expected(account, event):
    with pytest.raises(InvalidInput, match="neither an upload nor a schedule"):
        handler({**event, "execution_arn": ARN, "execution_name": "x"}, None)


def test_a_refused_upload_leaves_nothing_behind(account):
    account.data.write("uploads/x.csv", b"")
    with pytest.raises(InvalidInput):
        upload()
    assert list(account.data.keys("tenants/")) == []


@pytest.mark.parametrize("name", ["check_upload", "finish_run", "fail_run"])
def test_the_functions_load_without_heavy_packages(root, name):
    code = (
        f"import sys, lambdas.{name}.handler as _; "
        "heavy = {'numpy', 'pandas', 'pyarrow', 'duckdb', 'awswrangler', 'sklearn'}; "
        "sys.exit(', '.join(heavy & set(sys.modules)) or 0)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


@pytest.fixture
def shop(account, tenants_table):
    """A shop's sound upload, and the tenants table."""
    account.data.write("uploads/shop/x.csv", CSV)
    return Tenants(tenants_table)


def test_nothing_starts_for_a_suspended_tenant_until_it_is_resumed(account, shop):
    active = Tenant(tenant="shop")
    shop.save(active, before=None)
    shop.save(Tenant(tenant="shop", state="suspended", reason="invoice 12"), before=active)
    with pytest.raises(InvalidInput, match=r"'shop' is suspended \(invoice 12\).* are kept"):
        upload("uploads/shop/x.csv")
    assert account.runs.of_tenant("shop") == []
    assert account.data.read("uploads/shop/x.csv") == CSV
    shop.save(active, before=shop.get("shop"))
    assert upload("uploads/shop/x.csv")["status"] == "START"


def test_a_closed_stage_takes_known_tenants_and_the_canary_only(account, shop, monkeypatch):
    monkeypatch.setenv("TENANCY", Tenancy(open=False).to_text())
    account.data.write("uploads/canary/x.csv", CSV)
    assert upload("uploads/canary/x.csv")["status"] == "START"
    with pytest.raises(InvalidInput, match=r"'shop' is unknown.* `tessera tenant make shop`"):
        upload("uploads/shop/x.csv")
    assert shop.get("shop") is None
    shop.save(Tenant(tenant="shop"), before=None)
    assert upload("uploads/shop/x.csv")["status"] == "START"


def test_a_tenant_gets_only_the_destinations_that_it_may_use(account, shop, monkeypatch):
    shop.save(Tenant(tenant="shop", destinations=("export",)), before=None)
    defaults = {"destinations": ["export", "customer_profiles"]}
    boto3.client("s3").put_object(
        Bucket="assets", Key="two.json", Body=json.dumps(defaults).encode()
    )
    monkeypatch.setenv("RUN_DEFAULTS", "s3://assets/two.json")
    assert upload("uploads/shop/x.csv")["destinations"] == ["export"]
    account.data.write("tenants/shop/settings.toml", b'destinations = ["customer_profiles"]')
    with pytest.raises(InvalidInput, match="'customer_profiles', which this deployment does not"):
        upload("uploads/shop/x.csv")


def test_a_tenant_is_known_from_its_first_upload_on(account, tenants_table):
    account.data.write("uploads/acme/x.csv", CSV)
    upload("uploads/acme/x.csv")
    schedule(tenant="never-uploaded")
    assert Tenants(tenants_table).all() == ["acme"]


def test_the_stages_defaults_are_read_from_their_document(account, monkeypatch):
    stored = json.dumps({"preset": "nine"}).encode()
    boto3.client("s3").put_object(Bucket="assets", Key="other.json", Body=stored)
    monkeypatch.setenv("RUN_DEFAULTS", "s3://assets/other.json")
    account.data.write("uploads/x.csv", CSV)
    assert ticket(account, upload())["settings"]["preset"] == "nine"
