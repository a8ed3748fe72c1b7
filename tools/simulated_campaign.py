"""A campaign of made-up people whose true effect is known, for the tests of the console.

Nobody is sent anything. The run is put in place as if it had been sent, with who it took, what was
known of them and what they bought. The deployed function measures it as it measures any other, and
marks it as simulated.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import io
from collections.abc import Callable, Mapping

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from adapters.aws.objects import Objects
from adapters.campaigns.run_files import CampaignFiles
from adapters.campaigns.simulated_purchases import SimulatedPurchases
from adapters.campaigns.taken import TakenPeople
from adapters.campaigns.tenant_records import TenantRecords
from adapters.stores.profile_reader import KEY
from local.simulator.model import BandReactions, ReactionModel
from local.simulator.purchases import SimulatedResult, simulate_purchases
from tessera.campaigns.campaign_record import CampaignRecord, RunRequest
from tessera.campaigns.definitions.document import parse_definition
from tessera.campaigns.planning.assigned import Assigned
from tessera.campaigns.planning.counts import AudienceCounts
from tessera.campaigns.planning.manifest import RunManifest
from tessera.campaigns.results.assignments import PurchaseRows
from tessera.campaigns.sending.states import CampaignRun
from tessera.naming import profiles_partition, profiles_prefix
from tessera.records.run_of_day import RunOfDay

CAMPAIGN, RUN = "simulated-win-back", "simulated-win-back-r001"
PEOPLE, SHARE, RESULT_DAYS, LAPSED_DAYS = 12_000, 0.3, 30, 90
PLANNED_ON = dt.date(2011, 9, 1)
MODEL = ReactionModel(
    bands={
        "Low": BandReactions(reads=0.45, buys=0.40, effect=0.18),
        "Middle": BandReactions(reads=0.30, buys=0.25, effect=0.10),
        "High": BandReactions(reads=0.20, buys=0.10, effect=0.01),
    }
)
DEFINITION = parse_definition(
    {
        "id": CAMPAIGN,
        "name": "Win back (simulated)",
        "audience": {"segments": ["At Risk"]},
        "variants": [{"name": "a", "share": 0.5}, {"name": "b", "share": 0.5}],
        "channel": {"kind": "webhook", "to": "https://shop.example/messages"},
        "schedule": {"kind": "once", "first_day": PLANNED_ON.isoformat()},
        "holdout": {"share": SHARE},
        "result_days": RESULT_DAYS,
    }
)
_SEED = 1
_EPOCH = dt.date(1970, 1, 1)
_DAY = (PLANNED_ON - _EPOCH).days
_SENT_AT = dt.datetime.combine(PLANNED_ON, dt.time(9), dt.UTC)
_BY = "user:simulator"
_PROFILES = RunOfDay(run_id="simulated-people", as_of=PLANNED_ON)
_NO_ORDER = {"Low": 0.2, "Middle": 0.5, "High": 0.8}  # about which a band's chances are


@dataclasses.dataclass(frozen=True, kw_only=True, eq=False)
class SimulatedCampaign:
    """Who the run took, what they bought before, and what they bought since.

    Parameters
    ----------
    people
        Held-out people included.
    profiles
        What was known of them on the day of the plan, in the order of their keys.
    past
        Their purchases of the year before.
    result
        What they bought since, and the truth behind it.
    """

    people: Assigned
    profiles: pa.Table
    past: PurchaseRows
    result: SimulatedResult

    @property
    def purchases(self) -> PurchaseRows:
        """All that they bought."""
        names = [field.name for field in dataclasses.fields(PurchaseRows)]
        both = (self.past, self.result.purchases)
        return PurchaseRows(
            **{name: np.concatenate([getattr(one, name) for one in both]) for name in names}
        )

    @property
    def as_of(self) -> dt.date:
        """The day on which everybody's days of result are over."""
        return _EPOCH + dt.timedelta(days=self.result.closed_on)


def simulated_campaign() -> SimulatedCampaign:
    """Return the same campaign each time: half of its people have lapsed."""
    chance = np.random.default_rng(_SEED)
    number = np.arange(PEOPLE)
    band, tier = chance.integers(0, 3, PEOPLE), chance.integers(0, 2, PEOPLE)
    people = Assigned(
        recipient=np.char.mod("%032x", number).astype("S32"),
        customer_key=np.char.mod("%036x", number).astype("S36"),
        day=np.full(PEOPLE, _DAY, np.int64),
        is_held_out=chance.random(PEOPLE) < SHARE,
        variant=np.array(["a", "b"], np.object_)[chance.integers(0, 2, PEOPLE)],
        churn_band=np.array(list(MODEL.bands), np.object_)[band],
        value_tier=np.array(["Low", "High"], np.object_)[tier],
    )
    past = _past(people, chance)
    result = simulate_purchases(
        [people],
        result_days=RESULT_DAYS,
        model=MODEL,
        seed=_SEED,
        past=past,
        lapsed_after_days=LAPSED_DAYS,
    )
    profiles = _profiles(people, past, chance)
    return SimulatedCampaign(people=people, profiles=profiles, past=past, result=result)


def add_simulated_campaign(
    data: Objects,
    identities: Objects,
    records: TenantRecords,
    *,
    tenant: str,
    measure: Callable[[str], object],
) -> Mapping[str, float]:
    """Put the campaign in place and measure it. Return the true changes of the three figures.

    Parameters
    ----------
    data, identities
        The buckets.
    records
        The tenant's records of campaigns.
    tenant
        Whose campaign.
    measure
        Measures a campaign, given its id.
    """
    made = simulated_campaign()
    TakenPeople(identities, tenant=tenant, run_id=RUN).write(made.people)
    CampaignFiles(identities, tenant=tenant, run_id=RUN).write_manifest(_manifest(made.people))
    _write_profiles(made.profiles, data, tenant=tenant)
    store = SimulatedPurchases(data, tenant=tenant, campaign=CAMPAIGN)
    store.write(made.purchases, as_of=made.as_of)
    record = CampaignRecord(
        definition=DEFINITION, state="ended", last_run=1, changed_by=_BY, changed_at=_SENT_AT
    )
    request = RunRequest(
        run_id=RUN, definition=DEFINITION, day=PLANNED_ON, asked_by=_BY, asked_at=_SENT_AT
    )
    run = CampaignRun(
        tenant=tenant,
        run_id=RUN,
        state="FINISHED",
        starts_at=_SENT_AT,
        latest_start=_SENT_AT,
        deadline=_SENT_AT,
        changed_at=_SENT_AT,
        recipients=_manifest(made.people).counts.eligible,
    )
    records.campaigns.change(CAMPAIGN, lambda _: record)
    records.requests.change(RUN, lambda _: request)
    records.runs.change(RUN, lambda _: run)
    measure(CAMPAIGN)
    return {str(figure): change for figure, change in made.result.promised.items()}


def _past(people: Assigned, chance: np.random.Generator) -> PurchaseRows:
    """Return one order of each, for most of them: of those who have lapsed it is long ago."""
    count = len(people)
    is_active, has_ordered = chance.random(count) < 0.5, chance.random(count) < 0.8
    ago = np.where(
        is_active,
        chance.integers(1, LAPSED_DAYS + 1, count),
        chance.integers(LAPSED_DAYS + 1, 366, count),
    )
    buyers = is_active | has_ordered
    return PurchaseRows(
        customer_key=people.customer_key[buyers],
        day=(people.day - ago)[buyers],
        amount=(MODEL.order_median * chance.lognormal(0.0, 0.6, count).round(3))[buyers],
        is_order=np.ones(int(buyers.sum()), np.bool_),
    )


def _profiles(people: Assigned, past: PurchaseRows, chance: np.random.Generator) -> pa.Table:
    """Return profiles that say which band everybody is of, as a model would: not exactly."""
    order = dict(zip(past.customer_key.tolist(), range(len(past.day)), strict=True))
    rows = [order.get(key) for key in people.customer_key.tolist()]
    risk = np.array([_NO_ORDER[band] for band in people.churn_band.tolist()])
    return pa.table(
        {
            KEY: [key.decode() for key in people.customer_key.tolist()],
            "recency_days": [None if row is None else _DAY - int(past.day[row]) for row in rows],
            "monetary": [None if row is None else float(past.amount[row]) for row in rows],
            "p_no_order_90d": np.clip(risk + chance.normal(0.0, 0.1, len(people)), 0.0, 1.0),
        }
    )


def _write_profiles(profiles: pa.Table, data: Objects, *, tenant: str) -> None:
    content = io.BytesIO()
    pq.write_table(profiles, content)
    partition = profiles_partition(_PROFILES.as_of.isoformat(), _PROFILES.run_id)
    data.write(f"{profiles_prefix(tenant)}{partition}part-0.parquet", content.getvalue())


def _manifest(people: Assigned) -> RunManifest:
    held_out = int(people.is_held_out.sum())
    treated = people.where(~people.is_held_out).variant.tolist()
    counts = AudienceCounts(
        customers=len(people),
        selected=len(people),
        eligible=len(people) - held_out,
        held_out=held_out,
        left_out={},
        variants={name: treated.count(name) for name in ("a", "b")},
    )
    return RunManifest(
        run=RUN, definition=DEFINITION, planned_at=_SENT_AT, counts=counts, zone_unknown=0,
        chunks=(), holdout=(), start_by=_SENT_AT, finish_by=_SENT_AT, profiles=_PROFILES,
    )  # fmt: skip
