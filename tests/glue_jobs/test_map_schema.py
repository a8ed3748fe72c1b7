"""MapSchema, run as Glue runs it: a script with arguments, and only the buckets to read."""

from __future__ import annotations

import csv
import dataclasses
import io
import json
import os
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.destinations.files.customer_batches import customer_batches
from adapters.engines.duckdb.query import DuckDBEngine
from adapters.stores.events import UploadRecord
from adapters.stores.ledger import Ledger
from adapters.stores.upload_history import UploadHistory
from glue_jobs import map_schema
from steps.map_schema.run import MappedRun
from tessera.contracts.tables import IDENTITIES
from tessera.destinations import mapping
from tessera.destinations.planning.ledger import Entry
from tessera.destinations.port import Item
from tessera.errors import InvalidInput
from tessera.naming import PREPARE_RECORD, identities_prefix, run_key
from tessera.records.loads.load import PlanCounts
from tests.tickets import prepared_json


def arguments(shop, engine: str) -> list[str]:
    parameters = {"tenant": shop.tenant, "run": shop.run_id, "data_bucket": "data"}
    parameters |= {"identities_bucket": "identities", "engine": engine}
    given_by_glue = ["--JOB_NAME", "map-schema", "--TempDir", "s3://elsewhere/"]
    return [
        word for name, value in parameters.items() for word in (f"--{name}", value)
    ] + given_by_glue


def run(shop) -> None:
    map_schema.main(arguments(shop, "duckdb"))


def run_script(shop, root: Path, *, engine: str, **environment: str) -> None:
    done = subprocess.run(
        [
            sys.executable,
            "glue_jobs/__main__.py",
            "--module",
            "map_schema",
            *arguments(shop, engine),
        ],
        check=False,
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root), **environment},
        capture_output=True,
        text=True,
        timeout=240,
    )
    assert done.returncode == 0, done.stderr[-3000:]


def small(shop) -> None:
    shop.customer("k1", "=CUST-1")
    shop.customer("k2", "Žofie 2", segment="At Risk", r_score=1, rfm_score="143")
    shop.customer("k3", "CUST-3", segment="Prospect")
    shop.customer("k4", "cust-1")
    shop.seen("k1", "=CUST-1", "EMAIL", "old@example.com", day=2)
    shop.seen("k1", "=CUST-1", "EMAIL", "new@example.com", day=3)
    shop.seen("k1", "=CUST-1", "SMS", "+12125550100", day=3)
    shop.seen("k2", "Žofie 2", "EMAIL", "Family@example.com", day=4)
    shop.seen("k4", "cust-1", "EMAIL", "family@example.com", day=5)
    shop.seen("k4", "cust-1", "SMS", "+12125550101", day=5)
    shop.seen("gone", "CUST-9", "EMAIL", "family@example.com", day=9)


def items(files: dict[str, bytes]) -> list[Item]:
    lines = "".join(
        text.decode() for name, text in sorted(files.items()) if name.endswith(".jsonl")
    )
    return [Item.from_line(line) for line in lines.splitlines()]


def rows(text: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.decode(), newline="")))


def test_latest_address_wins_and_a_shared_one_belongs_to_the_customer_seen_last(shop):
    small(shop)
    shop.write()
    run(shop)
    contacts = rows(shop.destination("export")["contacts.csv"])
    assert [(row["customer_id"], row["channel_type"], row["address"]) for row in contacts] == [
        ("'=CUST-1", "EMAIL", "new@example.com"),
        ("'=CUST-1", "SMS", "+12125550100"),
        ("cust-1", "EMAIL", "family@example.com"),
        ("cust-1", "SMS", "+12125550101"),
    ]
    record = json.loads(shop.destination("export")["load.json"])
    assert record["shared_addresses"] == 1
    assert record["without_address"] == 2
    assert record["without_identity"] == 0


def test_thresholds_are_segments_with_their_bounds_and_exact_counts(shop):
    shop.settings["thresholds"] = {
        "Big spender": {"attribute": "monetary", "at_least": 99.5},
        "Nobody": {"attribute": "frequency", "at_least": 100, "at_most": 200},
    }
    for number, money in enumerate(["99.49", "99.50", "1000.00"]):
        shop.customer(f"k{number}", f"C {number}", monetary=Decimal(money))
    shop.customer("k9", "C 9", segment="Prospect")
    shop.write()
    run(shop)
    for name, file in (("export", "segments.json"), ("customer_profiles", "load.json")):
        segments = json.loads(shop.destination(name)[file])["segments"]
        big, nobody = (one for one in segments if one["kind"] == "threshold")
        assert (big["name"], big["customers"]) == ("_RFM_Big_spender", 2)
        assert big["bounds"] == {"column": "monetary", "at_least": "99.5", "at_most": ""}
        assert (nobody["name"], nobody["customers"]) == ("_RFM_Nobody", 0)
        assert {one["bounds"] for one in segments if one["kind"] != "threshold"} == {None}
        if name == "export":
            assert (big["attribute"], big["value"]) == ("monetary", "")


def test_a_tie_for_an_address_goes_to_the_smallest_customer_id(shop):
    for key, customer_id in (("k1", "B"), ("k2", "A"), ("k3", "C")):
        shop.customer(key, customer_id)
        shop.seen(key, customer_id, "EMAIL", "desk@example.com", day=3)
    shop.write()
    run(shop)
    contacts = rows(shop.destination("export")["contacts.csv"])
    assert [row["customer_id"] for row in contacts] == ["A"]


def test_export_has_every_customer_and_says_what_the_labels_mean(shop):
    small(shop)
    shop.write()
    run(shop)
    files = shop.destination("export")
    lists = {name for name in files if name.startswith("segments/")}
    assert set(files) - lists == {
        "customers.parquet", "customers.csv", "contacts.csv", "segments.json", "load.json",
    }  # fmt: skip
    members = {name: len(rows(text)) for name, text in files.items() if name in lists}
    assert len(members) == 12  # a list for every segment, also for those without customers
    assert {name: count for name, count in members.items() if count} == {
        "segments/_RFM_Champions.csv": 2,
        "segments/_RFM_At_Risk.csv": 1,
        "segments/_RFM_Prospect.csv": 1,
    }
    customers = rows(files["customers.csv"])
    assert [row["customer_id"] for row in customers] == ["'=CUST-1", "Žofie 2", "CUST-3", "cust-1"]
    assert customers[0]["first_purchase_at"] == "2026-04-01T12:00:00Z"
    assert customers[2]["last_purchase_at"] == ""
    segments = json.loads(files["segments.json"])["segments"]
    assert {entry["name"]: entry["customers"] for entry in segments if entry["customers"]} == {
        "_RFM_Champions": 2,
        "_RFM_At_Risk": 1,
        "_RFM_Prospect": 1,
        "_RFM_Cluster_1": 3,
        "_RFM_Value_High": 3,
        "_RFM_Value_Unknown": 1,
        "_RFM_Churn_Risk_Low": 3,
        "_RFM_Churn_Risk_Unknown": 1,
        "_RFM_Risk_Keep": 3,
        "_RFM_Risk_Usual": 1,
    }
    lost = next(entry for entry in segments if entry["name"] == "_RFM_Cant_Lose_Them")
    assert (lost["label"], lost["kind"]) == ("Can't Lose Them", "segment")
    assert "113" in lost["cells"]
    assert lost["meaning"]


MINE = {
    "meaning": "Who looks.",
    "prefix": "Viewer",
    "label": [{"label": "Looks", "meaning": "Looks.", "action": "Show."}],
    "empty": {"label": "Blind", "meaning": "Never looked.", "action": "Wait."},
    "rule": [{"column": "views", "ranges": {"Looks": {}}}],
}


def test_every_set_is_listed_with_its_sizes_and_has_a_column(shop):
    shop.settings = {"segment_sets": ["value_tier", "cluster", "mine"], "sets": {"mine": MINE}}
    for number, tier in enumerate(["High", "Low", "Low"]):
        own = {"cluster": "1", "mine": "Looks"}
        shop.customer(f"k{number}", f"C {number}", tier=tier, own=own)
        shop.seen(f"k{number}", f"C {number}", "EMAIL", f"c{number}@example.com")
    shop.customer("k9", "C 9", segment="Prospect", own={"cluster": "None", "mine": "Blind"})
    shop.write()
    run(shop)
    files = shop.destination("export")
    listed = json.loads(files["segments.json"])
    assert [(one["name"], one["attribute"], one["customers"]) for one in listed["sets"]] == [
        ("rfm", "segment", 4),
        ("value_tier", "value_tier", 4),
        ("cluster", "labels", 4),
        ("mine", "labels", 4),
    ]
    sizes = {one["name"]: one["sizes"] for one in listed["sets"]}
    assert sizes["value_tier"] == {
        "_RFM_Value_High": 1, "_RFM_Value_Middle": 0, "_RFM_Value_Low": 2, "_RFM_Value_Unknown": 1,
    }  # fmt: skip
    assert sizes["cluster"] == {"_RFM_Cluster_1": 3, "_RFM_Cluster_None": 1}
    assert sizes["mine"] == {"_RFM_Viewer_Looks": 3, "_RFM_Viewer_Blind": 1}
    (high,) = (one for one in listed["segments"] if one["name"] == "_RFM_Value_High")
    assert (high["kind"], high["set"], high["value"]) == ("set", "value_tier", "High")
    contacts = rows(files["contacts.csv"])
    assert [(row["value_tier"], row["mine"]) for row in contacts] == [
        ("High", "Looks"), ("Low", "Looks"), ("Low", "Looks"),
    ]  # fmt: skip
    assert [row["value_tier"] for row in rows(files["customers.csv"])] == [
        "High", "Low", "Low", "Unknown",
    ]  # fmt: skip
    first = items(shop.destination("customer_profiles"))[0].content
    assert (first["rfm_set_value_tier"], first["rfm_set_mine"]) == ("High", "Looks")


LEFT = Entry("zz", "gone", "CUST-7")  # of a customer that the data no longer has


def test_only_what_the_ledger_lacks_is_sent(shop):
    small(shop)
    shop.write()
    run(shop)
    first = items(shop.destination("customer_profiles"))
    assert [item.key for item in first] == ["k1", "k2", "k3", "k4"]
    ledger = Ledger(shop.identities, tenant="default", destination="customer_profiles")
    ledger.acknowledge(
        [Entry(item.key, item.digest, item.customer_id) for item in first[:2]] + [LEFT],
        started_at="2026-05-01T03:00:00Z",
        name="r1-0",
    )
    shop.profiles[0]["segment"] = "At Risk"
    for row in shop.profiles:  # a day passes, which is no reason to send anybody
        row["recency_days"] = row["recency_days"] and row["recency_days"] + 1
    shop.write()
    run(shop)
    sent = items(shop.destination("customer_profiles"))
    assert [(item.key, item.customer_id) for item in sent] == [
        ("k1", "=CUST-1"), ("k3", "CUST-3"), ("k4", "cust-1"), ("zz", "CUST-7"),
    ]  # fmt: skip
    record = json.loads(shop.destination("customer_profiles")["load.json"])
    counts = {field.name: record[field.name] for field in dataclasses.fields(PlanCounts)}
    assert counts == {
        "desired": 4, "changes": 4, "adds": 2, "updates": 1, "exits": 1, "unchanged": 1,
        "untold": 0, "left": 0, "known": 3,
    }  # fmt: skip


def test_everybody_is_sent_again_where_the_destination_was_created_again(shop):
    small(shop)
    shop.write()
    run(shop)
    first = items(shop.destination("customer_profiles"))
    ledger = Ledger(shop.identities, tenant="default", destination="customer_profiles")
    ledger.acknowledge(
        [*(Entry(item.key, item.digest, item.customer_id) for item in first), LEFT],
        started_at="2026-05-01T03:00:00Z",
        name="r1-0",
    )
    run(shop)
    assert [item.key for item in items(shop.destination("customer_profiles"))] == [LEFT.key]
    ledger.forget(started_at="2026-05-02T03:00:00Z", run_id="r2")
    run(shop)
    assert items(shop.destination("customer_profiles")) == first


def test_no_customer_at_all_is_a_run_too(shop):
    shop.write()
    run(shop)
    record = json.loads(shop.destination("customer_profiles")["load.json"])
    assert (record["desired"], record["parts"]) == (0, [])
    assert rows(shop.destination("export")["customers.csv"]) == []


def test_parts_have_a_fixed_size_and_keep_the_order(shop, monkeypatch):
    monkeypatch.setattr("steps.map_schema.files.ROWS_PER_PART", 2)  # a batch of 10 has to fit
    for number in reversed(range(25)):
        shop.customer(f"k{number:02}", f"C {number}")
    shop.write()
    run(shop)
    parts = json.loads(shop.destination("customer_profiles")["load.json"])["parts"]
    assert [part["rows"] for part in parts] == [10, 10, 5]
    assert [item.key for item in items(shop.destination("customer_profiles"))] == [
        f"k{number:02}" for number in range(25)
    ]


def test_a_profile_whose_identity_was_erased_is_left_out_and_counted(shop):
    shop.customer("k1", "C 1")
    shop.customer("k2", "C 2")
    shop.people = [row for row in shop.people if row["customer_key"] == "k1"]
    shop.write()
    run(shop)
    record = json.loads(shop.destination("export")["load.json"])
    assert (record["desired"], record["without_identity"]) == (1, 1)


def test_nothing_personal_reaches_the_data_bucket(shop):
    small(shop)
    shop.write()
    run(shop)
    everything = b"".join(shop.data.read(key) for key in shop.data.keys(""))
    for text in ("example.com", "+1212555", "CUST-", "cust-1", "Žofie"):
        assert text.encode() not in everything


def test_the_script_writes_the_same_bytes_whatever_the_order_of_rows(shop, root):
    small(shop)
    shop.write()
    run_script(shop, root, engine="duckdb")
    once = {name: shop.destination(name) for name in shop.destinations}
    shop.people.reverse()
    shop.profiles.reverse()
    shop.write()
    run(shop)
    assert {name: shop.destination(name) for name in shop.destinations} == once


STATEMENTS = st.lists(
    st.tuples(st.integers(0, 2), st.sampled_from([None, "GRANTED", "DENIED"]), st.integers(1, 4)),
    max_size=6,
    unique_by=lambda one: one[0],
)


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(STATEMENTS, min_size=1, max_size=4))
def test_the_latest_word_on_consent_counts_a_tie_denies_and_silence_keeps(shop, everybody):
    """Wherever it was recorded. A later row without an answer changes nothing."""
    shop.profiles.clear(), shop.people.clear()
    for number, statements in enumerate(everybody):
        shop.customer(f"k{number}", f"C {number}")
        for address, consent, day in statements:
            shop.seen(f"k{number}", f"C {number}", "EMAIL", f"{number}-{address}@example.com",
                      day=28 - address, consent=consent, consent_day=day)  # fmt: skip
    shop.write()
    rows = DuckDBEngine().batches(mapping.QUERY, tables=opened(shop).tables())
    consents = [one.ad_consent for batch in customer_batches(rows) for one in batch.customers]
    assert consents == [expected(statements) for statements in everybody]


def expected(statements) -> bool | None:
    answers = [(day, consent) for _, consent, day in statements if consent]
    last = {consent for day, consent in answers if day == max(answers)[0]}
    return None if not answers else "DENIED" not in last


def opened(shop) -> MappedRun:
    return MappedRun.read(
        tenant=shop.tenant, run_id=shop.run_id, data=shop.data, identities=shop.identities
    )


def test_the_runs_own_upload_counts_in_place_of_what_it_had_before(shop):
    shop.customer("k1", "C 1")
    shop.seen("k1", "C 1", "EMAIL", "withdrawn@example.com", day=9)
    shop.write()
    uploads = UploadHistory(shop.data, shop.identities, tenant=shop.tenant)
    record = UploadRecord(
        id="b", name="b.csv", content="new", since="", events=1, event_ids=0, first_event_at=None,
        last_event_at=None, currency="", run_id=shop.run_id,
    )  # fmt: skip
    uploads.begin(record)
    corrected = uploads.people.folder("b", content="new") + "part-00000.parquet"
    shop._table(shop.identities, corrected, shop.people[:1], IDENTITIES)
    key = run_key(shop.tenant, shop.run_id, PREPARE_RECORD)
    shop.data.write_json(key, prepared_json(as_of=shop.as_of, pending=True))
    first = next(shop.identities.keys(identities_prefix(shop.tenant)))
    assert opened(shop).tables()["identities"].keys == (first, corrected)
    run(shop)
    assert not any(b"withdrawn" in body for body in shop.destination("export").values())
    uploads.settle()
    with pytest.raises(InvalidInput, match=r"stored is gone.* start a new execution"):
        run(shop)


def test_identities_of_a_version_without_consent_are_read_as_silent(shop):
    before = ("ad_consent", "ad_consent_at", "email_consent", "email_consent_at")
    older = dataclasses.replace(
        IDENTITIES, columns=tuple(c for c in IDENTITIES.columns if c.name not in before)
    )
    shop.customer("k1", "C 1")
    shop.customer("k2", "C 2")
    shop.seen("k1", "C 1", consent="GRANTED")
    shop.write()
    tables = opened(shop).tables()
    first, second = tables["identities"].keys
    rows = [{name: row[name] for name in older.names} for row in shop.people]
    for keys in ([first], [first, second]):  # of one upload, then of both
        for key in keys:
            shop._table(shop.identities, key, rows[:1] if key == first else rows[1:], older)
        read = customer_batches(DuckDBEngine().batches(mapping.QUERY, tables=tables))
        consents = [one.ad_consent for batch in read for one in batch.customers]
        assert consents == ([True, None] if len(keys) == 1 else [None, None])


@pytest.mark.spark
def test_spark_writes_the_same_bytes(shop, spark):
    small(shop)
    shop.settings["phone_region"] = "DE"
    shop.seen("k3", "CUST-3", "EMAIL", "n/a", day=3)
    shop.seen("k2", "Žofie 2", "SMS", "0170 1234567", day=3)
    for index in range(300):
        shop.customer(f"n{index:04}", f"N {index}", segment="At Risk")
        shop.seen(f"n{index:04}", f"N {index}", "EMAIL", f"n{index % 250}@example.com", day=6)
    shop.write()
    run(shop)
    once = {name: shop.destination(name) for name in shop.destinations}
    assert spark.call("glue_jobs.map_schema:main", arguments(shop, "spark")).error is None
    assert {name: shop.destination(name) for name in shop.destinations} == once
