"""What the steps of an erasure work with."""

from __future__ import annotations

import dataclasses
import datetime as dt
import functools
from collections.abc import Callable
from pathlib import Path

from adapters.aws.logs import Decided
from adapters.erasure.cases import CaseFiles
from adapters.erasure.disk import Disk
from adapters.erasure.tables import CampaignItems, LabelItems
from adapters.erasure.versions import VersionedObjects
from adapters.stores.erased import ErasedMarks
from adapters.stores.records import read_record
from steps.erase.columns import KnownColumns, known_columns
from tessera import naming
from tessera.erasure.places import Bucket
from tessera.records.runs.latest import Latest
from tessera.records.runs.ticket import Ticket
from tessera.settings import RunSettings


@dataclasses.dataclass(frozen=True, kw_only=True)
class ErasureTools:
    """One erasure's place of work.

    Parameters
    ----------
    data, identities
        The two buckets.
    tenant, case
        Which erasure.
    secret
        Makes keys and marks.
    folder
        An empty folder, with room for the largest object twice.
    now
        The clock.
    decided
        Logs decisions, without personal data.
    labels, campaigns
        The tables of live labels and of campaigns. None in a stage without them.
    at_once
        Objects that are searched in parallel, as far as ``disk`` has room for them.
    disk
        The room in ``folder``.
    waiting
        Names of uploads whose runs have not read them yet: they are left until then.
    """

    data: VersionedObjects
    identities: VersionedObjects
    tenant: str
    case: str
    secret: bytes = dataclasses.field(repr=False)
    folder: Path
    now: Callable[[], dt.datetime]
    decided: Decided
    labels: LabelItems | None = None
    campaigns: CampaignItems | None = None
    at_once: int = 8
    disk: Disk = dataclasses.field(default_factory=Disk)
    waiting: frozenset[str] = frozenset()

    @functools.cached_property
    def files(self) -> CaseFiles:
        """The files of the erasure."""
        return CaseFiles(self.data, self.identities, tenant=self.tenant, case=self.case)

    @functools.cached_property
    def marks(self) -> ErasedMarks:
        """The marks of the tenant's erased people."""
        return ErasedMarks(self.data, tenant=self.tenant)

    @property
    def buckets(self) -> tuple[tuple[Bucket, VersionedObjects], ...]:
        """The buckets by their names."""
        return ("data", self.data), ("identities", self.identities)

    @functools.cached_property
    def settings(self) -> RunSettings:
        """The settings of the tenant's last run: how its uploads are read."""
        key = naming.latest_key(self.tenant)
        if not self.data.exists(key):
            return RunSettings()
        latest = read_record(Latest, self.data, key, tolerant=True)
        ticket = naming.run_key(self.tenant, latest.run_id, naming.TICKET)
        if not self.data.exists(ticket):
            return RunSettings()
        return read_record(Ticket, self.data, ticket, tolerant=True).settings

    @functools.cached_property
    def columns(self) -> KnownColumns:
        """The columns that identify a customer, by file of the tenant."""
        return known_columns(self.data, tenant=self.tenant, folder=self.folder)
