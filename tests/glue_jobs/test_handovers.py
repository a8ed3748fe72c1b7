"""Campaigns hand over their audiences: MapSchema gives their labels to one destination."""

from __future__ import annotations

import datetime as dt
import json

import numpy as np
import pytest

from adapters.campaigns.taken import TakenPeople
from adapters.stores.records import write_record
from glue_jobs import map_schema
from tessera.campaigns.handover import Handover, campaign_sets
from tessera.campaigns.planning.assigned import Assigned
from tessera.destinations import catalog
from tessera.destinations.port import Item
from tessera.errors import InvalidInput
from tessera.naming import SEGMENTS, handover_key, ledger_prefix
from tessera.records.codec import encode

DAY = dt.datetime(2026, 5, 1, 9, tzinfo=dt.UTC)
LABEL = "rfm_campaign_win_back"


def run(shop, *, handovers: str = "on") -> None:
    map_schema.main(
        ["--tenant", shop.tenant, "--run", shop.run_id, "--data_bucket", "data",
         "--identities_bucket", "identities", "--engine", "duckdb", "--handovers", handovers]
    )  # fmt: skip


def taken(*people: tuple[str, str], day: int) -> Assigned:
    """Return people by customer key and label. An empty key is a receiver who is no customer."""
    keys = [key for key, _ in people]
    return Assigned(
        recipient=np.array([f"{number:032x}" for number in range(len(people))], "S32"),
        customer_key=np.array(keys, "S36"),
        day=np.full(len(people), day, np.int64),
        is_held_out=np.array([label == "held_out" for _, label in people], np.bool_),
        variant=np.array([label.replace("held_out", "a") for _, label in people], np.object_),
        churn_band=np.array([""] * len(people), np.object_),
        value_tier=np.array([""] * len(people), np.object_),
    )


def hand_over(shop, *people: tuple[str, str], number: int = 1, **changes) -> Handover:
    one = Handover(
        **{
            "campaign": "win-back", "name": "Win back", "run": f"win-back-r{number:03d}",
            "destination": "klaviyo", "variants": ("a", "b"), "at": DAY + dt.timedelta(days=number),
        }
        | changes
    )  # fmt: skip
    TakenPeople(shop.identities, tenant=shop.tenant, run_id=one.run).write(
        taken(*people, day=20_000 + number)
    )
    write_record(one, shop.data, handover_key(shop.tenant, one.run))
    return one


def contents(shop, destination: str) -> dict[str, dict[str, str]]:
    files = shop.destination(destination)
    lines = [
        line
        for name, text in sorted(files.items())
        if name.endswith(".jsonl")
        for line in text.decode().splitlines()
    ]
    return {item.customer_id: dict(item.content) for item in map(Item.from_line, lines)}


def segments(shop, destination: str) -> dict[str, int]:
    record = json.loads(shop.destination(destination)["load.json"])
    return {
        one["name"]: one["customers"] for one in record["segments"] if "Campaign" in one["name"]
    }


@pytest.fixture
def four(shop):
    shop.destinations = ["export", "klaviyo"]
    for number in range(4):
        shop.customer(f"k{number}", f"C{number}")
        shop.seen(f"k{number}", f"C{number}", "EMAIL", f"c{number}@example.com", consent="granted")
    shop.write()
    return shop


@pytest.fixture
def everywhere(four):
    four.destinations = sorted(catalog.CATALOG)
    four.write()
    return four


def test_the_destination_that_a_campaign_names_gets_labels_and_segments(everywhere):
    four = everywhere
    hand_over(four, ("k0", "a"), ("k1", "b"), ("k2", "held_out"), ("gone", "a"), ("", "a"))
    run(four)
    labels = {name: one.get(LABEL) for name, one in contents(four, "klaviyo").items()}
    assert labels == {"C0": "a", "C1": "b", "C2": "held_out", "C3": None}
    assert segments(four, "klaviyo") == {
        "_RFM_Campaign_win-back_a": 1,
        "_RFM_Campaign_win-back_b": 1,
        "_RFM_Campaign_win-back_held_out": 1,
    }
    for other in set(catalog.CATALOG) - {"klaviyo"}:
        assert not segments(four, other)
        assert b"win-back" not in b"".join(four.destination(other).values())
        assert b"win_back" not in b"".join(four.destination(other).values())


@pytest.mark.parametrize("destination", ["export", "ses", "braze", "customer_profiles"])
def test_each_kind_of_files_has_the_labels(four, destination):
    four.destinations = ["export", destination]
    four.write()
    hand_over(four, ("k0", "a"), ("k2", "held_out"), destination=destination)
    run(four)
    text = b"".join(
        content for name, content in four.destination(destination).items() if "load" not in name
    )
    assert b"campaign:win-back" in text or LABEL.encode() in text
    assert segments(four, destination)["_RFM_Campaign_win-back_held_out"] == 1
    if destination == "ses":
        listed = four.destination("ses")["segments/_RFM_Campaign_win-back_a.csv"]
        assert listed.count(b"@") == 1


def test_the_first_assignment_of_a_campaign_wins(four):
    hand_over(four, ("k0", "b"), ("k1", "b"), number=2)
    hand_over(four, ("k0", "held_out"), number=1)
    run(four)
    labels = {name: one.get(LABEL) for name, one in contents(four, "klaviyo").items()}
    assert labels == {"C0": "held_out", "C1": "b", "C2": None, "C3": None}


def test_somebody_in_two_campaigns_has_both_labels(four):
    hand_over(four, ("k0", "a"))
    hand_over(four, ("k0", "held_out"), campaign="news", run="news-r001")
    run(four)
    ours = contents(four, "klaviyo")["C0"]
    assert (ours[LABEL], ours["rfm_campaign_news"]) == ("a", "held_out")


def left_there(shop, destination: str) -> None:
    """Let a destination know a campaign's segments from an earlier run."""
    one = Handover(
        campaign="win-back", name="x", run="win-back-r001", destination=destination,
        variants=("a",), at=DAY,
    )  # fmt: skip
    [made] = campaign_sets([one])[destination]
    key = ledger_prefix(shop.tenant, destination) + SEGMENTS
    shop.identities.write_json(key, [encode(segment) for segment in made.segments({})])


def test_a_campaign_that_has_ended_is_removed_where_attributes_would_stay(everywhere):
    four = everywhere
    merging = {name for name, one in catalog.CATALOG.items() if one.CAPABILITIES.merges}
    for name in catalog.LOADED:
        left_there(four, name)
    run(four)
    for name in catalog.LOADED:
        for content in contents(four, name).values():
            assert content.get(LABEL) == ("" if name in merging else None), name
        assert not segments(four, name)


def test_without_a_campaign_every_byte_is_the_same(everywhere):
    four = everywhere
    run(four, handovers="off")
    before = {name: four.destination(name) for name in catalog.CATALOG}
    run(four, handovers="on")
    assert {name: four.destination(name) for name in catalog.CATALOG} == before


def test_a_stage_without_campaigns_does_not_look_for_them(four):
    hand_over(four, ("k0", "a"))
    run(four, handovers="off")
    assert not segments(four, "klaviyo")


def test_a_segment_with_a_campaigns_name_is_refused(four):
    four.settings["thresholds"] = {
        "Campaign win-back a": {"attribute": "monetary", "at_least": 1},
    }
    four.write()
    hand_over(four, ("k0", "a"))
    with pytest.raises(InvalidInput, match="another label"):
        run(four)
