"""Shops are pulled by the state machine of a stage that has some, and their orders become a run."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import Any

import pytest

from infra.connectors.definition import SOURCE, TENANT, PullStates, definition
from infra.kit.states import Function, jsonata
from local.app.system import System
from local.aws.server import EmbeddedAws
from local.services.frame.http_service import DENIED, HttpServer
from local.services.stripe_shop.server import StripeAccount
from local.services.woocommerce.made import made_book
from local.services.woocommerce.server import WooCommerceStore
from tessera import naming
from tessera.environments.curate import CurateEnvironment
from tests.local.app_functions import AppFunctions

STAGE, JOB = "pulls", "tessera-pulls-curate"
OWNER, REVOKED = "shops", "other-shops"
SECRETS = {
    (OWNER, "woocommerce"): {
        "shop": "shop.example.com",
        "consumer_key": WooCommerceStore.KEY,
        "consumer_secret": WooCommerceStore.SECRET,
    },
    (REVOKED, "stripe"): {"key": StripeAccount.KEY},
}
ORDERS = 60
FOLDER = naming.source_folder(OWNER, naming.pulled_folder("woocommerce"))


@pytest.fixture(scope="module")
def store() -> WooCommerceStore:
    return WooCommerceStore(made_book(ORDERS))


@pytest.fixture(scope="module")
def shops(store: WooCommerceStore) -> Iterator[list[HttpServer]]:
    """Both shops. Stripe has revoked the key."""
    account = StripeAccount()
    account.faults.fail_next(1_000, DENIED)
    servers = [HttpServer(store), HttpServer(account)]
    for server in servers:
        server.start()
    yield servers
    for server in servers:
        server.stop()


@pytest.fixture(scope="module")
def machine(aws: EmbeddedAws, system: System, shops: list[HttpServer]) -> str:
    """The state machine over functions and the job of the app's own code."""
    functions = AppFunctions(aws, prefix=f"tessera-{STAGE}")
    arn = _machine_arn(aws)
    environment = {
        **functions.environment,
        "STAGE": STAGE,
        "CONNECTORS": "stripe,woocommerce",
        "STATE_MACHINE_ARN": arn,
        "IDENTITIES_BUCKET": system.identities_bucket,
        **{server.variable: server.url for server in shops},
    }
    states = PullStates(
        plan_pulls=Function(functions.make("plan_pulls", environment), 930),
        pull_source=Function(functions.make("pull_source", environment), 930),
        curate=_curate_request(aws, system),
        curate_hours=1,
        partition="aws",
    )
    aws.client("stepfunctions").create_state_machine(
        name=naming.pulls_machine(STAGE),
        roleArn=functions.role,
        definition=json.dumps(definition(states)),
    )
    for (tenant, name), fields in SECRETS.items():
        secret = naming.source_secret(STAGE, name, tenant=tenant)
        aws.client("secretsmanager").create_secret(Name=secret, SecretString=json.dumps(fields))
        aws.client("dynamodb").put_item(
            TableName=functions.environment["TENANTS_TABLE"],
            Item={"tenant": {"S": tenant}, "seen_at": {"S": "2026"}},
        )
    return arn


def _machine_arn(aws: EmbeddedAws) -> str:
    """Return the ARN of the machine, which its functions know before it is made."""
    pipeline = aws.client("stepfunctions").list_state_machines()["stateMachines"][0]
    start, _, _ = pipeline["stateMachineArn"].rpartition(":")
    return f"{start}:{naming.pulls_machine(STAGE)}"


def _curate_request(aws: EmbeddedAws, system: System) -> dict[str, Any]:
    """Make the job that curates. Return the request of the state that starts it."""
    glue, states = aws.client("glue"), aws.client("stepfunctions")
    other = glue.get_job(JobName="tessera-dev-map-schema")["Job"]
    [pipeline] = [
        each["stateMachineArn"]
        for each in states.list_state_machines()["stateMachines"]
        if each["name"] == "tessera-dev"
    ]
    buckets = CurateEnvironment(system.data_bucket, system.identities_bucket)
    glue.create_job(
        Name=JOB,
        Role=other["Role"],
        Command=other["Command"],
        DefaultArguments={"--module": "curate", **buckets.to_arguments()},
        Timeout=10,
    )
    described = json.loads(states.describe_state_machine(stateMachineArn=pipeline)["definition"])
    like = described["States"]["MapSchema"]["Arguments"]["Arguments"]
    return {
        "JobName": JOB,
        "Arguments": {
            "--tenant": jsonata(TENANT),
            "--source": jsonata(SOURCE),
            "--extra-py-files": like["--extra-py-files"],
        },
    }


def cause_of_failure(aws: EmbeddedAws, machine: str) -> str:
    """Run the machine to its end, and return why it failed."""
    states = aws.client("stepfunctions")
    execution = states.start_execution(stateMachineArn=machine, input="{}")["executionArn"]
    until = time.monotonic() + 240
    while time.monotonic() < until:
        described = states.describe_execution(executionArn=execution)
        if described["status"] != "RUNNING":
            assert described["status"] == "FAILED"
            return str(described["cause"])
        time.sleep(0.2)
    raise AssertionError("the execution did not end")


def events_of(system: System) -> list[str]:
    keys = system.keys(system.data_bucket, naming.events_prefix(OWNER))
    return [key for key in keys if key.endswith(".parquet")]


def test_a_revoked_key_is_named_and_the_other_tenants_shop_becomes_customers(
    aws: EmbeddedAws, system: System, machine: str
) -> None:
    cause = cause_of_failure(aws, machine)
    assert f"stripe of {REVOKED}" in cause
    assert naming.source_secret(STAGE, "stripe", tenant=REVOKED) in cause
    assert "woocommerce" not in cause
    assert StripeAccount.KEY not in cause

    execution = system.execution_of(FOLDER + naming.FOLDER_COMPLETE)
    assert system.wait(execution)["status"] == "SUCCEEDED", system.error_of(execution)
    assert events_of(system)


def test_a_shop_whose_orders_are_all_gone_withdraws_what_it_had(
    aws: EmbeddedAws, system: System, machine: str, store: WooCommerceStore
) -> None:
    before = frozenset(system.executions())
    for number in range(1, ORDERS + 1):
        store.book.trash(number, "2026-11-01T12:00:00")

    assert f"stripe of {REVOKED}" in cause_of_failure(aws, machine)

    execution = system.execution_of(FOLDER + naming.FOLDER_COMPLETE, after=before)
    assert system.wait(execution)["status"] == "FAILED"
    error = system.error_of(execution)
    assert error is not None
    assert "woocommerce-orders/ is withdrawn" in error["message"]
    assert events_of(system) == []
    assert system.keys(system.data_bucket, FOLDER) == [FOLDER + naming.FOLDER_COMPLETE]
