"""Learn who reacts from what a campaign's runs assigned, bought and were known by."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from tessera.campaigns.planning.assigned import Assigned
from tessera.campaigns.planning.candidates import Floats, Mask
from tessera.campaigns.results.assignments import PurchaseRows, first_assignments, is_closed
from tessera.campaigns.results.statistics.inference import Inference, critical_z
from tessera.campaigns.results.statistics.past_spend import cut_both_ways
from tessera.campaigns.targeting.targets import (
    CampaignTargets,
    RankingGain,
    TargetGroup,
    TargetLimit,
    TargetPoint,
)
from tessera.customers.uplift.experiment import Experiment
from tessera.customers.uplift.learning import learn_uplift
from tessera.customers.uplift.learnt import JudgedGroup, LearntUplift
from tessera.customers.uplift.qini import UpliftEstimate

# What a reaction may depend on: profile columns that any run can have.
COLUMNS = (
    "recency_days",
    "frequency",
    "monetary",
    "mean_order_value",
    "tenure_days",
    "views_30d",
    "sessions_30d",
    "p_no_order_90d",
    "expected_orders_365d",
    "clv_365d",
)
CHURN = "churn risk"
_RANDOM = "random choice"
_BANDS = {"High": 3.0, "Middle": 2.0, "Low": 1.0}
_NO_ORDER = COLUMNS.index("p_no_order_90d")
_CUT = 0.99
_LOOKS: Mapping[Inference, str] = {
    "fixed_horizon": "This is judged for one look.",
    "always_valid": "People are added over time, so this is judged for a look every day.",
}
_SEED = 1
_EPOCH = dt.date(1970, 1, 1)
Profiles = npt.NDArray[np.float32]


@dataclasses.dataclass(frozen=True, kw_only=True, eq=False)
class KnownPeople:
    """People whose days of result are over, and what was known of them.

    Parameters
    ----------
    people
        Each once, as first assigned.
    profiles : shape (n, COLUMNS)
        As of the day of the plan, NaN for unknown.
    share : shape (n,)
        The chance that each had to be written to.
    """

    people: Assigned
    profiles: Profiles
    share: Floats


def people_to_learn_from(
    runs: Sequence[Assigned], *, today: dt.date, result_days: int
) -> tuple[Assigned, int]:
    """Return people whose days of result are over, each once, and how many are no customers.

    They are in the order of their keys, so that folds are the same each time.

    Parameters
    ----------
    runs
        What each run assigned, at least one.
    today
        Purchases until the day before are known.
    result_days
        The definition's.
    """
    people = first_assignments(runs)
    counted = people.where(is_closed(people, today=(today - _EPOCH).days, result_days=result_days))
    customers = counted.where(counted.customer_key != b"")
    return first_assignments([customers], by="customer_key"), len(counted) - len(customers)


def learn_targets(
    known: KnownPeople,
    purchases: PurchaseRows,
    *,
    campaign: str,
    today: dt.date,
    result_days: int,
    inference: Inference = "fixed_horizon",
) -> CampaignTargets:
    """Learn who reacts, and judge it.

    Parameters
    ----------
    known
        Who to learn from.
    purchases
        From the first run on.
    campaign, result_days
        Of the definition.
    today
        Purchases until the day before are known.
    inference
        How often the campaign's results are looked at.
    """
    people = known.people
    is_sequence = inference == "always_valid" and len(people) > 0
    sequence_z = critical_z(inference, people=len(people)) if is_sequence else None
    revenue = _revenue(people, purchases, result_days=result_days)
    limit = float(np.quantile(revenue[revenue > 0], _CUT)) if (revenue > 0).any() else None
    names = [name for place, name in enumerate(COLUMNS) if _differs(known.profiles[:, place])]
    experiment = Experiment(
        names=tuple(names),
        matrix=known.profiles[:, [COLUMNS.index(name) for name in names]],
        is_treated=~people.is_held_out,
        share=known.share,
        outcome=revenue if limit is None else cut_both_ways(revenue, limit),
    )
    rankings = {CHURN: _churn_risk(known)}
    learnt = learn_uplift(experiment, seed=_SEED, rankings=rankings, sequence_z=sequence_z)
    average = learnt.average if learnt.learner else None
    return CampaignTargets(
        campaign=campaign,
        as_of=today,
        decision=learnt.decision,
        reason=_reason(learnt, inference),
        people=len(people),
        held_out=int(people.is_held_out.sum()),
        columns=tuple(names),
        average=average.value if average else None,
        average_low=average.low if average else None,
        average_high=average.high if average else None,
        rankings=_rankings(learnt) if learnt.learner else (),
        groups=tuple(_group(one, learnt.average.reach) for one in learnt.groups)
        if learnt.is_published
        else (),
        curve=_curve(learnt),
        limit=limit,
        inference=inference,
    )


def with_customers(targets: CampaignTargets, customers: Sequence[int]) -> CampaignTargets:
    """Return targets with how many customers each group has now."""
    pairs = zip(targets.groups, customers, strict=True)
    groups = tuple(dataclasses.replace(one, customers=int(count)) for one, count in pairs)
    return dataclasses.replace(targets, groups=groups)


def share_by_day(day: npt.NDArray[np.int64], shares: Mapping[int, float]) -> Floats:
    """Return the chance to be written to of people by the day of their plan, NaN without one."""
    days = np.array(sorted(shares), np.int64)
    values = np.array([shares[one] for one in days.tolist()])
    places = np.minimum(np.searchsorted(days, day), len(days) - 1)
    return np.where(days[places] == day, values[places], np.nan)


def _revenue(people: Assigned, purchases: PurchaseRows, *, result_days: int) -> Floats:
    """Return what each customer bought for within the days of result. Each is there once."""
    revenue = np.zeros(len(people))
    if not len(people):
        return revenue
    places = np.searchsorted(people.customer_key, purchases.customer_key)
    places = np.minimum(places, len(people) - 1)
    since = purchases.day - people.day[places]
    counts: Mask = people.customer_key[places] == purchases.customer_key
    counts &= (since >= 0) & (since < result_days)
    np.add.at(revenue, places[counts], purchases.amount[counts])
    return revenue


def _differs(column: Profiles) -> bool:
    known = column[~np.isnan(column)]
    return len(known) > 0 and bool(known.min() < known.max())


def _churn_risk(known: KnownPeople) -> Floats:
    """Return the churn band as a number, and inside a band the chance of no order."""
    bands = known.people.churn_band
    risk = np.zeros(len(bands))
    for band, rank in _BANDS.items():
        risk[bands == band] = rank
    return risk + np.nan_to_num(known.profiles[:, _NO_ORDER].astype(np.float64))


def _reason(learnt: LearntUplift, inference: Inference) -> str:
    reason = f"{learnt.reason[:1].upper()}{learnt.reason[1:]}."
    return f"{reason} {_LOOKS[inference]}" if learnt.learner else reason


def _rankings(learnt: LearntUplift) -> tuple[RankingGain, ...]:
    areas = {_RANDOM: learnt.area, **learnt.against}
    return tuple(
        RankingGain(against=name, area=one.value, low=one.low, high=one.high)
        for name, one in areas.items()
    )


def _group(judged: JudgedGroup, reach: float) -> TargetGroup:
    return TargetGroup(
        limits=tuple(
            TargetLimit(column=one.column, low=one.low, below=one.below)
            for one in judged.group.limits
        ),
        people=judged.people,
        customers=0,
        effect=judged.effect,
        low=judged.effect - reach * judged.error,
        high=judged.effect + reach * judged.error,
    )


def _curve(learnt: LearntUplift) -> tuple[TargetPoint, ...]:
    points, sequence_z = [], learnt.average.sequence_z
    for one, by_churn in zip(learnt.curve, learnt.curves_against.get(CHURN, ()), strict=True):
        gain = UpliftEstimate(value=one.gain, error=one.error, sequence_z=sequence_z)
        points.append(
            TargetPoint(
                share=one.share, gain=gain.value, low=gain.low, high=gain.high,
                random_gain=one.random_gain, churn_gain=by_churn.gain,
            )
        )  # fmt: skip
    return tuple(points)
