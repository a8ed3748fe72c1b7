"""An erasure in an account: asked for, at its turn, ended, and tried again while it is open."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest

from adapters.erasure.tables import CampaignRows
from adapters.stores.run_queue import QueueEntry
from steps.erase.begin import ErasureQueue, ErasureTurn, begin_erasure
from steps.erase.data import erase_or_refuse
from steps.erase.destinations import erase_there
from steps.erase.end import ErasureEnding, end_erasure
from steps.erase.finish import keep_answer
from steps.erase.start import ErasureDesk, retry_erasures
from steps.erase.waiting import waiting_uploads
from tessera.destinations import catalog
from tessera.erasure.case import execution_name
from tessera.erasure.request import ErasureRequest
from tessera.errors import InvalidInput, Refused
from tessera.events.pseudonym import address_keys
from tessera.records.runs.run_item import RunItem
from tessera.records.tenant import Tenant
from tests.bucket_in_memory import WriterDied
from tests.steps.erase.conftest import ANN, ANN_MAIL, NOW, ORDERS, SECRET, Eraser, NameSigner
from tests.steps.test_turns import Turns

ARN = "arn:aws:states:us-east-1:111122223333:execution:m:mine"
SHARED = address_keys(SECRET, tenant="default")("shared@example.com")
DAY = dt.timedelta(days=1)


class RunsAndTurns(Turns):
    """The runs table, with the runs of the tenant and its turn."""

    def __init__(self):
        super().__init__()
        self.items = []
        self.running.add(ARN)

    def give_turn(self, tenant, *, execution_arn):
        if self.holder == execution_arn:
            self.holder = None

    def of_tenant(self, tenant):
        return self.items


class Started:
    """The executions of a machine: what was started, and what of it still runs."""

    def __init__(self):
        self.events, self.under_way = {}, set()

    def start(self, name, event):
        self.events[name] = event
        self.under_way.add(name)

    def is_running(self, name):
        return name in self.under_way


@dataclasses.dataclass
class OneTenant:
    """The tenants table."""

    known: Tenant | None = None

    def get(self, name):
        return self.known


@pytest.fixture
def runs():
    return RunsAndTurns()


@pytest.fixture
def desk(shop):
    return ErasureDesk(data=shop.data, identities=shop.identities, executions=Started())


def asked(desk, *terms, case="case-1"):
    request = ErasureRequest(
        case=case, tenant="default", terms=terms, requested_at=NOW, requested_by="user:7"
    )
    return desk.ask(request)


def turn(case="case-1", arn=ARN, began_ms=5):
    return ErasureTurn(tenant="default", case=case, execution_arn=arn, began_ms=began_ms)


def begun(shop, runs, *, tenant=None, of=None):
    queue = ErasureQueue(runs=runs, queue=runs, tenants=OneTenant(tenant), max_runs=2)
    files = shop.tools().files
    return begin_erasure(
        of or turn(), files=files, identities=shop.identities, queue=queue, now=NOW
    )


def ended(shop, runs, *, error=None):
    event = {"tenant": "default", "case": "case-1", "execution_arn": ARN}
    failure = {"state": "EraseData", "error": error} if error else {}
    return end_erasure(
        ErasureEnding.parse({**event, **failure}), files=shop.tools().files, runs=runs,
        signer=NameSigner(), ages_out=(), now=NOW,
    )  # fmt: skip


def ask_destinations(shop, names):
    for name in () if shop.tools().files.known().has_ended else names:
        answer = erase_there(
            shop.tools().files, name=name, vendor=catalog.CATALOG[name],
            transport=shop.transports.get(name),
        )  # fmt: skip
        keep_answer(shop.tools().files, answer)


def attempt(shop, runs):
    """Do what the machine does. Return how it ended."""
    names = begun(shop, runs).destinations
    erase_or_refuse(shop.tools())
    ask_destinations(shop, names)
    return ended(shop, runs)


def test_a_case_goes_from_waiting_to_complete(shop, runs, desk):
    case = asked(desk, ANN)
    assert (case.state, case.customers, case.requested_by) == ("waiting", 1, "user:7")
    [(name, event)] = desk.executions.events.items()
    assert event == {"tenant": "default", "case": "case-1"}
    assert ANN not in name
    ready = begun(shop, runs)
    assert (ready.status, ready.destinations) == ("READY", ("klaviyo", "webhook"))
    erase_or_refuse(shop.tools())
    assert shop.tools().files.known().state == "working"
    ask_destinations(shop, ready.destinations)
    assert ended(shop, runs) == "COMPLETE"
    assert runs.holder is None
    assert shop.tools().files.known().state == "complete"
    assert begun(shop, runs).status == "ENDED"


def test_it_waits_behind_a_run_and_then_takes_its_turn(shop, runs, desk):
    asked(desk, ANN)
    runs.running.add("run")
    runs.holder = "run"
    queued = begun(shop, runs)
    assert (queued.status, queued.wait_seconds) == ("QUEUED", 15)
    runs.running.remove("run")
    assert begun(shop, runs).status == "READY"


def test_a_run_that_comes_later_waits_behind_it(shop, runs, desk):
    asked(desk, ANN)
    begun(shop, runs)
    assert not runs.take_turn("default", execution_arn="run", started_at="now")


def test_who_has_ended_gives_its_place_in_the_queue_up(shop, runs, desk):
    asked(desk, ANN)
    assert attempt(shop, runs) == "COMPLETE"
    late = turn(arn="other", began_ms=9)
    runs.enter(QueueEntry(tenant="default", execution_arn="other", began_ms=9))
    assert begun(shop, runs, of=late).status == "ENDED"
    assert runs.places == {}


def test_a_suspended_tenants_customers_are_erased_and_a_removed_ones_go_with_it(shop, runs, desk):
    asked(desk, ANN)
    removed = Tenant(tenant="default", state="removing")
    assert begun(shop, runs, tenant=removed).status == "ENDED"
    suspended = Tenant(tenant="default", state="suspended")
    assert begun(shop, runs, tenant=suspended).status == "READY"


def test_who_is_unknown_is_refused_for_good_and_forgotten(shop, runs, desk):
    asked(desk, "nobody@example.com")
    assert attempt(shop, runs) == "REFUSED"
    files = shop.tools().files
    case = files.known()
    assert case.state == "refused"
    assert "has no customer" in case.why
    assert files.request() is None
    assert shop.hits("nobody") == []
    assert runs.holder is None


def test_an_attempt_that_failed_says_why_and_gives_its_turn_back(shop, runs, desk):
    asked(desk, ANN)
    begun(shop, runs)
    cause = '{"ExitMessage": "{\\"error\\": \\"Retryable\\", \\"message\\": \\"S3 was busy\\"}"}'
    assert ended(shop, runs, error={"Error": "States.TaskFailed", "Cause": cause}) == "FAILED"
    assert runs.holder is None
    case = shop.tools().files.known()
    assert case.state == "open"
    assert "S3 was busy" in case.why
    assert attempt(shop, runs) == "COMPLETE"
    assert shop.tools().files.known().why == ""


def test_the_clock_starts_what_is_open_again_and_nothing_twice(shop, runs, desk):
    asked(desk, ANN)
    started = desk.executions
    assert retry_erasures(["default"], desk=desk, now=NOW + DAY).open == 1
    assert len(started.events) == 1  # it is still under way
    shop.transports["webhook"] = Eraser(Refused("no right to delete"))
    assert attempt(shop, runs) == "OPEN"
    started.under_way.clear()
    retried = retry_erasures(["default", "canary"], desk=desk, now=NOW + 2 * DAY)
    assert (retried.open, retried.oldest_days) == (1, 2.0)
    assert len(started.events) == 2
    shop.transports["webhook"] = Eraser()
    assert begun(shop, runs).destinations == ("webhook",)
    assert attempt(shop, runs) == "COMPLETE"
    started.under_way.clear()
    assert retry_erasures(["default"], desk=desk, now=NOW + 3 * DAY).open == 0
    assert len(started.events) == 2


def test_the_clock_never_writes_over_a_case_that_ends_meanwhile(shop, runs, desk):
    asked(desk, ANN)
    started = desk.executions

    def ends(_name):
        started.is_running = lambda _: False
        assert attempt(shop, runs) == "COMPLETE"
        return False

    started.is_running = ends
    case = desk.start("default", "case-1", now=NOW + DAY)
    assert (case.state, len(started.events)) == ("complete", 1)


def test_a_refusal_that_dies_keeps_nobody_and_is_repeated(shop, runs, desk):
    asked(desk, "nobody@example.com")
    begun(shop, runs)
    shop.deaths.left = 1
    with pytest.raises(WriterDied):
        erase_or_refuse(shop.tools())
    shop.deaths.left = -1
    assert shop.tools().files.request() is None
    assert attempt(shop, runs) == "REFUSED"


class CountedItems:
    """A table with three items of a person, of which each attempt deletes what is left."""

    def __init__(self):
        self.left, self.shared = 3, set()

    def resize(self, *_, **__):
        """Runs are as large as they are."""

    def erase(self, tenant, *, customer_keys, recipients, shared):
        deleted, self.left, self.shared = self.left, 0, shared
        return CampaignRows(deleted=deleted, kept_opt_outs=1)


def test_a_further_attempt_adds_to_what_the_earlier_ones_deleted(shop, desk, monkeypatch):
    asked(desk, ANN)
    items = CountedItems()
    tools = dataclasses.replace(shop.tools(), campaigns=items)
    monkeypatch.setattr(shop, "tools", lambda *_: tools)
    shop.transports["webhook"] = Eraser(Refused("no right to delete"))
    first = shop.go_on()["receipt"]
    assert first["tables"] == {"campaigns": 3, "opt-outs kept": 1}
    assert items.shared == {SHARED}
    shop.transports["webhook"] = Eraser()
    second = shop.go_on()["receipt"]
    assert (second["status"], second["tables"]) == ("complete", first["tables"])


def test_a_request_that_was_never_started_is_started_by_the_clock(shop, desk):
    shop.ask(ANN)
    assert retry_erasures(["default"], desk=desk, now=NOW + DAY).open == 1
    assert [one["case"] for one in desk.executions.events.values()] == ["case-1"]


def test_a_case_number_is_the_first_ones(shop, desk):
    asked(desk, ANN)
    with pytest.raises(InvalidInput, match="is taken"):
        asked(desk, "bo")
    assert shop.tools().files.request().terms == (ANN,)


def test_a_case_without_a_request_can_be_asked_for_again(shop, desk):
    """The API died between its two writes: nobody is kept, so the number is free."""
    shop.data.write_json(
        "tenants/default/erasures/case-1/state.json",
        {"requested_at": NOW.isoformat(), "requested_by": "user:7", "customers": 1},
    )
    asked(desk, ANN_MAIL)
    assert shop.tools().files.request().terms == (ANN_MAIL,)


def test_an_execution_has_another_name_for_each_tenant_case_and_attempt():
    longest = ("t" * 48, "c" * 64)
    names = {
        execution_name(tenant, case, now=now)
        for tenant, case in (longest, ("t", "c"), ("t", "c-c"), ("t-c", "c"))
        for now in (NOW, NOW + DAY)
    }
    assert len(names) == 8
    assert max(map(len, names)) <= 80


# ---- uploads that no run has read ----------------------------------------------------------------


def run_of(upload, *, status, began, arn="run"):
    return RunItem(
        tenant="default", run_id=upload[-8:], status=status, execution_arn=arn, upload=upload,
        started_at=began.isoformat(),
    )  # fmt: skip


def test_uploads_wait_for_their_runs_and_no_longer(shop, runs):
    shop.data.write("uploads/queued.csv", ORDERS.encode())
    shop.data.write("uploads/read.csv", ORDERS.encode())
    shop.data.write("uploads/unseen.csv", ORDERS.encode())
    shop.data.write("uploads/again.csv", ORDERS.encode(), metadata={"rewritten": "yes"})
    shop.data.write("uploads/other/theirs.csv", ORDERS.encode())
    now = shop.data.listed["uploads/unseen.csv"].modified_at + dt.timedelta(hours=1)
    runs.running.add("run")
    runs.items = [
        run_of("uploads/queued.csv", status="RUNNING", began=now - DAY),
        run_of("uploads/dead.csv", status="RUNNING", began=now - DAY, arn="gone"),
        run_of("uploads/read.csv", status="SUCCEEDED", began=now),
    ]
    names = waiting_uploads("default", data=shop.data, runs=runs, now=now)
    recent = {"uploads/queued.csv", "uploads/unseen.csv"}
    assert recent <= names
    assert not names & {
        "uploads/read.csv", "uploads/dead.csv", "uploads/again.csv", "uploads/other/theirs.csv",
    }  # fmt: skip
    assert waiting_uploads("default", data=shop.data, runs=runs, now=now + DAY) == {
        "uploads/queued.csv"
    }
