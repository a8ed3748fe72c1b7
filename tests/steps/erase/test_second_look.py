"""What began before an erasure may write after its search: so everything is searched again."""

from __future__ import annotations

import datetime as dt
import gzip

import pytest

from steps.erase.start import ErasureDesk, retry_erasures
from tessera import naming
from tests.steps.erase.conftest import ANN, KEY, NOW, ORDERS, SECRETS_OF_ANN, table_bytes
from tests.steps.erase.test_attempts import Started
from tests.steps.erase.test_erase import ours

LONGEST = dt.timedelta(hours=4)
MINUTE = dt.timedelta(minutes=1)
PLANNED = "tenants/default/campaigns/offers/planned.parquet"
LEDGER = naming.ledger_prefix("default", "webhook")


@pytest.fixture
def busy(shop):
    """A shop beside whose erasure other jobs run."""
    shop.longest_write = LONGEST
    return shop


def look(shop, *, after: dt.timedelta):
    """Look again some time after the first look began."""
    shop.now = NOW + after
    return shop.go_on()["receipt"]


def left(shop, *texts):
    """Return where the person still is, beside the open case itself."""
    hits = ours(shop.hits(*(texts or SECRETS_OF_ANN)))
    return [one for one in hits if "/erasures/" not in one]


def late_plan(shop):
    shop.identities.write(PLANNED, table_bytes({"customer_key": [KEY]}))


def test_a_receipt_is_open_until_the_longest_job_is_over(busy):
    first = busy.erase(ANN)
    assert (first["status"], first["search"]["hits"]) == ("open", 0)
    assert dt.datetime.fromisoformat(first["open_until"]) == NOW + LONGEST
    assert any("may write until 2026-12-05 04:00 UTC" in line for line in first["not_done"])
    case = busy.tools().files.known()
    assert (case.state, case.open_until) == ("open", NOW + LONGEST)
    assert look(busy, after=LONGEST - MINUTE)["status"] == "open"
    done = look(busy, after=LONGEST)
    assert (done["status"], done["open_until"]) == ("complete", None)
    assert not [line for line in done["not_done"] if "may write" in line]
    case = busy.tools().files.known()
    assert (case.state, case.open_until) == ("complete", None)


def test_what_a_late_writer_brought_goes_and_another_look_follows(busy):
    busy.erase(ANN)
    late_plan(busy)  # a plan that had read the profiles before
    second = look(busy, after=LONGEST)
    assert left(busy) == []
    assert (second["status"], second["search"]["hits"]) == ("open", 0)
    assert dt.datetime.fromisoformat(second["open_until"]) == NOW + 2 * LONGEST
    assert look(busy, after=2 * LONGEST)["status"] == "complete"


def test_what_the_shop_brings_itself_holds_nothing_up(busy):
    busy.erase(ANN)
    busy.identities.write("tenants/default/crm/daily.csv", f"customer_id\n{ANN}\n".encode())
    receipt = look(busy, after=LONGEST)
    assert receipt["status"] == "complete"
    assert left(busy) == []


def test_an_upload_that_came_later_is_listed_with_the_day_on_which_it_expires(busy):
    busy.now = busy.data.listed["uploads/orders.csv"].modified_at + MINUTE * 60
    busy.erase(ANN)
    busy.data._count = iter(range(10_000, 20_000))  # hours later
    busy.data.write("uploads/daily.csv", ORDERS.encode())
    busy.waiting = frozenset({"uploads/daily.csv"})
    receipt = look(busy, after=LONGEST)
    assert receipt["status"] == "complete"
    [later] = [one for one in receipt["ages_out"] if one["what"].endswith("(1)")]
    written = busy.data.listed["uploads/daily.csv"].modified_at
    assert later["until"] == (written + dt.timedelta(days=30)).date().isoformat()
    assert left(busy, ANN) == [f"uploads/daily.csv now: {ANN}"]


def test_a_destination_that_got_the_person_meanwhile_is_asked_again(busy):
    busy.erase(ANN)
    erased = len(busy.transports["webhook"].erased)
    busy.identities.write(f"{LEDGER}moves-1.csv.gz", gzip.compress(f"{KEY},d,,{ANN}\n".encode()))
    look(busy, after=LONGEST)
    assert len(busy.transports["webhook"].erased) == 2 * erased
    look(busy, after=2 * LONGEST)
    assert len(busy.transports["webhook"].erased) == 2 * erased


def test_the_clock_looks_again_when_it_is_time_and_not_before(busy):
    desk = ErasureDesk(data=busy.data, identities=busy.identities, executions=Started())
    busy.erase(ANN)
    early = retry_erasures(["default"], desk=desk, now=NOW + LONGEST - MINUTE)
    assert (early.open, desk.executions.events) == (1, {})
    assert desk.start("default", "case-1", now=NOW + MINUTE).state == "open"
    retry_erasures(["default"], desk=desk, now=NOW + LONGEST)
    assert [one["case"] for one in desk.executions.events.values()] == ["case-1"]


def test_where_nothing_else_runs_one_look_is_enough(shop):
    assert shop.erase(ANN)["status"] == "complete"
