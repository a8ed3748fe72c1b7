"""Customers for every test of a destination."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal

import pytest

from tessera.contracts.tables import PROFILES
from tessera.destinations.port import Contact, Customer


@pytest.fixture
def customer() -> Callable[..., Customer]:
    """Makes a customer by number, with whatever columns of the profile are given."""

    def make(number: int, *, contacts: tuple[Contact, ...] = (), **profile: object) -> Customer:
        instant = dt.datetime(2026, 4, 1, 12, tzinfo=dt.UTC)
        columns = dict.fromkeys(PROFILES.names) | {
            "customer_key": f"key-{number:06}",
            "first_purchase_at": instant,
            "last_purchase_at": instant,
            "recency_days": 30,
            "frequency": 2,
            "monetary": Decimal("12.50"),
            "mean_order_value": Decimal("6.25"),
            "tenure_days": 30,
            "views": 0,
            "r_score": 5,
            "f_score": 4,
            "m_score": 3,
            "rfm_score": "543",
            "cluster": 1,
            "segment": "Champions",
            "as_of": dt.date(2026, 5, 1),
        }
        return Customer(f"key-{number:06}", f"C {number}", columns | profile, contacts)

    return make
