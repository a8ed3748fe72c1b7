"""Why a customer has a forecast, and which parts of it are shown."""

from __future__ import annotations

import re

import numpy as np

from tessera.customers.explanation import explain_forecast
from tessera.customers.spend.clv import ClvTerms
from tests import forecast_records as records
from tests.whole_forecast import whole_forecast


def explained(of, **more):
    record = records.models(of, **more)
    return explain_forecast(records.customer(), record=record, as_of=records.AS_OF)


def test_a_figure_comes_with_its_reasons_and_they_lead_to_it():
    record = records.models(records.verdicts())
    sentences = explained(records.verdicts()).orders
    assert sentences[0].startswith("the purchase model expects ")
    assert sentences[1] == "days of silence: × 1.22"
    level = 0.95 * np.exp(0.1)  # the scale's, and the factor of an average customer
    assert sentences[-2] == f"everybody's forecasts: × {level:.2f}"
    (shown,) = whole_forecast(
        records.customer(), record=record, terms=ClvTerms(), as_of=records.AS_OF
    ).columns["expected_orders_365d"]
    assert sentences[-1] == f"together: {shown:.2f} orders"


def test_a_rank_has_reasons_that_give_no_amount_away():
    sentences = explained(records.verdicts(orders="ranking")).orders
    assert sentences
    assert all(re.search(r": × \d", one) for one in sentences)
    assert not any("orders" in one for one in sentences)


def test_what_is_withheld_has_no_reasons_for_its_size():
    assert explained(records.verdicts(orders="none")).orders == ()


def test_each_quantity_says_where_it_is_and_why():
    mixed = records.verdicts(
        orders="ranking", money="none", chances={"30": "full", "90": "none", "180": "ranking"}
    )
    orders, month, quarter, half, money = explained(mixed).quantities
    assert (orders.grade, orders.tenth) == ("ranking", "orders_tenth")
    assert (month.column, month.tenth) == ("p_no_order_30d", None)
    assert (quarter.grade, quarter.tenth) == ("none", None)
    assert half.tenth == "no_order_tenth"  # 90 days are withheld, so ranks go by 180
    assert (money.column, money.tenth) == ("clv_365d", None)
    assert money.why == ("a reason for none",)


def test_without_a_test_there_is_nothing_to_explain():
    assert explained(None) is None


def test_a_test_without_a_model_still_says_why_nothing_is_shown():
    nothing = records.verdicts(orders="none", money="none", chances="none")
    explanation = explained(nothing, model=None, learnt=None)
    assert explanation.orders == ()
    assert {one.grade for one in explanation.quantities} == {"none"}


def test_a_group_that_the_factor_does_not_count_for_has_no_reasons():
    one = explain_forecast(
        records.customer(repeats=0),
        record=records.models(records.verdicts(orders="ranking")),
        as_of=records.AS_OF,
    )
    assert one.orders == ()
