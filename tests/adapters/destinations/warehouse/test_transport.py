"""The way to a warehouse: what its errors mean, and what becomes of those it does not take."""

from __future__ import annotations

import contextlib
import datetime as dt
import inspect
import itertools
import json
import logging
import socket
import threading
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import boto3
import pytest
import redshift_connector

from adapters.destinations import transports
from adapters.destinations.warehouse.drivers import CA, SCHEMA, PostgresDriver, RedshiftDriver
from adapters.destinations.warehouse.transport import WarehouseTransport
from local.services.postgresql import DATABASE, OWNER
from tessera.destinations.port import Item, Transport
from tessera.destinations.warehouse import tables
from tessera.environments.activate import ActivateEnvironment
from tessera.errors import InvalidInput, Refused, Retryable
from tessera.records.codec import encode
from tessera.records.loads.load import LoadRecord
from tessera.records.loads.segment import Segment
from tests.destinations.warehouse_place import AS_OF, WarehousePlace

NAME = "tessera/dev/destinations/postgresql"
SEGMENT = Segment("Lost", "_RFM_Lost", "segment", "Lost", "Gone", 1, set="rfm")


@pytest.fixture
def place(postgres) -> WarehousePlace:
    return WarehousePlace(postgres, tables.POSTGRESQL)


def transport(secret, *, dialect=tables.POSTGRESQL) -> WarehouseTransport:
    return WarehouseTransport(
        dialect=dialect,
        driver=PostgresDriver(secret),
        schema=secret[SCHEMA],
        secret_name=NAME,
        as_of=lambda: AS_OF,
    )


def item(number: int, **fields: str) -> Item:
    values = {"customer_id": f"C {number}", "rfm_segment": "Lost", **fields}
    return Item(f"key-{number}", f"C {number}", "d" * 32, values)


# ---- errors --------------------------------------------------------------------------------


def test_a_wrong_password_is_refused_with_the_name_of_the_secret(postgres):
    way = transport(postgres.secret() | {"password": "a wrong one"})
    with pytest.raises(Refused, match=NAME) as caught:
        way.check([])
    assert "a wrong one" not in str(caught.value)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"dbname": "nobodys"}, "no database.*dbname"),
        ({CA: ""}, f"certificate.*'{CA}'.*{NAME}"),
        ({CA: "no PEM"}, f"field '{CA}'.*BEGIN CERTIFICATE"),
        ({"host": "localhost"}, "certificate.*'host'"),
    ],
)
def test_a_secret_that_leads_elsewhere_says_which_field(postgres, changes, words):
    with pytest.raises(InvalidInput, match=words):
        transport(postgres.secret() | changes).check([])


def test_nothing_is_sent_to_a_server_without_tls(postgres):
    heard: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def decline() -> None:
            client, _ = server.accept()
            with client:
                heard.append(client.recv(100))
                client.sendall(b"N")
                heard.append(client.recv(100))

        listening = threading.Thread(target=decline)
        listening.start()
        way = transport(postgres.secret() | {"port": str(server.getsockname()[1])})
        with pytest.raises(InvalidInput, match="not accept encrypted connections"):
            way.size(SEGMENT)
        listening.join()
    assert heard == [bytes.fromhex("0000000804d2162f"), b""]  # the question whether there is TLS


def test_a_database_that_is_away_is_retryable(postgres):
    with pytest.raises(Retryable, match="could not be reached"):
        transport(postgres.secret() | {"port": "1"}).size(SEGMENT)


def test_a_user_without_create_rights_gets_an_error_and_needs_them_only_once(place):
    place.server.query("DROP ROLE IF EXISTS reader")
    with place.server.owner() as connection:
        connection.run("CREATE ROLE reader LOGIN PASSWORD 'pk_made_up'")
    secret = place.server.secret() | {"username": "reader", "password": "pk_made_up"}
    with pytest.raises(Refused, match=f"42501.*{NAME}.*create schema 'elsewhere'"):
        transport(secret | {SCHEMA: "elsewhere"}).check([])
    with place.server.owner() as connection:
        connection.run(f'GRANT USAGE ON SCHEMA "{place.schema}" TO reader')
        for table in tables.TABLES:
            connection.run(f'GRANT ALL ON "{place.schema}".{table} TO reader')
    transport(secret | {SCHEMA: place.schema}).check([])
    with place.server.owner(OWNER) as connection:
        connection.run(f"REVOKE ALL ON DATABASE {DATABASE} FROM reader")


def test_a_table_that_somebody_removed_is_named(place):
    with place.server.owner() as connection:
        connection.run(f'DROP TABLE "{place.schema}".customers')
    with pytest.raises(InvalidInput, match=place.schema):
        place.transport.send([item(1)])
    with pytest.raises(InvalidInput, match=place.schema):
        place.transport.size(SEGMENT)
    place.transport.check([])
    assert len(place.transport.send([item(1)]).acknowledged) == 1


def test_a_table_that_is_created_again_is_another_target(place):
    before = place.transport.identity()
    with place.server.owner() as connection:
        connection.run(f'DROP TABLE "{place.schema}".customers')
    place.transport.check([])
    assert before
    assert place.transport.identity() != before


def test_a_set_whose_name_is_too_long_for_a_column_is_refused(place):
    own = Segment("Loud", "_RFM_Loud", "set", "Loud", "Loud", 1, set="x" * 60)
    with pytest.raises(InvalidInput, match="at most 63 bytes"):
        place.transport.check([own])


# ---- who is not taken ----------------------------------------------------------------------


class Someone:
    """A customer as ``fail`` wants to know one."""

    customer_id = "C 50"


def test_a_customer_that_the_table_refuses_is_isolated_in_few_transactions(place):
    code = place.fail(Someone(), code="", message="no room")
    before = place.sent().count("begin transaction")
    outcome = place.transport.send([item(number) for number in range(64)])
    assert [(one.customer_id, one.code, one.message) for one in outcome.refused] == [
        ("C 50", code, "no room")
    ]
    assert len(outcome.acknowledged) == len(place.customers()) == 63
    assert place.sent().count("begin transaction") - before <= 1 + 2 * 6


def test_the_search_for_refused_customers_ends_in_time(place):
    place.fail(Someone(), code="", message="no room")
    minutes = itertools.count(0, 60)
    way = WarehouseTransport(
        dialect=tables.POSTGRESQL,
        driver=place.driver,
        schema=place.schema,
        secret_name=NAME,
        as_of=lambda: AS_OF,
        clock=lambda: next(minutes),
    )
    outcome = way.send([item(number) for number in range(64)])
    assert {why.code for _, why in outcome.again} == {"late"}
    assert len(outcome.again) == 64


def test_a_table_that_refuses_everybody_stops_the_run(place):
    with place.server.owner() as connection:
        table = f'"{place.schema}".customers'
        connection.run(f"ALTER TABLE {table} ADD CONSTRAINT closed CHECK (customer_id = 'none')")
    with pytest.raises(Refused, match="rejected every customer") as caught:
        place.transport.send([item(number) for number in range(20)])
    assert "C 1" not in str(caught.value)


def test_a_text_that_no_column_holds_is_refused_and_nobody_else(place):
    outcome = place.transport.send([item(1), item(2, rfm_segment="a\0b"), item(3)])
    assert [(one.customer_id, one.code) for one in outcome.refused] == [("C 2", "character")]
    assert [one.customer_id for one in outcome.acknowledged] == ["C 1", "C 3"]


def test_a_text_too_long_for_redshift_is_refused_there_alone(postgres, place):
    long = item(1, rfm_segment="☂" * 1_400)
    assert len(place.transport.send([long]).acknowledged) == 1
    there = WarehousePlace(postgres, tables.REDSHIFT).transport
    assert [one.code for one in there.send([long, item(2)]).refused] == ["too-long"]


def test_nothing_of_a_customer_is_logged_when_a_batch_fails(place, caplog, capfd):
    caplog.set_level(logging.DEBUG)
    place.fail(Someone(), code="", message="no room")
    place.transport.send([item(50)])
    output = caplog.text + "".join(capfd.readouterr())
    assert "C 50" not in output
    assert "key-50" not in output


# ---- secrets -------------------------------------------------------------------------------


@pytest.fixture
def environment(buckets) -> ActivateEnvironment:
    return ActivateEnvironment("data", "identities", "dev", '{"postgresql": {}, "redshift": {}}')


def stored(name: str, **fields: str) -> None:
    client = boto3.client("secretsmanager")
    with contextlib.suppress(client.exceptions.ResourceNotFoundException):
        client.delete_secret(SecretId=name, ForceDeleteWithoutRecovery=True)
    client.create_secret(Name=name, SecretString=json.dumps(fields))


def connected(environment, destination="postgresql") -> Transport:
    return transports.connect(destination, environment=environment, tenant="default", run_id="r1")


def test_the_secret_leads_to_the_schema_and_the_load_says_the_day(environment, buckets, postgres):
    stored(NAME, **postgres.secret() | {SCHEMA: "by secret"})
    key = "tenants/default/runs/r1/destinations/postgresql/load.json"
    load = LoadRecord(
        destination="postgresql", as_of=dt.date(2011, 12, 9), held="", needs="", parts=(),
        without_identity=0, segments=(),
    )  # fmt: skip
    buckets[1].write_json(key, encode(load))
    way = connected(environment)
    way.check([])
    way.ensure(SEGMENT)
    assert postgres.query('SELECT as_of FROM "by secret".segments') == [[dt.date(2011, 12, 9)]]


@pytest.mark.parametrize(
    ("destination", "changes", "words"),
    [
        ("postgresql", {"port": "five"}, "'port'"),
        ("postgresql", {"password": ""}, "not have the required form"),
        ("redshift", {}, "iam_role"),
    ],
)
def test_a_secret_that_lacks_something_says_what(
    environment, postgres, destination, changes, words
):
    stored(f"tessera/dev/destinations/{destination}", **postgres.secret() | changes)
    with pytest.raises(InvalidInput, match=words):
        connected(environment, destination)


# ---- Redshift, as far as it goes without one -------------------------------------------------


class Cursor:
    """Notes down what is executed. There is a table for each question."""

    def __init__(self, statements: list[str]) -> None:
        self._statements = statements

    def __enter__(self) -> Cursor:
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def execute(self, text: str, _values: Sequence[Any] = ()) -> None:
        self._statements.append(text)

    def fetchall(self) -> list[list[bool]]:
        return [[True]]


class Connection(redshift_connector.Connection):
    """One to nowhere."""

    def __init__(self) -> None:
        self.statements: list[str] = []
        self.autocommit = False

    def __del__(self) -> None:
        """Close nothing."""

    def cursor(self) -> Cursor:
        return Cursor(self.statements)

    def commit(self) -> None:
        self.statements.append("COMMIT")


def test_a_batch_is_copied_from_the_runs_folder_and_leaves_nothing_there(buckets, monkeypatch):
    role = "arn:aws:iam::111122223333:role/copies"
    driver = RedshiftDriver({"iam_role": role}, folder="s3://identities/run/staging/")
    kinds = tables.kinds(["customer_id", "rfm_r", "rfm_monetary", "rfm_as_of", "rfm_next_order"])
    connection, seen = Connection(), []
    execute = Cursor.execute

    def look(self: Cursor, text: str, values: Sequence[Any] = ()) -> None:
        if text.startswith("COPY"):
            seen.extend(buckets[1].keys("run/staging/"))
        execute(self, text, values)

    monkeypatch.setattr(Cursor, "execute", look)
    rows = [("C 1", 5, Decimal("12.50"), AS_OF, None), ("C 2", None, None, None, None)]
    driver.stage(connection, rows, schema="tessera", table="staging_1", kinds=kinds)
    [copied] = [text for text in connection.statements if text.startswith("COPY")]
    assert copied.startswith('COPY "tessera"."staging_1"')
    assert f"IAM_ROLE '{role}'" in copied
    assert "s3://identities/run/staging/staging_1/" in copied
    assert "PARQUET" in copied
    assert all(f'"{name}"' in copied for name in kinds)
    assert "COMMIT" not in connection.statements
    assert len(seen) == 1
    assert list(buckets[1].keys("run/")) == []


def test_a_redshift_is_reached_by_a_verified_name_alone(monkeypatch):
    asked: dict[str, Any] = {}
    monkeypatch.setattr(redshift_connector, "connect", lambda **options: asked.update(options))
    secret = {"host": "h", "port": "5439", "dbname": "d", "username": "u", "password": "p"}
    RedshiftDriver(secret, folder="").connect(timeout_seconds=750)
    assert (asked["ssl"], asked["sslmode"]) == (True, "verify-full")
    assert asked["timeout"] == 750
    monkeypatch.undo()
    inspect.signature(redshift_connector.connect).bind(**asked)
