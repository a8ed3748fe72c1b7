"""Prepare as its container runs it, against S3 and Secrets Manager."""

from __future__ import annotations

import csv
import dataclasses
import datetime as dt
import gzip
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import boto3
import pyarrow.parquet as pq
import pytest

from adapters.aws.objects import Objects
from tessera import naming
from tessera.records.runs.ticket import Upload
from tests import reference
from tests.endings import end_run
from tests.tickets import ticket_json, upload

SECRET = "a secret that no customer knows"
HEADER = "CustomerID,Date,UnitPrice,Quantity,Address\n"
DATA, IDENTITIES = "data", "identities"

Call = Callable[..., subprocess.CompletedProcess[str]]


@dataclasses.dataclass(frozen=True)
class Aws:
    """An embedded AWS, and clients of it that all tests share."""

    endpoint: str
    s3: Any
    secrets: Any


@pytest.fixture(scope="module")
def aws(aws_server: str) -> Aws:
    session = boto3.Session("testing", "testing", region_name="us-east-1")
    s3, secrets = (
        session.client(name, endpoint_url=aws_server) for name in ("s3", "secretsmanager")
    )
    return Aws(aws_server, s3, secrets)


class Shop:
    """A tenant with an empty history, its buckets, and a container to run Prepare in."""

    def __init__(self, aws: Aws, root: Path, folder: Path, name: str, call: Call) -> None:
        self.environment = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(root),
            "AWS_ACCESS_KEY_ID": "testing",
            "AWS_SECRET_ACCESS_KEY": "testing",
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_ENDPOINT_URL": aws.endpoint,
            "ML_ROOT": str(folder / "ml"),
            "DATA_BUCKET": f"{DATA}-{name}",
            "IDENTITIES_BUCKET": f"{IDENTITIES}-{name}",
            "PSEUDONYM_SECRET": f"pseudonyms-{name}",
            "MEMORY_LIMIT_MB": "512",
        }
        self.s3 = aws.s3
        for bucket in (DATA, IDENTITIES):
            self.s3.create_bucket(Bucket=f"{bucket}-{name}")
        aws.secrets.create_secret(Name=f"pseudonyms-{name}", SecretString=SECRET)
        self.name, self.folder, self.runs = name, folder, 0
        self.call = call

    def ticket(self, files: dict[str, bytes], **fields: Any) -> str:
        """Upload files and write the ticket of a run about them. Return the run."""
        self.runs += 1
        run = f"run{self.runs}"
        for key, body in files.items():
            self.s3.put_object(Bucket=f"{DATA}-{self.name}", Key=key, Body=body)
        if "as_of" in fields:
            fields["as_of"] = dt.date.fromisoformat(fields["as_of"])
        ticket = ticket_json(
            run_id=run,
            started_at=dt.datetime(2026, 1, 1, second=self.runs, tzinfo=dt.UTC),
            **({"upload": upload(*files)} if files else {}),
            **fields,
        )
        self.put_json(naming.run_key("default", run, naming.TICKET), ticket)
        return run

    def put_json(self, key: str, value: object) -> None:
        self.s3.put_object(Bucket=f"{DATA}-{self.name}", Key=key, Body=json.dumps(value).encode())

    def start(self, run: str) -> subprocess.CompletedProcess[str]:
        return self.call("prepare", ["--tenant", "default", "--run", run], env=self.environment)

    def in_a_process(self, command: list[str]) -> None:
        """From now on, start a process for each run, with no other environment than a container."""

        def call(
            name: str, arguments: Sequence[str], *, env: Mapping[str, str]
        ) -> subprocess.CompletedProcess[str]:
            return subprocess.run(
                [*command, name, *arguments],
                env=env, capture_output=True, text=True, check=False, cwd=self.folder,
            )  # fmt: skip

        self.call = call

    def prepare(self, files: dict[str, bytes], **fields: Any) -> dict[str, Any]:
        """Run Prepare, end its run well and return prepare.json."""
        run = self.ticket(files, **fields)
        done = self.start(run)
        assert done.returncode == 0, done.stdout + done.stderr
        data, identities = (
            Objects(f"{bucket}-{self.name}", client=self.s3) for bucket in (DATA, IDENTITIES)
        )
        end_run(data, identities, run_id=run)
        return json.loads(self.read(naming.run_key("default", run, naming.PREPARE_RECORD)))

    def refusal(self, files: dict[str, bytes], **fields: Any) -> str:
        """Run Prepare, which must stop, and return what it says."""
        done = self.start(self.ticket(files, **fields))
        assert done.returncode == 1, done.stdout + done.stderr
        message = json.loads((self.folder / "ml/output/message").read_text())
        assert message["error"] == "InvalidInput"
        assert len(json.dumps(message)) <= 1024
        return str(message["message"])

    def read(self, key: str, *, bucket: str = DATA) -> bytes:
        body = self.s3.get_object(Bucket=f"{bucket}-{self.name}", Key=key)["Body"]
        return bytes(body.read())

    def keys(self, bucket: str, prefix: str = "") -> list[str]:
        listing = self.s3.list_objects_v2(Bucket=f"{bucket}-{self.name}", Prefix=prefix)
        return [item["Key"] for item in listing.get("Contents", [])]

    def table(self, key: str, *, bucket: str = DATA) -> list[dict[str, Any]]:
        path = self.folder / "table.parquet"
        path.write_bytes(self.read(key, bucket=bucket))
        return pq.read_table(path).to_pylist()

    def customers(self) -> bytes:
        """The latest run's customer summary."""
        return self.read(naming.run_key("default", f"run{self.runs}", "customers/part-0.parquet"))

    def rejects(self) -> list[dict[str, str]]:
        key = naming.run_key("default", f"run{self.runs}", naming.REJECTS)
        text = gzip.decompress(self.read(key, bucket=IDENTITIES)).decode()
        return list(csv.DictReader(text.splitlines()))


@pytest.fixture
def shop(
    aws: Aws, root: Path, tmp_path: Path, request: pytest.FixtureRequest, call_job: Call
) -> Shop:
    return Shop(aws, root, tmp_path, f"shop{abs(hash(request.node.name)) % 10**9}", call_job)


def rows(*lines: str) -> bytes:
    return (HEADER + "".join(line + "\n" for line in lines)).encode()


def test_a_real_history_becomes_its_customers(shop):
    shop.in_a_process([sys.executable, "-m", "sagemaker_jobs"])
    body = reference.EVENTS["cdnow_sample"].read_bytes()
    record = shop.prepare({"uploads/cdnow.csv.gz": body}, as_of="1998-07-01")
    assert record["rows"] == {"read": 6919, "accepted": 6919, "ignored": {}, "rejected": {}}
    assert (record["customers"], record["buyers"]) == (2357, 2357)
    assert record["monetary"] == "244091.94"
    assert record["as_of"] == "1998-07-01"
    assert record["reupload"] == "new"
    assert record["decimal"] == "dot"
    assert record["history"]["events"] == 6919
    assert [item["key"].rsplit("/", 2)[1] for item in record["outputs"]] == [
        "customers", "features", "behaviour_days", "subscriptions", "customer_products",
        "attributes",
    ]  # fmt: skip
    assert set(record["timings"]) == {
        "read_s", "check_s", "summarise_s", "write_s", "index_s", "attributes_s", "total_s",
    }  # fmt: skip


def zip_app(root: Path, path: Path, *, vendored: dict[str, str] | None = None) -> Path:
    """Pack the jobs as the asset does, with some modules under vendor/."""
    with zipfile.ZipFile(path, "w") as archive:
        for package in ("sagemaker_jobs", "steps", "adapters", "tessera"):
            for file in (root / package).rglob("*"):
                if file.suffix in (".py", ".toml"):
                    archive.write(file, file.relative_to(root))
        archive.write(root / "sagemaker_jobs/__main__.py", "__main__.py")
        for name, body in (vendored or {}).items():
            archive.writestr(f"vendor/{name}", body)
    return path


def test_it_runs_from_the_zip_with_the_installed_engine(shop, root, tmp_path):
    """The vendored one would fail: an installed engine wins."""
    broken = {"duckdb/__init__.py": "raise ImportError('the vendored engine was imported')"}
    app = zip_app(root, tmp_path / "app.zip", vendored=broken)
    shop.environment.pop("PYTHONPATH")
    shop.in_a_process([sys.executable, str(app)])
    record = shop.prepare({"uploads/a.csv": rows("a,2024-01-01,5,1,")})
    assert record["customers"] == 1


def test_without_an_installed_engine_the_vendored_one_is_unpacked(root, tmp_path):
    """Run without site-packages. A stand-in for the engine shows where it was imported from."""
    engine = "import sys\nsys.exit(f'vendored engine from {__file__}')\n"
    app = zip_app(root, tmp_path / "app.zip", vendored={"duckdb/__init__.py": engine})
    with zipfile.ZipFile(app) as source, zipfile.ZipFile(tmp_path / "lean.zip", "w") as lean:
        for name in source.namelist():
            if name != "sagemaker_jobs/prepare/__main__.py":
                lean.writestr(name, source.read(name))
        lean.writestr("sagemaker_jobs/prepare/__main__.py", "def main():\n    import duckdb\n")
    command = [sys.executable, "-I", "-S", str(tmp_path / "lean.zip"), "prepare"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert done.returncode == 1
    assert "vendored engine from" in done.stderr
    unpacked = Path(done.stderr.strip().removeprefix("vendored engine from "))
    assert unpacked.parts[-3:] == ("vendor", "duckdb", "__init__.py")
    assert not unpacked.exists(), "it leaves nothing behind"


def test_the_same_bytes_again_change_nothing(shop):
    body = rows("a,2024-01-01,5,1,", "b,2024-01-02,5,1,")
    assert shop.prepare({"uploads/a.csv": body})["reupload"] == "new"
    before, customers = shop.keys(DATA, "tenants/default/events/"), shop.customers()
    again = shop.prepare({"uploads/a.csv": body})
    assert again["reupload"] == "unchanged"
    assert again["history"]["events"] == 2
    assert shop.keys(DATA, "tenants/default/events/") == before
    assert shop.customers() == customers


def test_a_new_version_of_a_key_replaces_its_events_and_identities(shop):
    shop.prepare({"uploads/a.csv": rows("a,2024-01-01,5,1,")})
    record = shop.prepare({"uploads/a.csv": rows("b,2024-01-01,7,1,", "b,2024-01-02,7,1,")})
    assert record["reupload"] == "replaced"
    assert record["history"] == {
        "uploads": 1,
        "events": 2,
        "first_event_at": "2024-01-01T00:00:00+00:00",
        "last_event_at": "2024-01-02T00:00:00+00:00",
        "known_orders": 0,
        "not_counted": 0,
        "converted_uploads": 0,
        "withdrawn": 0,
    }
    [identities] = shop.keys(IDENTITIES, "tenants/default/identities/")
    assert [row["customer_id"] for row in shop.table(identities, bucket=IDENTITIES)] == ["b"]


def test_uploads_add_up_and_an_event_id_counts_once(shop):
    header = b"customer_id,date,amount,event_id\n"
    shop.prepare({"uploads/1.csv": header + b"a,2024-01-01,5,e1\na,2024-01-02,5,e2\n"})
    record = shop.prepare({"uploads/2.csv": header + b"a,2024-01-02,5,e2\na,2024-01-03,5,e3\n"})
    assert record["rows"]["ignored"] == {"duplicate_event": 1}
    assert record["rows"]["accepted"] == 1
    assert (record["orders"], record["monetary"]) == (3, "15.00")


def test_events_outside_the_period_are_kept_but_not_counted(shop):
    body = rows("a,2020-01-01,1,1,", "a,2023-06-01,2,1,", "b,2024-02-01,4,1,")
    settings = {"window_months": 12}
    record = shop.prepare({"uploads/a.csv": body}, as_of="2024-01-01", settings=settings)
    assert record["rows"]["ignored"] == {"after_as_of": 1, "before_window": 1}
    assert (record["rows"]["accepted"], record["customers"], record["monetary"]) == (1, 1, "2.00")
    assert record["history"]["events"] == 3
    later = shop.prepare({}, as_of="2024-03-01", trigger="schedule", settings=settings)
    assert (later["customers"], later["monetary"]) == (2, "6.00")
    assert later["rows"]["read"] == 0


def test_too_many_bad_rows_stop_the_run_and_store_nothing(shop):
    body = rows("a,2024-01-01,5,1,", "b,yesterday,5,1,", "4.6E+17,2024-01-01,5,1,")
    message = shop.refusal({"uploads/a.csv": body})
    assert "2 of 3 rows are bad" in message
    assert "bad_date 1" in message
    assert "doubtful_id 1" in message
    assert "max_bad_share" in message
    assert [(row["line"], row["code"]) for row in shop.rejects()] == [
        ("3", "bad_date"),
        ("4", "doubtful_id"),
    ]
    assert shop.keys(DATA, "tenants/default/events/") == []
    assert shop.keys(IDENTITIES, "tenants/default/identities/") == []


def test_rejects_are_never_formulas(shop):
    body = rows("=cmd(),never,1,1,", *[f"c{i},2024-01-01,1,1," for i in range(9)])
    shop.prepare({"uploads/a.csv": body})
    [reject] = shop.rejects()
    assert reject["row"] == "'=cmd(),never,1,1,"
    assert reject["column"] == "Date"


def test_a_folder_of_parts_is_one_upload(shop):
    record = shop.prepare(
        {
            "uploads/default/march/1.csv": rows("a,2024-01-01,5,1,"),
            "uploads/default/march/2.csv": b"Date;customer id;unit price\n2024-01-02;a;2,50\n",
        }
    )
    assert record["rows"]["accepted"] == 2
    assert record["monetary"] == "7.50"
    assert len(record["inputs"]) == 2


def test_nothing_that_names_a_person_reaches_the_data_bucket_or_the_log(shop):
    person = "ann-4711,2024-01-01,5,1,ann@example.com"
    run = shop.ticket({"uploads/a.csv": rows(person, "bad-row-4711,never,1,1,bo@example.com")},
                      settings={"max_bad_share": 1.0})  # fmt: skip
    done = shop.start(run)
    assert done.returncode == 0
    written = [key for key in shop.keys(DATA) if not key.startswith("uploads/")]
    everything = done.stdout.encode() + done.stderr.encode()
    for key in written:
        everything += shop.read(key)
        if key.endswith(".parquet"):
            everything += repr(shop.table(key)).encode()
    for personal in (b"4711", b"example.com", SECRET.encode()):
        assert personal not in everything


PEOPLE = (
    b"CustomerID,E-mail,Plan,Fee,Churned\n"
    b"ann-4711,ann@example.com,Gold,9.5,no\nbo-4711,bo@example.com,Basic,5,yes\n"
    b"cy-4711,cy@example.com,Gold,9.5,\nann-4712,,Basic,5,no\n"
)
EVENTS = rows("ann-4711,2024-01-01,5,1,", "bo-4711,2024-01-02,5,1,")


def attributes_of(shop: Shop, body: bytes, key: str = "uploads/attributes/people.csv") -> Upload:
    """Upload a file of attributes and return what a ticket says of it."""
    shop.s3.put_object(Bucket=f"{DATA}-{shop.name}", Key=key, Body=body)
    return upload(key)


def attributes(shop):
    """Return the latest run's attributes by plan and label, and the columns."""
    rows = shop.table(naming.run_key("default", f"run{shop.runs}", "attributes/part-0.parquet"))
    columns = list(rows[0]) if rows else []
    values = sorted((str(r["observed_at"]), str(r["Plan"]), str(r["churn_label"])) for r in rows)
    return values, columns


def test_without_attributes_there_are_no_rows_of_them(shop):
    record = shop.prepare({"uploads/a.csv": EVENTS})
    assert record["attributes"] == {"uploads": [], "rows": 0}
    assert attributes(shop) == ([], [])


def test_attributes_count_from_the_run_that_brings_them_on(shop):
    shop.prepare({"uploads/a.csv": EVENTS})
    record = shop.prepare({}, attributes=attributes_of(shop, PEOPLE))
    assert (record["customers"], record["as_of"]) == (2, "2024-01-03")
    assert record["attributes"]["rows"] == 4
    [upload] = record["attributes"]["uploads"]
    assert upload["notes"] == ["'E-mail' was omitted: personal details do not belong in a model"]
    assert [file["key"] for file in record["inputs"]] == ["uploads/attributes/people.csv"]
    assert [f["key"].rsplit("/", 2)[1] for f in record["outputs"]][-1] == "attributes"
    day = "2024-01-03"
    known = [(day, "Basic", "False"), (day, "Basic", "True"), (day, "Gold", "False"),
             (day, "Gold", "None")]  # fmt: skip
    columns = ["customer_key", "observed_at", "churn_label", "Fee", "Plan"]
    assert attributes(shop) == (known, columns)
    shop.prepare({}, as_of="2024-02-01", trigger="schedule")
    assert attributes(shop) == (known, columns), "they describe the day that they came"
    fresh = b"customer_id,plan,as of\nann-4711,Basic,2024-02-01\n"
    described = attributes_of(shop, fresh, "uploads/attributes/fresh.csv")
    shop.prepare({}, as_of="2024-02-01", attributes=described)
    assert attributes(shop)[0] == [*known, ("2024-02-01", "Basic", "None")]


def test_attributes_that_come_before_any_event_wait_for_it(shop):
    refusal = shop.start(shop.ticket({}, attributes=attributes_of(shop, PEOPLE)))
    assert refusal.returncode == 1
    assert shop.prepare({"uploads/a.csv": EVENTS})["attributes"]["rows"] == 4


def test_settings_say_which_column_is_the_label_and_which_to_ignore(shop):
    shop.prepare({"uploads/a.csv": EVENTS})
    described = attributes_of(shop, PEOPLE.replace(b"Fee", b"Paused").replace(b"9.5", b"1"))
    shop.prepare({}, attributes=described)
    assert [row["churn_label"] for row in attributes_rows(shop)].count(True) == 1
    settings = {"churn_label": "paused", "churn_ignore": ["Churned"]}
    message = shop.refusal({}, settings=settings)
    assert "names a column with values that are neither yes nor no" in message
    shop.prepare({}, settings={"churn_ignore": ["paused"]})
    assert attributes(shop)[1] == ["customer_key", "observed_at", "churn_label", "Plan"]


def attributes_rows(shop):
    return shop.table(naming.run_key("default", f"run{shop.runs}", "attributes/part-0.parquet"))


def test_unsound_attributes_are_refused_and_leave_what_was_there(shop):
    shop.prepare({"uploads/a.csv": EVENTS})
    shop.prepare({}, attributes=attributes_of(shop, PEOPLE))
    before = shop.keys(DATA, "tenants/default/attributes/")
    twice = PEOPLE + b"ann-4711,,Gold,1,no\n"
    message = shop.refusal({}, attributes=attributes_of(shop, twice))
    assert "uploads/attributes/people.csv, lines 2 and 6 are about the same customer" in message
    other = b"customer_id,fee\na,low\nb,low\nc,high\nd,high\n"
    described = attributes_of(shop, other, "uploads/attributes/other.csv")
    assert "numbers and texts in column 'Fee'" in shop.refusal({}, attributes=described)
    assert shop.keys(DATA, "tenants/default/attributes/") == before


def test_attributes_name_nobody_in_the_data_bucket_or_the_log(shop):
    shop.prepare({"uploads/a.csv": EVENTS})
    done = shop.start(shop.ticket({}, attributes=attributes_of(shop, PEOPLE)))
    assert done.returncode == 0, done.stderr
    everything = done.stdout.encode() + done.stderr.encode()
    for key in shop.keys(DATA, "tenants/"):
        everything += shop.read(key)
        if key.endswith(".parquet"):
            everything += repr(shop.table(key)).encode()
    assert b"Gold" in everything
    for personal in (b"4711", b"4712", b"example.com"):
        assert personal not in everything


def test_a_file_that_is_no_upload_is_refused_by_name(shop):
    message = shop.refusal({"uploads/people.csv": b"Name,Age\nx,1\n"})
    assert "uploads/people.csv" in message


def test_money_of_two_currencies_is_never_added(shop):
    body = b"customer_id,date,amount,currency\na,2024-01-01,5,EUR\n"
    shop.prepare({"uploads/a.csv": body}, settings={"currency": "EUR"})
    other = body.replace(b"EUR", b"USD")
    message = shop.refusal({"uploads/b.csv": other}, settings={"currency": "USD"})
    for part in ("'uploads/a.csv' is stored in EUR", "says USD", "'currency_rates'"):
        assert part in message
    assert "EUR" in shop.refusal({}, trigger="schedule", settings={"currency": "USD"})
    replaced = shop.prepare({"uploads/a.csv": other}, settings={"currency": "USD"})
    assert (replaced["currency"], replaced["monetary"]) == ("USD", "5.00")
