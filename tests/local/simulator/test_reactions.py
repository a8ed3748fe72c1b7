"""What happens to messages by the simulator."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections import Counter

import pytest

from local.simulator.model import DEFAULT_MODEL, BandReactions, ReactionModel
from local.simulator.reactions import DeliveredMessage, Reaction, reactions
from tessera.campaigns.events.clicks import likely_human
from tessera.campaigns.events.reading import MessageEvent
from tests.campaigns.fakes import NINE, hexes

LINKS = [f"https://shop.example/{name}" for name in ("a", "b", "c", "d")]


def message(n, **more):
    given = {
        "run": "news-r001", "recipient": hexes(n), "churn_band": "High", "links": LINKS,
        "tracks_opens": True, "tracks_clicks": True,
    }  # fmt: skip
    return DeliveredMessage(**given | more)


def simulated(count, *, model=DEFAULT_MODEL, seed=1, **more):
    return [reactions(message(n, **more), model=model, seed=seed) for n in range(count)]


def shares(results):
    kinds = Counter(kind for each in results for kind in {one.kind for one in each})
    return {kind: count / len(results) for kind, count in kinds.items()}


def test_the_same_seed_gives_the_same_reactions_in_any_order():
    ahead = {n: reactions(message(n), model=DEFAULT_MODEL, seed=7) for n in range(300)}
    back = {n: reactions(message(n), model=DEFAULT_MODEL, seed=7) for n in reversed(range(300))}
    assert ahead == back
    assert ahead != {n: reactions(message(n), model=DEFAULT_MODEL, seed=8) for n in range(300)}
    other = [
        reactions(message(n, run="news-r002"), model=DEFAULT_MODEL, seed=7) for n in range(300)
    ]
    assert list(ahead.values()) != other


def test_each_kind_of_reaction_has_its_share():
    model = ReactionModel(
        bands={"High": BandReactions(reads=0.5, buys=0, effect=0)}, bounces_for_good=0.1,
        bounces_for_now=0.1, scanned=0, prefetched=0, clicks=0.4, complains=0.2, unsubscribes=0.1,
    )  # fmt: skip
    seen = shares(simulated(4_000, model=model))
    expected = {"bounce": 0.2, "open": 0.4, "click": 0.16, "complaint": 0.08, "unsubscribe": 0.04}
    assert seen.keys() == expected.keys()
    for kind, share in expected.items():
        assert seen[kind] == pytest.approx(share, abs=4 * (share * (1 - share) / 4_000) ** 0.5)


def test_bounces_are_for_good_or_for_now_and_nothing_follows_them():
    model = dataclasses.replace(DEFAULT_MODEL, bounces_for_good=0.3, bounces_for_now=0.2)
    bounced = [each for each in simulated(1_000, model=model) if each and each[0].kind == "bounce"]
    kinds = Counter(each[0].facts["bounceType"] for each in bounced)
    assert {len(each) for each in bounced} == {1}
    assert 230 < kinds["Permanent"] < 370
    assert 140 < kinds["Transient"] < 260


def test_the_band_decides_who_reads():
    quiet = dataclasses.replace(DEFAULT_MODEL, scanned=0, prefetched=0)
    low, high, unknown = (
        shares(simulated(2_000, model=quiet, churn_band=band))["open"]
        for band in ("Low", "High", "")
    )
    assert high < unknown < low


@pytest.mark.parametrize("links", [LINKS, LINKS[:1]])
def test_a_scanners_clicks_are_seen_as_such_and_a_readers_are_not(links):
    model = ReactionModel(
        bands={"High": BandReactions(reads=1, buys=0, effect=0)}, scanned=0.5, clicks=0.5,
        bounces_for_good=0, bounces_for_now=0,
    )  # fmt: skip
    for each in simulated(300, model=model, links=links):
        clicks = [event(one) for one in each if one.kind == "click"]
        humans = likely_human(clicks, delivered_at=NINE)
        by_person = [one for one in each if "reader" in one.facts.get("userAgent", "")]
        assert len(humans) == sum(one.kind == "click" for one in by_person)


def event(one: Reaction) -> MessageEvent:
    return MessageEvent(
        kind="CLICKED", tenant="acme", run="news-r001", recipient=hexes(1), message_id="m-1",
        at=NINE + dt.timedelta(seconds=one.after_s), link=one.facts["link"],
    )  # fmt: skip


@pytest.mark.parametrize(("opens", "clicks"), [(False, True), (True, False), (False, False)])
def test_what_the_provider_does_not_track_is_not_reported(opens, clicks):
    model = dataclasses.replace(DEFAULT_MODEL, unsubscribes=0.3)
    tracked = shares(simulated(800, model=model))
    seen = shares(simulated(800, model=model, tracks_opens=opens, tracks_clicks=clicks))
    assert ("open" in seen, "click" in seen) == (opens, clicks)
    assert seen["unsubscribe"] == tracked["unsubscribe"]  # by the link, which needs no tracking


def test_a_message_without_links_is_not_clicked():
    assert "click" not in shares(simulated(500, links=()))


def test_reactions_are_in_order_after_delivery():
    for each in simulated(500):
        moments = [one.after_s for one in each]
        assert moments == sorted(moments)
        assert all(moment > 0 for moment in moments)


@pytest.mark.parametrize("wrong", [{"reads": 1.1}, {"buys": 0.99}, {"effect": -0.2}])
def test_shares_that_are_none_are_refused(wrong):
    with pytest.raises(ValueError, match="expected shares"):
        BandReactions(**{"reads": 0.1, "buys": 0.1, "effect": 0.05} | wrong)
