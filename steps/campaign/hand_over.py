"""Hand a run's people over to another tool, and take them back when the campaign has ended."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Protocol

from steps.campaign.runs import RunKeeper, move
from tessera.campaigns.campaign_record import CampaignRecord
from tessera.campaigns.definitions.definition import CampaignDefinition
from tessera.campaigns.handover import Handover
from tessera.campaigns.sending import states
from tessera.campaigns.sending.states import CampaignRun


class HandoverKeeper(Protocol):
    """Keeps a tenant's handovers."""

    def write(self, handover: Handover) -> None:
        """Let the next run of the pipeline hand over a run's people."""

    def end(self, campaign: str) -> None:
        """Let the next run of the pipeline remove a campaign from its destination."""


def hand_over(
    runs: RunKeeper, run_id: str, *, definition: CampaignDefinition, handovers: HandoverKeeper,
    at: dt.datetime,
) -> CampaignRun:  # fmt: skip
    """Hand over the people of a run whose time has come. Its results are measured from now on.

    The handover is written first. A crash before the run's move repeats both.

    Raises
    ------
    InvalidInput
        The run is not SCHEDULED, or its time has not come or is over.
    """
    handovers.write(
        Handover(
            campaign=definition.id,
            name=definition.name,
            run=run_id,
            destination=definition.channel.to,
            variants=tuple(one.name for one in definition.variants),
            at=at,
        )
    )
    return move(runs, run_id, lambda run: states.hand_over(run, at=at))


def end_handovers(
    campaign: CampaignRecord, runs: Iterable[CampaignRun], *, handovers: HandoverKeeper
) -> bool:
    """Remove an ended campaign from its destination, once all its runs are measured.

    It may have none by now: its channel can change between two runs. Repeating it is harmless.

    Returns
    -------
    bool
        Whether the next run of the pipeline removes it, if it is anywhere.
    """
    is_over = campaign.state == "ended" and all(run.state in states.ENDS for run in runs)
    if is_over:
        handovers.end(campaign.definition.id)
    return is_over
