"""Who reacts is learnt from files: manifests, who a run took, and the profiles of that day."""

from __future__ import annotations

import dataclasses
import datetime as dt
import io
from decimal import Decimal

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from adapters.campaigns.taken import TakenPeople
from adapters.stores.records import read_record
from adapters.tables.parquet import arrow_schema
from steps.campaign.planning.plan_campaign import plan_campaign
from steps.campaign.targeting.learn import write_targets
from tessera import naming
from tessera.campaigns.results.assignments import PurchaseRows
from tessera.campaigns.targeting.targets import CampaignTargets
from tessera.contracts.tables import PROFILES
from tests.campaign_shop import NOW, TENANT, customer, open_shop

PEOPLE, RUN, DAYS = 3_000, "win-back-r001", 30
TODAY = NOW.date() + dt.timedelta(days=60)
KEYS = [f"p{number:05d}" for number in range(PEOPLE)]


def recency(number: int) -> int:
    return 10 if number % 3 == 0 else 200 + number % 7


@dataclasses.dataclass
class Services:
    tenant: str
    data: object
    identities: object


@pytest.fixture(scope="module")
def shop():
    """A run of 3,000 people, half held out. Of those who bought lately, the treated react."""
    with open_shop() as opened:
        run = opened.finish_run([customer(key) for key in KEYS])
        replace_profiles(opened, run)
        run_id = opened.ask(holdout={"share": 0.5})
        plan_campaign(run_id, services=opened.services(), now=NOW)
        yield opened


def replace_profiles(shop, run):
    """Write profiles with days since the last purchase."""
    folder = naming.profiles_prefix(TENANT)
    folder += naming.profiles_partition(run.as_of.isoformat(), run.run_id)
    rows = [
        dict.fromkeys(PROFILES.names) | {
            "customer_key": key, "recency_days": recency(number), "frequency": 1 + number % 4,
            "monetary": Decimal("100.00"), "segment": "At Risk", "churn_band": "High",
            "value_tier": "Low", "views": 0, "as_of": run.as_of,
        }
        for number, key in enumerate(KEYS)
    ]  # fmt: skip
    content = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(rows, schema=arrow_schema(PROFILES)), content)
    shop.data.write(f"{folder}part-0.parquet", content.getvalue())


def taken(shop):
    return TakenPeople(shop.identities, tenant=TENANT, run_id=RUN).read()


def purchases(people) -> PurchaseRows:
    rng = np.random.default_rng(5)
    near = np.array([recency(int(key[1:])) == 10 for key in people.customer_key.tolist()])
    chance = 0.2 + 0.3 * (near & ~people.is_held_out)
    keys = people.customer_key[rng.random(len(people)) < chance]
    return PurchaseRows(
        customer_key=keys, day=np.full(len(keys), people.day[0] + 2),
        amount=np.full(len(keys), 40.0), is_order=np.ones(len(keys), np.bool_),
    )  # fmt: skip


def learnt(shop, **changes) -> CampaignTargets:
    people = taken(shop)
    definition = shop.requests.read(RUN).definition
    services = Services(TENANT, shop.data, shop.identities)
    changes = {"inference": "fixed_horizon"} | changes
    return write_targets(
        {RUN: people}, purchases(people), services, definition=definition, today=TODAY, **changes
    )


def is_near(group) -> bool:
    below = group.limits[0].below
    return below is not None and below <= 200


def test_groups_are_learnt_from_the_profiles_of_the_plan_and_counted_now(shop):
    targets = learnt(shop, simulated=True)
    assert targets.decision == "publish", targets.reason
    assert (targets.people, targets.omitted, targets.simulated) == (PEOPLE, 0, True)
    assert targets.columns == ("recency_days", "frequency")
    best = targets.groups[0]
    assert best.limits[0].column == "recency_days"
    assert is_near(best)
    assert best.low < 12.0 < best.high + 3
    assert sum(one.customers for one in targets.groups) == PEOPLE
    near = sum(one.customers for one in targets.groups if is_near(one))
    assert near == sum(recency(number) == 10 for number in range(PEOPLE))
    key = naming.campaign_targets_key(TENANT, "win-back")
    assert read_record(CampaignTargets, shop.data, key) == targets


def test_groups_of_the_wrong_size_teach_nothing(shop):
    targets = learnt(shop, is_mismatch=True)
    assert (targets.decision, targets.groups) == ("withhold", ())
    assert (targets.average, targets.rankings, targets.curve) == (None, (), ())
    assert (targets.is_mismatch, targets.people, targets.omitted) == (True, 0, PEOPLE)
    assert "sizes of the groups" in targets.reason


def test_a_campaign_that_is_looked_at_daily_is_judged_for_it(shop):
    targets = learnt(shop, inference="always_valid")
    assert targets.inference == "always_valid"
    assert targets.reason.endswith("judged for a look every day.")


def test_people_whose_profiles_are_gone_are_counted(shop):
    key = next(one for one in shop.data.keys(naming.profiles_prefix(TENANT)))
    content = shop.data.read(key)
    shop.data.delete([key])
    try:
        targets = learnt(shop)
    finally:
        shop.data.write(key, content)
    assert (targets.people, targets.omitted) == (0, PEOPLE)
    assert "500 are needed" in targets.reason
