"""Every destination gets one normal form of an address, and none gets what can't be read."""

from __future__ import annotations

import csv
import io
import json

from glue_jobs import map_schema
from tessera.destinations import catalog
from tessera.destinations.port import Item

EMAILS = ["ann@mail.example", "ANN@Mail.Example", "\ufeffAnn@mail.example\u200b"]
PHONES = [
    "+491701234567", "+49 (0)170 1234567", "0170 1234567", "0049 170 1234567", "'+491701234567",
]  # fmt: skip
IMPOSSIBLE = ["n/a", "bo@mail", "a@mail.example;b@mail.example", "mailto:a@mail.example"]
UNREADABLE = ["4.91701E+11", "0", "555-CALL-NOW", "+4917012345678901234"]
CONTACT_NAMES = ("email", "phone", "sms", "email_sha256", "phone_sha256")
ADDRESSED = sorted(name for name in catalog.CATALOG if catalog.CATALOG[name].CAPABILITIES.addresses)


def run(shop, *destinations: str) -> None:
    shop.destinations = list(destinations)
    shop.write()
    arguments = {"tenant": shop.tenant, "run": shop.run_id, "data_bucket": "data"}
    arguments |= {"identities_bucket": "identities", "engine": "duckdb"}
    map_schema.main([word for name, value in arguments.items() for word in (f"--{name}", value)])


def addresses(shop, destination: str) -> set[tuple[tuple[str, str], ...]]:
    """Return the sets of addresses under which a destination's files have customers."""
    files = shop.destination(destination)
    if destination == "export":
        rows = csv.DictReader(io.StringIO(files["contacts.csv"].decode()))
        by_customer: dict[str, dict[str, str]] = {}
        for row in rows:
            by_customer.setdefault(row["customer_id"], {})[row["channel_type"]] = row["address"]
        return {tuple(sorted(one.items())) for one in by_customer.values()}
    lines = [line for name, text in files.items() if name.startswith("part-")
             for line in text.decode().splitlines()]  # fmt: skip
    contents = [Item.from_line(line).content for line in lines]
    return {
        tuple((name, one[name]) for name in CONTACT_NAMES if name in one) for one in contents
    } - {()}


def report(shop, destination: str) -> dict:
    return json.loads(shop.destination(destination)["load.json"])


def customer(shop, number: int, *, email: str | None = None, phone: str | None = None) -> None:
    key, customer_id = f"k{number}", f"C {number}"
    shop.customer(key, customer_id)
    for channel, address in (("EMAIL", email), ("SMS", phone)):
        if address is not None:
            shop.seen(key, customer_id, channel, address, consent="GRANTED")


def test_one_customer_in_many_spellings_is_one_contact_everywhere(shop):
    shop.settings["phone_region"] = "DE"
    seen: dict[str, set] = {name: set() for name in ADDRESSED}
    for email, phone in zip(EMAILS + EMAILS, PHONES, strict=False):
        shop.people, shop.profiles = [], []
        customer(shop, 1, email=email, phone=phone)
        run(shop, *ADDRESSED)
        for name in ADDRESSED:
            seen[name] |= addresses(shop, name)
            record = report(shop, name)
            assert (record["unreadable_email"], record["unreadable_phone"]) == (0, 0)
    for name, contacts in seen.items():
        assert len(contacts) == 1, name
        assert len(*contacts) == len(catalog.CATALOG[name].CAPABILITIES.addresses), name


def test_what_cannot_be_read_is_omitted_everywhere_and_counted_once_a_customer(shop):
    for number, (email, phone) in enumerate(zip(IMPOSSIBLE, UNREADABLE, strict=True)):
        customer(shop, number, email=email, phone=phone)
    shop.seen("k0", "C 0", "EMAIL", "none@none", day=2, consent="GRANTED")
    shop.seen("k0", "C 0", "VOICE", "0170 1234567", day=2, consent="GRANTED")
    customer(shop, 9, email="ann@mail.example", phone="+491701234567")
    run(shop, *catalog.CATALOG)
    for name, destination in catalog.CATALOG.items():
        wanted = destination.CAPABILITIES.addresses
        assert len(addresses(shop, name)) == bool(wanted), name
        record = report(shop, name)
        assert record["unreadable_email"] == (4 if "email" in wanted else 0), name
        assert record["unreadable_phone"] == (4 if "phone" in wanted else 0), name
        assert record["without_address"] == 4
        files = b"".join(shop.destination(name).values())
        assert not [text for text in (*IMPOSSIBLE, UNREADABLE[0]) if text.encode() in files], name


def test_an_earlier_address_that_can_be_read_stands_in_and_is_no_fault(shop):
    customer(shop, 1, email="ann@mail.example", phone="+491701234567")
    shop.seen("k1", "C 1", "EMAIL", "n/a", day=9)
    shop.seen("k1", "C 1", "VOICE", "unknown", day=9)
    run(shop, "export")
    assert addresses(shop, "export") == {(("EMAIL", "ann@mail.example"), ("SMS", "+491701234567"))}
    record = report(shop, "export")
    assert (record["unreadable_email"], record["unreadable_phone"]) == (0, 0)


def test_two_spellings_of_one_address_belong_to_the_customer_seen_last(shop):
    shop.customer("k1", "C 1")
    shop.customer("k2", "C 2")
    for channel, early, late in (
        ("EMAIL", "info@b\u00fccher.example", "INFO@xn--bcher-kva.example"),
        ("SMS", "+49 (0)170 1234567", "+491701234567"),
    ):
        shop.seen("k1", "C 1", channel, early, day=2)
        shop.seen("k2", "C 2", channel, late, day=3)
    run(shop, "export")
    rows = list(csv.DictReader(io.StringIO(shop.destination("export")["contacts.csv"].decode())))
    assert [(row["customer_id"], row["address"]) for row in rows] == [
        ("C 2", "info@xn--bcher-kva.example"), ("C 2", "+491701234567"),
    ]  # fmt: skip
    assert report(shop, "export")["shared_addresses"] == 2


def test_a_number_is_read_where_its_customer_lives(shop):
    customer(shop, 1, phone="020 7946 0018")
    shop.people[-1]["country"] = "United Kingdom"
    customer(shop, 2, phone="030 901820")
    run(shop, "export")
    assert addresses(shop, "export") == {(("SMS", "+442079460018"),)}
    assert report(shop, "export")["unreadable_phone"] == 1
    shop.settings["phone_region"] = "DE"
    run(shop, "export")
    assert addresses(shop, "export") == {(("SMS", "+442079460018"),), (("SMS", "+4930901820"),)}


def test_a_platform_counts_only_customers_who_have_consented(shop):
    customer(shop, 1, email="n/a")
    shop.customer("k2", "C 2")
    shop.seen("k2", "C 2", "EMAIL", "n/a")
    run(shop, "meta", "klaviyo")
    assert report(shop, "meta")["unreadable_email"] == 1
    assert report(shop, "klaviyo")["unreadable_email"] == 2


def test_ses_gets_no_address_with_letters_beyond_ascii_before_the_at(shop):
    customer(shop, 1, email="jos\u00e9@mail.example")
    customer(shop, 2, email="info@b\u00fccher.example")
    run(shop, "ses", "klaviyo")
    assert addresses(shop, "ses") == {(("email", "info@xn--bcher-kva.example"),)}
    assert report(shop, "ses")["unreadable_email"] == 1
    assert len(addresses(shop, "klaviyo")) == 2
    assert report(shop, "klaviyo")["unreadable_email"] == 0


def test_a_customers_id_stays_exactly_as_given(shop):
    for number, customer_id in enumerate((" Ann@Mail.example", "ANN@mail.example", "jose\u0301")):
        shop.customer(f"k{number}", customer_id)
    run(shop, "klaviyo")
    parts = b"".join(t for n, t in shop.destination("klaviyo").items() if n.startswith("part-"))
    ids = [Item.from_line(line).customer_id for line in parts.decode().splitlines()]
    assert ids == [" Ann@Mail.example", "ANN@mail.example", "jose\u0301"]


def test_each_load_counts_reachable_customers_by_segment(shop):
    customer(shop, 1, email="ann@mail.example", phone="+491701234567")
    customer(shop, 2, email="none@none")
    shop.customer("k3", "C 3", segment="Lost")
    run(shop, "export")

    reach = report(shop, "export")["reach"]

    assert reach["Champions"] == {
        "customers": 2, "email": 1, "phone": 1, "ad_consent": 2, "email_granted": 0,
        "email_denied": 0,
    }  # fmt: skip
    assert reach["Lost"] == {
        "customers": 1, "email": 0, "phone": 0, "ad_consent": 0, "email_granted": 0,
        "email_denied": 0,
    }  # fmt: skip
