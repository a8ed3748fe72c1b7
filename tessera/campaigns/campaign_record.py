"""A tenant's campaign as it is kept, and a run of it as somebody asked for it."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Literal

from tessera.campaigns.definitions.definition import CampaignDefinition
from tessera.campaigns.planning.manifest import run_id

CampaignState = Literal["draft", "active", "ended"]


@dataclasses.dataclass(frozen=True, kw_only=True)
class CampaignRecord:
    """A campaign of a tenant.

    Parameters
    ----------
    definition
        As it is now.
    state
        ``draft``: runs begin by request, and each awaits approval. ``active``: the schedule also
        starts runs, which the activation has approved. ``ended``: no further run begins.
    version
        How often it was saved, from 1.
    last_run
        The number of its newest run, 0 before the first.
    changed_by, changed_at
        Who saved, activated or ended it last, and when.
    """

    definition: CampaignDefinition
    state: CampaignState = "draft"
    version: int = 1
    last_run: int = 0
    changed_by: str
    changed_at: dt.datetime

    @property
    def next_run(self) -> str:
        """The id of the next run."""
        return run_id(self.definition.id, number=self.last_run + 1)


@dataclasses.dataclass(frozen=True, kw_only=True)
class RunRequest:
    """A run as it was asked for. Its state is a ``CampaignRun`` of the same id.

    Parameters
    ----------
    run_id
        ``<campaign>-r<nnn>``.
    definition
        What the run uses, frozen: the campaign's definition with the run's own changes.
    day
        The day that it is for, in the shop's time zone.
    asked_by, asked_at
        Who asked for it, and when. ``schedule`` for a run of an active campaign.
    is_approved
        Whether it needs no approval, because it is a run of an active campaign.
    """

    run_id: str
    definition: CampaignDefinition
    day: dt.date
    asked_by: str
    asked_at: dt.datetime
    is_approved: bool = False
