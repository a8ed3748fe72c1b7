"""The files of one destination: which kind it gets, and where they go."""

from __future__ import annotations

import contextlib
from pathlib import Path

from adapters.destinations.files.export import ExportFiles
from adapters.destinations.files.import_files import (
    ROWS_PER_PART,
    DestinationFiles,
    ImportFolder,
    ItemFiles,
)
from adapters.destinations.files.recipients import RecipientFiles
from adapters.destinations.files.sent_contents import SentContents
from adapters.stores.ledger import Ledger
from adapters.stores.moves import SingleMoves
from steps.map_schema.run import MappedRun
from tessera.contracts.destinations import SES
from tessera.destinations import catalog
from tessera.destinations.planning.plan import Plan
from tessera.destinations.segments import Sizes
from tessera.labels.history import stream_window
from tessera.naming import DEFAULT_TENANT, destination_prefix
from tessera.segments.sets.catalog import RFM
from tessera.settings import CLEAR


def open_files(
    run: MappedRun, name: str, *, scratch: Path, stack: contextlib.ExitStack
) -> DestinationFiles:
    """Return the files of a destination, empty.

    Parameters
    ----------
    run, name
        The run and the destination.
    scratch
        A folder for files that are not complete.
    stack
        Closes what the files use, at the end.
    """
    folder = _folder(run, name, scratch=scratch)
    if name == SES:
        items = _items(run, name, folder=folder, stack=stack) if _gets_requests(run, name) else None
        wanted = run.segments(name, sizes=Sizes(run.sets.thresholds))
        return RecipientFiles(folder, items=items, thresholds=wanted)
    if name in catalog.LOADED:
        return _items(run, name, folder=folder, stack=stack)
    names = {one.label: one.name for one in run.segments(name, sizes=Sizes()) if one.set == RFM}
    files = ExportFiles(folder, as_of=run.as_of, run_id=run.run_id, names=names, sets=run.sets)
    return stack.enter_context(contextlib.closing(files))


def _folder(run: MappedRun, name: str, *, scratch: Path) -> ImportFolder:
    prefix = destination_prefix(run.tenant, run.run_id, name)
    run.identities.delete_prefix(prefix)  # of an earlier attempt
    return ImportFolder(scratch / name, objects=run.identities, prefix=prefix)


def _gets_requests(run: MappedRun, name: str) -> bool:
    """Return whether a destination gets customers by requests, beside its files."""
    shared = name in catalog.ONE_TENANT and run.tenant != DEFAULT_TENANT
    return name not in run.files_only and not shared


def _items(
    run: MappedRun, name: str, *, folder: ImportFolder, stack: contextlib.ExitStack
) -> ItemFiles:
    is_forwarded = name in run.forwarded
    newer = _begin_moves(run, name) if is_forwarded else frozenset()  # before the ledger is read
    ledger = Ledger(run.identities, tenant=run.tenant, destination=name)
    entries = stack.enter_context(ledger.folded())
    vendor = catalog.LOADED[name]
    plan = Plan(vendor, ledger=entries, clear=run.settings.exits == CLEAR, newer=newer)
    return ItemFiles(
        folder,
        vendor=vendor,
        plan=plan,
        rows_per_part=max(ROWS_PER_PART, vendor.CAPABILITIES.batch_items),  # a batch has to fit
        every=SentContents(folder) if is_forwarded else None,
    )


def _begin_moves(run: MappedRun, name: str) -> frozenset[str]:
    """Let single moves build on this run. Return whose label is newer at the destination."""
    moves = SingleMoves(run.identities, tenant=run.tenant, destination=name)
    ticket = run.ticket
    return moves.begin(
        run_id=run.run_id,
        started_at=ticket.started_at,
        window=None if ticket.upload is None else stream_window(ticket.upload.name),
    )
