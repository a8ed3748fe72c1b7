"""By columns and one by one, a customer's content is the same, letter by letter."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.destinations.files.contents import Contents
from adapters.destinations.files.customer_batches import SCHEMA, CustomerBatch, customer_batches
from tessera.contracts.tables import PROFILES
from tessera.destinations import content
from tessera.destinations.capabilities import Capabilities
from tessera.destinations.content import Content
from tessera.destinations.planning.plan import Plan

CAPABILITIES = Capabilities(
    requests=True, volatile=content.VOLATILE, drifting=content.DRIFTING, batch_items=10
)

words = st.text(st.sampled_from('aé✂,:{}"\\/\n\r\t\x00\x1f\x7f\u2028 0'), max_size=6)
epoch = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
instants = st.integers(-(10**12), 2 * 10**15).map(lambda us: epoch + dt.timedelta(microseconds=us))
money = st.decimals(Decimal("-1e9"), Decimal("1e9"), places=2)
labels = st.builds(
    lambda sets, campaigns: json.dumps(sets | campaigns),
    st.dictionaries(
        st.sampled_from(["value_tier", "aaa", "zzz"]), st.sampled_from(["High", 'a "b"', "é"])
    ),
    st.dictionaries(
        st.sampled_from(["campaign:win-back", "campaign:x"]), st.sampled_from(["a", ""])
    ),
)
entries = st.sampled_from(["M1", "Té, 2", 'say "hi"', "a|b", "\\", "é" * 120, "x" * 256, "☂" * 255])
lists = st.lists(entries, max_size=4).map(
    lambda some: json.dumps(some, ensure_ascii=False, separators=(",", ":"))
)
profiles = st.fixed_dictionaries(
    {
        "customer_id": words,
        "frequency": st.integers(0, 10**12),
        "monetary": money,
        "segment": words,
        "as_of": st.dates(dt.date(1999, 1, 1)),
    },
    optional={
        "first_purchase_at": instants,
        "last_purchase_at": instants,
        "recency_days": st.integers(0, 10_000),
        "cluster": st.integers(1, 20),
        "rfm_score": st.sampled_from(["543", "111"]),
        "r_score": st.integers(1, 5),
        "clv_365d": money,
        "next_order_at": st.dates(dt.date(1999, 1, 1)),
        "next_products": lists,
        "labels": labels,
    },
)
contacts = st.dictionaries(
    st.sampled_from(["EMAIL", "SMS", "VOICE", "PUSH"]),
    st.tuples(words | st.sampled_from(["+4915112345678", "0151"]), st.sampled_from([1, 1, 2])),
)
people = st.lists(st.tuples(profiles, contacts), max_size=8)


def batch(profiles: list[tuple[dict[str, Any], dict[str, tuple[str, int]]]]) -> CustomerBatch:
    rows = []
    for number, (profile, channels) in enumerate(profiles):
        known = dict.fromkeys(PROFILES.names) | {"views": 0} | profile
        known["customer_key"] = f"key-{number:03}"
        bare = {"channel_type": None, "address": None, "claim": None}
        mine = [
            {"channel_type": channel, "address": address, "claim": claim}
            for channel, (address, claim) in sorted(channels.items())
        ]
        rows += [known | contact for contact in mine or [bare]]
    table = pa.Table.from_pylist(rows, schema=SCHEMA).combine_chunks()
    whole = list(customer_batches(table.to_batches()))
    rows = pa.Table.from_batches([one.rows for one in whole], whole[0].rows.schema)
    [joined] = rows.combine_chunks().to_batches()
    return CustomerBatch(joined)


class Vendor:
    CAPABILITIES = CAPABILITIES

    def __init__(self, rendering: Content) -> None:
        self.render = rendering

    def cleared(self, customer_id: str) -> dict[str, str]:
        return {"customer_id": customer_id}


@pytest.mark.parametrize("rendering", [content.addressed, content.unaddressed])
@settings(deadline=None)
@given(profiles=people.filter(bool))
def test_columns_say_what_the_customers_one_by_one_say(rendering, profiles):
    customers = batch(profiles)
    contents = Contents(customers, rendering=rendering, capabilities=CAPABILITIES)
    plan = Plan(Vendor(rendering), ledger=[])
    items = [item for one in customers.customers for item in plan.offer(one)]
    assert contents.keys == [item.key for item in items]
    assert contents.digests == [item.digest for item in items]
    assert contents.lines(range(len(items))) == [item.to_line() for item in items]
    assert contents.lines([]) == []
