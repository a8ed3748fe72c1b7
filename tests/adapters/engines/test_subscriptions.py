"""When subscriptions began and ended, from the events of an upload."""

from __future__ import annotations

HEADER = "EventName,CustomerID,Date,Amount,OrderID\n"


def rows(*events: tuple[str, str, str, str]) -> str:
    """Return an upload. An event's last text is its amount, with an order where it has one."""
    lines = [
        f"{name},{customer},{at},{amount.partition(' ')[0]},{amount.partition(' ')[2]}"
        for name, customer, at, amount in events
    ]
    return HEADER + "\n".join(lines) + "\n"


def days(folded, customer: str) -> tuple[int, int | None]:
    row = folded.subscriptions[customer]
    return row["begun_days_ago"], row["ended_days_ago"]


def test_a_subscription_runs_until_it_is_cancelled(fold):
    folded = fold(
        rows(
            ("SUBSCRIBED", "stays", "2024-01-01T12:00:00Z", "9"),
            ("RENEWED", "stays", "2024-01-31T12:00:00Z", "9"),
            ("SUBSCRIBED", "left", "2024-01-01T12:00:00Z", ""),
            ("CANCELLED", "left", "2024-01-20T12:00:00Z", ""),
            ("CANCELLED", "left", "2024-01-25T12:00:00Z", ""),
            ("PURCHASED", "buys", "2024-01-20T12:00:00Z", "9 o1"),
            ("RENEWED", "goes on", "2024-01-20T12:00:00Z", "9"),
        ),
        as_of="2024-03-01",
    )
    assert folded.subscriptions.keys() == {"stays", "left"}
    assert days(folded, "stays") == (60, None)
    assert days(folded, "left") == (60, 41)  # the first one counts


def test_who_comes_back_has_the_latest_subscription(fold):
    folded = fold(
        rows(
            ("SUBSCRIBED", "a", "2023-01-01T12:00:00Z", "9"),
            ("CANCELLED", "a", "2023-06-01T12:00:00Z", ""),
            ("SUBSCRIBED", "a", "2024-01-01T12:00:00Z", "9"),
            ("CANCELLED", "again", "2023-06-01T12:00:00Z", ""),
            ("SUBSCRIBED", "again", "2024-01-01T12:00:00Z", "9"),
            ("CANCELLED", "again", "2024-01-01T12:00:00Z", ""),
        ),
        as_of="2024-03-01",
    )
    assert days(folded, "a") == (60, None)
    assert days(folded, "again") == (60, 60)


def test_a_cancelled_order_ends_no_subscription(fold):
    folded = fold(
        rows(
            ("SUBSCRIBED", "a", "2024-01-01T12:00:00Z", "9"),
            ("PURCHASED", "a", "2024-01-05T12:00:00Z", "20 o1"),
            ("CANCELLED", "a", "2024-01-06T12:00:00Z", "20 o1"),
            ("CANCELLED", "a", "2024-01-07T12:00:00Z", "0 o2"),
            ("CANCELLED", "a", "2024-01-08T12:00:00Z", "5 o3"),
        ),
        as_of="2024-03-01",
    )
    assert days(folded, "a") == (60, None)


def test_a_plans_price_on_the_row_that_ends_it_is_no_money_back(fold):
    folded = fold(
        rows(
            ("SUBSCRIBED", "a", "2024-01-01T12:00:00Z", "9"),
            ("CANCELLED", "a", "2024-01-08T12:00:00Z", "9"),
        ),
        as_of="2024-03-01",
    )
    assert days(folded, "a") == (60, 53)
    assert folded.customers["a"]["monetary"] == 9


def test_only_the_period_counts_in_days_of_its_time_zone(fold):
    upload = rows(
        ("SUBSCRIBED", "old", "2022-01-01T12:00:00Z", "9"),
        ("RENEWED", "old", "2024-01-01T12:00:00Z", "9"),
        ("SUBSCRIBED", "new", "2023-12-31T23:30:00Z", "9"),
        ("CANCELLED", "new", "2024-03-05T12:00:00Z", ""),
    )
    folded = fold(upload, as_of="2024-03-01", window_months=12, time_zone="Europe/Paris")
    assert folded.subscriptions.keys() == {"new"}
    assert days(folded, "new") == (60, None)  # it begins in Paris's 2024, and ends after as_of


def test_the_order_of_rows_leaves_no_trace(fold):
    events = [
        (name, f"c{n}", f"2024-01-{1 + (7 * n + late) % 28:02d}T12:00:00Z", "")
        for n in range(40)
        for late, name in enumerate(("SUBSCRIBED", "CANCELLED", "SUBSCRIBED"))
    ]
    one = fold(rows(*events), as_of="2024-03-01")
    two = fold(rows(*reversed(events)), as_of="2024-03-01")
    assert one.subscriptions == two.subscriptions
    keys = [row["customer_key"] for row in one.subscriptions.values()]
    assert keys == sorted(keys)


def test_a_shop_without_subscriptions_has_an_empty_table(fold):
    folded = fold(rows(("PURCHASED", "a", "2024-01-01T12:00:00Z", "9 o1")))
    assert folded.subscriptions == {}
