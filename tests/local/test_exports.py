"""Deals of a CRM, dropped into the bucket, become customers by the job as it is deployed."""

from __future__ import annotations

import json
import time
from collections.abc import Callable

import pytest

from local.app.system import System
from local.aws.server import EmbeddedAws
from tessera import naming
from tessera.environments.curate import CurateEnvironment

TENANT, OBJECT = "crm", "salesforce-opportunities"
SOURCE = f"crm-{OBJECT}"
JOB = "tessera-exports-curate"


@pytest.fixture(scope="module")
def curate(aws: EmbeddedAws, system: System) -> Callable[[], str]:
    """Run the job of the app's own code, as a stage with exports has it. Return how it ended."""
    glue = aws.client("glue")
    other = glue.get_job(JobName="tessera-dev-map-schema")["Job"]
    [machine] = [
        each["stateMachineArn"]
        for each in aws.client("stepfunctions").list_state_machines()["stateMachines"]
        if each["name"] == "tessera-dev"
    ]
    described = aws.client("stepfunctions").describe_state_machine(stateMachineArn=machine)
    states = json.loads(described["definition"])["States"]
    modules = states["MapSchema"]["Arguments"]["Arguments"]["--extra-py-files"]
    buckets = CurateEnvironment(system.data_bucket, system.identities_bucket)
    glue.create_job(
        Name=JOB,
        Role=other["Role"],
        Command=other["Command"],
        DefaultArguments={"--module": "curate", **buckets.to_arguments()},
        Timeout=10,
    )

    def run() -> str:
        given = {"--tenant": TENANT, "--source": SOURCE, "--extra-py-files": modules}
        started = glue.start_job_run(JobName=JOB, Arguments=given)["JobRunId"]
        until = time.monotonic() + 240
        while time.monotonic() < until:
            done = glue.get_job_run(JobName=JOB, RunId=started)["JobRun"]
            if done["JobRunState"] not in {"STARTING", "RUNNING"}:
                return f"{done['JobRunState']} {done.get('ErrorMessage', '')}".strip()
            time.sleep(0.3)
        return "under way"

    return run


def put(aws: EmbeddedAws, system: System, name: str, day: str, text: str) -> None:
    key = f"{naming.crm_exports_prefix(TENANT, name)}{day}/export.csv"
    client = aws.client("s3")
    client.put_object(Bucket=system.identities_bucket, Key=key, Body=text.encode())


def summary(system: System, *, after: frozenset[str]) -> dict[str, object]:
    key = naming.source_folder(TENANT, SOURCE) + naming.FOLDER_COMPLETE
    execution = system.execution_of(key, after=after)
    assert system.wait(execution)["status"] == "SUCCEEDED", system.error_of(execution)
    run = system.run_of(execution)
    assert run is not None
    made: dict[str, object] = system.read_json(
        system.data_bucket, naming.run_prefix(*run) + naming.SUMMARY
    )
    return made


def test_deals_become_customers_and_the_next_days_export_replaces_them(
    aws: EmbeddedAws, system: System, curate: Callable[[], str]
) -> None:
    header = "Id,AccountId,StageName,CloseDate,Amount,CurrencyIsoCode\n"
    deals = [
        f"D{n},A{n % 30},{'Closed Won' if n % 4 else 'Open'},2026-0{1 + n % 9}-11,{n}.5,EUR\n"
        for n in range(200)
    ]
    accounts = ["Id,Name\n", *(f"A{number},Company {number}\n" for number in range(30))]
    put(aws, system, OBJECT, "2026-11-27", header + "".join(deals))
    put(aws, system, "salesforce-accounts", "2026-11-27", "".join(accounts))
    before = frozenset(system.executions())

    assert curate() == "SUCCEEDED"
    assert summary(system, after=before)["orders"] == 150

    # A day later one deal is won, one is gone, and the rest is as it was.
    before = frozenset(system.executions())
    changed = [deals[0].replace("Open", "Closed Won"), *deals[2:]]
    put(aws, system, OBJECT, "2026-11-28", header + "".join(changed))
    assert curate() == "SUCCEEDED"
    assert summary(system, after=before)["orders"] == 150

    # The same once more starts nothing.
    before = frozenset(system.executions())
    assert curate() == "SUCCEEDED"
    record = system.read_json(system.data_bucket, naming.curate_record_key(TENANT, SOURCE))
    assert (record["outcome"], record["written"], record["omitted"]) == ("unchanged", 150, 49)
    assert frozenset(system.executions()) == before


def test_an_export_that_cannot_be_read_fails_the_job_with_its_name(
    aws: EmbeddedAws, system: System, curate: Callable[[], str]
) -> None:
    put(aws, system, OBJECT, "2026-11-29", "Id,AccountId,StageName,ClosedOn,Amount\nD1,A1,x,y,1\n")

    ending = curate()

    assert ending.startswith("FAILED")
    assert "Date reads the column 'CloseDate'" in ending
