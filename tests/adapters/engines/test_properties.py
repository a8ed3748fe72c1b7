"""What holds for every upload: no row and no money is lost, and order decides nothing."""

from __future__ import annotations

import random
from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.reference import EVENTS, content

HEADER = (
    "EventName,CustomerID,UnitPrice,Quantity,Date,OrderID,EventID,ChannelType,Address,City,"
    "AdConsent\n"
)
ROW = st.tuples(
    st.sampled_from(
        ["PURCHASED", "purchased", "VIEWED", "REFUNDED", "Cancelled", "Renewed", "danced", ""]
    ),
    st.sampled_from(["a", "b", "0007", " 7", "", '"x,y"']),
    st.sampled_from(["1.25", "0", "1,299.00", "-3.10", "free", ""]).map(lambda text: f'"{text}"'),
    st.sampled_from(["1", "2", "-1", "", "1.5", "x"]),
    st.sampled_from(
        ['"Mon, 01 Jan 2024 10:00:00 +0000"', "2024-01-02", "1704276000", "2024-02-30", "",
         '"Thu, 4 Jan 2024 10:00 GMT"']
    ),
    st.sampled_from(["", "o1", "o2"]),
    st.sampled_from(["", "", "", "e1", "e2"]),
    st.sampled_from(["", "EMAIL", "SMS"]),
    st.sampled_from(["", "a@example.com", "b@example.com"]),
    st.sampled_from(["", "Old Town", "New Town"]),
    st.sampled_from(["", "", "GRANTED", "denied", " Yes", "maybe"]),
).map(lambda cells: ",".join(cells) + "\n")  # fmt: skip
GOOD = "PURCHASED,good,1.25,1,2024-01-01,,,,,,\n"


@settings(
    max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(ROW, max_size=25), st.randoms(use_true_random=False))
def test_rows_and_money_are_conserved_in_any_order(fold, rows, chance: random.Random):
    rows = [GOOD, *rows]
    one = fold(HEADER + "".join(rows), decimal="dot")
    chance.shuffle(rows)
    other = fold(HEADER + "".join(rows), decimal="dot")
    assert one.customers_bytes == other.customers_bytes
    assert one.features_bytes == other.features_bytes
    assert one.behaviour_bytes == other.behaviour_bytes
    assert one.identities_bytes == other.identities_bytes
    assert one.read == len(rows) == len(one.events) + one.rejected + one.ignored
    assert len(one.rejects) == one.rejected
    counted = {row["event_id"] or index: row["amount"] for index, row in enumerate(one.events)}
    if not any(row["event_id"] for row in one.events):
        assert one.money == sum(counted.values(), Decimal(0))
        assert sum(row["events"] for row in one.customers.values()) == len(one.events)


def test_a_long_shuffled_history_gives_the_same_bytes(fold):
    header, *rows = content(EVENTS["rfm_orders"]).decode().splitlines()
    one = fold("\n".join([header, *rows]))
    random.Random(7).shuffle(rows)  # noqa: S311 (no secret)
    other = fold("\n".join([header, *rows]))
    assert one.customers_bytes == other.customers_bytes
    assert one.features_bytes == other.features_bytes
    assert one.behaviour_bytes == other.behaviour_bytes
    assert one.identities_bytes == other.identities_bytes
