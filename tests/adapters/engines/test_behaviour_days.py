"""BEHAVIOUR_DAYS and CUSTOMERS agree, on real histories and on an export with voided orders."""

from __future__ import annotations

import itertools
from decimal import Decimal
from typing import Any

import pytest

from tests.reference import DATA, EVENTS, content

HISTORIES = {
    "cdnow": (EVENTS["cdnow_sample"], {"time_zone": "America/New_York"}),
    "orders": (EVENTS["rfm_orders"], {}),
    "shopify": (
        content(DATA / "golden" / "shopify" / "input.csv"),
        {"currency": "USD", "currency_rates": {"EUR": "1.1", "JPY": "0.0068"}},
    ),
}


def summary_of(days: list[dict[str, Any]]) -> dict[str, Any]:
    """Add up one buyer's days."""
    bought = [day for day in days if day["bought"]]
    gaps = [one["days_ago"] - next_["days_ago"] for one, next_ in itertools.pairwise(bought)]
    return {
        "purchase_days": len(bought),
        "monetary": sum((day["net"] for day in days), Decimal(0)),
        "tenure_days": bought[0]["days_ago"],
        "recency_days": bought[-1]["days_ago"],
        "first_day_monetary": bought[0]["net"],
        "last_day_monetary": bought[-1]["net"],
        "gap_squares": sum(gap**2 for gap in gaps),
        "lines": sum(day["lines"] for day in days),
        "purchase_days_30d": sum(day["days_ago"] <= 30 for day in bought),
        "purchase_days_90d": sum(day["days_ago"] <= 90 for day in bought),
        "purchase_days_180d": sum(day["days_ago"] <= 180 for day in bought),
    }


@pytest.mark.parametrize("name", HISTORIES)
def test_days_add_up_to_the_customers(fold, name):
    file, settings = HISTORIES[name]
    folded = fold(file, **settings)
    buyers = {who: row for who, row in folded.customers.items() if row["frequency"]}
    assert folded.behaviour.keys() == buyers.keys()
    for who, row in buyers.items():
        expected = summary_of(folded.behaviour[who])
        assert {column: row[column] for column in expected} == expected
    assert folded.summary["forecast_sample"] == {"customers": len(buyers), "of": len(buyers)}


def test_views_and_emails_count_by_local_day_beside_purchases(fold):
    folded = fold(
        "EventName,CustomerID,Date,UnitPrice\n"
        "VIEWED,a,2024-01-01T23:30:00Z,9\n"  # the second of January in Paris
        "SESSION,a,2024-01-02T08:00:00Z,\n"
        "PURCHASED,a,2024-01-02T09:00:00Z,10\n"
        "PURCHASED,a,2024-01-02T09:00:00Z,2.50\n"
        "EMAIL_SENT,a,2024-01-20T09:00:00Z,\n"
        "EMAIL_OPENED,a,2024-01-21T09:00:00Z,\n"
        "EMAIL_CLICKED,a,2024-01-21T09:01:00Z,\n"
        "REFUNDED,a,2024-01-25T09:00:00Z,2.50\n"
        "PROCESSED,a,2024-01-26T09:00:00Z,9\n"
        "VIEWED,only looks,2024-01-21T09:00:00Z,9\n",
        as_of="2024-02-01",
        time_zone="Europe/Paris",
    )
    nothing = {"bought": 0, "net": Decimal(0), "lines": 0, "views": 0, "sessions": 0,
               "emails": 0}  # fmt: skip
    assert folded.behaviour == {
        "a": [
            {"days_ago": 30, "bought": 1, "net": Decimal("12.5"), "lines": 2, "views": 2,
             "sessions": 2, "emails": 0},
            {**nothing, "days_ago": 11, "emails": 2},
            {**nothing, "days_ago": 7, "net": Decimal("-2.5")},
        ]
    }  # fmt: skip
    a, looker = folded.customers["a"], folded.customers["only looks"]
    lately = ("visits", "visits_30d", "views_30d", "sessions", "sessions_30d", "last_view_days")
    assert [a[name] for name in lately] == [2, 2, 1, 2, 2, 30]
    assert [looker[name] for name in lately] == [1, 1, 1, 1, 1, 11]
    mail = ("emails_read", "emails_30d", "last_email_days")
    assert [a[name] for name in mail] == [2, 2, 11]
    assert [looker[name] for name in mail] == [0, 0, None]
    assert (looker["lines"], looker["gap_squares"], looker["last_day_monetary"]) == (0, 0, 0)
