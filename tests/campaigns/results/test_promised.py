"""Reactivation, upsell and churn against the holdout, on people whose past is known."""

from __future__ import annotations

import datetime as dt

import pytest

from tessera.campaign_settings import CampaignSettings
from tessera.campaigns.definitions.document import parse_definition
from tessera.campaigns.results.measuring import measure
from tests.campaigns.made import document, schedule
from tests.campaigns.results.made import EPOCH, PLANNED, Person, assigned, purchases

TODAY = EPOCH + dt.timedelta(days=PLANNED + 30)


def people_of(kind, *, treated, held_out):
    """Return people, half of them held out. The first so many of each group are named for it."""
    return [
        Person(f"{kind}{'yes' if number < count else 'no'}{side}{number}", held_out=side == "h")
        for side, count in (("t", treated), ("h", held_out))
        for number in range(200)
    ]


def figures(people, rows, *, kind="once", **settings):
    changes = {"schedule": schedule(kind=kind), "again_after_days": int(kind == "daily")}
    definition = parse_definition(document(holdout={"share": 0.5}, **changes))
    made = measure([assigned(*people)], purchases(*rows), definition=definition, today=TODAY,
                   settings=CampaignSettings(**settings))  # fmt: skip
    return {one.figure: one for one in made.promised}


@pytest.fixture(scope="module")
def shop():
    lapsed = people_of("lapsed", treated=40, held_out=10)
    active = people_of("active", treated=160, held_out=120)
    rows = [(one.name, -100, 50.0) for one in lapsed]
    rows += [(one.name, 3, 50.0) for one in lapsed if "yes" in one.name]
    rows += [(one.name, day, 20.0) for one in active for day in (-20, -300)]
    # Every second one of those who order spends more than before.
    rows += [
        (one.name, 5, 30.0 if int(one.name[-1]) % 2 else 20.0)
        for one in active
        if "yes" in one.name
    ]
    return lapsed + active, rows


def test_each_figure_counts_its_own_people(shop):
    made = figures(*shop)
    counts = {
        name: (one.treated, one.held_out, one.treated_count, one.held_out_count)
        for name, one in made.items()
    }
    assert counts == {
        "reactivation": (200, 200, 40, 10),
        "upsell": (200, 200, 80, 60),
        "churn": (200, 200, 40, 80),
    }
    assert made["reactivation"].lift.value == pytest.approx(3.0)
    assert made["churn"].lift.value == pytest.approx(-0.5)
    assert made["churn"].difference.value == pytest.approx(-0.2)
    assert made["churn"].lift.low < -0.5 < made["churn"].lift.high < 0
    assert {name: one.verdict for name, one in made.items()} == {
        "reactivation": "more", "upsell": "more", "churn": "less",
    }  # fmt: skip


def test_the_three_are_corrected_for_each_other(shop):
    upsell = figures(*shop)["upsell"]
    assert 0.01 < upsell.p_value < 0.05
    assert upsell.adjusted_p_value == pytest.approx(upsell.p_value)  # the largest of the three
    assert figures(*shop)["churn"].adjusted_p_value > figures(*shop)["churn"].p_value


def test_when_somebody_has_lapsed_is_a_setting(shop):
    made = figures(*shop, lapsed_after_days=10)
    assert made["reactivation"].treated == 400
    assert (made["churn"].treated, made["churn"].difference) == (0, None)


def test_looks_at_a_daily_campaign_have_wider_intervals(shop):
    once, daily = (figures(*shop, kind=kind)["churn"] for kind in ("once", "daily"))
    assert daily.difference.low < once.difference.low
    assert daily.difference.high > once.difference.high
    assert daily.difference.value == once.difference.value
    early = figures(*shop, kind="daily")["reactivation"]
    assert (early.difference, early.verdict) == (None, "inconclusive")  # 10 held-out orders
