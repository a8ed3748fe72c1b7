"""Live labels read a record as the batch reads the upload that it becomes."""

from __future__ import annotations

import datetime as dt
import json

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tessera.labels.events import mark_of, micros
from tessera.labels.reading import Keys, LiveEventReader, by_tenant
from tessera.records.label_rules import LabelRules
from tessera.sources.stream import StreamRecord, parts_of
from tests.adapters.engines.conftest import SECRET

ARRIVED = dt.datetime(2026, 11, 28, 12, tzinfo=dt.UTC).timestamp()
RULES = LabelRules(
    run_id="r1",
    as_of=dt.date(2026, 11, 28),
    preset="classic-11",
    measures="guidance",  # which reads events of every kind
    scale=5,
    floors={},
    cells={},
    prospect="Prospect",
    last_event_at=dt.datetime(2026, 11, 27, tzinfo=dt.UTC),
    time_zone="Europe/Berlin",
    currency="EUR",
)
FIELDS = st.fixed_dictionaries(
    {
        "CustomerID": st.sampled_from(["C1", " c1 ", "0007", "guest", "", "A@Example.com", 17]),
        "Date": st.sampled_from(
            ["2026-11-28T09:00:00Z", "2026-11-28 23:30", "2026-11-28", 1795867200, "soon", ""]
        ),
        "EventName": st.sampled_from(
            ["PURCHASED", "viewed", "Order Refunded", "CANCELLED", "RENEWED", "danced", ""]
        ),
        "Amount": st.sampled_from([12.5, "1299.00", "1,299.00", -3, 0, "", None, "free", 1e30]),
        "OrderID": st.sampled_from(["", "o1", " o2", None]),
        "EventID": st.sampled_from(["e1", "e2", "", "e4"]),
        "Currency": st.sampled_from(["EUR", "", "USD"]),
    }
)  # fmt: skip


@settings(
    max_examples=6,
    deadline=None,
    phases=[Phase.generate],  # a failing example shows enough
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.lists(FIELDS, min_size=12, max_size=12))
def test_a_record_is_read_as_the_batch_reads_its_row(fold, tmp_path_factory, drawn):
    good = {
        "CustomerID": "good", "Date": "2026-11-28T09:00:00Z", "EventName": "PURCHASED",
        "Amount": 1, "OrderID": "", "EventID": "", "Currency": "EUR",
    }  # fmt: skip
    records = [
        StreamRecord("shard-0", f"{n:056d}", ARRIVED, json.dumps(fields).encode())
        for n, fields in enumerate([good, *drawn])
    ]
    [part], _ = parts_of(records)
    file = tmp_path_factory.mktemp("part") / part.name
    file.write_bytes(part.body)
    folded = fold(
        file, time_zone="Europe/Berlin", currency="EUR", mapping="none", decimal="dot",
        max_bad_share=1.0,
    )  # fmt: skip
    keys = Keys.of(SECRET, tenant="default")
    [(_, rows)] = by_tenant(records).items()
    live = LiveEventReader(RULES, keys=keys).read(rows)
    batch = [
        (
            row["customer_key"], row["event"], micros(row["occurred_at"]),
            _amount(row["event"], int(row["amount"] * 10_000), row["order_id"]),
            row["order_id"] and mark_of(row["order_id"]),
            row["event_id"] and mark_of(row["event_id"]),
        )
        for row in folded.events
    ]  # fmt: skip
    taken = [
        (
            key,
            one.kind,
            one.at_us,
            _amount(one.kind, one.amount, one.order),
            one.order,
            one.mark,
        )
        for key, events in live.events.items()
        for one in events
    ]
    assert sorted(map(str, taken)) == sorted(map(str, batch))
    assert live.left == len(records) - len(taken)
    assert {one.window for events in live.events.values() for one in events} == {20_785}


def _amount(kind, amount, order):
    """Return the amount, None of a cancellation without an order: its customer waits for a run."""
    return None if kind == "CANCELLED" and order is None else amount
