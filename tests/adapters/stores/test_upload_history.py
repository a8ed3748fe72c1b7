"""What a run stored counts once it has ended well, and otherwise leaves no trace."""

from __future__ import annotations

import contextlib
import dataclasses
import datetime as dt
import json
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.aws.objects import ListedObject, Objects
from adapters.stores.events import UploadRecord
from adapters.stores.upload_history import UploadHistory
from tessera.errors import InvalidInput

NEVER = 10**6
NOON = dt.datetime(2026, 11, 29, 12, tzinfo=dt.UTC)
VOIDING = "y"  # the content that voids orders
WITHDRAWN = "withdrawn"  # the content of an upload that has none


class Death(Exception):  # noqa: N818 (no error: the process is gone)
    """The process ends here."""


@dataclasses.dataclass
class Life:
    """How many more changes a process makes before it dies."""

    changes: int = NEVER

    def change(self) -> None:
        if self.changes == 0:
            raise Death
        self.changes -= 1


class MemoryObjects(Objects):
    """A bucket in memory. A deletion of many objects may end half way."""

    def __init__(self, bucket: str, life: Life) -> None:
        self.bucket, self.life = bucket, life
        self.bodies: dict[str, bytes] = {}

    def read(self, key: str, **_: Any) -> bytes:
        return self.bodies[key]

    def exists(self, key: str) -> bool:
        return key in self.bodies

    def write(self, key: str, data: bytes, **_: Any) -> None:
        self.life.change()
        self.bodies[key] = data

    def entries(self, prefix: str) -> list[ListedObject]:
        return [
            ListedObject(key=key, bytes=len(body), modified_at=NOON, etag=sha256(body).hexdigest())
            for key, body in sorted(self.bodies.items())
            if key.startswith(prefix)
        ]

    def upload(self, path: Path, key: str) -> None:
        self.write(key, str(path).encode())

    def delete(self, keys: Any) -> None:
        for key in keys:
            self.life.change()
            self.bodies.pop(key, None)


class Tenant:
    """A tenant's history, and what is to be in it: the content of each upload that counts."""

    def __init__(self) -> None:
        self.life = Life()
        self.data, self.identities = (MemoryObjects(name, self.life) for name in ("data", "people"))
        self.uploads = UploadHistory(self.data, self.identities, tenant="t")
        self.expected: dict[str, str] = {}
        self.runs = 0

    def record(self, upload: str, content: str) -> UploadRecord:
        return UploadRecord(
            id=upload, name=f"uploads/{upload}.csv", content=content, since=f"{self.runs:03}",
            events=1, event_ids=0, first_event_at=None, last_event_at=None, currency="",
            run_id=f"r{self.runs}", withdrawn=content == WITHDRAWN,
        )  # fmt: skip

    def settle(self) -> None:
        """Begin a run: an earlier one may have been stopped while it was finished."""
        pending = self.uploads.events.pending()
        if self.uploads.settle() == "kept" and pending:
            self.expect(pending.id, pending.content)

    def expect(self, upload: str, content: str) -> None:
        self.expected = with_content(self.expected, upload, content)

    def prepare(self, upload: str, content: str) -> str:
        """Store an upload as Prepare does. Return what it came to."""
        self.settle()
        record, file = self.record(upload, content), Path("part")
        outcome = self.uploads.begin(record)
        if outcome not in {"unchanged", "withdrawn"}:
            self.uploads.people.write(upload, file, content=content)
            self.uploads.search.write(upload, file, content=content)
            self.uploads.order_ids.write(upload, file, content=content)
            voided = file if content == VOIDING else None
            self.uploads.events.write(record, [file, file], voided=voided)
        return outcome

    def finish(self, upload: str, outcome: str) -> None:
        """End the run as FinishRun does."""
        if outcome != "unchanged":
            self.uploads.keep(upload, run_id=f"r{self.runs}")
        self.uploads.settle(f"r{self.runs}")

    def fail(self, upload: str, content: str) -> None:
        """End the run as FailRun does."""
        if self.uploads.settle(f"r{self.runs}") == "kept":
            self.expect(upload, content)

    @contextlib.contextmanager
    def dying(self, changes: int) -> Iterator[None]:
        self.life.changes = changes
        with contextlib.suppress(Death):
            yield
        self.life.changes = NEVER

    def people(self, expected: dict[str, str]) -> list[str]:
        return [
            f"tenants/t/identities/upload={upload}/content={content}/part-00000.parquet"
            for upload, content in sorted(expected.items())
        ]

    def everything(self) -> set[str]:
        """The keys of exactly what counts, and of the records of withdrawals."""
        return self.withdrawals() | {
            key
            for upload, content in self.expected.items()
            for key in (
                f"tenants/t/events/upload={upload}/_upload.json",
                f"tenants/t/events/upload={upload}/content={content}/part-00000.parquet",
                f"tenants/t/events/upload={upload}/content={content}/part-00001.parquet",
                *self.voided(upload, content),
                f"tenants/t/identities/upload={upload}/content={content}/part-00000.parquet",
                f"tenants/t/order_ids/upload={upload}/content={content}/part-00000.parquet",
                f"tenants/t/search/v1/upload={upload}/content={content}/part-00000.parquet",
            )
        }

    def withdrawals(self) -> set[str]:
        records = {key for key in self.data.bodies if key.endswith("/_upload.json")}
        return {key for key in records if json.loads(self.data.bodies[key])["withdrawn"]}

    def voided(self, upload: str, content: str) -> list[str]:
        folder = f"tenants/t/events/upload={upload}/voided={content}/"
        return [f"{folder}part-00000.parquet"] if content == VOIDING else []

    def counting(self) -> dict[str, str]:
        return {record.id: record.content for record in self.uploads.events.uploads()}


def with_content(expected: dict[str, str], upload: str, content: str) -> dict[str, str]:
    """Return what counts once an upload has this content, which may be none."""
    others = {key: value for key, value in expected.items() if key != upload}
    return others if content == WITHDRAWN else {**others, upload: content}


@pytest.fixture
def tenant() -> Tenant:
    return Tenant()


def run_well(tenant: Tenant, upload: str, content: str) -> None:
    tenant.runs += 1
    tenant.finish(upload, tenant.prepare(upload, content))
    tenant.expect(upload, content)


def objects(tenant: Tenant) -> dict[str, bytes]:
    return {**tenant.data.bodies, **tenant.identities.bodies}


def test_what_a_run_stores_counts_once_it_has_ended_well(tenant):
    tenant.runs += 1
    outcome = tenant.prepare("a", "x")
    assert (outcome, tenant.counting()) == ("new", {})
    tenant.finish("a", outcome)
    assert tenant.counting() == {"a": "x"}
    assert {*objects(tenant)} == {key for key in objects(tenant) if "content=x" in key} | {
        "tenants/t/events/upload=a/_upload.json"
    }


def test_a_replacement_that_fails_leaves_every_object_as_it_was(tenant):
    run_well(tenant, "a", "x")
    before = objects(tenant)
    tenant.runs += 1
    assert tenant.prepare("a", "y") == "replaced"
    assert objects(tenant).keys() > before.keys()
    assert tenant.uploads.settle("r2") == "dropped"
    assert objects(tenant) == before


def test_the_same_content_again_is_not_touched_whatever_becomes_of_the_run(tenant):
    run_well(tenant, "a", "x")
    before = objects(tenant)
    tenant.runs += 1
    assert tenant.prepare("a", "x") == "unchanged"
    assert tenant.uploads.settle("r2") == "nothing"
    assert objects(tenant) == before


def test_another_runs_upload_is_neither_kept_nor_dropped(tenant):
    tenant.runs += 1
    tenant.prepare("a", "x")
    before = objects(tenant)
    assert tenant.uploads.settle("r0") == "nothing"
    with pytest.raises(InvalidInput, match=r"run 'r0' stored is gone.* start a new execution"):
        tenant.uploads.keep("a", run_id="r0")
    assert objects(tenant) == before


def test_a_run_that_is_finished_again_changes_nothing(tenant):
    run_well(tenant, "a", "x")
    before = objects(tenant)
    tenant.finish("a", "new")
    assert objects(tenant) == before


def test_a_runs_people_are_those_of_its_own_content(tenant):
    run_well(tenant, "a", "x")
    run_well(tenant, "b", "x")
    tenant.runs += 1
    tenant.prepare("a", "y")
    uploads = tenant.uploads
    assert uploads.people_keys(run_id="r3") == tenant.people({"a": "y", "b": "x"})
    assert uploads.people_keys(run_id="") == tenant.people({"a": "x", "b": "x"})
    with pytest.raises(InvalidInput, match=r"'r2' stored is gone"):
        uploads.people_keys(run_id="r2")
    uploads.settle("r3")
    with pytest.raises(InvalidInput, match=r"'r3' stored is gone"):
        uploads.people_keys(run_id="r3")


def test_a_withdrawal_counts_once_its_run_has_ended_well(tenant):
    run_well(tenant, "a", "x")
    run_well(tenant, "b", "x")
    before = objects(tenant)
    tenant.runs += 1
    assert tenant.prepare("a", WITHDRAWN) == "withdrawn"
    assert tenant.counting() == {"a": "x", "b": "x"}
    assert tenant.uploads.people_keys(run_id="r3") == tenant.people({"b": "x"})
    assert tenant.uploads.settle("r3") == "dropped"
    assert objects(tenant) == before
    run_well(tenant, "a", WITHDRAWN)
    assert tenant.counting() == {"b": "x"}
    assert not [key for key in objects(tenant) if "upload=a/content" in key]


def test_a_withdrawal_of_nothing_changes_nothing(tenant):
    run_well(tenant, "a", "x")
    for _ in range(2):
        run_well(tenant, "a", WITHDRAWN)
    before = objects(tenant)
    tenant.runs += 1
    assert tenant.prepare("a", WITHDRAWN) == "unchanged"
    assert tenant.prepare("never", WITHDRAWN) == "unchanged"
    assert objects(tenant) == before


def test_a_withdrawn_upload_is_new_when_it_comes_again(tenant):
    run_well(tenant, "a", "x")
    run_well(tenant, "a", WITHDRAWN)
    tenant.runs += 1
    assert tenant.uploads.events.find("a") is None
    assert tenant.prepare("a", "x") == "new"


def test_a_record_of_an_earlier_version_has_no_run_and_is_replaced(tenant):
    old = dataclasses.asdict(tenant.record("a", "w"))
    del old["run_id"]
    tenant.data.write("tenants/t/events/upload=a/_upload.json", json.dumps(old).encode())
    tenant.identities.write("tenants/t/identities/upload=a/part-0.parquet", b"of an older layout")
    run_well(tenant, "a", "x")
    assert {*objects(tenant)} == tenant.everything()


@dataclasses.dataclass(frozen=True, kw_only=True)
class RunPlan:
    """A run of an upload: after how many changes its steps die, and how often it is begun."""

    upload: str
    content: str
    ending: Literal["well", "failed", "stopped"]
    prepare_dies: tuple[int, ...]
    end_dies: tuple[int, ...]
    fails_after_all: bool


DEATHS = st.lists(st.integers(0, 12), max_size=2).map(tuple)
PLANS = st.builds(
    RunPlan,
    upload=st.sampled_from("ab"),
    content=st.sampled_from(["x", VOIDING, "z", WITHDRAWN]),
    ending=st.sampled_from(["well", "failed", "stopped"]),
    prepare_dies=DEATHS,
    end_dies=DEATHS,
    fails_after_all=st.booleans(),
)


@settings(max_examples=200, deadline=None)
@given(st.lists(PLANS, min_size=1, max_size=8))
def test_the_history_is_what_the_runs_that_ended_well_stored(plans):
    tenant = Tenant()
    for plan in plans:
        tenant.runs += 1
        carry_out(tenant, plan)
        pending = tenant.uploads.events.pending()
        unfinished = {pending.id} if pending else set()
        counting = {k: v for k, v in tenant.counting().items() if k not in unfinished}
        assert counting == {k: v for k, v in tenant.expected.items() if k not in unfinished}
    tenant.settle()  # as the next run begins
    assert tenant.counting() == tenant.expected
    assert {*objects(tenant)} == tenant.everything()


def carry_out(tenant: Tenant, plan: RunPlan) -> None:
    for changes in plan.prepare_dies:  # attempts that died: retried, or a new execution
        with tenant.dying(changes):
            tenant.prepare(plan.upload, plan.content)
    if plan.ending == "stopped" and plan.prepare_dies:
        return
    outcome = tenant.prepare(plan.upload, plan.content)
    counted = with_content(tenant.expected, plan.upload, plan.content)
    stores = outcome != "unchanged"
    people = tenant.uploads.people_keys(run_id=f"r{tenant.runs}" if stores else "")
    assert people == tenant.people(counted)
    if plan.ending == "well":
        finish(tenant, plan, outcome)
    elif plan.ending == "failed":
        for changes in plan.end_dies:
            with tenant.dying(changes):
                tenant.fail(plan.upload, plan.content)
        tenant.fail(plan.upload, plan.content)
    else:  # stopped before FinishRun or in it
        for changes in plan.end_dies:
            with tenant.dying(changes):
                tenant.finish(plan.upload, outcome)
                tenant.expected = counted


def finish(tenant: Tenant, plan: RunPlan, outcome: str) -> None:
    for changes in plan.end_dies:
        with tenant.dying(changes):
            tenant.finish(plan.upload, outcome)
    if plan.fails_after_all and plan.end_dies:  # FinishRun could not end, so FailRun is called
        kept = tenant.uploads.events.settled(plan.upload)
        was_kept = kept is not None and kept.content == plan.content
        tenant.fail(plan.upload, plan.content)
        if was_kept:
            tenant.expect(plan.upload, plan.content)
    else:
        tenant.finish(plan.upload, outcome)
        tenant.expect(plan.upload, plan.content)
