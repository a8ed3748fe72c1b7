"""What the steps of an erasure work with."""

from __future__ import annotations

import dataclasses
import datetime as dt
import functools
import tomllib
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from adapters.aws.logs import Decided
from adapters.erasure.cases import CaseFiles
from adapters.erasure.disk import Disk
from adapters.erasure.tables import CampaignItems, LabelItems
from adapters.erasure.versions import VersionedObjects
from adapters.stores.erased import ErasedMarks
from adapters.stores.records import read_record
from tessera import naming
from tessera.erasure.identifying import (
    IdentifyingHeaders,
    headers_of_mappings,
    headers_of_settings,
    usual_headers,
)
from tessera.erasure.places import Bucket
from tessera.records.runs.latest import Latest
from tessera.records.runs.ticket import Ticket
from tessera.settings import RunSettings
from tessera.sources.tables.mapping import TableMapping, read_mappings
from tessera.sources.tables.shipped_mappings import shipped_mappings

CRM, DATABASE = "crm", "database"  # the kinds of mapping files
_AT_ONCE = 16  # small documents that are read in parallel


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
    def headers(self) -> IdentifyingHeaders:
        """The columns that identify a customer, by file of the tenant."""
        crm = {**shipped_mappings(), **self._mappings(CRM)}
        return IdentifyingHeaders.joined(
            usual_headers(),
            (
                (naming.UPLOADS, self._headers_of_uploads()),
                *headers_of_mappings(shipped_mappings(), tenant=self.tenant, kind=CRM),
                *headers_of_mappings(crm, tenant=self.tenant, kind=CRM),
                *headers_of_mappings(self._mappings(DATABASE), tenant=self.tenant, kind=DATABASE),
            ),
        )

    def _mappings(self, kind: str) -> Mapping[str, TableMapping]:
        key = naming.source_mappings_key(self.tenant, kind)
        if not self.data.exists(key):
            return {}
        return read_mappings(self.data.read(key).decode("utf-8-sig"), name=key)

    def _headers_of_uploads(self) -> frozenset[str]:
        """Return what the setting ``columns`` ever named: old uploads are read as then."""
        documents = [{"settings": self._saved_settings()}]
        runs, versions = (
            naming.runs_prefix(self.tenant),
            naming.settings_versions_prefix(self.tenant),
        )
        keys = [key for key in self.data.keys(runs) if key.endswith(f"/{naming.TICKET}")]
        keys += [key for key in self.data.keys(versions) if key.endswith(".json")]
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            documents += pool.map(self.data.read_json, keys)
        named = (one.get("settings", {}).get("columns") for one in documents)
        return frozenset().union(*(headers_of_settings(each) for each in named if each))

    def _saved_settings(self) -> dict[str, Any]:
        key = naming.settings_key(self.tenant)
        return tomllib.loads(self.data.read(key).decode()) if self.data.exists(key) else {}
