"""The functions around an erasure: the turn, the receipt, and the daily retry."""

from __future__ import annotations

import datetime as dt
import json

import boto3
import pytest

from adapters.erasure.cases import CaseFiles, PeopleOfCase
from adapters.erasure.versions import VersionedObjects
from adapters.stores.runs import TURN
from adapters.stores.tenants import Tenants
from lambdas.begin_erasure.handler import handler as begin
from lambdas.finish_erasure.handler import handler as finish
from lambdas.retry_erasures.handler import handler as retry
from tessera.environments.erasing import KeptDays
from tessera.erasure.people import KnownPerson
from tessera.erasure.receipt import parse
from tessera.erasure.request import ErasureRequest
from tessera.errors import InvalidInput

NOW = dt.datetime.now(dt.UTC)
EXECUTION = "arn:aws:states:us-east-1:123456789012:execution:machine:"
KEPT = KeptDays(
    upload_days=30,
    reject_days=30,
    run_days=0,
    access_log_days=90,
    noncurrent_days=30,
    stream_days=7,
)
SEARCHED = {
    "steps": ["resolved", "marked", "swept", "repaired", "stored", "searched"],
    "subjects": ["ab"], "unknown": 0, "repeated_of": [], "shared_addresses": 0,
    "destinations": [], "tables": {}, "search": {"versions": 9, "hits": 0, "waiting": 0},
    "objects": [], "began_at": NOW.isoformat(),
}  # fmt: skip


@pytest.fixture
def machine(account, monkeypatch):
    """A machine whose executions stay under way, and the environment of the functions."""
    states = boto3.client("stepfunctions")
    definition = json.dumps({"StartAt": "A", "States": {"A": {"Type": "Succeed"}}})
    role = "arn:aws:iam::123456789012:role/x"
    made = states.create_state_machine(name="erasures", definition=definition, roleArn=role)
    key = boto3.client("kms").create_key(KeySpec="ECC_NIST_P256", KeyUsage="SIGN_VERIFY")
    for name, value in {
        "MAX_RUNS": "2", "RECEIPT_KEY": key["KeyMetadata"]["Arn"], "KEPT_DAYS": KEPT.to_text(),
        "ERASURES_MACHINE_ARN": made["stateMachineArn"], "STAGE": "dev",
        "LONGEST_WRITE_SECONDS": "14400",
    }.items():  # fmt: skip
        monkeypatch.setenv(name, value)
    return made["stateMachineArn"]


@pytest.fixture
def case(machine):
    files = CaseFiles(
        VersionedObjects("data"), VersionedObjects("identities"), tenant="acme", case="dsr-1"
    )
    asked = NOW - dt.timedelta(days=3)
    files.open(ErasureRequest(case="dsr-1", tenant="acme", terms=("12",), requested_at=asked))
    return files


def event(name="one", **more):
    return {"tenant": "acme", "case": "dsr-1", "execution_arn": EXECUTION + name, **more}


def turn(account):
    item = account.runs._item("acme", TURN)
    return item.get("execution_arn", "").removeprefix(EXECUTION)


def test_an_erasure_takes_the_turn_and_gets_the_destinations_with_a_ledger(account, case):
    account.identities.write("tenants/acme/destinations/klaviyo/ledger/base.csv.gz", b"")
    reply = begin(event(began_ms=1), None)
    assert reply == {"status": "READY", "destinations": ["klaviyo"], "wait_seconds": 0}
    assert turn(account) == "one"


def test_without_a_case_nothing_begins(account, machine):
    with pytest.raises(InvalidInput, match="no erasure 'dsr-1'"):
        begin(event(began_ms=1), None)
    assert turn(account) == ""


def test_the_receipt_is_signed_who_it_was_is_forgotten_and_the_turn_is_free(account, case):
    begin(event(began_ms=1), None)
    person = KnownPerson(customer_key="k", ids=("12",))
    case.write_people(PeopleOfCase(people=(person,)))
    case.write_state({**case.state(), **SEARCHED})
    assert finish(event(), None) == {"status": "OPEN", "tenant": "acme"}
    assert case.known().open_until - NOW > dt.timedelta(hours=3)
    long_ago = {"look_again_at": (NOW - dt.timedelta(hours=1)).isoformat()}
    case.write_state({**case.state(), **SEARCHED, **long_ago})
    assert finish(event(), None) == {"status": "COMPLETE", "tenant": "acme"}
    receipt, _, signature = parse(case.receipt())
    assert (receipt.status, signature.algorithm) == ("complete", "ECDSA_SHA_256")
    ages = {one.what: one.days for one in receipt.ages_out}
    assert ages["records of the event stream"] == 7
    versions = boto3.client("s3").list_object_versions(Bucket="identities")
    assert "Versions" not in versions
    assert "DeleteMarkers" not in versions
    assert turn(account) == ""
    assert begin(event("two", began_ms=2), None)["status"] == "ENDED"


def test_a_failure_is_kept_and_the_turn_given_back(account, case):
    begin(event(began_ms=1), None)
    error = {"Error": "States.Timeout", "Cause": ""}
    assert finish(event(state="EraseData", error=error), None)["status"] == "FAILED"
    assert case.known().state == "open"
    assert turn(account) == ""


def test_what_is_open_is_started_once_while_it_runs_and_its_age_is_counted(
    account, case, machine, tenants_table, capsys
):
    Tenants(tenants_table).add("acme", seen_at="2026-11-30")
    retried = retry({}, None)
    assert retried["open"] == 1
    assert retried["oldest_days"] == pytest.approx(3, abs=0.5)  # the clock is the function's own
    assert retry({}, None)["open"] == 1
    listed = boto3.client("stepfunctions").list_executions(stateMachineArn=machine)["executions"]
    assert len(listed) == 1
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines() if line]
    [metric] = [line for line in lines if "OpenErasureDays" in line][:1]
    assert metric["Stage"] == ["dev"] or metric["Stage"] == "dev"


def test_a_stage_without_open_cases_counts_nothing(machine, tenants_table, capsys):
    Tenants(tenants_table).add("acme", seen_at="2026-11-30")
    assert retry({}, None) == {"open": 0, "oldest_days": 0.0}
    assert "OpenErasureDays" not in capsys.readouterr().out
