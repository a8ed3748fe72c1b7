"""Sources that are silent are named by the clock, since no run of theirs ends."""

from __future__ import annotations

import datetime as dt
import json

import pytest

from adapters.stores.records import write_record
from lambdas.watch_sources import handler as module
from steps.watch_sources import late_sources
from tessera import naming
from tessera.records.runs.arrivals import Arrival, EarlierArrivals
from tessera.records.runs.latest import Latest
from tessera.records.tenant import Tenant
from tests.bucket_in_memory import BucketInMemory

LAST = dt.datetime(2026, 11, 20, 4, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)


def came(days: int = 8) -> tuple[Arrival, ...]:
    """Return the arrivals of a source that came every day until the last one."""
    return tuple(
        Arrival(
            run_id=str(ago), upload="uploads/acme/crm-deals/", at=LAST - ago * DAY, rows=100,
            refused=0,
        )
        for ago in reversed(range(days))
    )  # fmt: skip


@pytest.fixture
def data():
    bucket = BucketInMemory("data")
    known = {"crm-deals": came(), "shopify-orders": came(3), "uploads": came()}
    write_record(Latest(run_id="r9", as_of=LAST.date()), bucket, naming.latest_key("acme"))
    write_record(
        EarlierArrivals(arrivals=known), bucket, naming.run_key("acme", "r9", naming.SUMMARY)
    )
    return bucket


def late(data, after: dt.timedelta, *tenants: str) -> list[str]:
    return late_sources(tenants or ("acme",), data=data, now=LAST + after)


def test_a_source_that_no_longer_comes_is_late_without_any_run(data):
    assert late(data, DAY) == []
    [words] = late(data, 3 * DAY)
    assert words.startswith("acme: source 'crm-deals' is late: it last came at 2026-11-20 04:00")


def test_what_people_upload_and_a_source_with_few_uploads_are_never_late(data):
    assert len(late(data, 300 * DAY)) == 1


def test_a_tenant_without_a_run_or_whose_runs_expired_is_not_judged(data):
    write_record(Latest(run_id="gone", as_of=LAST.date()), data, naming.latest_key("expired"))
    assert late(data, 9 * DAY, "new", "expired", naming.CANARY_TENANT) == []


def test_the_function_counts_them_for_the_alarm_and_names_them_in_its_log(
    data, monkeypatch, capsys
):
    class Known:
        def __init__(self, table):
            assert table == "tenants"

        def active(self):
            return [Tenant(tenant="acme"), Tenant(tenant="new")]

    for name, value in (("DATA_BUCKET", "data"), ("TENANTS_TABLE", "tenants"), ("STAGE", "dev")):
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(module, "Tenants", Known)
    monkeypatch.setattr(module, "Objects", lambda name: data)

    reply = module.handler({}, None)

    assert (reply["tenants"], reply["late"]) == (2, 1)  # the made-up days are long ago
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    [metric] = [line for line in lines if "_aws" in line]
    assert (metric[naming.UNHEALTHY_SOURCES], metric["Stage"]) == ([1.0], "dev")
    assert any("crm-deals" in json.dumps(line) for line in lines if "_aws" not in line)
