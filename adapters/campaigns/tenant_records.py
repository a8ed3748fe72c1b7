"""A tenant's records of campaigns: each kind with its partition, in one place."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from adapters.campaigns.keys import campaigns_pk, postmaster_pk, progress_pk, requests_pk, runs_pk
from adapters.campaigns.versioned import VersionedRecords
from tessera.campaigns.campaign_record import CampaignRecord, RunRequest
from tessera.campaigns.sending.brakes import PostmasterFigure
from tessera.campaigns.sending.progress import RunProgress
from tessera.campaigns.sending.states import CampaignRun

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_Kept = TypeVar("_Kept")


class TenantRecords:
    """The records of one tenant.

    Parameters
    ----------
    table
        The campaigns' table.
    tenant
        Whose.
    dynamodb
        A client. By default for the environment's credentials and region.
    """

    def __init__(self, table: str, *, tenant: str, dynamodb: DynamoDBClient | None = None) -> None:
        self._table, self._tenant, self._dynamodb = table, tenant, dynamodb

    @functools.cached_property
    def campaigns(self) -> VersionedRecords[CampaignRecord]:
        """The campaigns, by id."""
        return self._of(campaigns_pk, CampaignRecord)

    @functools.cached_property
    def requests(self) -> VersionedRecords[RunRequest]:
        """The runs as they were asked for, by id."""
        return self._of(requests_pk, RunRequest)

    @functools.cached_property
    def runs(self) -> VersionedRecords[CampaignRun]:
        """The runs, by id."""
        return self._of(runs_pk, CampaignRun)

    @functools.cached_property
    def progress(self) -> VersionedRecords[RunProgress]:
        """How far the state machine is with each run, by id."""
        return self._of(progress_pk, RunProgress)

    @functools.cached_property
    def postmaster(self) -> VersionedRecords[PostmasterFigure]:
        """Gmail's spam rate, as it was entered last, at ``ONE``."""
        return self._of(postmaster_pk, PostmasterFigure)

    def _of(self, pk: Callable[[str], str], kind: type[_Kept]) -> VersionedRecords[_Kept]:
        return VersionedRecords(
            self._table, pk=pk(self._tenant), kind=kind, dynamodb=self._dynamodb
        )
