"""``tessera erase --stage`` starts an erasure in an account, follows it, fetches the receipt."""

from __future__ import annotations

import datetime as dt
import io

import pytest

from local.commands.erase.in_stage import StageErasure
from local.terminal import Terminal
from steps.erase.start import ErasureDesk
from tessera.erasure.case import DONE, EXECUTION, FAILED, REFUSED
from tessera.errors import InvalidInput, Retryable
from tests.bucket_in_memory import BucketInMemory
from tests.steps.erase.test_attempts import Started

NOW = dt.datetime(2026, 11, 30, tzinfo=dt.UTC)


class Bucket(BucketInMemory):
    """A bucket of the account, whose versions nobody looks at."""

    def forget(self, prefix):
        self.delete([key for key in self.bodies if key.startswith(prefix)])


class Account:
    """A stage's erasures, whose executions do a step with each look at them."""

    def __init__(self, *endings):
        self.started, self.endings = Started(), list(endings)
        self.printed = io.StringIO()
        self.desk = ErasureDesk(
            data=Bucket("data"), identities=Bucket("identities"), executions=self.started
        )
        self.erasure = StageErasure(desk=self.desk, now=lambda: NOW, pause=self.look)

    def look(self, _seconds):
        files = self.desk.files("acme", "dsr-1")
        files.write_state({**files.state(), **self.endings.pop(0)})
        if not self.endings:
            self.started.under_way.clear()

    def erase(self, *terms):
        return self.erasure.carry_out(
            terms, tenant="acme", case="dsr-1", terminal=Terminal(self.printed)
        )


def receipt_in(account):
    account.desk.files("acme", "dsr-1").write_receipt({"receipt": {}, "signature": {}})


def test_it_is_started_followed_and_its_receipt_fetched():
    account = Account({"steps": ["resolved"]}, {"steps": ["resolved", DONE]})
    receipt_in(account)
    assert account.erase("ann@example.com") == {"receipt": {}, "signature": {}}
    [event] = account.started.events.values()
    assert event == {"tenant": "acme", "case": "dsr-1"}
    assert account.desk.files("acme", "dsr-1").request().terms == ("ann@example.com",)
    printed = account.printed.getvalue()
    assert printed.index("waits for the tenant's turn") < printed.index("Nothing is left")
    assert "ann@" not in printed


def test_a_case_that_is_under_way_is_followed_and_not_started_twice():
    account = Account({"steps": [DONE]}, {})
    account.desk.files("acme", "dsr-1").write_state(
        {"requested_at": NOW.isoformat(), EXECUTION: "e"}
    )
    account.started.under_way.add("e")
    receipt_in(account)
    assert account.erase()
    assert account.started.events == {}


def test_a_case_that_is_done_gives_its_receipt_at_once():
    account = Account()
    account.desk.files("acme", "dsr-1").write_state(
        {"requested_at": NOW.isoformat(), "steps": [DONE]}
    )
    receipt_in(account)
    assert account.erase()
    assert account.started.events == {}


def test_a_case_that_only_waits_says_until_when_and_gives_its_receipt_so_far():
    until = NOW + dt.timedelta(hours=4)
    waits = {"steps": ["searched"], "open": True, "only_waits": True}
    account = Account({**waits, "look_again_at": until.isoformat()})
    receipt_in(account)
    assert account.erase("12346")
    assert "searched again after 2026-11-30 04:00 UTC" in account.printed.getvalue()
    assert account.erase()
    assert len(account.started.events) == 1


def test_who_is_refused_and_what_failed_are_errors_with_the_reason():
    refused = Account({REFUSED: "tenant 'acme' has no customer with this id or address"})
    with pytest.raises(InvalidInput, match="has no customer"):
        refused.erase("nobody")
    failed = Account({FAILED: "Retryable: S3 was busy"})
    receipt_in(failed)  # that of an earlier attempt
    with pytest.raises(Retryable, match=r"S3 was busy.+every day"):
        failed.erase("ann")


def test_an_unknown_case_is_named():
    with pytest.raises(InvalidInput, match="no erasure 'dsr-1'"):
        Account().erase()
