"""Prepare on Spark leaves what Prepare on DuckDB leaves: on real histories, and on every fault."""

from __future__ import annotations

import csv
import dataclasses
import datetime as dt
import gzip
import io
import random
from collections.abc import Callable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import boto3
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from adapters.aws.objects import Objects
from adapters.engines.duckdb.prepare import duckdb_engine
from adapters.engines.prepare import Workspace
from adapters.stores.erased import ErasedMarks
from adapters.tables.parquet import arrow_schema
from steps.prepare.run import PrepareRun
from steps.prepare.step import prepare
from tessera import naming
from tessera.contracts import tables
from tessera.errors import TesseraError
from tessera.events.pseudonym import customer_keys, erased_marks
from tests.endings import end_run
from tests.reference import DATA, EVENTS, content
from tests.reference import case as file_of
from tests.spark_process import SparkProcess
from tests.tickets import ticket_json, upload

pytestmark = [pytest.mark.slow, pytest.mark.spark]

SECRET = "a secret that no customer knows"
ENGINES = ("duckdb", "spark")
# Compiling a query takes Java longer than it takes to interpret it on a few thousand rows.
INTERPRETED = {
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
}
# As Glue has it: a query is planned again after each of its stages, its rows go to several parts,
# and its conditions are inferred. On a few thousand rows most of the time goes into plans.
AS_GLUE = {
    "spark.sql.adaptive.enabled": "true",
    "spark.sql.shuffle.partitions": "2",
    "spark.sql.constraintPropagation.enabled": "true",
}
PLANNED_ONCE = {
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.shuffle.partitions": "1",
    "spark.sql.constraintPropagation.enabled": "false",
}
IN_PARTS = ("cdnow", "parts", "overlaps")


@dataclasses.dataclass(frozen=True)
class Stores:
    """The two buckets of one engine."""

    data: Objects
    identities: Objects


@dataclasses.dataclass(frozen=True)
class Case:
    """An upload: its files by name, the settings, the day.

    A large file is a function, so that a worker which only collects the tests need not make it.
    """

    files: Mapping[str, bytes | Callable[[], bytes]]
    settings: dict[str, Any] = dataclasses.field(default_factory=dict)
    as_of: str | None = None
    slice_bytes: int = 100_000  # as small as most files here
    erased: tuple[str, ...] = ()  # customers who were erased before


def typed() -> bytes:
    count = 3000
    table = pa.table(
        {
            "CustomerID": pa.array([i % 700 for i in range(count)]),
            "Date": pa.array([1_700_000_000_000_000 + i * 10**9 for i in range(count)],
                             pa.timestamp("us", "UTC")),
            "UnitPrice": pa.array([None if i == 77 else i / 100 for i in range(count)]),
            "Quantity": pa.array([1 + i % 3 for i in range(count)]),
            "OrderID": pa.array([f"o{i // 2}" for i in range(count)]).dictionary_encode(),
        }
    )  # fmt: skip
    file = io.BytesIO()
    pq.write_table(table, file, row_group_size=500)
    return file.getvalue()


def retail() -> bytes:
    """Every row of one customer in 32: tests/adapters/engines/test_oracles.py reads them all."""
    history = content(EVENTS["online_retail"])
    header, *lines = history.splitlines(keepends=True)
    customers = csv.DictReader(io.StringIO(history.decode(), newline=""))
    rows = zip(lines, customers, strict=True)
    some = header + b"".join(line for line, row in rows if int(row["CustomerID"]) % 32 == 0)
    return gzip.compress(some)


GOOD = 'PURCHASED,Zoë,2.50,2,"Mon, 05 Sep 2022 10:00:00 +0530",ann@example.com\n'
HEADER = "EventName,CustomerID,UnitPrice,Quantity,Date,Address\n"
BAD = "PURCHASED,=cmd(),1.5,1,never,bo@example.com\n"
SHOPIFY = (
    "Name,Email,Financial Status,Currency,Created at,Lineitem quantity,Lineitem price,Total,"
    "Lineitem name\n"
)
ON = "2026-09-03 10:14:00 -0400"
ORDERS = (
    f"#1,ann@example.com,voided,EUR,{ON},1,10.00,25.00,Mug\n#1,ann@example.com,,,{ON},1,15.00,,Tea\n"
    f"#3,ann@example.com,paid,EUR,{ON},1,10.00,25.00,Mug\n#3,ann@example.com, ,,{ON},1,15.00,,Tea\n"
    f"#3,,,,,1,1.00,,\n#4,ann@example.com,paid,USD,{ON},1,free,,Pen\n"
)
PEOPLE = (
    "customer_id;Date;Amount;Currency;EventID;Address;ChannelType;City;ad_consent\n"
    "a;2024-01-01;1,25;;e1;a@example.com;email;Old Town;granted\n"
    "a;2024-02-01;1;EUR;e2;a@example.com;EMAIL;New Town;\n"
    "a;2024-02-01;1;eur;e2;a@example.com;EMAIL;A Town;\n"
    "a;2024-01-15;1;USD;;+1 212 555-0100;SMS;; No \nb;2024-01-15;1;;;;;;YES\n"
    "b;2024-01-15;1;;;;;;0\nb;2024-01-16;1;;;;;;perhaps\n"
)
PERSONS = "CustomerID,Date,Amount,Email,Phone,OrderID\n" + "".join(
    (
        "A1,2026-01-01,10,Ann@Mail.example,+4930901820,o1\n",
        ",2026-01-02,20,ann@mail.example,,o2\n,2026-01-03,30,,+49 30 901820,o3\n",
        ",2026-01-04,40,bo@mail.example,,o4\n,2026-01-05,50,,,o5\n,2026-01-05,50,,,o5\n",
        "guest,2026-01-06,60,bo@mail.example,,o6\n#N/A,2026-01-07,70,,,o7\n",
        "17850,2026-01-01,1,,,\n17850.0,2026-01-02,2,,,\n00123,2026-01-01,3,,,\n",
        "123,2026-01-02,4,,,\n4.68769E+17,2026-01-03,5,,,\nCyd@Mail.example ,2026-01-03,6,,,\n",
        *(f"Till,2026-02-{i + 1:02d},7,p{i}@mail.example,,\n" for i in range(22)),
    )
)
SIGNS = "CustomerID,Date,Amount,Currency\n" + "".join(
    f"c{n % 4},2026-01-{n % 28 + 1:02d},{amount},{named}\n"
    for n, (amount, named) in enumerate(
        [("$5.50", "CAD"), ("$6", ""), ("7", ""), ("€8", ""), ("£9", "CAD"), ("10 CAD", ""),
         ("$5 €", ""), ("11", "$"), ("12", "€")] * 3
    )
)  # fmt: skip
CONTACTS = "CustomerID,Date,EventName,Amount\n" + "".join(
    f"c{n % 4},2026-01-{n % 28 + 1:02d},{word},{n}\n"
    for n, word in enumerate(["Placed Order", "Received Email", "SESSION", "UNSUBSCRIBED"] * 5)
)
SUBSCRIBERS = "EventName,CustomerID,Date,Amount\n" + "".join(
    f"SUBSCRIBED,{n},2024-01-{n % 28 + 1:02d}T03:00:00Z,9\n"
    + (f"CANCELLED,{n},2024-03-{n % 28 + 1:02d}T23:00:00Z,\n" if n % 3 else "")
    for n in range(60)
)


def overlapping(seed: int) -> bytes:
    """Rows of few orders and instants, some as another seed draws them too."""
    chance = random.Random(seed)  # noqa: S311 (no secret)
    rows = [
        ",".join(
            (
                chance.choice(
                    ["PURCHASED", "PURCHASED", "REFUNDED", "CANCELLED", "VIEWED", "void", "trial"]
                ),
                chance.choice("abcd"),
                chance.choice(["", "", "1", "2", "3"]),
                chance.choice(["2026-01-01", "2026-01-09T10:00:00Z", "2026-03-09"]),
                chance.choice(["5.00", "7.25", "-3.00"]),
                chance.choice(["", "", "", "e1", "e2"]),
                chance.choice(["", "Mug", "Tea"]),
            )
        )
        for _ in range(60)
    ]
    # The second upload voids orders of the first. Three of its rows lack what that takes.
    rows += {
        1: ["PURCHASED,e,7,2026-01-01,70.00,,Mug", "REFUNDED,e,7,2026-01-20,-7.00,,Mug",
            "PURCHASED,e,8,2026-01-01,80.00,,", "PURCHASED,Ed@Mail.example,9,2026-01-01,90.00,,"],
        2: ["void,e,7,2 Jan 2026,,,Mug", "void,,8,2026-01-01,,,", "void,e,8,2027-01-01,,,",
            "void,e,8,never,,,", "trial,ed@mail.example,9,2026-01-01,,,"],
    }[seed]  # fmt: skip
    header = "EventName,CustomerID,OrderID,Date,Amount,EventID,ProductName"
    return "\n".join([header, *rows, ""]).encode()


MIXED = {"decimal": "dot", "events": {"void": "cancelled_order", "trial": "test_order"}}
PRICED = "CustomerID,Date,Quantity,Price,Amount\n" + "".join(
    f"{n % 7},2024-01-{n % 28 + 1:02d},2,{n}.00,{2 * n - n % 2}.00\n" for n in range(60)
)
# A quote too many: later ones seem to open where they close, and a cut falls inside a cell.
NOTES = 'Note,CustomerID,Date,Quantity,Price,Amount\n5" pipe,0,2024-01-01,1,1.00,1.00\n' + "".join(
    f'"two\nlines",{n % 7},2024-01-{n % 28 + 1:02d},2,{n}.00,{2 * n + 1}.00\n' for n in range(60)
)

# The spellings of a file are compared without a JVM, in the tests of the engine's reading.
CASES = {
    "cdnow": Case(
        {"cdnow.csv": content(EVENTS["cdnow_sample"])},
        {"time_zone": "America/New_York", "window_months": 12},
        "1998-07-01",
    ),
    "online-retail": Case(
        {"retail.csv.gz": retail},
        {"columns": {"order_id": "ProductDescription"}},
        "2011-12-10",
    ),
    "parts": Case(
        {
            "march/1.csv": PEOPLE.encode(),
            "march/2.csv.gz": gzip.compress((HEADER + GOOD.replace(".", ",", 1) * 30).encode()),
            "march/3.csv": (HEADER + BAD * 9).replace(",", "\t").encode("utf-16"),
            "march/4.parquet": typed(),
        },
        {"decimal": "comma", "max_bad_share": 1.0},
        erased=("b", "7"),
    ),
    "subscribers": Case(
        {
            "may/letters.csv": SUBSCRIBERS.encode(),
            "may/yen.csv": file_of("37-yen-thousands").read_bytes(),
        },
        {"time_zone": "America/New_York", "currency": "JPY"},
        "2026-06-01",
    ),
    "overlaps": Case({"january.csv": overlapping(1)}, MIXED, "2026-04-01"),
    "people": Case(
        {
            "may/persons.csv": PERSONS.encode(),
            "may/guests.csv": file_of("05-guest-id-zero").read_bytes(),
            "may/anonymous.csv": file_of("41-quarter-of-rows-without-customer").read_bytes(),
            "may/spellings.csv": file_of("27-idn-and-unicode").read_bytes(),
            "may/blank.csv": file_of("blank-quantity").read_bytes(),
            "may/contacts.csv": CONTACTS.encode(),
        }
    ),
    "payments": Case(
        {"payments.csv": file_of("18-stripe-guest-payments").read_bytes()}, {"mapping": "stripe"}
    ),
    "klaviyo": Case({"metrics.csv": file_of("40-klaviyo-metric-names").read_bytes()}),
    "shopify": Case(
        {
            "may/golden.csv": content(DATA / "golden" / "shopify" / "input.csv"),
            "may/orders.csv": (SHOPIFY + ORDERS * 30).encode(),
        },
        {"currency": "USD", "currency_rates": {"EUR": "1.1", "JPY": "0.0068"}},
        slice_bytes=2000,
    ),
    "signs": Case(
        {
            "may/a.csv": PRICED.encode(),  # amounts that differ from quantity times price
            "may/notes.csv": NOTES.encode(),
            "may/signs.csv": SIGNS.encode(),
        },
        {"max_bad_share": 1.0},
        slice_bytes=500,
    ),
    "too-many-bad": Case({"a.csv": (HEADER + GOOD + BAD * 2).encode()}),
}
REFUSED = ("too-many-bad",)
SECOND = Case({"march.csv": overlapping(2)}, MIXED, "2026-04-01")


def planning(tenant: str, run: str) -> dict[str, str]:
    """Return how Spark plans a run: as Glue does CDNOW's second one."""
    if (tenant, run) == ("cdnow", "r2"):
        return {**INTERPRETED, **AS_GLUE}
    parts = {"spark.sql.shuffle.partitions": "2"} if tenant in IN_PARTS else {}
    return {**INTERPRETED, **PLANNED_ONCE, **parts}


class Shop:
    """Two pairs of buckets with the same uploads, one for each engine. Each case is a tenant."""

    def __init__(self, endpoint: str, folder: Path) -> None:
        self.endpoint, self.folder = endpoint, folder
        session = boto3.Session("testing", "testing", region_name="us-east-1")
        self.s3 = session.client("s3", endpoint_url=endpoint)
        self.stores = {}
        for engine in ENGINES:
            names = (f"data-{engine}", f"identities-{engine}")
            for name in names:
                self.s3.create_bucket(Bucket=name)
            self.stores[engine] = Stores(*(Objects(name, client=self.s3) for name in names))
        secrets = session.client("secretsmanager", endpoint_url=endpoint)
        secrets.create_secret(Name="pseudonyms", SecretString=SECRET)
        self.refused: dict[str, dict[str, list[str] | None]] = {engine: {} for engine in ENGINES}
        self.output = ""

    def upload(self, tenant: str, case: Case, *, run: str = "r1") -> None:
        keys = {
            f"uploads/{tenant}/{name}": body() if callable(body) else body
            for name, body in case.files.items()
        }
        key_of = customer_keys(SECRET.encode(), tenant=tenant)
        mark_of = erased_marks(SECRET.encode(), tenant=tenant)
        for store in self.stores.values():
            for key, body in keys.items():
                store.data.write(key, body)
            if case.erased:
                marks = [mark_of(key_of(each)) for each in case.erased]
                ErasedMarks(store.data, tenant=tenant).write("case-1", marks)
        ticket = ticket_json(
            run_id=run,
            tenant=tenant,
            as_of=case.as_of and dt.date.fromisoformat(case.as_of),
            started_at=dt.datetime(2026, 12, 1, second=int(run[1]), tzinfo=dt.UTC),
            settings=case.settings,
            upload=upload(*keys),
        )
        for store in self.stores.values():
            store.data.write_json(naming.run_key(tenant, run, naming.TICKET), ticket)

    def publish(self, tenant: str) -> None:
        """Let r1 have been published."""
        [summary] = self.files("duckdb", tenant, f"runs/r1/{naming.CUSTOMERS}").values()
        keys = pq.read_table(io.BytesIO(summary)).column("customer_key")[10:]
        file = io.BytesIO()
        pq.write_table(pa.table({"customer_key": keys, "segment": ["Loyal"] * len(keys)}), file)
        before = CASES[tenant].as_of
        partition = naming.profiles_partition(str(before), "r1")
        for store in self.stores.values():
            data = store.data
            data.write(naming.profiles_prefix(tenant) + partition + "part.parquet", file.getvalue())
            data.write_json(naming.latest_key(tenant), {"run_id": "r1", "as_of": before})
            score = naming.run_key(tenant, "r1", naming.SCORE_RECORD)
            data.write_json(score, {"thresholds": {}})

    def again(self, tenant: str, as_of: str) -> None:
        """Let r1 have been published, and the clock start r2 on a later day."""
        self.publish(tenant)
        for store in self.stores.values():
            first = naming.run_key(tenant, "r1", naming.TICKET)
            ticket = {**store.data.read_json(first), "run_id": "r2", "upload": None, "as_of": as_of}
            store.data.write_json(naming.run_key(tenant, "r2", naming.TICKET), ticket)

    def on_duckdb(self, tenant: str, *, run: str = "r1") -> None:
        folder = self.folder / f"{tenant}-{run}"
        folder.mkdir()
        stores = self.stores["duckdb"]
        workspace = Workspace(data=stores.data, identities=stores.identities, tenant=tenant,
                              run_id=run, secret=SECRET.encode(), folder=folder,
                              decided=lambda _, **__: None)  # fmt: skip
        try:
            with duckdb_engine(workspace, memory_limit_mb=512) as engine:
                prepare(PrepareRun.open(workspace), engine)
            end_run(stores.data, stores.identities, tenant=tenant, run_id=run)
            self.refused["duckdb"][tenant] = None
        except TesseraError as error:
            self.refused["duckdb"][tenant] = [type(error).__name__, str(error)]

    def on_spark(self, tenant: str, spark: SparkProcess, *, run: str = "r1") -> None:
        order = ["--tenant", tenant, "--run", run, "--data_bucket", "data-spark",
                 "--identities_bucket", "identities-spark", "--pseudonym_secret", "pseudonyms",
                 "--JOB_NAME", "prepare"]  # fmt: skip
        answer = spark.call(
            "glue_jobs.prepare_events:main",
            order,
            conf=planning(tenant, run),
            patch={"adapters.engines.spark.reading.parts:SLICE_BYTES": CASES[tenant].slice_bytes},
        )
        self.output += answer.printed
        if not answer.error:
            stores = self.stores["spark"]
            end_run(stores.data, stores.identities, tenant=tenant, run_id=run)
        self.refused["spark"].setdefault(tenant, answer.error and list(answer.error))

    def record(self, engine: str, tenant: str, *, run: str = "r1") -> dict[str, Any]:
        record = self.stores[engine].data.read_json(
            naming.run_key(tenant, run, naming.PREPARE_RECORD)
        )
        record.pop("timings")
        return dict(record)

    def files(self, engine: str, tenant: str, prefix: str, *, personal: bool = False):
        store = self.stores[engine].identities if personal else self.stores[engine].data
        return {key: store.read(key) for key in store.keys(naming.tenant_prefix(tenant) + prefix)}

    def rejects(self, engine: str, tenant: str, *, run: str = "r1") -> list[dict[str, str]]:
        [body] = self.files(engine, tenant, f"runs/{run}/{naming.REJECTS}", personal=True).values()
        return list(csv.DictReader(io.StringIO(gzip.decompress(body).decode(), newline="")))


@pytest.fixture(scope="module")
def shop(spark: SparkProcess, aws_server: str, tmp_path_factory) -> Shop:
    shop = Shop(aws_server, tmp_path_factory.mktemp("shop"))
    for tenant, case in CASES.items():
        shop.upload(tenant, case)
        shop.on_duckdb(tenant)
    shop.again("cdnow", "1998-09-01")
    shop.on_duckdb("cdnow", run="r2")
    for tenant in CASES:
        shop.on_spark(tenant, spark)
    shop.on_spark("cdnow", spark, run="r2")
    shop.publish("overlaps")
    shop.upload("overlaps", SECOND, run="r2")
    shop.on_duckdb("overlaps", run="r2")
    shop.on_spark("overlaps", spark, run="r2")
    return shop


DONE = [tenant for tenant in CASES if tenant not in REFUSED]


@pytest.mark.parametrize("tenant", DONE)
def test_both_engines_leave_the_same_record(shop, tenant):
    assert shop.refused["duckdb"][tenant] is None
    assert shop.refused["spark"][tenant] is None
    assert shop.record("spark", tenant) == shop.record("duckdb", tenant)


def test_erased_customers_come_back_on_no_engine(shop):
    assert shop.record("spark", "parts")["rows"]["ignored"]["erased"] >= 6
    for engine in ENGINES:
        [people] = shop.files(engine, "parts", "identities/", personal=True).values()
        ids = pq.read_table(io.BytesIO(people)).column("customer_id").to_pylist()
        assert {*ids} == {"a"}
        assert not [row for row in shop.rejects(engine, "parts") if row["row"].startswith("b;")]


@pytest.mark.parametrize("tenant", DONE)
@pytest.mark.parametrize(
    "folder",
    [
        naming.CUSTOMERS,
        naming.FEATURES,
        naming.BEHAVIOUR_DAYS,
        naming.SUBSCRIPTIONS,
        naming.CUSTOMER_PRODUCTS,
    ],
)
def test_both_engines_leave_the_same_bytes(shop, tenant, folder):
    files = shop.files("spark", tenant, f"runs/r1/{folder}")
    assert files == shop.files("duckdb", tenant, f"runs/r1/{folder}")
    assert len(files) == 1


@pytest.mark.parametrize("tenant", DONE)
def test_both_engines_know_the_same_people_and_events(shop, tenant):
    for prefix in ("identities/", "search/", "order_ids/"):
        people = shop.files("spark", tenant, prefix, personal=True)
        assert people == shop.files("duckdb", tenant, prefix, personal=True)
    events = [shop.files(engine, tenant, "events/") for engine in ENGINES]
    assert [*events[0]] == [*events[1]]  # the same content hash, and names of parts
    for key, body in events[0].items():
        if "/content=" in key:
            assert sorted_rows(events[1][key]).equals(sorted_rows(body))
        else:
            assert events[1][key] == body


def sorted_rows(body: bytes) -> pa.Table:
    table = pq.read_table(io.BytesIO(body)).cast(arrow_schema(tables.EVENTS))
    return table.sort_by([(name, "ascending") for name in table.column_names])


@pytest.mark.parametrize("tenant", [*DONE, "too-many-bad"])
def test_both_engines_refuse_the_same_rows(shop, tenant):
    rejects, expected = (shop.rejects(engine, tenant) for engine in ("spark", "duckdb"))
    assert rejects == expected


@pytest.mark.parametrize("tenant", REFUSED)
def test_both_engines_refuse_an_upload_with_the_same_words(shop, tenant):
    error, message = shop.refused["spark"][tenant]
    assert error == "InvalidInput"
    assert message.replace("-spark", "-duckdb") == shop.refused["duckdb"][tenant][1]
    assert shop.files("spark", tenant, "events/").keys() == shop.files(
        "duckdb", tenant, "events/").keys()  # fmt: skip


def test_both_engines_compare_a_later_day_with_the_previous_run(shop):
    assert shop.record("spark", "cdnow", run="r2") == shop.record("duckdb", "cdnow", run="r2")
    for folder in (naming.CUSTOMERS, naming.PREVIOUS):
        files = shop.files("spark", "cdnow", f"runs/r2/{folder}")
        assert files == shop.files("duckdb", "cdnow", f"runs/r2/{folder}")
    [table] = [body for key, body in files.items() if key.endswith(".parquet")]
    rows = pq.read_table(io.BytesIO(table)).to_pylist()
    assert {row["segment"] for row in rows} == {"Loyal", None}
    assert any(row["corrected_frequency"] for row in rows)
    assert any(row["aged_frequency"] for row in rows)


def test_no_order_counts_below_zero_on_either_engine(shop):
    records = [shop.record(engine, "klaviyo") for engine in ENGINES]
    assert [record["monetary"] for record in records] == ["12762.93"] * 2
    assert records[1]["warnings"][-1].startswith(
        "7 orders gave back more than they cost, by 560.70"
    )


@pytest.mark.parametrize("tenant", ["shopify", "overlaps"])
def test_both_engines_count_the_same_products(shop, tenant):
    record = shop.record("spark", tenant)
    products = record["products"]
    assert products == shop.record("duckdb", tenant)["products"]
    assert products["count"] > 1
    money = Decimal(products["money"]) + Decimal(products["without"])
    assert money == Decimal(record["monetary"])


def test_both_engines_count_uploads_that_overlap_alike(shop):
    record = shop.record("duckdb", "overlaps", run="r2")
    assert shop.record("spark", "overlaps", run="r2") == record
    assert record["history"]["known_orders"]
    assert record["history"]["not_counted"]
    assert record["rows"]["ignored"]["known_already"]
    assert "cancelled, refunded, unpaid or for a test" in " ".join(record["warnings"])
    stored = [shop.files(engine, "overlaps", "events/") for engine in ENGINES]
    voided = [{key: body for key, body in each.items() if "/voided=" in key} for each in stored]
    assert voided[0] == voided[1]
    assert len(voided[0]) == 2
    for folder in (naming.CUSTOMERS, naming.BEHAVIOUR_DAYS):
        files = shop.files("spark", "overlaps", f"runs/r2/{folder}")
        assert files == shop.files("duckdb", "overlaps", f"runs/r2/{folder}")


def test_both_engines_distinguish_late_events_from_corrections_alike(shop):
    files = shop.files("spark", "overlaps", f"runs/r2/{naming.PREVIOUS}")
    assert files == shop.files("duckdb", "overlaps", f"runs/r2/{naming.PREVIOUS}")
    [table] = [body for key, body in files.items() if key.endswith(".parquet")]
    corrected = pq.read_table(io.BytesIO(table)).column("corrected_events").to_pylist()
    [summary] = shop.files("duckdb", "overlaps", f"runs/r2/{naming.CUSTOMERS}").values()
    today = pq.read_table(io.BytesIO(summary)).column("events").to_pylist()
    assert 0 < sum(corrected) < sum(today), "all events are before the previous run's day"


def test_nothing_that_names_a_person_reaches_the_data_bucket_or_the_log(shop):
    store = shop.stores["spark"].data
    everything = shop.output.encode()
    for key in store.keys("tenants/"):
        everything += store.read(key)
        if key.endswith(".parquet"):
            columns = pq.read_table(io.BytesIO(store.read(key))).columns
            everything += repr([column.unique().to_pylist() for column in columns]).encode()
    for personal in (b"example.com", b"555-0100", "Zoë".encode(), SECRET.encode()):
        assert personal not in everything
