"""The run that MapSchema works on: its records, its tables and its segments."""

from __future__ import annotations

import dataclasses
import datetime as dt
import functools
from collections.abc import Iterable, Sequence

from adapters.aws.objects import Objects
from adapters.engines.query import Derived, TableSource
from adapters.stores.records import read_record
from adapters.stores.upload_history import UploadHistory
from adapters.tables.contact_points import ContactPoints
from tessera.contracts.tables import IDENTITIES, PROFILES
from tessera.destinations import catalog, mapping
from tessera.destinations.segments import Sizes, segments
from tessera.naming import (
    PREPARE_RECORD,
    SCORE_RECORD,
    TICKET,
    profiles_partition,
    profiles_prefix,
    run_key,
)
from tessera.records.loads.segment import Segment
from tessera.records.runs.prepare import PrepareRecord
from tessera.records.runs.ticket import Ticket
from tessera.records.scoring.score import ScoreRecord
from tessera.segments.sets.catalog import SegmentSets, sets_for
from tessera.settings import RunSettings


@dataclasses.dataclass(frozen=True, kw_only=True)
class MappedRun:
    """A scored run.

    Parameters
    ----------
    tenant, run_id
        The run.
    data, identities
        The two buckets.
    ticket, prepared, score
        The records of the steps before this one.
    files_only
        The destinations that get files and no requests in this stage.
    has_handovers
        Whether campaigns may hand over their audiences in this stage.
    forwarded
        The destinations that get single moves of live labels in this stage.
    """

    tenant: str
    run_id: str
    data: Objects
    identities: Objects
    ticket: Ticket
    prepared: PrepareRecord
    score: ScoreRecord
    files_only: tuple[str, ...] = ()
    has_handovers: bool = False
    forwarded: tuple[str, ...] = ()

    @classmethod
    def read(
        cls,
        *,
        tenant: str,
        run_id: str,
        data: Objects,
        identities: Objects,
        files_only: Sequence[str] = (),
        has_handovers: bool = False,
        forwarded: Sequence[str] = (),
    ) -> MappedRun:
        """Read the records that the steps before this one left."""
        return cls(
            tenant=tenant,
            run_id=run_id,
            data=data,
            identities=identities,
            ticket=read_record(Ticket, data, run_key(tenant, run_id, TICKET)),
            prepared=read_record(PrepareRecord, data, run_key(tenant, run_id, PREPARE_RECORD)),
            score=read_record(ScoreRecord, data, run_key(tenant, run_id, SCORE_RECORD)),
            files_only=tuple(files_only),
            has_handovers=has_handovers,
            forwarded=tuple(forwarded),
        )

    @property
    def as_of(self) -> dt.date:
        """The day that the run describes."""
        return self.prepared.as_of

    @property
    def settings(self) -> RunSettings:
        """The run's settings."""
        return self.ticket.settings

    @functools.cached_property
    def sets(self) -> SegmentSets:
        """The segment sets that labelled the customers."""
        return sets_for(self.settings)

    def segments(self, destination: str, *, sizes: Sizes) -> list[Segment]:
        """Return the segments that a destination is to have."""
        return segments(
            self.sets,
            clusters=self.score.clusters,
            sizes=sizes,
            capabilities=catalog.CATALOG[destination].CAPABILITIES,
            omitted=self.settings.omitted_sets.get(destination, ()),
        )

    def tables(self) -> dict[str, TableSource]:
        """Return the two tables of the mapping query."""
        partition = profiles_partition(self.as_of.isoformat(), self.run_id)
        uploads = UploadHistory(self.data, self.identities, tenant=self.tenant)
        people = uploads.people_keys(run_id=self.run_id if self.prepared.pending else "")
        contact_points = ContactPoints(phone_region=self.settings.phone_region)
        derived = Derived(mapping.CONTACT_POINTS, contact_points)
        profiles = self.data.keys(profiles_prefix(self.tenant) + partition)
        identities = TableSource(IDENTITIES, self.identities, _parquet(people))
        return {
            "profiles": TableSource(PROFILES, self.data, _parquet(profiles)),
            "identities": dataclasses.replace(identities, derived=derived),
        }


def _parquet(keys: Iterable[str]) -> tuple[str, ...]:
    return tuple(key for key in keys if key.endswith(".parquet"))
