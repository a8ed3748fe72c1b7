"""The search for a customer by id or address."""

from __future__ import annotations

import io

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from adapters.aws.objects import Objects
from adapters.stores.customer_finder import CustomerFinder
from adapters.tables.parquet import arrow_schema
from tessera.contracts.tables import IDENTITIES
from tessera.naming import identities_prefix

PEOPLE = {
    "k1": ("C-1", "Ann@Example.com"),
    "k2": ("c-1", "+49 (170) 123-4567"),
    "k3": ("17850", None),
}


@pytest.fixture
def finder(buckets: tuple[Objects, Objects]) -> CustomerFinder:
    data, identities = buckets
    for tenant, upload in (("acme", "1" * 16), ("acme", "2" * 16), ("zenith", "3" * 16)):
        rows = [
            dict.fromkeys(IDENTITIES.names)
            | {"customer_key": f"{tenant}-{key}", "customer_id": one, "address": address}
            | {"last_seen_at": 0}
            for key, (one, address) in PEOPLE.items()
        ]
        file = io.BytesIO()
        pq.write_table(pa.Table.from_pylist(rows, schema=arrow_schema(IDENTITIES)), file)
        identities.write(f"{identities_prefix(tenant, upload)}content=x/p.parquet", file.getvalue())
    return CustomerFinder(data, identities)


@pytest.mark.parametrize(
    ("term", "keys"),
    [
        ("C-1", ("acme-k1",)),
        (" 17850 ", ("acme-k3",)),
        ("ann@example.com", ("acme-k1",)),
        ("+491701234567", ("acme-k2",)),
        ("+49 170 1234567", ("acme-k2",)),
        ("1785", ()),
        ("example.com", ()),
        ("", ()),
        ("%", ()),
    ],
)
def test_an_id_or_address_is_matched_whole_and_in_its_tenant(finder, term, keys):
    assert finder.find("acme", term) == keys


def test_a_tenant_without_uploads_has_nobody(finder):
    assert finder.find("empty", "17850") == ()
