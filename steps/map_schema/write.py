"""Write the import files of all destinations in one pass over the customers.

Beside the plans of campaigns, the only step that sees profiles and identities together.
"""

from __future__ import annotations

import collections
import contextlib
import dataclasses
import tempfile
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path

from adapters.destinations.files.customer_batches import CustomerBatch, customer_batches
from adapters.destinations.files.import_files import DestinationFiles
from adapters.engines.query import Engine
from adapters.stores.records import write_record
from steps.map_schema.files import open_files
from steps.map_schema.handovers import DestinationCampaigns, campaigns_by_destination
from steps.map_schema.run import MappedRun
from tessera.destinations import catalog, mapping
from tessera.destinations.planning.holding import held
from tessera.destinations.segments import Sizes
from tessera.naming import LOAD_RECORD, destination_prefix
from tessera.records.loads.load import LoadRecord, SegmentReach

_COUNTED = ["segment", "cluster", "labels"]  # the columns that segments depend on


def map_schema(run: MappedRun, *, engine: Engine) -> dict[str, LoadRecord]:
    """Write every destination's files and load.json. Return the records by destination."""
    names = catalog.check(run.settings.destinations)
    with contextlib.ExitStack() as stack:
        scratch = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        files = {name: open_files(run, name, scratch=scratch, stack=stack) for name in names}
        rows = engine.batches(mapping.QUERY, tables=run.tables())
        tally = PassCounts(Sizes(run.sets.thresholds))
        campaigns = campaigns_by_destination(run, names)
        _write(customer_batches(rows), files, tally, campaigns)
        records = {
            name: _finish(run, name, files[name], tally, campaigns.get(name)) for name in names
        }
        _check_customers(records)
        return records


@dataclasses.dataclass
class PassCounts:
    """The counts of the pass: once for all destinations, and unusable addresses for each."""

    sizes: Sizes
    shared_addresses: int = 0
    without_address: int = 0
    unusable: dict[str, Counter[str]] = dataclasses.field(default_factory=dict)
    reached: dict[str, Counter[str]] = dataclasses.field(
        default_factory=lambda: collections.defaultdict(Counter)
    )

    def reach(self) -> dict[str, SegmentReach]:
        """Return by segment how many customers the shop can contact."""
        return {
            segment: SegmentReach(
                **{name: counts[segment] for name, counts in self.reached.items()}
            )
            for segment in sorted(self.reached["customers"])
        }


def _write(
    batches: Iterable[CustomerBatch],
    files: Mapping[str, DestinationFiles],
    tally: PassCounts,
    campaigns: Mapping[str, DestinationCampaigns],
) -> None:
    tally.unusable = {name: Counter() for name in files}
    for batch in batches:
        for name, output in files.items():
            own = campaigns.get(name)
            output.add(own.labels.add_to(batch) if own else batch)
            tally.unusable[name].update(batch.unusable(catalog.CATALOG[name].CAPABILITIES))
        for alike in batch.counted(_COUNTED):
            tally.sizes.count(alike, alike["count_all"])
        for column in tally.sizes.columns:
            for alike in batch.counted([column]):
                tally.sizes.count_value(column, alike[column], alike["count_all"])
        for name, counts in batch.reached().items():
            tally.reached[name].update(counts)
        tally.shared_addresses += batch.shared_addresses
        tally.without_address += batch.without_address


def _check_customers(records: Mapping[str, LoadRecord]) -> None:
    """Refuse outputs of one run that have different customers."""
    desired = {name: record.desired for name, record in records.items()}
    if len(set(desired.values())) > 1:
        raise AssertionError(f"the destinations were given different customers: {desired}")


def _finish(
    run: MappedRun,
    name: str,
    files: DestinationFiles,
    tally: PassCounts,
    campaigns: DestinationCampaigns | None,
) -> LoadRecord:
    segments = run.segments(name, sizes=tally.sizes)
    segments = campaigns.with_segments(segments) if campaigns else segments
    parts = files.finish(segments)
    counts, settings = files.counts, run.settings
    reason = held(counts, exit_limit=settings.exit_limit, dry_run=settings.dry_run)
    record = LoadRecord(
        **dataclasses.asdict(counts),
        destination=name,
        as_of=run.as_of,
        held=reason if name in catalog.LOADED else "",
        needs=catalog.CATALOG[name].CAPABILITIES.needs,
        parts=tuple(parts),
        shared_addresses=tally.shared_addresses,
        without_address=tally.without_address,
        unreadable_email=tally.unusable[name]["unreadable_email"],
        unreadable_phone=tally.unusable[name]["unreadable_phone"],
        without_identity=run.score.customers - counts.desired,
        segments=tuple(segments),
        reach=tally.reach(),
    )
    prefix = destination_prefix(run.tenant, run.run_id, name)
    write_record(record, run.identities, prefix + LOAD_RECORD)
    return record
