"""A run's forecasts in a few sentences."""

from __future__ import annotations

import dataclasses

from tessera.insights.forecasts import sentences
from tessera.records.scoring.forecast_models import TotalRange
from tests import forecast_records as records
from tests.learnt import LOYALTY


@dataclasses.dataclass(frozen=True)
class Run:
    models: object = None
    totals: dict[str, TotalRange] = dataclasses.field(default_factory=dict)


TOTALS = {
    "orders": TotalRange(expected=2100.4, low=1680.0, high=2625.2),
    "money": TotalRange(expected=73419.0, low=56299.0, high=95745.0),
    "clv": TotalRange(expected=1.0, low=1.0, high=1.0),
}


def test_totals_come_with_their_ranges():
    text = sentences(Run(records.models(records.verdicts()), TOTALS), currency="USD")
    assert "2,100 orders (80 % range 1,680 to 2,625)." in text
    assert "$73,419 (80 % range $56,299 to $95,745)." in text
    assert "cannot" not in text


def test_ranks_come_without_amounts():
    ranked = records.verdicts(orders="ranking", money="ranking")
    text = sentences(Run(records.models(ranked)), currency="USD")
    assert text == (
        "Forecasts. In figures: the chance of no order in 30, 90 and 180 days. By rank only: "
        "orders and money. The order of customers can be trusted, the amounts cannot."
    )


def test_nothing_is_no_forecast_with_the_reason():
    nothing = records.models(None, reasons=("nobody has bought anything yet",))
    assert sentences(Run(nothing), currency="") == (
        "No forecasts in this run: nobody has bought anything yet."
    )
    assert sentences(Run(), currency="") == ""


def test_models_of_a_version_that_published_all_or_nothing_show_nothing():
    old = records.models(None, published="bg_nbd", card=records.card(None))
    assert sentences(Run(old, TOTALS), currency="").startswith("No forecasts in this run")


def test_groups_of_loyalty_that_were_refused_are_named_with_the_reason():
    lost = dataclasses.replace(LOYALTY, published=False, reasons=("fixed", "it lost"))
    texts = [
        sentences(Run(dataclasses.replace(models, loyalty=loyalty)), currency="")
        for models in (records.models(records.verdicts()), records.models(None))
        for loyalty in (lost, LOYALTY)
    ]
    refused = "No groups of loyalty in this run: it lost."
    assert [text.endswith(refused) for text in texts] == [True, False, True, False]
