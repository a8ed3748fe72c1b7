"""What was measured of a campaign and of its run."""

from __future__ import annotations

import datetime as dt

from tessera.campaigns.events.figures import OPENS_NOTE, EventFigures
from tessera.campaigns.results.campaign_results import CampaignResults, GroupSizes
from tessera.campaigns.results.effects import ConversionEffect, EffectSlice
from tessera.campaigns.results.run_figures import GroupFigures, HourFigures, RunFigures

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
