"""Contacts in the forecasts: taken where they foretell orders, refused where not."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from tessera.customers.forecasting.correction.applying import chance_of_no_order, expected_orders
from tessera.customers.forecasting.correction.learning import learn_chance, learn_orders
from tessera.customers.forecasting.correction.proof import uses
from tessera.customers.forecasting.history.behaviour import BehaviourDays
from tessera.customers.forecasting.history.features import EMAILS, VIEWS, without
from tessera.customers.forecasting.history.past import Past
from tessera.records.codec import decode, encode
from tessera.records.scoring.learnt_forecasts import LearntChance, LearntOrders
from tests.behaviour import behaviour, past_of

pytestmark = pytest.mark.slow  # a model is learnt in most tests
CUSTOMERS, DAYS = 500, 420


def shop(seed: int, *, views: str, emails: str = "none") -> BehaviourDays:
    """Customers who have spells of interest. They order in them alone, and rarely.

    Parameters
    ----------
    views
        ``clear`` where customers look in these spells, ``noise`` at any time, or ``none``.
    emails
        The same of e-mails that they open.
    """
    draw = np.random.default_rng(seed)
    begins = draw.integers(0, 80, CUSTOMERS)
    spell = np.zeros((CUSTOMERS, DAYS), np.bool_)
    for row, begin in enumerate(begins):
        day, interested = int(begin), True
        while day < DAYS:
            until = day + int(draw.exponential(90)) + 1
            spell[row, day:until] = interested
            day, interested = until, not interested
    bought = spell & (draw.random(spell.shape) < 0.025)
    bought[np.arange(CUSTOMERS), begins] = True
    known = np.arange(DAYS) >= begins[:, None]

    def contacts(kind: str) -> np.ndarray:
        if kind == "none":
            return np.zeros_like(spell)
        return (spell if kind == "clear" else known) & (draw.random(spell.shape) < 0.15)

    looked, opened = contacts(views), contacts(emails)
    who, day = np.nonzero(bought | looked | opened)
    seen = looked[who, day] * draw.integers(1, 4, len(who))
    return behaviour(
        who,
        DAYS - day,
        bought=bought[who, day],
        net=np.where(bought[who, day], 10.0, 0.0),
        lines=bought[who, day],
        views=seen,
        sessions=np.minimum(seen, 1),
        emails=opened[who, day],
        customers=CUSTOMERS,
    )


@pytest.fixture(scope="module", params=[1, 2])
def clear(request) -> Past:
    return past_of(shop(request.param, views="clear"))


def test_views_that_foretell_orders_are_taken(clear):
    learnt, _ = learn_orders(clear, asked_days=30)
    gate = learnt.clicks
    assert gate.kept
    assert gate.gain_from > 0
    assert gate.loss == "Poisson deviance"
    assert uses(learnt.blends, "weight") or uses(learnt.blends, "share")
    if learnt.regression:
        assert {*VIEWS} <= {*learnt.regression.names}
    lively = clear.now.known.views_30d > 0
    expected = expected_orders(learnt, clear.now)
    assert expected[lively].mean() > 1.5 * expected[~lively].mean()


def test_chances_have_their_own_gate(clear):
    learnt = learn_chance(clear, days=30)
    assert learnt.clicks.kept
    assert learnt.clicks.loss == "log loss"
    lively = clear.now.known.views_30d > 0
    chance = chance_of_no_order(learnt, clear.now)
    assert chance[lively].mean() < chance[~lively].mean() - 0.1


def test_views_that_are_noise_are_refused_and_change_nothing():
    """One in twenty accidents passes. What is refused leaves no trace but its reason."""
    kept = 0
    for seed in range(4):
        noisy = past_of(shop(seed, views="noise"))
        plain = past_of(dataclasses.replace(shop(seed, views="noise"), **_nothing_seen(seed)))
        for learn, asked in ((learn_orders, "asked_days"), (learn_chance, "days")):
            ours, theirs = (_first(learn(past, **{asked: 30})) for past in (noisy, plain))
            kept += ours.clicks.kept
            if not ours.clicks.kept:
                assert dataclasses.replace(ours, clicks=None) == theirs
                assert ours.clicks.reason.startswith("Clicks do not count, because they prove")
    assert kept <= 1


def _first(learnt):
    return learnt[0] if isinstance(learnt, tuple) else learnt


def _nothing_seen(seed: int) -> dict[str, np.ndarray]:
    rows = len(shop(seed, views="noise").customer)
    return {"views": np.zeros(rows), "sessions": np.zeros(rows)}


def test_without_views_nothing_is_decided_and_nothing_is_written():
    past = past_of(shop(1, views="none"))
    orders, chance = learn_orders(past, asked_days=30)[0], learn_chance(past, days=30)
    for learnt, kind in ((orders, LearntOrders), (chance, LearntChance)):
        assert learnt.clicks is None
        assert "clicks" not in encode(learnt)
        assert decode(kind, encode(learnt), document="x") == learnt


def test_a_history_too_short_for_a_test_refuses_views():
    days = shop(1, views="clear")
    short = past_of(days.until(DAYS - 50))
    learnt, tested = learn_orders(short, asked_days=365)
    assert tested is None
    assert not learnt.clicks.kept
    assert learnt.clicks.customers == 0
    assert "nothing could be learnt before" in learnt.clicks.reason
    assert not learn_chance(short, days=90).clicks.kept


def test_features_can_be_read_by_name(clear):
    at = clear.now
    some = ("silence", VIEWS[1], "orders")
    places = [at.names.index(name) for name in some]
    assert np.array_equal(at.features_of(some), at.features[:, places])
    assert at.features_of(at.names) is at.features
    assert at.plain_of(at.names) is at.plain
    fewer = at.plain_of(without(at.names, ["clicks"]))
    assert fewer.shape[1] == at.plain.shape[1] - len(VIEWS)


def test_e_mails_have_a_gate_apart_from_that_of_clicks():
    opened = past_of(shop(1, views="noise", emails="clear"))
    orders, chance = learn_orders(opened, asked_days=30)[0], learn_chance(opened, days=30)
    for learnt in (orders, chance):
        assert not learnt.clicks.kept
        assert learnt.emails.kept
        assert learnt.emails.reason.startswith("E-mails count: ")
        assert "with e-mails and" in learnt.emails.reason
        if learnt.regression:
            assert {*EMAILS} <= {*learnt.regression.names}
            assert not {*VIEWS} & {*learnt.regression.names}
    expected, lively = expected_orders(orders, opened.now), opened.now.known.emails_30d > 0
    assert expected[lively].mean() > 1.5 * expected[~lively].mean()


def test_e_mails_that_are_noise_leave_no_trace_but_their_reason():
    noisy = shop(2, views="none", emails="noise")
    silent = dataclasses.replace(noisy, emails=np.zeros(len(noisy.customer)))
    ours, theirs = (learn_chance(past_of(days), days=30) for days in (noisy, silent))
    assert not ours.emails.kept
    assert ours.clicks is None
    assert dataclasses.replace(ours, emails=None) == theirs
    assert "emails" not in encode(theirs)
