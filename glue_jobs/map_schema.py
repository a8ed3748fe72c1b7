"""Join profiles with identities and write each destination's import files. State: MapSchema.

The only job that sees profiles and identities together. Arguments: --tenant, --run,
--data_bucket, --identities_bucket; --files_only names destinations that get files alone, with
commas; --engine duckdb or spark forces what auto would choose.
"""

from __future__ import annotations

import argparse
import contextlib
import dataclasses
import functools
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from adapters.aws.logs import job_log
from adapters.aws.objects import Objects
from adapters.destinations.files.customer_batches import CustomerBatch, customer_batches
from adapters.destinations.files.export import ExportFiles
from adapters.destinations.files.import_files import (
    ROWS_PER_PART,
    DestinationFiles,
    ImportFolder,
    ItemFiles,
)
from adapters.destinations.files.recipients import RecipientFiles
from adapters.engines.choice import choose
from adapters.engines.query import Derived, Engine, TableSource
from adapters.stores.ledger import Ledger
from adapters.tables.contact_points import ContactPoints
from tessera.contracts.destinations import EXPORT, SES
from tessera.contracts.tables import IDENTITIES, PROFILES
from tessera.destinations import catalog, mapping
from tessera.destinations.planning.holding import held
from tessera.destinations.planning.plan import Plan
from tessera.destinations.planning.report import UNREADABLE
from tessera.destinations.port import Segment
from tessera.destinations.segments import Sizes, segments
from tessera.environments import MapSchemaEnvironment
from tessera.naming import (
    DEFAULT_TENANT,
    LOAD_RECORD,
    PREPARE_RECORD,
    SCORE_RECORD,
    TICKET,
    destination_prefix,
    identities_prefix,
    profiles_partition,
    profiles_prefix,
    run_key,
)
from tessera.segments.sets.catalog import RFM, SegmentSets, sets_for
from tessera.settings import CLEAR, RunSettings

_COUNTED = ["segment", "cluster", "labels"]  # what segments ask for


@dataclasses.dataclass(frozen=True, kw_only=True)
class Run:
    """What the job is told: where the run's files lie, and what its records say."""

    tenant: str
    run_id: str
    data: Objects
    identities: Objects
    ticket: dict[str, Any]
    prepared: dict[str, Any]
    score: dict[str, Any]
    files_only: tuple[str, ...] = ()

    @classmethod
    def read(
        cls,
        *,
        tenant: str,
        run_id: str,
        data: Objects,
        identities: Objects,
        files_only: Sequence[str] = (),
    ) -> Run:
        """Read the records that the states before this one left."""
        records = [
            data.read_json(run_key(tenant, run_id, name))
            for name in (TICKET, PREPARE_RECORD, SCORE_RECORD)
        ]
        return cls(
            tenant=tenant,
            run_id=run_id,
            data=data,
            identities=identities,
            ticket=records[0],
            prepared=records[1],
            score=records[2],
            files_only=tuple(files_only),
        )

    @property
    def settings(self) -> RunSettings:
        """What the tenant wants."""
        return RunSettings.parse(self.ticket["settings"])

    @functools.cached_property
    def sets(self) -> SegmentSets:
        """What customers were labelled by."""
        return sets_for(self.settings)

    def segments(self, destination: str, *, sizes: Sizes) -> list[Segment]:
        """Return the segments that a destination shall have."""
        return segments(
            self.sets,
            clusters=self.score["clusters"],
            sizes=sizes,
            capabilities=catalog.CATALOG[destination].CAPABILITIES,
        )

    def tables(self) -> dict[str, TableSource]:
        """Return the two tables of the mapping query."""
        partition = profiles_partition(self.prepared["as_of"], self.run_id)
        identities = _parquet(IDENTITIES, self.identities, identities_prefix(self.tenant))
        of = ContactPoints(phone_region=self.settings.phone_region)
        contacts = Derived(mapping.CONTACT_POINTS, of)
        return {
            "profiles": _parquet(PROFILES, self.data, profiles_prefix(self.tenant) + partition),
            "identities": dataclasses.replace(identities, derived=contacts),
        }


def _parquet(contract: Any, objects: Objects, prefix: str) -> TableSource:  # noqa: ANN401
    keys = (key for key in objects.keys(prefix) if key.endswith(".parquet"))
    return TableSource(contract, objects, tuple(keys))


def map_schema(run: Run, *, engine: Engine) -> dict[str, dict[str, Any]]:
    """Write every destination's files and load.json; return the records by destination."""
    wanted = catalog.check(run.settings.destinations)
    with contextlib.ExitStack() as stack:
        scratch = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        files = {name: _files(run, name, scratch=scratch, stack=stack) for name in wanted}
        rows = engine.batches(mapping.QUERY, tables=run.tables())
        tally = Tally(Sizes(run.sets.thresholds))
        _write(customer_batches(rows), files, tally)
        return {name: _finish(run, name, files[name], tally) for name in wanted}


@dataclasses.dataclass
class Tally:
    """What passed, counted once for all destinations; what can't be used, for each."""

    sizes: Sizes
    shared_addresses: int = 0
    without_address: int = 0
    unusable: dict[str, Counter[str]] = dataclasses.field(default_factory=dict)


def _write(
    batches: Iterable[CustomerBatch], files: Mapping[str, DestinationFiles], tally: Tally
) -> None:
    tally.unusable = {name: Counter() for name in files}
    for batch in batches:
        for name, output in files.items():
            output.add(batch)
            tally.unusable[name].update(batch.unusable(catalog.CATALOG[name].CAPABILITIES))
        for alike in batch.counted(_COUNTED):
            tally.sizes.count(alike, alike["count_all"])
        for column in tally.sizes.columns:
            for alike in batch.counted([column]):
                tally.sizes.count_value(column, alike[column], alike["count_all"])
        tally.shared_addresses += batch.shared_addresses
        tally.without_address += batch.without_address


def _folder(run: Run, name: str, *, scratch: Path) -> ImportFolder:
    prefix = destination_prefix(run.tenant, run.run_id, name)
    run.identities.delete_prefix(prefix)  # of an attempt before this one
    return ImportFolder(scratch / name, objects=run.identities, prefix=prefix)


def _files(run: Run, name: str, *, scratch: Path, stack: contextlib.ExitStack) -> DestinationFiles:
    folder = _folder(run, name, scratch=scratch)
    if name == SES:
        told = _is_told(run, name)
        items = _items(run, name, folder=folder, stack=stack) if told else None
        wanted = run.segments(name, sizes=Sizes(run.sets.thresholds))
        return RecipientFiles(folder, items=items, thresholds=wanted)
    if name in catalog.LOADED:
        return _items(run, name, folder=folder, stack=stack)
    names = {one.label: one.name for one in run.segments(name, sizes=Sizes()) if one.set == RFM}
    files = ExportFiles(
        folder, as_of=run.prepared["as_of"], run_id=run.run_id, names=names, sets=run.sets
    )
    return stack.enter_context(contextlib.closing(files))


def _is_told(run: Run, name: str) -> bool:
    """Tell whether a destination is told of customers, beside the files that it gets."""
    shared = name in catalog.ONE_TENANT and run.tenant != DEFAULT_TENANT
    return name not in run.files_only and not shared


def _items(run: Run, name: str, *, folder: ImportFolder, stack: contextlib.ExitStack) -> ItemFiles:
    ledger = Ledger(run.identities, tenant=run.tenant, destination=name)
    entries = stack.enter_context(ledger.folded())
    vendor = catalog.LOADED[name]
    plan = Plan(vendor, ledger=entries, clear=run.settings.exits == CLEAR)
    rows = vendor.CAPABILITIES.batch_items  # a batch has to fit into a part
    larger = {"rows_per_part": rows} if rows > ROWS_PER_PART else {}
    return ItemFiles(folder, vendor=vendor, plan=plan, **larger)


def _finish(run: Run, name: str, files: DestinationFiles, tally: Tally) -> dict[str, Any]:
    found = run.segments(name, sizes=tally.sizes)
    parts = files.finish(found)
    counts, settings = files.counts, run.settings
    record = {
        "destination": name,
        "as_of": run.prepared["as_of"],
        **counts,
        "held": held(counts, exit_limit=settings.exit_limit, dry_run=settings.dry_run)
        if name in catalog.LOADED
        else "",
        "needs": catalog.CATALOG[name].CAPABILITIES.needs,
        "parts": [dataclasses.asdict(part) for part in parts],
        "shared_addresses": tally.shared_addresses,
        "without_address": tally.without_address,
        **{kind: tally.unusable[name][kind] for kind in UNREADABLE},
        "without_identity": run.score["customers"] - files.counts["desired"],
        "segments": [dataclasses.asdict(segment) for segment in found],
    }
    run.identities.write_json(
        destination_prefix(run.tenant, run.run_id, name) + LOAD_RECORD, record
    )
    return record


def main(arguments: Sequence[str]) -> None:
    """Run the job once; errors pass through to the job's runtime."""
    parser = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
    for name in ("tenant", "run", "data_bucket", "identities_bucket"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--files_only", default=EXPORT)
    parser.add_argument("--engine", default="auto")
    told, _glue_adds_its_own = parser.parse_known_args(arguments)
    environment = MapSchemaEnvironment(told.data_bucket, told.identities_bucket, told.files_only)
    with job_log("MapSchema", tenant=told.tenant, run_id=told.run) as log:
        run = Run.read(
            tenant=told.tenant,
            run_id=told.run,
            data=Objects(environment.data_bucket),
            identities=Objects(environment.identities_bucket),
            files_only=environment.files_only.split(","),
        )
        records = map_schema(run, engine=choose(told.engine))
        for name, record in records.items():
            log.decided(
                "held" if record["held"] else "mapped",
                destination=name,
                customers=record["desired"],
                changes=record["changes"],
                files=len(record["parts"]),
            )


if __name__ == "__main__":
    main(sys.argv[1:])
