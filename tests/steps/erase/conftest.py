"""A shop whose buckets remember versions, with ann in every file that a stage may have."""

from __future__ import annotations

import dataclasses
import datetime as dt
import gzip
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from adapters.engines.duckdb.prepare import duckdb_engine
from adapters.engines.prepare import Workspace
from steps.erase.ages_out import usual_ages_out
from steps.erase.data import erase_data
from steps.erase.destinations import erase_there
from steps.erase.finish import destinations_left, finish, keep_answer
from steps.erase.tools import ErasureTools
from steps.prepare.run import PrepareRun
from steps.prepare.step import prepare
from tessera import naming
from tessera.destinations import catalog
from tessera.destinations.erasing import ErasureAnswer
from tessera.erasure.receipt import Signature
from tessera.erasure.request import ErasureRequest
from tessera.erasure.second_look import ALONE
from tessera.events.pseudonym import address_keys, customer_keys
from tessera.records.codec import encode
from tests.endings import end_run
from tests.steps.erase.versioned import Deaths, VersionedInMemory
from tests.tickets import ticket, upload

SECRET = b"a secret for tests"
NOW = dt.datetime(2026, 12, 5, tzinfo=dt.UTC)
ANN, ANN_MAIL, PHONE = "A-17", "ann@example.com", "+12125550100"
KEY = customer_keys(SECRET, tenant="default")(ANN)
BO_KEY = customer_keys(SECRET, tenant="default")("bo")
RECIPIENT = address_keys(SECRET, tenant="default")(ANN_MAIL)
HEADER = "EventName,CustomerID,OrderID,Date,Amount,Email,Phone,ProductCode\n"
ORDERS = HEADER + (
    f"PURCHASED,{ANN},order-1,2026-01-10,10,{ANN_MAIL},{PHONE},M1\n"
    "PURCHASED,bo,order-2,2026-01-11,17,bo@example.com,,M1\n"
    f'PURCHASED,{ANN},order-3,2026-02-10,30,"{ANN_MAIL}",,M1\n'
    f"PURCHASED,{ANN},order-4,never,30,{ANN_MAIL},,M1\n"
    "PURCHASED,cy,order-5,2026-03-10,40,shared@example.com,,M1\n"
    f"PURCHASED,{ANN},order-6,2026-03-11,50,shared@example.com,,M1\n"
)
GUEST = (
    HEADER
    + f"PURCHASED,,order-7,2026-04-01,5,{ANN_MAIL},,M1\n"
    + ("PURCHASED,bo,order-8,2026-04-02,6,bo@example.com,,M1\n")
)
SECRETS_OF_ANN = (ANN, ANN_MAIL, KEY, PHONE, RECIPIENT, "order-1", "order-3", "order-6")


def table_bytes(columns: dict[str, Any]) -> bytes:
    file = io.BytesIO()
    pq.write_table(pa.table(columns), file)
    return file.getvalue()


def readable(body: bytes) -> str:
    """Return all that a file says, whatever packs it."""
    if body.startswith(b"PAR1"):
        return json.dumps(pq.read_table(io.BytesIO(body)).to_pylist(), default=str)
    if body.startswith(b"PK"):
        archive = zipfile.ZipFile(io.BytesIO(body))
        return " ".join(archive.read(name).decode() for name in archive.namelist())
    if body.startswith(b"\x1f\x8b"):
        body = gzip.decompress(body)
    return body.decode("utf-8", "replace")


class Eraser:
    """A transport that erases, and refuses while it has an error."""

    def __init__(self, error: Exception | None = None) -> None:
        self.error, self.erased = error, []

    def erase(self, person):
        if self.error is not None:
            raise self.error
        self.erased.append(person)
        return ErasureAnswer("deleted")


class NameSigner:
    """Signs by a digest, which is enough for what is not about keys."""

    def sign(self, content: bytes) -> Signature:
        return Signature(algorithm="test", key="k", public_key="", value=str(len(content)))


@dataclasses.dataclass
class ErasedShop:
    """Both buckets, and the steps of an erasure over them."""

    data: VersionedInMemory
    identities: VersionedInMemory
    folder: Path
    deaths: Deaths
    transports: dict[str, object] = dataclasses.field(default_factory=dict)
    waiting: frozenset[str] = frozenset()
    now: dt.datetime = NOW
    longest_write: dt.timedelta = ALONE
    campaigns: Any = None

    def copied(self, folder: Path) -> ErasedShop:
        deaths = Deaths()
        return ErasedShop(
            self.data.copied(deaths), self.identities.copied(deaths), folder, deaths,
            {"webhook": Eraser(), "klaviyo": object()},
        )  # fmt: skip

    def tools(self, case: str = "case-1", tenant: str = "default") -> ErasureTools:
        self.folder.mkdir(exist_ok=True)
        return ErasureTools(
            data=self.data, identities=self.identities, tenant=tenant, case=case, secret=SECRET,
            folder=self.folder, now=lambda: self.now, decided=lambda _, **__: None, at_once=1,
            waiting=self.waiting, campaigns=self.campaigns,
        )  # fmt: skip

    def ask(self, *terms: str, case: str = "case-1", tenant: str = "default") -> None:
        self.tools(case, tenant).files.open(
            ErasureRequest(case=case, tenant=tenant, terms=terms, requested_at=NOW)
        )

    def go_on(self, case: str = "case-1", tenant: str = "default") -> dict[str, Any]:
        """Carry out what is left, as the state machine does. Return the receipt's document."""
        tools = self.tools(case, tenant)
        erase_data(tools)
        for name in destinations_left(tools.files):
            answer = erase_there(
                tools.files, name=name, vendor=catalog.CATALOG[name],
                transport=self.transports.get(name),
            )  # fmt: skip
            keep_answer(tools.files, answer)
        ages = usual_ages_out(
            upload_days=30, reject_days=30, run_days=400, access_log_days=90, noncurrent_days=30
        )
        return finish(tools.files, signer=NameSigner(), ages_out=ages, now=self.now,
            longest_write=self.longest_write,
        )  # fmt: skip

    def erase(self, *terms: str, case: str = "case-1", tenant: str = "default") -> dict[str, Any]:
        self.ask(*terms, case=case, tenant=tenant)
        return self.go_on(case, tenant)["receipt"]

    def hits(self, *texts: str) -> list[str]:
        """Return where any of some texts is, in both buckets and all versions."""
        bodies = {**self.data.everything(), **self.identities.everything()}
        return [
            f"{name}: {text}"
            for name, body in bodies.items()
            for text in texts
            if text in readable(body) or text in name
        ]


def _prepare(shop: ErasedShop, folder: Path, *, run_id: str, key: str, text: str) -> None:
    shop.data.write(key, text.encode())
    work = folder / run_id
    work.mkdir(parents=True)
    workspace = Workspace(
        data=shop.data, identities=shop.identities, tenant="default", run_id=run_id,
        secret=SECRET, folder=work, decided=lambda _, **__: None,
    )  # fmt: skip
    started = dt.datetime(2026, 12, 1, second=int(run_id[1:]), tzinfo=dt.UTC)
    run = PrepareRun(
        ticket=ticket(
            run_id=run_id, started_at=started, upload=upload(key),
            settings={"max_bad_share": 0.5},
        ),
        workspace=workspace,
    )  # fmt: skip
    shop.data.write_json(workspace.key(naming.TICKET), encode(run.ticket))
    with duckdb_engine(workspace, memory_limit_mb=512) as engine:
        prepare(run, engine)
    end_run(shop.data, shop.identities, run_id=run_id, ending="well")


def _add_files(shop: ErasedShop) -> None:
    """Add what later steps of runs, sources and campaigns leave."""
    run = naming.run_prefix("default", "r1")
    there = f"{run}destinations/webhook/"
    profiles = {"customer_key": sorted([KEY, BO_KEY]), "segment": ["a", "b"]}
    partition = naming.profiles_partition("2026-05-01", "r1")
    shop.data.write(
        naming.profiles_prefix("default") + partition + "part-0.parquet", table_bytes(profiles)
    )
    shop.data.write_json(f"{run}insights.json", {"money": 12, "customers": 17})
    shop.data.write(f"{run}report.html", b"<p>3 customers</p>")
    for name in ("webhook", "klaviyo"):
        ledger = naming.ledger_prefix("default", name)
        lines = "".join(sorted([f"{KEY},d,,{ANN}\n", f"{BO_KEY},d,,bo\n"]))
        shop.identities.write(f"{ledger}base.csv.gz", gzip.compress(lines.encode()))
    lines = "".join(
        json.dumps({"key": key, "customer_id": name, "content": {"email": mail}}) + "\n"
        for key, name, mail in ((KEY, ANN, ANN_MAIL), (BO_KEY, "bo", "bo@example.com"))
    )
    shop.identities.write(f"{there}part-00000.jsonl", lines.encode())
    refusal = {"key": KEY, "customer_id": ANN, "code": "400", "message": f"{ANN_MAIL} is wrong"}
    result = {"rows": 2, "sent": 1, "requests": 1, "refused": [refusal]}
    shop.identities.write_json(f"{there}results/0.json", result)
    block = gzip.compress(json.dumps({"key": KEY, "email": ANN_MAIL}).encode())
    shop.identities.write(f"{there}{naming.CONTENTS}blocks.gz", block)
    shop.identities.write_json(f"{there}{naming.CONTENTS}index.json", {"blocks": [BO_KEY]})
    shop.identities.write(
        f"{run}destinations/export/segments/_RFM_Lost.csv",
        f"customer_id,email,frequency\n{ANN},{ANN_MAIL},1\nbo,bo@example.com,17\n".encode(),
    )
    raw = naming.raw_prefix("default", "database-orders")
    shop.identities.write(
        f"{raw}1.parquet",
        table_bytes({"order": ["x", "y"], "customer_id": [ANN, "bo"], "note": [None, "n"]}),
    )
    campaign = naming.campaign_run_prefix("default", "win-back-r001")
    chunk = {"name": "chunks/000001.json", "recipients": [
        {"recipient": RECIPIENT, "customer_key": KEY, "address": ANN_MAIL},
        {"recipient": "b" * 32, "customer_key": BO_KEY, "address": "bo@example.com"},
    ]}  # fmt: skip
    shop.identities.write_json(f"{campaign}chunks/000001.json", chunk)
    entry = {"name": "chunks/000001.json", "sha256": "of the file", "recipients": 2}
    manifest = {"chunks": [entry], "holdout": []}
    shop.identities.write_json(campaign + naming.MANIFEST, manifest)
    shop.identities.write_json(
        campaign + naming.CAMPAIGN_EXITS, {"recipients": [RECIPIENT, "b" * 32], "profiles": "r1"}
    )
    workbook = io.BytesIO()
    with zipfile.ZipFile(workbook, "w") as archive:
        archive.writestr("xl/sharedStrings.xml", f"<si><t>{ANN}</t></si>")
    shop.data.write("uploads/book.xlsx", workbook.getvalue())
    # Versions: an upload that was replaced, and one that was deleted.
    shop.data.write("uploads/old.csv", ORDERS.encode())
    shop.data.write("uploads/old.csv", (HEADER + ORDERS.splitlines()[2] + "\n").encode())
    shop.data.write("uploads/gone.csv", ORDERS.encode())
    shop.data.delete(["uploads/gone.csv"])
    shop.data.write("uploads/other/orders.csv", ORDERS.encode())  # another shop's customer


@pytest.fixture(scope="module")
def stored_shop(tmp_path_factory) -> ErasedShop:
    folder, deaths = tmp_path_factory.mktemp("shop"), Deaths()
    shop = ErasedShop(
        VersionedInMemory("data", deaths), VersionedInMemory("identities", deaths), folder, deaths
    )
    _prepare(shop, folder, run_id="r1", key="uploads/orders.csv", text=ORDERS)
    _prepare(shop, folder, run_id="r2", key="uploads/guests.csv", text=GUEST)
    _add_files(shop)
    return shop


@pytest.fixture
def shop(stored_shop, tmp_path) -> ErasedShop:
    return stored_shop.copied(tmp_path / "work")
