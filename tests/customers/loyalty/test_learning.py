"""Weights of loyalty: learnt where a shop is large enough, published where they beat recency."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from tessera.customers.forecasting.correction.regression import fit_ordered
from tessera.customers.forecasting.history.behaviour import COLUMNS, BehaviourDays
from tessera.customers.loyalty.fixed_weights import FIXED
from tessera.customers.loyalty.learning import LEAST_TO_LEARN, learn_loyalty
from tessera.customers.loyalty.scoring import DIRECTIONS
from tessera.customers.loyalty.trial import beats_recency, on_test
from tessera.records.codec import decode, encode
from tessera.records.scoring.loyalty import LearntLoyalty
from tests.behaviour import behaviour

SPAN = 360


def shop(
    seed: int,
    *,
    customers: int = 1_200,
    span: int = SPAN,
    alike: bool = False,
    contacts: str = "none",
    columns: tuple[str, ...] = ("views", "sessions"),
) -> BehaviourDays:
    """Customers who buy by chance, each at an own rate, or all at the same one.

    Parameters
    ----------
    alike
        Whether nothing but chance distinguishes customers.
    contacts
        ``clear`` where customers look much before they buy, ``noise`` at any time, or ``none``.
    columns
        What they look at.
    """
    draw = np.random.default_rng(seed)
    rate = np.full(customers, 0.004) if alike else draw.gamma(0.7, 0.01, customers)
    interested = np.repeat(draw.random((customers, span // 90 + 1)) < 0.5, 90, axis=1)[:, :span]
    chance = rate[:, None] * (1.9 * interested + 0.1 if contacts != "none" else 1.0)
    bought = draw.random((customers, span)) < chance
    first = draw.integers(0, span - 185 if span > 200 else span - 5, customers)
    bought[np.arange(customers), first] = True
    bought &= np.arange(span) >= first[:, None]
    early = np.roll(interested, -30, axis=1)  # they look a month before they buy
    looked = {"clear": early, "noise": np.ones_like(early), "none": np.zeros_like(early)}[contacts]
    looked = looked & (draw.random(bought.shape) < 0.2) & (np.arange(span) >= first[:, None])
    who, day = np.nonzero(bought | looked)
    money = bought[who, day]
    return behaviour(
        who,
        span - day,
        bought=money,
        net=np.where(money, draw.lognormal(3, 0.6, len(who)), 0.0),
        lines=money,
        customers=customers,
        **dict.fromkeys(columns, looked[who, day]),
    )


@pytest.fixture(scope="module")
def learnt() -> LearntLoyalty:
    return learn_loyalty(shop(1))


def test_customers_who_differ_are_ranked_better_than_by_recency(learnt):
    assert (learnt.weights, learnt.published, learnt.customers) == ("learnt", True, 1_200)
    assert learnt.test.lead.low > 0
    assert learnt.test.auc > learnt.test.auc_of_recency
    assert learnt.test.top_share > 0.2
    [reason] = learnt.reasons
    assert "surely better than recency" in reason
    assert "not surely" not in reason


def test_a_first_fifth_with_fewer_buyers_than_recencys_is_not_published(learnt):
    test = learnt.test
    assert beats_recency(test)
    fewer = dataclasses.replace(test, top_share=test.top_share_of_recency - 0.01)
    assert not beats_recency(fewer)
    assert f"{100 * test.top_share_of_recency:.1f} %, which is more. Over" in on_test(fewer)
    assert not beats_recency(
        dataclasses.replace(test, lead=dataclasses.replace(test.lead, low=-0.001))
    )


def test_where_customers_do_not_differ_nothing_is_published():
    made = [learn_loyalty(shop(seed, alike=True)) for seed in range(4)]
    assert [one.weights for one in made] == ["learnt"] * 4
    assert sum(one.published for one in made) == 0
    assert all("not surely better than recency" in one.reasons[-1] for one in made)


def test_every_weight_has_its_direction_and_its_error(learnt):
    regression = learnt.regression
    assert set(regression.names) <= set(DIRECTIONS)
    assert len(learnt.standard_errors) == len(regression.names)
    assert min(learnt.standard_errors) > 0
    for name, weight in zip(regression.names, regression.coefficients, strict=True):
        assert weight * DIRECTIONS[name] >= 0


def test_a_weight_against_its_direction_is_omitted():
    draw = np.random.default_rng(3)
    features = draw.normal(size=(800, 2))
    odds = features[:, 0] - features[:, 1]
    ordered = (draw.random(800) < 1 / (1 + np.exp(-odds))).astype(float)
    both = fit_ordered(features, ordered, names=("a", "b"), directions={"a": 1, "b": -1})
    assert both.regression.names == ("a", "b")
    assert both.regression.coefficients == pytest.approx((1, -1), abs=0.3)
    one = fit_ordered(features, ordered, names=("a", "b"), directions={"a": 1, "b": 1})
    assert one.regression.names == ("a",)
    none = fit_ordered(features, ordered, names=("a", "b"), directions={"a": -1, "b": 1})
    assert none.regression.names == ()


def test_the_standard_errors_are_those_of_repeated_samples():
    draw = np.random.default_rng(4)
    fits = []
    for _ in range(60):
        features = draw.normal(size=(400, 1))
        ordered = (draw.random(400) < 1 / (1 + np.exp(-features[:, 0]))).astype(float)
        fits.append(fit_ordered(features, ordered, names=("a",), directions={"a": 1}))
    spread = np.std([one.regression.coefficients[0] for one in fits])
    assert np.mean([one.standard_errors[0] for one in fits]) == pytest.approx(spread, rel=0.3)


def test_clicks_count_where_they_foretell_orders_and_not_where_they_are_noise():
    clear, noise = (learn_loyalty(shop(5, contacts=kind)) for kind in ("clear", "noise"))
    assert clear.clicks.kept
    assert {"last_view", "views_30d", "views_pace"} & set(clear.regression.names)
    assert not noise.clicks.kept
    assert noise.clicks.customers == noise.test.customers
    assert not {"last_view", "views_30d", "views_pace"} & set(noise.regression.names)
    assert clear.emails is None


def test_e_mails_prove_themselves_in_the_same_way():
    clear, noise = (
        learn_loyalty(shop(5, contacts=kind, columns=("emails",))) for kind in ("clear", "noise")
    )
    assert clear.emails.kept
    assert {"last_email", "emails_30d", "emails_pace"} & set(clear.regression.names)
    assert not noise.emails.kept
    assert not {"last_email", "emails_30d", "emails_pace"} & set(noise.regression.names)
    assert clear.clicks is None


def test_a_small_shop_has_the_fixed_weights_and_is_checked_all_the_same():
    made = learn_loyalty(shop(1, customers=LEAST_TO_LEARN - 1))
    assert (made.weights, made.customers, made.regression) == ("fixed", 0, FIXED)
    assert made.standard_errors == ()
    assert made.test.customers == LEAST_TO_LEARN - 1
    assert made.published == beats_recency(made.test)
    assert made.reasons[0].startswith("the weights are fixed: learning needs 1,000 customers")


def test_a_young_shop_is_not_checked_and_says_so():
    made = learn_loyalty(shop(1, span=150, customers=900))
    assert (made.weights, made.test, made.published) == ("fixed", None, True)
    assert made.reasons[1] == ("not checked against recency: the history has less than 180 days")
    few = learn_loyalty(shop(1, customers=60))
    assert (few.test, few.published) == (None, True)
    assert "a test needs 100 customers" in few.reasons[1].lower()


def test_a_large_shop_that_cannot_be_checked_publishes_nothing():
    young = learn_loyalty(shop(1, span=150))
    assert (young.weights, young.test, young.published) == ("fixed", None, False)
    assert young.reasons[1] == (
        "not checked against recency, which no shop of 1,000 customers goes without: the history "
        "has less than 180 days"
    )
    once = behaviour(range(2_000), [200 + place % 150 for place in range(2_000)])
    never_again = learn_loyalty(once)
    assert (never_again.test, never_again.published) == (None, False)
    assert "of 2,000 customers 90 days ago, 0 ordered since" in never_again.reasons[1]


def test_a_small_shop_has_no_weight_for_clicks():
    made = learn_loyalty(shop(5, customers=300, contacts="clear"))
    assert not made.clicks.kept
    assert made.clicks.reason == (
        "Clicks do not count, because the weights are fixed, and no public history has both "
        "contacts and orders"
    )


def test_nobody_has_no_score():
    nobody = behaviour([], [])
    made = learn_loyalty(nobody)
    assert (made.published, made.reasons) == (False, ("nobody has bought anything yet",))


def test_the_order_of_customers_leaves_no_trace():
    days = shop(1)
    number = np.random.default_rng(9).permutation(days.customers)
    order = np.lexsort((-days.days_ago, number[days.customer]))
    columns = {name: getattr(days, name)[order] for name in COLUMNS}
    columns["customer"] = number[columns["customer"]]
    rank = np.empty(days.customers)
    rank[number] = days.rank
    made = learn_loyalty(BehaviourDays(**columns, rank=rank))
    expected = learn_loyalty(days)
    assert made.regression.coefficients == pytest.approx(expected.regression.coefficients, abs=1e-6)
    assert made.published == expected.published
    assert made.test.top_share == pytest.approx(expected.test.top_share, abs=1e-6)


def test_the_record_is_read_as_it_was_written(learnt):
    assert decode(LearntLoyalty, encode(learnt), document="x") == learnt
    assert decode(LearntLoyalty, encode(dataclasses.replace(learnt, test=None)), document="x")
