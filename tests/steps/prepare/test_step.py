"""The order of Prepare, with a made-up engine and folders for buckets."""

from __future__ import annotations

import dataclasses
import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from adapters.engines.prepare import ALL, EarlierRun, Summarised, Workspace
from adapters.stores.events import UploadRecord
from bench.folder_objects import FolderObjects
from steps.prepare.run import PrepareRun
from steps.prepare.step import prepare
from tessera import naming
from tessera.customers.orders.overlap import Overlap
from tessera.customers.summary import Period
from tessera.errors import InvalidInput, Retryable
from tessera.events.counts import Kept, People, Span, Stored, Tally
from tessera.events.rejects import Reject
from tessera.records.codec import encode
from tessera.records.file import File
from tessera.records.products import Products
from tessera.records.runs.latest import Latest
from tessera.records.runs.prepare import ForecastSample, Source, Summary
from tests.tickets import ticket, ticket_json, upload

NOON = dt.datetime(2026, 1, 2, 12, tzinfo=dt.UTC)
NET = Source(money="net sales", notes=("Totals repeat",))
SPAN = Span(events=2, first=NOON, last=NOON)


@dataclasses.dataclass
class Rows:
    """Two good rows and ``bad`` ones."""

    bad: int = 0
    products: int = 0
    categories: int = 0
    currency: str = "EUR"
    mark: str = "comma"
    source: Source = NET
    people: People = dataclasses.field(default_factory=People)
    files: tuple[File, ...] = (File(key="uploads/a.csv", bytes=5, sha256="ab"),)

    @property
    def ingested(self) -> Rows:
        return self

    @property
    def tally(self) -> Tally:
        return Tally(read=2 + self.bad, rejected={"bad_date": self.bad}, not_events={})

    def rejects(self) -> list[Reject]:
        return [Reject("a.csv", 2, "Date", "bad_date", "no date", "x")] * self.bad

    def events(self) -> Stored:
        return Stored(
            span=SPAN,
            event_ids=0,
            order_ids=0,
            products=self.products,
            categories=self.categories,
        )


@dataclasses.dataclass
class FakeEngine:
    """Notes down what it is asked for. ``gone`` says how often the history changes meanwhile."""

    rows: Rows = dataclasses.field(default_factory=Rows)
    gone: int = 0
    all_of_it: Span = SPAN
    counted: Span = SPAN
    calls: list[str] = dataclasses.field(default_factory=list)
    earlier: EarlierRun | None = None
    most: Decimal = Decimal(0)
    overlap: Overlap = dataclasses.field(default_factory=Overlap)
    uploads: list[str] = dataclasses.field(default_factory=list)

    def read(self, parts: Any, *, settings: Any, currency: str, uploaded_at: Any) -> Rows:
        self.calls.append("read")
        return self.rows

    def store(self, record: UploadRecord) -> None:
        self.calls.append("store")

    def open_history(self, uploads: list[UploadRecord], *, own: UploadRecord | None) -> Overlap:
        self.calls.append("open_history")
        self.uploads = [each.name for each in uploads]
        if self.gone:
            self.gone -= 1
            raise InvalidInput("an object is gone")
        return self.overlap

    def span(self, *, where: str = ALL) -> Span:
        return self.all_of_it if where == ALL else self.counted

    def kept(self, *, rank: int, period: Period) -> Kept:
        return Kept(events=2, after=0, before=0)

    def summarise(self, period: Period, *, products: bool, categories: bool) -> Summarised:
        self.calls.append("summarise with categories" if categories else "summarise")
        figures = Products(count=1, buyers=1, money="9.00", without="0.00", items=())
        return Summarised(
            summary=Summary(
                customers=1,
                buyers=1,
                orders=2,
                monetary="9.00",
                forecast_sample=ForecastSample(customers=1, of=1),
                products=figures if products else None,
            ),
            outputs=(File(key="customers", bytes=1, sha256="cd"),),
        )

    def looks_before(self, rows: Any, *, period: Period) -> Any:
        return rows  # no test here has attributes

    def largest_money(self) -> Decimal:
        return self.most

    def compare(self, earlier: EarlierRun | None, *, as_of: dt.date) -> None:
        self.calls.append("compare")
        self.earlier = earlier


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    for name in ("data", "identities", "work"):
        (tmp_path / name).mkdir()
    return Workspace(
        data=FolderObjects(tmp_path / "data"), identities=FolderObjects(tmp_path / "identities"),
        tenant="default", run_id="r1", secret=b"s", folder=tmp_path / "work",
        decided=lambda _, **__: None,
    )  # fmt: skip


def run_of(workspace: Workspace, **fields: Any) -> PrepareRun:
    return PrepareRun(ticket=ticket(**fields), workspace=workspace)


def exists(workspace: Workspace, name: str) -> bool:
    return workspace.data.exists(workspace.key(name))


def test_an_upload_is_checked_before_it_is_stored_and_the_record_comes_last(workspace):
    engine = FakeEngine()
    record = prepare(run_of(workspace, upload=upload("uploads/a.csv")), engine)
    assert engine.calls == ["read", "open_history", "summarise", "compare", "store"]
    assert workspace.data.read_json(workspace.key(naming.PREPARE_RECORD)) == encode(record)
    assert record.as_of == dt.date(2026, 1, 3)
    assert (record.currency, record.decimal, record.reupload) == ("EUR", "comma", "new")
    assert record.forecast_sample == ForecastSample(customers=1, of=1)
    assert [file.key for file in record.inputs] == ["uploads/a.csv"]
    assert record.outputs[0].key == "customers"
    assert record.timings.keys() >= {"read_s", "check_s", "write_s", "summarise_s", "total_s"}


def test_products_are_counted_where_any_upload_names_them(workspace):
    stored(workspace, "a", since="2025-01-01")
    record = prepare(run_of(workspace, upload=upload("uploads/b.csv")), FakeEngine())
    assert record.products is None
    stored(workspace, "a", since="2025-01-01", products=1)
    record = prepare(run_of(workspace, upload=upload("uploads/b.csv")), FakeEngine())
    assert record.products is not None


def test_an_upload_that_now_names_products_is_stored_again(workspace):
    """An earlier version stored the same bytes without them."""
    first = prepare(run_of(workspace, upload=upload("uploads/a.csv")), FakeEngine())
    [before] = workspace.uploads.events.uploads() or [workspace.uploads.events.pending()]
    again = prepare(
        run_of(workspace, upload=upload("uploads/a.csv")), FakeEngine(rows=Rows(products=1))
    )
    after = workspace.uploads.events.pending()
    assert (first.reupload, again.reupload) == ("new", "new")
    assert before.content != after.content
    assert after.products == 1


def test_an_upload_that_now_names_categories_is_stored_again_and_is_no_newer(workspace):
    """Of an order the newest lines count, so the same lines with categories may not be newer."""
    prepare(run_of(workspace, upload=upload("uploads/a.csv")), FakeEngine(rows=Rows(products=1)))
    before = workspace.uploads.events.pending()
    workspace.uploads.events.commit(before)
    engine = FakeEngine(rows=Rows(products=1, categories=1))
    later = NOON + dt.timedelta(days=9)
    prepare(run_of(workspace, upload=upload("uploads/a.csv"), started_at=later), engine)
    after = workspace.uploads.events.pending()
    assert before.content != after.content
    assert (after.stored_at, after.since) == (before.stored_at, before.since)
    assert (before.categories, after.categories) == (0, 1)
    assert "summarise with categories" in engine.calls


def test_an_upload_with_too_many_bad_rows_is_not_stored(workspace):
    engine = FakeEngine(rows=Rows(bad=2))
    with pytest.raises(InvalidInput, match=r"2 of 4 rows are bad .* are in s3://identities/"):
        prepare(run_of(workspace, upload=upload("uploads/a.csv")), engine)
    assert engine.calls == ["read"]
    assert workspace.identities.exists(workspace.key(naming.REJECTS))
    assert not exists(workspace, naming.PREPARE_RECORD)


def stored(workspace: Workspace, name: str, *, since: str, products: int = 0) -> None:
    record = UploadRecord(
        id=name, name=name, content="c", since=since, events=1, event_ids=0,
        first_event_at=None, last_event_at=None, currency="", products=products,
    )  # fmt: skip
    workspace.uploads.events.commit(record)


def test_the_history_is_every_upload_the_oldest_first(workspace):
    stored(workspace, "late.csv", since="2026-02-01T00:00:00.000+00:00")
    stored(workspace, "early.csv", since="2025-01-01T00:00:00.000+00:00")
    engine = FakeEngine()
    record = prepare(run_of(workspace, upload=upload("uploads/a.csv")), engine)
    assert engine.uploads == ["early.csv", "uploads/a.csv", "late.csv"]
    assert record.history.uploads == 3


def test_a_history_that_changes_meanwhile_is_opened_again(workspace):
    stored(workspace, "a.csv", since="2026-02-01T00:00:00.000+00:00")
    engine = FakeEngine(gone=2)
    prepare(run_of(workspace), engine)
    assert engine.calls.count("open_history") == 3
    with pytest.raises(Retryable, match="the history changed while it was read"):
        prepare(run_of(workspace), FakeEngine(gone=3))


def test_a_scheduled_run_without_a_history_says_what_to_do(workspace):
    with pytest.raises(InvalidInput, match="tenant 'default' has no events yet: put a file into"):
        prepare(run_of(workspace), FakeEngine())


def test_a_history_outside_the_period_is_refused(workspace):
    stored(workspace, "a.csv", since="2026-02-01T00:00:00.000+00:00")
    engine = FakeEngine(counted=Span(events=0, first=None, last=None))
    with pytest.raises(InvalidInput, match="no event is before as_of 2020-01-01"):
        prepare(run_of(workspace, as_of=dt.date(2020, 1, 1)), engine)
    assert not {"summarise", "store"} & {*engine.calls}


def test_more_money_than_can_be_counted_is_refused_by_name_before_it_is_stored(workspace):
    much = dataclasses.replace(SPAN, money=Decimal(10) ** 15)
    engine = FakeEngine(all_of_it=much, most=Decimal(10) ** 14)
    with pytest.raises(InvalidInput, match=r"with uploads/a.csv the amounts of one customer add"):
        prepare(run_of(workspace, upload=upload("uploads/a.csv")), engine)
    assert engine.calls == ["read", "open_history"]
    several = FakeEngine(all_of_it=much, most=Decimal(10) ** 14 - 1)
    prepare(run_of(workspace, upload=upload("uploads/a.csv")), several)
    assert several.calls[-1] == "store"


def published(workspace: Workspace, *, run_id: str, as_of: str) -> None:
    data, tenant = workspace.data, workspace.tenant
    latest = Latest(run_id=run_id, as_of=dt.date.fromisoformat(as_of))
    data.write_json(naming.latest_key(tenant), encode(latest))
    before = ticket_json(run_id=run_id, settings={"window_months": 12})
    newer = before | {"a_later_versions_member": 1}
    data.write_json(naming.run_key(tenant, run_id, naming.TICKET), newer)
    score = {"thresholds": {"recency": [1.5]}, "customers": 9}
    data.write_json(naming.run_key(tenant, run_id, naming.SCORE_RECORD), score)
    partition = naming.profiles_prefix(tenant) + naming.profiles_partition(as_of, run_id)
    data.write(partition + "part-0.parquet", b"")


def previous(workspace: Workspace) -> dict[str, Any]:
    return workspace.data.read_json(workspace.key(naming.PREVIOUS_RECORD))


def test_a_run_is_compared_with_the_last_one_whatever_version_wrote_it(workspace):
    published(workspace, run_id="r0", as_of="2025-12-31")
    engine = FakeEngine()
    prepare(run_of(workspace, upload=upload("uploads/a.csv")), engine)
    assert engine.earlier is not None
    assert engine.earlier.profiles == (
        "tenants/default/profiles/as_of=2025-12-31/run=r0/part-0.parquet",
    )
    assert not engine.earlier.same_period, "the earlier run counted twelve months"
    written = previous(workspace)
    assert (written["run_id"], written["days"]) == ("r0", 3)
    assert (written["sets"], written["models"]) == ({}, None)


@pytest.mark.parametrize(
    ("run_id", "as_of", "why"), [("r1", "2025-12-31", "itself"), ("r0", "2026-02-01", "later")]
)
def test_neither_itself_nor_a_later_day_is_compared_with(workspace, run_id, as_of, why):
    published(workspace, run_id=run_id, as_of=as_of)
    engine = FakeEngine()
    prepare(run_of(workspace, upload=upload("uploads/a.csv")), engine)
    assert engine.earlier is None
    latest = {"run_id": run_id, "as_of": as_of}
    assert previous(workspace) == {"run_id": None, "latest": latest, "why": why}


@pytest.mark.parametrize("name", [naming.TICKET, naming.SCORE_RECORD])
def test_a_run_whose_files_have_expired_is_not_compared_with(workspace, name):
    published(workspace, run_id="r0", as_of="2025-12-31")
    workspace.data.delete_prefix(naming.run_key("default", "r0", name))
    prepare(run_of(workspace, upload=upload("uploads/a.csv")), FakeEngine())
    latest = {"run_id": "r0", "as_of": "2025-12-31"}
    assert previous(workspace) == {"run_id": None, "latest": latest, "why": "expired"}


def test_there_is_no_previous_run_only_when_there_is_none(workspace):
    prepare(run_of(workspace, upload=upload("uploads/a.csv")), FakeEngine())
    assert previous(workspace) == {"run_id": None}
