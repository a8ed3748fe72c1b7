"""A plan accounts for everybody once, and the order of customers changes nothing."""

from __future__ import annotations

import dataclasses
import datetime as dt
import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tessera.campaigns.consent.standing import ConsentState
from tessera.campaigns.planning.counts import AudienceCounts
from tessera.campaigns.planning.known import KnownRecipients
from tessera.campaigns.planning.left_out import MEANINGS, LeftOut
from tests.campaigns.made import schedule, variant
from tests.campaigns.planning.made import (
    Shopper,
    known,
    messages,
    outcomes,
    planned,
    shopper,
    terms,
)

ANN, BO = shopper("ann"), shopper("bo")
TINY = {"share": 0.0001}


def became(*rows: Shopper, about: KnownRecipients | None = None, **changes: object) -> str:
    """Return what becomes of the first customer."""
    by = terms(**({"holdout": TINY} | changes))
    return outcomes(planned(rows, by=by, about=about), rows, by=by)[rows[0].customer_key]


def test_a_customer_who_may_be_mailed_gets_the_variant():
    assert became(ANN) == "a"


@pytest.mark.parametrize("address", [None, "", "ann", "Ann <ann@mail.example>"])
def test_without_a_usable_address_nothing_is_sent(address):
    assert became(shopper("ann", address=address)) == LeftOut.NO_ADDRESS


@pytest.mark.parametrize(
    ("state", "basis", "expected"),
    [
        (ConsentState.GRANTED, {}, "a"),
        (ConsentState.NONE, {}, LeftOut.NO_CONSENT),
        (ConsentState.NONE, {"DE": "opt_out"}, "a"),
        (ConsentState.NONE, {"US": "opt_out"}, LeftOut.NO_CONSENT),
        (ConsentState.EXPIRED, {"*": "opt_out"}, LeftOut.NO_CONSENT),
        (ConsentState.WITHDRAWN, {"*": "opt_out"}, LeftOut.UNSUBSCRIBED),
        (ConsentState.SUPPRESSED, {"*": "opt_out"}, LeftOut.SUPPRESSED),
    ],
)
def test_consent_decides_and_a_declared_basis_only_where_nothing_is_known(state, basis, expected):
    about = known({"ann@mail.example": state})
    assert became(ANN, about=about, settings={"legal_basis": basis}) == expected


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (ConsentState.NONE, "a"),
        (ConsentState.EXPIRED, "a"),
        (ConsentState.WITHDRAWN, LeftOut.UNSUBSCRIBED),
        (ConsentState.SUPPRESSED, LeftOut.SUPPRESSED),
    ],
)
def test_another_tool_asks_for_its_own_consent_but_opt_outs_known_here_count(state, expected):
    about = known({"ann@mail.example": state})
    audience = {"channel": {"kind": "audience", "to": "klaviyo"}, "variants": [{"name": "a"}]}
    assert became(ANN, about=about, settings={"legal_basis": {}}, **audience) == expected


def test_a_receiver_who_is_no_customer_gets_mail_and_is_in_no_other_tools_audience():
    stranger = shopper("", address="x@mail.example")
    audience = {"channel": {"kind": "audience", "to": "klaviyo"}, "variants": [{"name": "a"}]}
    assert became(stranger) == "a"
    assert became(stranger, **audience) == LeftOut.NO_CUSTOMER


def test_without_consent_data_or_a_legal_basis_nothing_is_sent_and_the_plan_says_so():
    plan = planned([ANN, BO], by=terms(settings={"legal_basis": {}}))
    assert plan.counts.eligible == plan.counts.held_out == 0
    assert "No consent is known of 2 of 2 people" in plan.counts.note
    assert "campaigns.legal_basis" in plan.counts.note
    assert planned([ANN]).counts.note == ""


@pytest.mark.parametrize(("days_ago", "expected"), [(100, "a"), (800, LeftOut.NO_CONSENT)])
def test_an_implied_basis_needs_a_recent_purchase(days_ago, expected):
    row = shopper("ann", bought_days_ago=days_ago)
    assert became(row, settings={"legal_basis": {"DE": "implied"}}) == expected


def test_the_mailbox_providers_list_suppresses():
    assert became(ANN, about=known(suppressed=["ann@mail.example"])) == LeftOut.SUPPRESSED


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        ([0, 3, 6], LeftOut.FREQUENCY_CAP),
        ([0, 3, 7], "a"),  # the eighth day back
        ([0, 3], "a"),
    ],
)
def test_the_tenants_cap_counts_messages_of_all_campaigns(days, expected):
    lately = messages(*(("ann@mail.example", one) for one in days), ("bo@mail.example", 0))
    assert became(ANN, about=known(lately=lately)) == expected
    no_cap = {"settings": {"cap_messages": 0}}
    assert became(ANN, about=known(lately=lately), **no_cap) == "a"


def test_a_campaigns_own_cap_holds_beside_the_tenants():
    lately = known(lately=messages(("ann@mail.example", 20)))
    assert became(ANN, about=lately, cap={"messages": 1, "days": 30}) == LeftOut.FREQUENCY_CAP
    assert became(ANN, about=lately, cap={"messages": 1, "days": 20}) == "a"


@pytest.mark.parametrize(("days", "expected"), [(30, "a"), (31, LeftOut.TOO_SOON)])
def test_a_campaign_takes_nobody_again_too_soon(days, expected):
    about = known(taken=messages(("ann@mail.example", 30)))
    assert became(ANN, about=about, again_after_days=days) == expected


def test_an_address_gets_one_message_for_the_customer_who_bought_last():
    same = {"address": "Both@mail.example"}
    old, new = (shopper(name, bought_days_ago=days, **same) for name, days in (("a", 9), ("b", 2)))
    never = shopper("c", bought_days_ago=None, address="both@MAIL.example")
    by = terms(holdout=TINY)
    for rows in ([old, new, never], [never, new, old], [new, old, never]):
        assert outcomes(planned(rows, by=by), rows, by=by) == {
            "a": LeftOut.SHARED_ADDRESS,
            "b": "a",
            "c": LeftOut.SHARED_ADDRESS,
        }


def test_of_two_who_bought_on_one_day_the_first_key_counts():
    same = {"address": "both@mail.example"}
    rows = [shopper("b", **same), shopper("a", **same)]
    by = terms(holdout=TINY)
    assert outcomes(planned(rows, by=by), rows, by=by)["b"] == LeftOut.SHARED_ADDRESS


def test_a_customer_without_consent_takes_the_address_from_nobody():
    rows = [
        shopper("new", address="both@mail.example", bought_days_ago=900),
        shopper("old", address="both@mail.example", bought_days_ago=1000),
        shopper("us", address="both@mail.example", bought_days_ago=9999, country="US"),
    ]
    by = terms(holdout=TINY, settings={"legal_basis": {"DE": "implied", "US": "opt_out"}})
    assert outcomes(planned(rows, by=by), rows, by=by) == {
        "new": LeftOut.NO_CONSENT,
        "old": LeftOut.NO_CONSENT,
        "us": "a",
    }


def test_transactional_messages_need_no_consent_and_reach_no_dead_address():
    changes = {"purpose": "transactional", "holdout": {"share": 0}, "settings": {"legal_basis": {}}}
    busy = messages(*[("ann@mail.example", 0)] * 5)
    assert became(ANN, about=known(lately=busy), **changes) == "a"
    about = known(suppressed=["ann@mail.example"])
    assert became(ANN, about=about, **changes) == LeftOut.SUPPRESSED


def test_variants_go_by_segment():
    changes = {
        "audience": {"segments": ["At Risk", "Loyal", "New"]},
        "variants": [variant("win-back", 1.0, "At Risk"), variant("news")],
    }
    assert became(ANN, **changes) == "win-back"
    assert became(shopper("cy", segment="Loyal"), **changes) == "news"


def test_every_reason_has_a_meaning():
    assert set(MEANINGS) == set(LeftOut)


def test_counts_that_do_not_add_up_are_a_mistake_of_ours():
    with pytest.raises(AssertionError, match="do not add up"):
        AudienceCounts(customers=3, selected=3, eligible=1, held_out=1, left_out={},
                       variants={"a": 1})  # fmt: skip


# ---- chance ------------------------------------------------------------------------------------


def test_a_held_out_person_stays_so_in_every_run_of_the_campaign():
    rows = [shopper(f"c{number}") for number in range(60)]
    by = terms(holdout={"share": 0.3}, variants=[variant("a", 0.5), variant("b", 0.5)])
    first = outcomes(planned(rows, by=by), rows, by=by)
    moved = [shopper(f"c{number}", churn_band="Low", bought_days_ago=1) for number in range(9, 60)]
    later = terms(
        holdout={"share": 0.3},
        variants=[variant("a", 0.5), variant("b", 0.5)],
        audience={},
        schedule=schedule(first_day="2027-03-01"),
    )
    again = outcomes(planned(moved, by=later), moved, by=later)
    assert again == {key: outcome for key, outcome in first.items() if key in again}
    assert 5 < sum(outcome.startswith("held out") for outcome in first.values()) < 35


def test_held_out_people_would_have_got_every_variant():
    rows = [shopper(f"c{number}") for number in range(60)]
    by = terms(holdout={"share": 0.3}, variants=[variant("a", 0.5), variant("b", 0.5)])
    seen = set(outcomes(planned(rows, by=by), rows, by=by).values())
    assert seen == {"a", "b", "held out of a", "held out of b"}


def test_the_global_holdout_gets_no_campaign():
    rows = [shopper(f"c{number}") for number in range(60)]
    both = []
    for salt in ("one", "two"):
        by = terms(holdout=TINY | {"salt": salt}, settings={"global_holdout": 0.3})
        became_of = outcomes(planned(rows, by=by), rows, by=by)
        both.append(
            {key for key, outcome in became_of.items() if outcome == LeftOut.GLOBAL_HOLDOUT}
        )
    assert both[0] == both[1]
    assert 5 < len(both[0]) < 35


def test_the_global_holdout_is_kept_for_its_quarter_and_drawn_again_in_the_next():
    rows = [shopper(f"c{number}") for number in range(60)]
    by = terms(settings={"global_holdout": 0.3})
    kept, later = (
        set(planned(rows, by=dataclasses.replace(by, today=day)).held_globally.customer_key)
        for day in (dt.date(2026, 12, 1), dt.date(2026, 10, 1))
    )
    again = planned(rows, by=dataclasses.replace(by, today=dt.date(2027, 1, 1))).held_globally
    assert kept == later
    assert kept != set(again.customer_key)
    assert again.is_held_out.all()
    assert 5 < len(again) < 35


# ---- what holds for any customers --------------------------------------------------------------

NAMES = [f"{letter}@mail.example" for letter in "abcdef"]
SHOPPERS = st.lists(
    st.builds(
        Shopper,
        customer_key=st.uuids().map(str),
        address=st.sampled_from([*NAMES, "A@mail.example", "nobody", None]),
        segment=st.sampled_from(["At Risk", "Loyal", "Lost", None]),
        country=st.sampled_from(["DE", "US", "Canada", None]),
        bought_days_ago=st.sampled_from([1, 5, 800, None]),
    ),
    max_size=14,
    unique_by=lambda row: row.customer_key,
)
STATES = st.dictionaries(st.sampled_from(NAMES), st.sampled_from(list(ConsentState)))
PAIRS = st.lists(st.tuples(st.sampled_from(NAMES), st.integers(0, 40)), max_size=9)
BY = terms(
    audience={"segments": ["At Risk", "Loyal"]},
    variants=[variant("x", 0.4, "At Risk"), variant("y", 0.6, "At Risk"), variant("news")],
    holdout={"share": 0.3},
    again_after_days=3,
    settings={"legal_basis": {"US": "opt_out", "*": "implied"}, "global_holdout": 0.2},
)


@given(
    SHOPPERS,
    STATES,
    st.lists(st.sampled_from(NAMES)),
    st.tuples(PAIRS, PAIRS),
    st.randoms(use_true_random=False),
)
def test_everybody_is_counted_once_and_order_changes_nothing(
    rows, states, suppressed, earlier, chance: random.Random
):
    lately, taken = (messages(*pairs) for pairs in earlier)
    about = known(states, suppressed=suppressed, lately=lately, taken=taken)
    plan = planned(rows, by=BY, about=about)
    became_of = outcomes(plan, rows, by=BY)
    assert (
        len(became_of)
        == plan.counts.selected
        == sum(r.segment in ("At Risk", "Loyal") for r in rows)
    )
    assert plan.counts.eligible == sum(
        outcome in ("x", "y", "news") for outcome in became_of.values()
    )
    for reason, count in plan.counts.left_out.items():
        assert count == sum(outcome == reason for outcome in became_of.values())
    _check_addresses(plan)
    mixed = list(rows)
    chance.shuffle(mixed)
    assert outcomes(planned(mixed, by=BY, about=about), mixed, by=BY) == became_of


def _check_addresses(plan) -> None:
    """Every address that may be written to is written to once, or held out once."""
    usable = plan.recipient[plan.codes == 0]
    assert len(np.unique(usable)) == len(usable)
    second = plan.codes == list(LeftOut).index(LeftOut.SHARED_ADDRESS) + 1
    held_globally = plan.codes == list(LeftOut).index(LeftOut.GLOBAL_HOLDOUT) + 1
    assert set(plan.recipient[second]) <= {*usable, *plan.recipient[held_globally]}
