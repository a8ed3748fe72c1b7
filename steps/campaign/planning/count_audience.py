"""Count an audience before a campaign has a run: who is written to, and who is omitted and why."""

from __future__ import annotations

import datetime as dt

from adapters.campaigns.functions import CountedAudience
from steps.campaign.planning.audience import plan_sources, problems_of
from steps.campaign.planning.services import PlanningServices
from tessera.campaigns.definitions.definition import CampaignDefinition
from tessera.campaigns.planning.plan import make_plan
from tessera.errors import InvalidInput

_SHOWN = 20


def count_audience(
    definition: CampaignDefinition, *, services: PlanningServices, now: dt.datetime
) -> CountedAudience:
    """Return what a run of a definition would come to. Nothing is written.

    It names nobody, and holds no address. Templates change no count and are not read.

    Parameters
    ----------
    definition
        As a run would use it.
    services
        The tenant's.
    now
        The moment.
    """
    problems = problems_of(definition, services, now=now)
    if problems:
        return _without_counts(*problems)
    try:
        with plan_sources(definition, services, run_id="", now=now) as sources:
            plan = make_plan(sources.candidates(), terms=sources.terms, known=sources.known)
    except InvalidInput as error:
        return _without_counts(str(error))
    return CountedAudience(
        counts=plan.counts,
        note=plan.counts.note,
        problems=(),
        refused_lines=len(sources.refused),
        refusals=tuple(one.without_cell for one in sources.refused[:_SHOWN]),
    )


def _without_counts(*problems: str) -> CountedAudience:
    return CountedAudience(counts=None, note="", problems=problems, refused_lines=0, refusals=())
