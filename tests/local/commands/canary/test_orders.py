"""The canary's upload: small, made up, and as recent as the day."""

import csv
import datetime as dt
import io

from local.commands.canary.orders import CUSTOMERS, orders_csv

TODAY = dt.date(2026, 3, 1)


def rows(today=TODAY):
    return list(csv.DictReader(io.StringIO(orders_csv(today=today))))


def test_the_last_order_is_of_yesterday_and_all_are_within_two_years():
    days = [(TODAY - dt.date.fromisoformat(row["Date"][:10])).days for row in rows()]
    assert min(days) == 1
    assert max(days) < 730


def test_every_customer_is_recognisably_made_up():
    assert len({row["CustomerID"] for row in rows()}) == CUSTOMERS
    assert all(row["Address"].endswith("@example.com") for row in rows())


def test_a_day_later_the_same_orders_are_a_day_younger():
    later = rows(TODAY + dt.timedelta(days=1))
    assert [row["UnitPrice"] for row in later] == [row["UnitPrice"] for row in rows()]
    assert later != rows()
