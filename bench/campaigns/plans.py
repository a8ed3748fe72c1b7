"""What the plan of a campaign costs: a million customers, from stored files to files of chunks.

Customers are made up: the profiles of a run, the identities of four uploads, and the answers of a
table with a row of consent for each. A process reads and plans them as the function does, its
buckets being folders. The SDK parses the table's answers, and no network is measured.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import botocore.parsers
import botocore.session
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from adapters.campaigns.consent_rows import ConsentRows
from adapters.campaigns.keys import consent_pk
from adapters.campaigns.taken import PlannedFiles
from adapters.engines.duckdb.query import DuckDBEngine
from adapters.stores.keyed_table import Item
from adapters.stores.records import write_record
from adapters.tables.parquet import arrow_schema, write_batches
from bench.api import TENANT, insights_of
from bench.folder_objects import FolderObjects
from bench.measure import Measured, command
from bench.report import Ratio, Section
from steps.campaign.plan_run import RunPlan, plan_run
from steps.campaign.planning.audience import plan_sources
from steps.campaign.planning.services import ENGINE_MB, PlanningServices
from tessera import naming
from tessera.campaigns.consent.brief import facts_of
from tessera.campaigns.consent.row import ConsentRow
from tessera.campaigns.definitions.document import parse_definition
from tessera.campaigns.events.reading import MessageEvent
from tessera.campaigns.planning.manifest import RunManifest
from tessera.campaigns.sending.states import CampaignRun, new_run
from tessera.contracts.table import Table
from tessera.contracts.tables import IDENTITIES, PROFILES
from tessera.events.pseudonym import address_keys
from tessera.records.runs.latest import Latest
from tessera.records.runs.ticket import Ticket
from tessera.settings import RunSettings

ROOT = Path(__file__).resolve().parents[2]
CUSTOMERS = 1_000_000
_BATCH, _UPLOADS, _ITEMS_PER_ANSWER = 50_000, 4, 2_500
_SECONDS, _MB = 30.0, 1000.0
_RUN = "bench-r001"
_NOW = dt.datetime(2026, 12, 1, 6, tzinfo=dt.UTC)
_NOW_US, _DAY_US = int(_NOW.timestamp()) * 1_000_000, 86_400_000_000
_KEY_OF = address_keys(b"a secret of the bench", tenant=TENANT)
_TEMPLATE = {"id": "news", "version": 1}
_WORDS = {
    "segment": ["Champions", "Loyal", "At Risk", "Can't Lose Them"],
    "churn_band": ["High", "Middle", "Low"],
    "value_tier": ["High", "Middle", "Low"],
    "country": ["DE", "US", "France", "GB", None],
}
_DEFINITION = {
    "id": "bench",
    "name": "Bench",
    "audience": {
        "segments": _WORDS["segment"],
        "conditions": {"any": [{"column": "monetary", "from": 0}]},
    },
    "variants": [
        {"name": "a", "share": 0.5, "template": _TEMPLATE},
        {"name": "b", "share": 0.5, "template": _TEMPLATE},
    ],
    "schedule": {"kind": "once", "first_day": "2026-12-01"},
    "again_after_days": 30,
}


def measure(*, say: Callable[[str], None]) -> Section:
    """Plan a run for a million customers with a row of consent each."""
    with tempfile.TemporaryDirectory() as folder:
        say(f"made-up files of {CUSTOMERS:,} customers")
        _make(Path(folder), CUSTOMERS)
        say(f"the plan of a campaign for {CUSTOMERS:,} customers")
        imports, planned = _process(), _process(folder)
    seconds = planned.cpu_seconds - imports.cpu_seconds
    lines = (
        f"{CUSTOMERS:,} customers, each with an address and a row of consent, one in twenty opted "
        f"out: {seconds:.1f} s of processor time from stored files and the table's "
        f"answers to the files of all chunks, and {planned.peak_mb:.0f} MB at the peak.",
    )
    ratios = (
        Ratio("campaigns: seconds to plan a million customers", seconds, _SECONDS),
        Ratio("campaigns: MB at the peak of that plan", planned.peak_mb, _MB),
    )
    return Section("Campaigns", lines, ratios)


def _process(*folder: str) -> Measured:
    """Return what a process takes. Without a folder it only imports what a plan needs."""
    return command([sys.executable, "-m", "bench.campaigns.plans", *folder], cwd=ROOT)


# ---- what a run and uploads leave ---------------------------------------------------------------


def _make(folder: Path, customers: int) -> None:
    data, made = FolderObjects(folder / "data"), insights_of(customers)
    write_batches(
        folder / "data" / made.profiles / "part-0.parquet", _rows(PROFILES, 0, customers), PROFILES
    )
    share = customers // _UPLOADS
    for upload in range(_UPLOADS):
        key = naming.identities_prefix(TENANT, f"u{upload}") + "content=c/part-00000.parquet"
        first = upload * share
        last = customers if upload == _UPLOADS - 1 else first + share
        write_batches(folder / "identities" / key, _rows(IDENTITIES, first, last), IDENTITIES)
    ticket = Ticket.issue(
        tenant=TENANT, trigger="schedule", settings=RunSettings(), started_at=_NOW
    )
    write_record(ticket, data, naming.run_key(TENANT, made.run_id, naming.TICKET))
    write_record(made, data, naming.run_key(TENANT, made.run_id, naming.INSIGHTS))
    write_record(Latest(run_id=made.run_id, as_of=made.as_of), data, naming.latest_key(TENANT))
    data.write_json(
        naming.published_template_key(TENANT, "news", 1), {"text": "{{ customer.monetary }}"}
    )
    _write_answers(folder / "table", customers)


def _rows(contract: Table, first: int, last: int) -> Iterator[pa.Table]:
    schema = arrow_schema(contract)
    for start in range(first, last, _BATCH):
        numbers = np.arange(start, min(start + _BATCH, last))
        chance = np.random.default_rng(start)
        yield pa.table([_column(field, numbers, chance) for field in schema], schema=schema)


def _column(field: pa.Field, numbers: NDArray[np.int64], chance: np.random.Generator) -> pa.Array:
    rows, kind = len(numbers), field.type
    texts: Mapping[str, Callable[[], Sequence[str]]] = {
        "customer_key": lambda: [f"{number:08x}-0000-8000-8000-000000000000" for number in numbers],
        "customer_id": lambda: [f"C{number:08d}" for number in numbers],
        "channel_type": lambda: ["EMAIL"] * rows,
        "address": lambda: [_address(number) for number in numbers],
    }
    if field.name in texts:
        return pa.array(texts[field.name]())
    if field.name in _WORDS:
        words = np.array(_WORDS[field.name], np.object_)
        return pa.array(words[chance.integers(0, len(words), rows)].tolist(), kind)
    make = next((make for is_kind, make in _KINDS if is_kind(kind)), None)
    return pa.nulls(rows, kind) if make is None else pa.array(make(chance, rows)).cast(kind)


_KINDS: list[tuple[Callable[[pa.DataType], bool], Callable[[np.random.Generator, int], Any]]] = [
    (pa.types.is_timestamp, lambda chance, rows: _NOW_US - chance.integers(0, 700, rows) * _DAY_US),
    (pa.types.is_decimal, lambda chance, rows: [
        Decimal(one).scaleb(-2) for one in chance.integers(0, 50_000, rows).tolist()
    ]),
    (pa.types.is_integer, lambda chance, rows: chance.integers(1, 6, rows)),
    (pa.types.is_date, lambda _, rows: np.full(rows, 20_000, np.int32)),
]  # fmt: skip


def _address(number: int) -> str:
    return f"customer{number}@mail{number % 7}.example"


def _write_answers(folder: Path, customers: int) -> None:
    """Write what DynamoDB answers: the rows of consent, by recipient."""
    folder.mkdir()
    granted = ConsentRow(recipient="0" * 32, state="granted", basis="express", source="import",
                         at=_NOW - dt.timedelta(days=90), proof="form")  # fmt: skip
    left = dataclasses.replace(granted, state="withdrawn", basis=None, source="unsubscribe_link",
                               at=_NOW)  # fmt: skip
    rows = sorted(
        (_KEY_OF(_address(number)), row.at.isoformat(), facts_of(row))
        for number in range(customers)
        for row in ((granted, left) if number % 20 == 0 else (granted,))
    )
    for start in range(0, len(rows), _ITEMS_PER_ANSWER):
        items = [
            {"sk": {"S": f"{recipient}#{at}#0123456789abcdef"}, "brief": {"S": facts}}
            for recipient, at, facts in rows[start : start + _ITEMS_PER_ANSWER]
        ]
        answer = json.dumps({"Items": items, "Count": len(items)})
        (folder / f"{start:09d}.json").write_text(answer)


# ---- the plan -----------------------------------------------------------------------------------


class AnsweredConsent(ConsentRows):
    """Rows of consent from answers in a folder, parsed as the SDK does."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        service = botocore.session.get_session().get_service_model("dynamodb")
        shape = service.operation_model("Query").output_shape
        assert shape is not None  # noqa: S101 (a query answers)
        self._shape = shape

    def _partitions(
        self, pk: Callable[[str], str], *, values: Item | None = None, options: Mapping[str, Any]
    ) -> Iterator[Item]:  # fmt: skip
        assert pk("0") == consent_pk(TENANT, "0")  # noqa: S101
        assert values is None  # noqa: S101
        assert options == {"ProjectionExpression": "sk, brief"}  # noqa: S101
        parser = botocore.parsers.create_parser("json")
        for path in sorted(self._folder.iterdir()):
            answer = {"status_code": 200, "headers": {}, "body": path.read_bytes()}
            yield from parser.parse(answer, self._shape)["Items"]


class OneRun:
    """The runs of a tenant with one: it is planned."""

    def __init__(self) -> None:
        self.run = new_run(TENANT, _RUN, at=_NOW)

    def all(self) -> list[CampaignRun]:
        """Return the run."""
        return [self.run]

    def read(self, _: str) -> CampaignRun:
        """Return the run."""
        return self.run

    def change(self, _: str, change: Callable[[CampaignRun | None], CampaignRun]) -> CampaignRun:
        """Change the run."""
        self.run = change(self.run)
        return self.run


class NoRequests:
    """No other run was asked for."""

    def all(self) -> list[Any]:
        """Return nothing."""
        return []

    def read(self, _: str) -> None:
        """Return nothing."""


class NoEvents:
    """No run before."""

    def of_partition(self, *_: str) -> list[MessageEvent]:
        """Return nothing."""
        return []


def _plan(folder: Path) -> RunManifest:
    runs, identities = OneRun(), FolderObjects(folder / "identities")
    services = PlanningServices(
        tenant=TENANT, data=FolderObjects(folder / "data"), identities=identities, runs=runs,
        requests=NoRequests(), consent=AnsweredConsent(folder / "table"), key_of=_KEY_OF,
        engine=DuckDBEngine(memory_limit_mb=ENGINE_MB), settings=RunSettings(), events=NoEvents(),
    )  # fmt: skip
    definition = parse_definition(_DEFINITION)
    with plan_sources(definition, services, run_id=_RUN, now=_NOW) as sources:
        plan = RunPlan(run_id=_RUN, terms=sources.terms, shop_zone="UTC", now=_NOW)
        return plan_run(
            plan, candidates=sources.candidates, known=sources.known, runs=runs,
            files=PlannedFiles(identities, tenant=TENANT, run_id=_RUN),
        )  # fmt: skip


if __name__ == "__main__":
    for place in sys.argv[1:]:
        print(_plan(Path(place)).counts)
