"""Chances and hours of generated readers, whose true ones are known."""

from __future__ import annotations

import dataclasses
import datetime as dt
import zoneinfo

import numpy as np
import pytest

from tessera.campaigns.engaging.engagement import CampaignEngagement
from tessera.campaigns.engaging.hours import best_hours, learn_hours
from tessera.campaigns.engaging.learning import learn_engagement
from tessera.campaigns.engaging.reactions import (
    NO_HOUR,
    MessageReactions,
    joined_reactions,
    reactions_of,
)
from tessera.campaigns.engaging.shrinkage import chance_of, fit_prior
from tessera.campaigns.events.reading import MessageEvent
from tessera.records.codec import decode, encode

NOW = dt.datetime(2026, 12, 1, 6, tzinfo=dt.UTC)
BERLIN = zoneinfo.ZoneInfo("Europe/Berlin")


def readers(people: int, *, strength: float, own_hours: bool, seed: int = 1) -> MessageReactions:
    """Draw eight messages a person. The chance to click is 0.3 on average."""
    rng = np.random.default_rng(seed)
    chance = rng.beta(0.3 * strength, 0.7 * strength, people)
    favourite = rng.integers(7, 23, people)
    person = np.repeat(np.arange(people), 8)
    clicked = rng.random(len(person)) < chance[person]
    shop = rng.integers(7, 23, len(person))
    is_own = own_hours & (rng.random(len(person)) < 0.7)
    hour = np.where(is_own, favourite[person], shop)
    return MessageReactions(
        recipient=np.array([f"{one:032x}" for one in person.tolist()], "S32"),
        sent_at=np.tile(np.arange(8), people),
        opened=clicked | (rng.random(len(person)) < 0.3),
        clicked=clicked,
        unsubscribed=rng.random(len(person)) < 0.001,
        hour=np.where(clicked, hour, NO_HOUR),
    )


@pytest.fixture(scope="module")
def known() -> CampaignEngagement:
    messages = readers(4_000, strength=2.0, own_hours=True)
    return learn_engagement(messages, campaign="news", measured_at=NOW)


def chance(known: CampaignEngagement, reaction: str):
    return next(one for one in known.chances if one.reaction == reaction)


def test_chances_that_differ_are_published_and_calibrated(known):
    click = chance(known, "clicked")
    assert click.decision == "publish", click.reason
    assert click.prior.mean == pytest.approx(0.3, abs=0.02)
    assert click.prior.strength == pytest.approx(2.0, rel=0.15)
    assert click.log_loss < click.same_log_loss
    for group in click.groups:
        error = (group.predicted * (1 - group.predicted) / group.people) ** 0.5
        assert abs(group.predicted - group.observed) < 4 * error
    own = chance_of(click.prior, np.array([0, 100]), np.array([0, 90]))
    assert own.round(2).tolist() == pytest.approx([0.3, 0.89], abs=0.02)


def test_rare_reactions_are_not_judged(known):
    left = chance(known, "unsubscribed")
    assert (left.decision, left.prior) == ("withhold", None)
    assert "50 are needed" in left.reason


def test_too_few_reactions_before_the_latest_are_counted_as_such():
    messages = readers(1_200, strength=2.0, own_hours=False)
    place = np.tile(np.arange(8), 1_200)
    leavers = dataclasses.replace(
        messages, unsubscribed=(place == 7) & (np.arange(len(place)) < 3_200)
    )
    known = learn_engagement(leavers, campaign="news", measured_at=NOW)
    reason = chance(known, "unsubscribed").reason
    assert "before each person's latest, people did unsubscribe 0, and 50 are needed" in reason
    assert "gets no further message" in reason
    assert "400" not in reason


def test_messages_of_the_last_two_days_do_not_count_and_are_counted():
    messages = readers(1_200, strength=2.0, own_hours=False)
    is_last = np.tile(np.arange(8), 1_200) == 7
    at = int(NOW.timestamp())
    sent_at = np.where(is_last, at - 86_400, at - 10 * 86_400 + messages.sent_at)
    late = dataclasses.replace(messages, sent_at=sent_at, clicked=messages.clicked & ~is_last)
    known = learn_engagement(late, campaign="news", measured_at=NOW)
    assert (known.messages, known.recent) == (9_600, 1_200)
    assert "1,200 messages do not count yet" in known.notes[-1]
    assert chance(known, "clicked").share == pytest.approx(0.3, abs=0.05)


def test_own_hours_are_published_where_people_have_some(known):
    hours = known.hours
    assert hours.decision == "publish", hours.reason
    assert hours.strength < 20
    clicks = np.zeros((2, 24), np.int64)
    clicks[1, 20] = 30
    best = best_hours(hours, clicks)
    assert best[0] == hours.shop_hour
    assert 18 <= best[1] <= 20
    assert decode(CampaignEngagement, encode(known), document="engagement") == known


def test_alike_readers_keep_everybodys_chance_and_the_shops_hours():
    published = []
    for seed in range(5):
        messages = readers(1_500, strength=1e6, own_hours=False, seed=seed)
        alike = learn_engagement(messages, campaign="news", measured_at=NOW)
        published += [chance(alike, "clicked").decision, alike.hours.decision]
    assert published.count("publish") <= 2
    hours = learn_hours(messages)
    best = best_hours(hours, np.zeros((3, 24), np.int64))
    assert best.tolist() == [hours.shop_hour] * 3


def test_few_people_are_counted_in_words():
    few = learn_engagement(joined_reactions([]), campaign="news", measured_at=NOW)
    assert few.messages == 0
    assert "1,000 are needed" in few.chances[0].reason
    assert "500 are needed" in few.hours.reason
    chances = {(one.share, one.log_loss, one.same_log_loss) for one in few.chances}
    assert (chances, few.hours.strength) == ({(None, None, None)}, None)


def test_the_prior_of_counts_is_the_likeliest():
    rng = np.random.default_rng(3)
    messages = rng.integers(1, 12, 5_000)
    reactions = rng.binomial(messages, rng.beta(2.0, 6.0, 5_000))
    prior = fit_prior(messages, reactions)
    assert prior.mean == pytest.approx(0.25, abs=0.01)
    assert prior.strength == pytest.approx(8.0, rel=0.1)


def test_events_become_one_row_a_delivered_message_in_the_shops_hours():
    def event(kind, recipient, minute, **more):
        at = NOW + dt.timedelta(minutes=minute)
        return MessageEvent(
            kind=kind, tenant="t", run="r", recipient=recipient, message_id=recipient, at=at, **more
        )

    a, b, c = (digit * 32 for digit in "abc")
    events = [event("DELIVERED", one, 0) for one in (b, a)]
    events += [event("CLICKED", a, 90, link="x"), event("OPENED", b, 1), event("OPENED", c, 1)]
    made = joined_reactions([reactions_of(events, unsubscribed=[b], zone=BERLIN)])
    assert [one.decode()[0] for one in made.recipient] == ["a", "b"]
    assert made.clicked.tolist() == [True, False]
    assert made.opened.tolist() == [False, True]
    assert made.unsubscribed.tolist() == [False, True]
    assert made.hour.tolist() == [8, NO_HOUR]
