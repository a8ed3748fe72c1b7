"""Clicks put on the event stream become customers, each event once, whenever its part comes."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator

import pytest
from moto.awslambda.models import lambda_backends

from adapters.streams.producer import StreamProducer
from local.app.system import System
from local.aws.resources import KINDS
from local.aws.server import EmbeddedAws
from local.loopback.place import ACCOUNT, REGION
from tessera import naming
from tessera.environments.ingest import CloseWindowsEnvironment, StoreEventsEnvironment
from tessera.sources.stream import rows_of_part

TENANT = "clicks"
STREAM = "tessera-clicks-events"
NONSENSE = [b'{"EventID": broken', b"[1, 2]", b"\xff\xfe", b""]


@pytest.fixture(scope="module")
def function(aws: EmbeddedAws, system: System) -> Callable[..., str]:
    """Make a function of the app's own code, as a stage with a stream has it."""
    deployed = lambda_backends[ACCOUNT][REGION].list_functions()
    code = next(one.code for one in deployed if "check_upload" in one.handler)
    role = aws.client("iam").create_role(RoleName="clicks", AssumeRolePolicyDocument="{}")

    def make(folder: str, environment: dict[str, str]) -> str:
        made = KINDS["AWS::Lambda::Function"].create(
            {
                "FunctionName": f"clicks-{folder}", "Runtime": "python3.13",
                "Role": role["Role"]["Arn"], "Handler": f"lambdas.{folder}.handler.handler",
                "Code": {name: code[name] for name in ("S3Bucket", "S3Key")}, "Timeout": 300,
                "MemorySize": 1024, "Environment": {"Variables": environment},
            },
            aws.client,
        )  # fmt: skip
        return str(made.attributes["Arn"])

    return make


@pytest.fixture(scope="module")
def producer(
    aws: EmbeddedAws, system: System, function: Callable[..., str]
) -> Iterator[StreamProducer]:
    store = StoreEventsEnvironment(data_bucket=system.data_bucket, stage="dev")
    arn = function("store_events", store.to_env())
    made = KINDS["AWS::Kinesis::Stream"].create({"Name": STREAM, "ShardCount": 2}, aws.client)
    mapping = {
        "EventSourceArn": made.attributes["Arn"], "FunctionName": arn, "BatchSize": 10_000,
    }  # fmt: skip
    KINDS["AWS::Lambda::EventSourceMapping"].create(mapping, aws.client)
    yield StreamProducer(STREAM, client=aws.client("kinesis"))
    aws.client("kinesis").delete_stream(StreamName=STREAM)


@pytest.fixture(scope="module")
def close(aws: EmbeddedAws, system: System, function: Callable[..., str]) -> Callable[[], object]:
    env = CloseWindowsEnvironment(data_bucket=system.data_bucket)
    arn = function("close_windows", env.to_env())

    def call() -> object:
        answer = aws.client("lambda").invoke(FunctionName=arn, Payload=b"{}")
        assert "FunctionError" not in answer
        return json.loads(answer["Payload"].read())

    return call


def clicks(first: int, count: int) -> list[dict[str, object]]:
    """Return views, and an order for each two of them, of a month ago."""
    return [click(number) for number in range(first, first + count)]


def click(number: int) -> dict[str, object]:
    event = {
        "Tenant": TENANT, "EventID": f"web-{number}", "CustomerID": f"C{number % 60}",
        "Date": f"2026-10-{1 + number % 28:02d}T12:00:00Z",
    }  # fmt: skip
    if number % 3:
        return {**event, "EventName": "VIEWED", "ProductCode": f"SKU{number % 9}"}
    order = {"Amount": number + 0.5, "Currency": "EUR", "OrderID": f"O{number}"}
    return {**event, "EventName": "PURCHASED", **order}


def marks(system: System) -> list[str]:
    return system.keys(system.data_bucket, naming.OPEN_PARTS)


def stored(system: System, count: int) -> str:
    """Wait until so many records are stored. Return the key that ends the tenant's folder."""
    until = time.monotonic() + 120
    while sum(rows_of_part(key) for key in marks(system)) < count:
        assert time.monotonic() < until, "they were not stored within two minutes"
        time.sleep(0.2)
    [folder] = {folder for tenant, folder in map(naming.open_folder, marks(system))
                if tenant == TENANT}  # fmt: skip
    return naming.source_folder(TENANT, folder) + naming.FOLDER_COMPLETE


def rows_of_run(system: System, key: str, *, after: frozenset[str]) -> dict[str, object]:
    execution = system.execution_of(key, after=after)
    assert system.wait(execution)["status"] == "SUCCEEDED", system.error_of(execution)
    run = system.run_of(execution)
    assert run is not None
    document = system.read_json(system.data_bucket, naming.run_prefix(*run) + naming.PREPARE_RECORD)
    rows: dict[str, object] = document["rows"]
    return rows


def test_clicks_become_customers_and_a_late_part_joins_its_day(
    system: System, producer: StreamProducer, close: Callable[[], object]
) -> None:
    first, again = clicks(0, 600), clicks(0, 100)
    bad = [json.dumps({**clicks(0, 1)[0], "Date": "no day"}).encode()]
    sent = [*first, *again, *bad, *NONSENSE]
    before = frozenset(system.executions())
    assert producer.put(sent) == len(sent)
    key = stored(system, len(sent))
    assert close()
    assert marks(system) == []
    rows = rows_of_run(system, key, after=before)
    # The tenant's row without a day is refused, and the nonsense is the default tenant's.
    assert rows["read"] == 701
    assert rows["accepted"] == 600
    assert sum(rows["rejected"].values()) == 1
    assert sum(rows["ignored"].values()) == 100

    before = frozenset(system.executions())
    producer.put(clicks(590, 50))
    stored(system, 50)
    assert close() == {"folders": 1, "closed": 1, "merged": 0}
    assert close() == {"folders": 0, "closed": 0, "merged": 0}
    rows = rows_of_run(system, key, after=before)
    assert (rows["read"], rows["accepted"]) == (751, 640)
