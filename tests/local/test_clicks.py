"""Clicks put on the event stream become customers, each event once, whenever its part comes."""

from __future__ import annotations

import datetime as dt
import json
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from adapters.stores.items import Items
from adapters.stores.write_keys import WriteKeys
from adapters.streams.producer import StreamProducer
from local.app.system import System
from local.aws.resources import KINDS
from local.aws.server import EmbeddedAws
from local.console.page_events import page_event_routes
from tessera import naming
from tessera.api.write_keys import NewWriteKey
from tessera.environments.collect_events import CollectEventsEnvironment
from tessera.environments.ingest import CloseWindowsEnvironment, StoreEventsEnvironment
from tessera.environments.tenancy import Tenancy
from tessera.sources.stream import rows_of_part
from tests.local.app_functions import AppFunctions

TENANT = "clicks"
STREAM = "tessera-clicks-events"
ORIGIN = "https://shop.example"
NONSENSE = [b'{"EventID": broken', b"[1, 2]", b"\xff\xfe", b""]


@pytest.fixture(scope="module")
def functions(aws: EmbeddedAws, system: System) -> AppFunctions:
    return AppFunctions(aws, prefix="clicks")


@pytest.fixture(scope="module")
def producer(aws: EmbeddedAws, system: System, functions: AppFunctions) -> Iterator[StreamProducer]:
    store = StoreEventsEnvironment(data_bucket=system.data_bucket, stage="dev")
    arn = functions.make("store_events", store.to_env())
    made = KINDS["AWS::Kinesis::Stream"].create({"Name": STREAM, "ShardCount": 2}, aws.client)
    mapping = {
        "EventSourceArn": made.attributes["Arn"], "FunctionName": arn, "BatchSize": 10_000,
    }  # fmt: skip
    KINDS["AWS::Lambda::EventSourceMapping"].create(mapping, aws.client)
    yield StreamProducer(STREAM, client=aws.client("kinesis"))
    aws.client("kinesis").delete_stream(StreamName=STREAM)


@pytest.fixture(scope="module")
def close(
    aws: EmbeddedAws, system: System, functions: AppFunctions
) -> Callable[[], dict[str, int]]:
    env = CloseWindowsEnvironment(data_bucket=system.data_bucket)
    arn = functions.make("close_windows", env.to_env())

    def call() -> dict[str, int]:
        answer = aws.client("lambda").invoke(FunctionName=arn, Payload=b"{}")
        assert "FunctionError" not in answer
        reply: dict[str, int] = json.loads(answer["Payload"].read())
        return reply

    return call


@pytest.fixture(scope="module")
def page(aws: EmbeddedAws, functions: AppFunctions, producer: StreamProducer) -> TestClient:
    """The route that pages send their events to."""
    del producer  # it made the stream
    env = CollectEventsEnvironment(
        events_stream=STREAM, write_keys_table="clicks-keys", origins=ORIGIN, most_a_minute="6000",
        tenants_table=functions.environment["TENANTS_TABLE"], tenancy=Tenancy().to_text(),
    )  # fmt: skip
    arn = functions.make("collect_events", env.to_env())
    names = ("pk", "sk")
    aws.client("dynamodb").create_table(
        TableName=env.write_keys_table,
        KeySchema=[
            {"AttributeName": name, "KeyType": kind}
            for name, kind in zip(names, ("HASH", "RANGE"), strict=True)
        ],
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in names],
        BillingMode="PAY_PER_REQUEST",
    )

    def call(event: dict[str, Any]) -> dict[str, Any]:
        sent = json.dumps(event).encode()
        answer = aws.client("lambda").invoke(FunctionName=arn, Payload=sent)
        read: dict[str, Any] = json.loads(answer["Payload"].read())
        return read

    app = FastAPI()
    app.include_router(page_event_routes(call))
    return TestClient(app)


def view(number: int) -> dict[str, str]:
    """Return a view that a page reports now."""
    now = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    return {
        "EventID": f"page-{number}", "EventName": "VIEWED", "CustomerID": f"C{number}",
        "ProductCode": "SKU1", "Date": now,
    }  # fmt: skip


def sent_by(page: TestClient, key: str, events: list[dict[str, str]]) -> int:
    """Send a page's events as its beacon does. Return the status of the answer."""
    body = json.dumps({"key": key, "consent": True, "events": events})
    headers = {"origin": ORIGIN, "content-type": "text/plain;charset=UTF-8"}
    return page.post("/v1/events", content=body, headers=headers).status_code


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


def test_clicks_become_customers_and_a_late_part_and_a_page_join_their_day(
    aws: EmbeddedAws,
    system: System,
    producer: StreamProducer,
    close: Callable[[], dict[str, int]],
    page: TestClient,
) -> None:
    first, again = clicks(0, 600), clicks(0, 100)
    bad = [json.dumps({**clicks(0, 1)[0], "Date": "no day"}).encode()]
    sent = [*first, *again, *bad, *NONSENSE]
    before = frozenset(system.executions())
    assert producer.put(sent) == len(sent)
    made = NewWriteKey.of(TENANT, label="shop", by="ann", now=dt.datetime.now(dt.UTC), days=1)
    WriteKeys(Items("clicks-keys", dynamodb=aws.client("dynamodb"))).add(made.key)
    assert sent_by(page, made.text, [view(1), view(2), view(3)]) == 204
    assert sent_by(page, f"tsw_{'a' * 12}_{'b' * 43}", [view(4)]) == 401
    assert sent_by(page, made.text, [{**view(5), "EventName": "PURCHASED"}]) == 400
    key = stored(system, len(sent) + 3)
    assert close()
    assert marks(system) == []
    rows = rows_of_run(system, key, after=before)
    # The tenant's row without a day is refused, and the nonsense is the default tenant's.
    assert rows["read"] == 704
    assert rows["accepted"] == 603
    assert sum(rows["rejected"].values()) == 1
    assert sum(rows["ignored"].values()) == 100

    before = frozenset(system.executions())
    producer.put(clicks(590, 50))
    stored(system, 50)
    late, idle = close(), close()
    # How many parts there are, and so whether they are merged, depends on the stream's batches.
    assert (late["folders"], late["closed"]) == (1, 1)
    assert idle == {"folders": 0, "closed": 0, "merged": 0}
    rows = rows_of_run(system, key, after=before)
    assert (rows["read"], rows["accepted"]) == (754, 643)
