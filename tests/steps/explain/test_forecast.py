"""A customer's forecast from the customer's summary and the run's models."""

from __future__ import annotations

import dataclasses
import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from steps.explain.forecast import forecast_of, loyalty_of
from tessera.contracts.tables import CUSTOMERS
from tests import forecast_records as records
from tests.learnt import LOYALTY


def summary(**more: Any) -> dict[str, Any]:
    """A row of CUSTOMERS: seven purchase days, a month apart."""
    zeros = {"bigint": 0, "int": 0, "double": 0.0, "decimal(18,2)": Decimal(0)}
    row = {c.name: None if c.nullable else zeros.get(c.type, Decimal(0)) for c in CUSTOMERS.columns}
    instant = dt.datetime(2026, 5, 1, tzinfo=dt.UTC)
    row |= {c.name: instant for c in CUSTOMERS.columns if c.type == "timestamp"}
    row |= {"customer_key": "k", "purchase_days": 7, "tenure_days": 190, "recency_days": 10}
    money = {"monetary": Decimal(140), "first_day_monetary": Decimal(20)}
    return row | money | more


def test_a_buyer_has_every_quantity_and_reasons():
    record = records.models(records.verdicts(money="none"))
    facts = forecast_of(record, summary=summary(), as_of=records.AS_OF)
    assert [one["grade"] for one in facts["quantities"]] == ["full"] * 4 + ["none"]
    assert facts["orders"][0].startswith("the purchase model expects ")


@pytest.mark.parametrize("row", [None, summary(purchase_days=0)])
def test_a_customer_without_a_purchase_has_no_forecast(row):
    record = records.models(records.verdicts())
    assert forecast_of(record, summary=row, as_of=records.AS_OF) is None


def test_a_run_without_models_or_a_test_has_none():
    assert forecast_of(None, summary=summary(), as_of=records.AS_OF) is None
    untested = records.models(None, model=None, learnt=None)
    assert forecast_of(untested, summary=summary(), as_of=records.AS_OF) is None


def test_what_pushes_a_score_of_loyalty():
    record = dataclasses.replace(records.models(records.verdicts()), loyalty=LOYALTY)
    facts = loyalty_of(record, summary=summary())
    assert (facts["weights"], facts["withheld"]) == ("fixed", None)
    assert facts["pushes"][0] == "number of purchases raises it (+1.48)"
    assert loyalty_of(record, summary=summary(purchase_days=0))["pushes"] == ()


def test_a_score_of_loyalty_that_is_withheld_has_a_reason_and_pushes_nobody():
    lost = dataclasses.replace(LOYALTY, published=False, reasons=("fixed", "it lost"))
    record = dataclasses.replace(records.models(records.verdicts()), loyalty=lost)
    facts = loyalty_of(record, summary=summary())
    assert facts == {"weights": "fixed", "withheld": "it lost", "pushes": ()}
    assert loyalty_of(records.models(records.verdicts()), summary=summary()) is None
    assert loyalty_of(None, summary=summary()) is None
