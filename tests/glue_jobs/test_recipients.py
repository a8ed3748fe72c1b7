"""The files of recipients that MapSchema writes for SES, beside what SES has to be sent."""

from __future__ import annotations

import csv
import io
import json
from decimal import Decimal

import pytest

from adapters.stores.ledger import Ledger
from glue_jobs import map_schema
from tessera.destinations.planning.ledger import Entry
from tessera.destinations.planning.marks import Marks
from tessera.destinations.port import WAS, Item
from tessera.destinations.vendors.ses import contacts as vendor_contacts
from tessera.naming import OWNED, destination_prefix


def run(shop, *more: str) -> dict[str, bytes]:
    shop.destinations = ["export", "ses"]
    shop.write()
    arguments = {"tenant": shop.tenant, "run": shop.run_id, "data_bucket": "data"}
    arguments |= {"identities_bucket": "identities", "engine": "duckdb"}
    map_schema.main(
        [word for name, value in arguments.items() for word in (f"--{name}", value)] + [*more]
    )
    prefix = destination_prefix(shop.tenant, shop.run_id, "ses")
    bucket = shop.identities
    return {key.removeprefix(prefix): bucket.read(key) for key in bucket.keys(prefix)}


def rows(text: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.decode(), newline="")))


def people(shop) -> None:
    shop.customer("k1", "C 1")
    shop.customer("k2", 'C "2"\n=1+1', segment="At Risk", own={"loudness": "Quiet"})
    shop.customer("k3", "C 3")
    shop.customer("k4", "C 4")
    shop.seen("k1", "C 1", "EMAIL", "Family@example.com", day=2)
    shop.seen("k2", 'C "2"\n=1+1', "EMAIL", "two@example.com", day=3)
    shop.seen("k3", "C 3", "EMAIL", "family@example.com", day=4)
    shop.seen("k4", "C 4", "SMS", "+12125550100", day=4)


def items(files: dict[str, bytes]) -> list[Item]:
    return [
        Item.from_line(line)
        for name, text in sorted(files.items())
        if name.startswith("part-")
        for line in text.decode().split("\n")
        if line
    ]


def test_a_segments_file_has_reachable_customers_and_their_template_data(shop):
    people(shop)
    files = run(shop)
    (champion,) = rows(files["segments/_RFM_Champions.csv"])
    assert (champion["email"], champion["customer_id"]) == ("family@example.com", "C 3")
    template_data = json.loads(champion["template_data"])
    assert template_data == {
        name: value
        for one in items(files)
        if one.customer_id == "C 3"
        for name, value in one.content.items()
        if name != "email"
    }
    assert (template_data["rfm_segment"], template_data["rfm_set_value_tier"]) == (
        "Champions",
        "High",
    )
    (risky,) = rows(files["segments/_RFM_At_Risk.csv"])
    assert risky["customer_id"] == 'C "2"\n' + "'=1+1"
    assert json.loads(risky["template_data"])["customer_id"] == 'C "2"\n=1+1'


def test_every_segment_has_a_file_and_the_sizes_are_those_of_the_files(shop):
    people(shop)
    files = run(shop)
    record = json.loads(files["load.json"])
    sizes = json.loads(files["recipients.json"])
    names = {segment["name"] for segment in record["segments"]}
    assert names == set(sizes)
    assert {f"segments/{name}.csv" for name in names} == {
        name for name in files if name.startswith("segments/")
    }
    for name, size in sizes.items():
        assert len(rows(files[f"segments/{name}.csv"])) == size
    assert (sizes["_RFM_Champions"], sizes["_RFM_Lost"], sizes["_RFM_Cluster_1"]) == (1, 0, 2)


def test_a_threshold_has_a_file_of_the_customers_within_it(shop):
    shop.settings["thresholds"] = {
        "Big spender": {"attribute": "monetary", "at_least": 99.5},
        "In between": {"attribute": "monetary", "at_least": 20, "at_most": 99.5},
    }
    for number, money in enumerate(["19.99", "20.00", "99.50", "100.00"]):
        shop.customer(f"k{number}", f"C {number}", monetary=Decimal(money))
        shop.seen(f"k{number}", f"C {number}", "EMAIL", f"{number}@example.com")
    shop.customer("k9", "C 9", monetary=Decimal(1000))
    files = run(shop)
    members = {
        name: [row["customer_id"] for row in rows(files[f"segments/_RFM_{name}.csv"])]
        for name in ("Big_spender", "In_between")
    }
    assert members == {"Big_spender": ["C 2", "C 3"], "In_between": ["C 1", "C 2"]}


def test_an_address_is_in_a_file_once(shop):
    people(shop)
    files = run(shop)
    for name, text in files.items():
        if name.startswith("segments/"):
            addresses = [row["email"].lower() for row in rows(text)]
            assert len(addresses) == len(set(addresses))


def test_customers_to_send_are_in_parts_of_their_own_and_the_record_names_no_other_files(shop):
    people(shop)
    files = run(shop)
    record = json.loads(files["load.json"])
    assert [part["key"].rpartition("/")[2] for part in record["parts"]] == ["part-00000.jsonl"]
    assert (record["desired"], record["changes"]) == (4, 4)
    assert ["email" in item.content for item in items(files)] == [False, True, True, False]


def test_the_marks_of_all_addresses_say_whose_contact_must_not_lose_its_labels(shop):
    people(shop)
    marks = Marks(run(shop)[OWNED])
    for address in ("family@example.com", "two@example.com", "TWO@example.com"):
        assert vendor_contacts.mark(address) in marks
    assert vendor_contacts.mark("nobody@example.com") not in marks
    assert vendor_contacts.mark("family@example.com") not in Marks(b"")


def test_the_trace_of_an_address_that_changed_comes_with_the_customer(shop):
    people(shop)
    ledger = Ledger(shop.identities, tenant=shop.tenant, destination="ses")
    was = vendor_contacts.mark("before@example.com")
    entries = [Entry("k2", "d", 'C "2"\n=1+1', was), Entry("k9", "d", "C 9", was)]
    ledger.acknowledge(entries, started_at="2026-04-01T00:00:00Z", name="r0")
    traces = {item.key: item.content.get(WAS) for item in items(run(shop))}
    assert traces == {"k1": None, "k2": was, "k3": None, "k4": None, "k9": was}


@pytest.mark.parametrize(
    ("tenant", "arguments"), [("default", ("--files_only", "export,ses")), ("acme", ())]
)
def test_without_the_opt_in_and_for_other_tenants_there_are_files_alone(
    shop, tmp_path, tenant, arguments
):
    shop.tenant = tenant
    people(shop)
    files = run(shop, *arguments)
    record = json.loads(files["load.json"])
    assert (record["parts"], record["desired"], record["changes"], record["held"]) == ([], 4, 0, "")
    assert not items(files)
    assert len(rows(files["segments/_RFM_Champions.csv"])) == 1
