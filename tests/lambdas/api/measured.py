"""What was measured of a campaign and of its run."""

from __future__ import annotations

import datetime as dt

from tessera.campaigns.engaging.engagement import (
    BestHours,
    BetaPrior,
    CampaignEngagement,
    ChanceGroup,
    ReactionChance,
)
from tessera.campaigns.events.figures import OPENS_NOTE, EventFigures
from tessera.campaigns.results.campaign_results import CampaignResults, GroupSizes
from tessera.campaigns.results.effects import ConversionEffect, EffectSlice
from tessera.campaigns.results.run_figures import GroupFigures, HourFigures, RunFigures
from tessera.campaigns.targeting.targets import (
    CampaignTargets,
    RankingGain,
    TargetGroup,
    TargetLimit,
    TargetPoint,
)

NOW = dt.datetime(2026, 11, 30, 8, tzinfo=dt.UTC)
EVENTS = EventFigures(accepted=3, delivered=2, bounced=1, clicked=1)
RESULTS = CampaignResults(
    campaign="spring",
    as_of=NOW.date(),
    sizes=GroupSizes(
        people=4, held_out=1, expected_share=0.1, p_value=0.3, is_mismatch=False
    ),
    waiting=0,
    slices=(
        EffectSlice(
            by="all",
            group="",
            conversion=ConversionEffect(
                treated=3, held_out=1, treated_buyers=1, held_out_buyers=0, difference=0.33,
                low=-0.5, high=0.8, p_value=0.6, adjusted_p_value=0.6, verdict="inconclusive",
            ),
            revenue=None,
            revenue_note="Revenue needs 100 held-out buyers.",
        ),
    ),
    notes=(),
    simulated=True,
)  # fmt: skip
FIGURES = RunFigures(
    run_id="spring-r001",
    campaign="spring",
    measured_at=NOW,
    simulated=True,
    total=GroupFigures(group="", recipients=3, events=EVENTS, unsubscribed=0),
    by_band=(GroupFigures(group="High", recipients=3, events=EVENTS, unsubscribed=0),),
    by_variant=(GroupFigures(group="a", recipients=3, events=EVENTS, unsubscribed=0),),
    by_hour=(HourFigures(hour=NOW, events=EVENTS),),
    notes=(OPENS_NOTE,),
)
_BEST = TargetGroup(
    limits=(TargetLimit(column="recency_days", low=None, below=60.0),), people=900, customers=120,
    effect=3.0, low=1.0, high=5.0,
)  # fmt: skip
TARGETS = CampaignTargets(
    campaign="spring",
    as_of=NOW.date(),
    decision="publish",
    reason="The groups beat a random choice.",
    people=2_000,
    held_out=800,
    columns=("recency_days",),
    average=1.5,
    average_low=0.5,
    average_high=2.5,
    rankings=(RankingGain(against="random choice", area=0.4, low=0.1, high=0.7),),
    groups=(_BEST,),
    curve=(TargetPoint(share=0.5, gain=1.2, low=0.2, high=2.2, random_gain=0.75),),
    limit=90.0,
)
ENGAGEMENT = CampaignEngagement(
    campaign="spring",
    measured_at=NOW,
    messages=4_000,
    chances=(
        ReactionChance(
            reaction="clicked", decision="publish", reason="It is better.", people=2_000, share=0.1,
            prior=BetaPrior(mean=0.1, strength=4.0), log_loss=0.3, same_log_loss=0.33,
            groups=(ChanceGroup(people=200, predicted=0.05, observed=0.06),),
        ),
    ),
    hours=BestHours(
        decision="withhold", reason="12 people clicked twice, and 500 are needed.", people=12,
        shop=(1 / 24,) * 24, shop_hour=9,
    ),
    notes=("Opens are unreliable.",),
)  # fmt: skip
