"""The report on the score of loyalty: its weights and its test, or why nobody has one."""

from __future__ import annotations

import dataclasses

import pytest

from tessera.customers.forecasting.click_gate import not_compared
from tessera.records.codec import encode
from tessera.records.scoring.learnt_forecasts import Regression
from tessera.records.scoring.loyalty import LearntLoyalty, LoyaltyTest
from tessera.records.scoring.report_card import Lead
from tests.learnt import LOYALTY

TEST = LoyaltyTest(
    customers=1_234, ordered=321, top_share=0.614, top_share_of_recency=0.551, auc=0.8123,
    auc_of_recency=0.789, lead=Lead(mean=0.04, low=0.02, high=0.06),
)  # fmt: skip
LEARNT = dataclasses.replace(
    LOYALTY, weights="learnt", customers=1_234, test=TEST, standard_errors=(0.05, 0.031),
    regression=Regression(
        names=("silence", "orders"), mean=(1.0, 0.5), spread=(1.0, 0.6), intercept=-1.0,
        coefficients=(-0.2, 0.84),
    ),
    emails=not_compared("of no test", loss="log loss", of="e-mails"),
)  # fmt: skip


@pytest.fixture
def text(shop_records, outline):
    """Return the words of a report with a score of loyalty."""

    def read(loyalty: LearntLoyalty | None) -> str:
        models = encode(shop_records("cdnow").score.models)
        models |= {"loyalty": encode(loyalty)} if loyalty else {}
        return " ".join(outline(shop_records("cdnow", score={"models": models})).text.split())

    return read


def test_weights_and_test_are_shown(text):
    shown = text(LEARNT)
    assert "Every buyer has a score from 0 to 100" in shown
    assert "Made up." in shown
    assert "E-mails do not count, because of no test." in shown
    assert "The score 61.4 % 0.812 Recency alone 55.1 % 0.789" in shown
    assert "number of purchases 0.840 0.031 days of silence \u22120.200 0.050" in shown


def test_a_score_that_lost_says_why_nobody_has_one(text):
    shown = text(dataclasses.replace(LEARNT, published=False, reasons=("it ranks no better",)))
    assert "Nobody has a score of loyalty in this run, and nobody has a group by it." in shown
    assert "It ranks no better." in shown


def test_fixed_weights_have_no_errors_and_may_have_no_test(text):
    shown = text(LOYALTY)
    assert "number of purchases 1.100 –" in shown
    assert "Recency alone" not in shown


def test_without_a_set_that_reads_it_there_is_no_such_part(text):
    assert "score of loyalty" not in text(None)
