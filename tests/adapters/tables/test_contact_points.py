"""By columns and one by one, an address has the same normal form."""

from __future__ import annotations

import datetime as dt
import pickle

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from adapters.tables.contact_points import ContactPoints
from adapters.tables.parquet import arrow_schema
from tessera.contracts.tables import IDENTITIES
from tessera.destinations.mapping import CONTACT_POINTS
from tessera.events.contact_points.channels import KINDS
from tessera.events.contact_points.reading import normal_address

SEEN = dt.datetime(2026, 4, 1, tzinfo=dt.UTC)


def identities(contacts: list[tuple[str | None, str | None, str | None]]) -> pa.RecordBatch:
    rows = [
        dict.fromkeys(IDENTITIES.names)
        | {"customer_key": f"k{number}", "customer_id": f" C {number} ", "last_seen_at": SEEN}
        | {"channel_type": channel, "address": address, "country": country}
        for number, (channel, address, country) in enumerate(contacts)
    ]
    return pa.RecordBatch.from_pylist(rows, arrow_schema(IDENTITIES))


def read(contacts, *, phone_region: str = "") -> list[tuple[str | None, str | None]]:
    rows = ContactPoints(phone_region=phone_region)(identities(contacts))
    assert rows.schema.names == list(CONTACT_POINTS.names)
    return [(row["address"], row["unreadable"]) for row in rows.to_pylist()]


addresses = st.one_of(
    st.sampled_from(
        ["ann@mail.example", "ANN@Mail.Example", " ann@mail.example ", "ann@\u212aail.example",
         "ann@mail.test", "ann@b\u00fccher.example", "ann@mail", "a" * 60 + "@mail.example",
         "+491701234567", "+49 170 1234567", "+49-170-1234567", "+49 (0)170 1234567",
         "0170 1234567", "+49  170                                  1234567", "+1 555",
         "(0170) 123-4567", "170 1234567", "491701234567", "0 170 1234567", "00170 1234567",
         "02079460018", "(212) 555-0100", "1 212 555 0100", "0110 123456", "06 1234 5678",
         "+49\u00a0170 1234567", "+4917012345678901234", "4.91701E+11", "token-\u200b", "", " "]
    ),
    st.text(st.sampled_from("a1@. -+_K\u200b\u00fc"), max_size=12),
    st.text("+0123456789 -()", max_size=20),
    st.emails(),
)  # fmt: skip
channels = st.sampled_from(["EMAIL", "SMS", "VOICE", "PHONE", "PUSH", None])
countries = st.sampled_from([None, "DEU", "Germany", "US", "Italy", "GB", "FR", "Atlantis", ""])


@given(
    st.lists(st.tuples(channels, st.none() | addresses, countries), max_size=12),
    st.sampled_from(["", "DE", "GB"]),
)
def test_columns_read_what_is_read_one_by_one(contacts, region):
    expected = []
    for channel, address, country in contacts:
        if channel not in KINDS or address is None:
            expected.append((address, None))
            continue
        normal = normal_address(channel, address, country=country or "", phone_region=region)
        expected.append((normal or None, None if normal else KINDS[channel]))
    assert read(contacts, phone_region=region) == expected


def test_a_numbers_country_is_the_customers_before_it_is_the_setting():
    contacts = [("SMS", "020 7946 0018", "GBR"), ("SMS", "030 901820", None)]
    assert read(contacts, phone_region="DE") == [("+442079460018", None), ("+4930901820", None)]
    assert read(contacts) == [("+442079460018", None), (None, "phone")]


def test_all_else_stays_as_it_was_given():
    given_rows = identities([("EMAIL", "Ann@Mail.example", "DE"), (None, None, None)])
    rows = ContactPoints()(given_rows)
    for name in set(CONTACT_POINTS.names) - {"address", "unreadable"}:
        assert rows.column(name).equals(given_rows.column(name))


def test_executors_get_it_by_its_pickle():
    assert pickle.loads(pickle.dumps(ContactPoints(phone_region="DE"))).phone_region == "DE"  # noqa: S301
