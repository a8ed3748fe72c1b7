"""A tenant's campaigns: definitions, their versions, and those that ship with Tessera."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping
from typing import Any

from tessera.campaigns.campaign_record import CampaignState
from tessera.campaigns.definitions.checks import SLUG_PATTERN
from tessera.campaigns.definitions.definition import CampaignDefinition
from tessera.campaigns.sending.states import RunState


@dataclasses.dataclass(frozen=True, kw_only=True)
class CampaignFacts:
    """A campaign without its definition.

    Parameters
    ----------
    id, name
        Its name in addresses, and for people.
    state
        ``draft``: runs begin by request, and each awaits approval. ``active``: the schedule also
        starts runs, which the activation has approved. ``ended``: no further run begins.
    version
        How often it was saved, from 1. Activating and ending it count too.
    changed_by, changed_at
        Who saved, activated or ended it last, and when.
    last_run, last_run_state
        Its newest run, and how far that is. None before the first.
    """

    id: str
    name: str
    state: CampaignState
    version: int
    changed_by: str
    changed_at: dt.datetime
    last_run: str | None
    last_run_state: RunState | None


@dataclasses.dataclass(frozen=True, kw_only=True)
class CampaignList:
    """The campaigns of a tenant, by id."""

    items: tuple[CampaignFacts, ...]


@dataclasses.dataclass(frozen=True, kw_only=True)
class SavedCampaign(CampaignFacts):
    """A campaign with its definition.

    Parameters
    ----------
    definition
        As it is now. Earlier runs keep the one that they were asked for with.
    problems
        Why a run of it would fit nobody or send nothing here and now, a sentence each. With any,
        it cannot be activated, and no run begins.
    """

    definition: CampaignDefinition
    problems: tuple[str, ...]


@dataclasses.dataclass(frozen=True, kw_only=True)
class CampaignChange:
    """A campaign's new definition, whole.

    Parameters
    ----------
    version
        The version that it is based on, 0 for a new campaign. Another one in the meantime is a
        conflict.
    definition
        The definition. Its id is that of the address.
    """

    version: int = dataclasses.field(metadata={"schema": {"minimum": 0}})
    definition: CampaignDefinition


@dataclasses.dataclass(frozen=True, kw_only=True)
class CampaignActivation:
    """A wish to activate a campaign, which approves the runs that its schedule starts.

    Parameters
    ----------
    version
        The campaign's version. Another one in the meantime is a conflict.
    """

    version: int = dataclasses.field(metadata={"schema": {"minimum": 1}})


@dataclasses.dataclass(frozen=True, kw_only=True)
class CampaignCopy:
    """A wish for a copy of a campaign, which holds out other people.

    Parameters
    ----------
    id
        The copy's id: 1 to 48 lower-case letters, digits and hyphens.
    name
        The copy's name for people.
    """

    id: str = dataclasses.field(metadata={"schema": {"pattern": f"^{SLUG_PATTERN}$"}})
    name: str = dataclasses.field(metadata={"schema": {"minLength": 1, "maxLength": 200}})


@dataclasses.dataclass(frozen=True, kw_only=True)
class ReadyCampaign:
    """A definition that ships with Tessera, to begin with.

    Parameters
    ----------
    name
        Which one.
    definition
        Its document with every default. The templates of its variants are null: choose them.
    """

    name: str
    definition: Mapping[str, Any]


@dataclasses.dataclass(frozen=True, kw_only=True)
class ReadyCampaignList:
    """The definitions that ship with Tessera."""

    items: tuple[ReadyCampaign, ...]
