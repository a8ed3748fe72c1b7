"""``tessera curate``: exports of a CRM or ERP to an upload, and what comes of them."""

from __future__ import annotations

import dataclasses
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pyarrow.parquet as pq

from adapters.engines.choice import choose
from adapters.stores.upload_folder import UploadFolder
from local.app.folder_bucket import FolderBucket
from local.commands.curate.exports import lay_out
from local.terminal import Terminal, table
from steps.curate.curate import curate
from steps.curate.described import CRM, described
from steps.curate.exported import copy_object
from tessera import naming
from tessera.errors import InvalidInput
from tessera.plurals import plural
from tessera.records.codec import encode
from tessera.records.curated import CurateRecord
from tessera.sources.tables.mapping import TableMapping, read_mappings
from tessera.sources.tables.shipped_mappings import shipped_mapping

_TENANT = naming.DEFAULT_TENANT
_SHOWN_ROWS = 5
_WIDEST = 24


@dataclasses.dataclass(frozen=True, kw_only=True)
class CurateOptions:
    """What to curate.

    Parameters
    ----------
    name
        The object, a section of a mapping file.
    exports
        The folder of its exports.
    mapping
        The user's mapping file. None for those that ship.
    out
        The folder of the upload's parts.
    as_json
        Print the counts as JSON.
    """

    name: str
    exports: Path
    mapping: Path | None
    out: Path
    as_json: bool


def curate_exports(options: CurateOptions, *, terminal: Terminal) -> bool:
    """Curate exports into a folder, and show the first rows. Return whether there are any.

    Raises
    ------
    InvalidInput
        The mapping or an export is wrong, or ``out`` has other files.
    """
    _check_out(options.out)
    mapping = _mapping(options)
    with tempfile.TemporaryDirectory(prefix="tessera-curate-") as work:
        root = Path(work)
        identities, data = FolderBucket(root / "identities"), FolderBucket(root / "data")
        if options.mapping:
            text = options.mapping.read_bytes()
            data.write(naming.source_mappings_key(_TENANT, CRM), text)
        names = [options.name, *(each.table for each in mapping.lookups.values())]
        lay_out(options.exports, identities.folder, names=names, tenant=_TENANT)
        source = described(_TENANT, f"{CRM}-{options.name}", data=data)
        with terminal.step(f"Read {options.name}") as step:
            copied = copy_object(source, identities=identities, data=data)
            if copied:
                step.note(f"{plural(copied.rows, 'row')} of {plural(copied.files, 'file')}")
        uploads = UploadFolder(data, tenant=_TENANT, name=source.name)
        parts = root / "parts"
        parts.mkdir()
        with terminal.step("Curate"):
            record = curate(
                source,
                identities=identities,
                uploads=uploads,
                engine=choose("duckdb"),
                folder=parts,
            )
        _write(parts, options.out)
    _show(record, options, terminal)
    return record.written > 0


def _mapping(options: CurateOptions) -> TableMapping:
    if options.mapping is None:
        return shipped_mapping(options.name)
    name = str(options.mapping)
    try:
        text = options.mapping.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidInput(f"{name} cannot be read: {error}") from error
    return read_mappings(text, name=name).get(options.name) or shipped_mapping(options.name)


def _check_out(out: Path) -> None:
    others = [path.name for path in out.iterdir() if not _is_part(path)] if out.exists() else []
    if others:
        raise InvalidInput(
            f"{out} has other files, such as {others[0]}: choose a folder for the upload alone"
        )


def _is_part(path: Path) -> bool:
    return path.name.startswith("part-") and path.suffix == ".parquet"


def _write(parts: Path, out: Path) -> None:
    if out.exists():
        shutil.rmtree(out)
    shutil.copytree(parts, out)


def _show(record: CurateRecord, options: CurateOptions, terminal: Terminal) -> None:
    if options.as_json:
        terminal.json(encode(record))
        return
    terminal.say(
        f"  {plural(record.changes, 'row')} read: {record.written:,} written, {record.omitted:,} "
        f"omitted by keep, {record.changes - record.rows:,} replaced by later ones."
    )
    for column, types in record.changed_types.items():
        terminal.say(f"  The type of {column} differs between files: {types}.")
    if record.no_numbers:
        terminal.say(f"  {plural(record.no_numbers, 'cell')} that number() reads: no numbers.")
    if not record.written:
        terminal.say("  No row counts: see the section's keep.")
        return
    terminal.say()
    for line in _preview(options.out):
        terminal.say(line)
    terminal.say()
    terminal.say(f"  The upload is in {options.out}: tessera run {options.out}")


def _preview(out: Path) -> Iterator[str]:
    """Yield the first rows, as a table of the columns that have values."""
    first = pq.read_table(sorted(out.iterdir())[0]).slice(0, _SHOWN_ROWS)
    names = [name for name in first.column_names if first.column(name).null_count < len(first)]
    rows = [[str(row[name] or "")[:_WIDEST] for name in names] for row in first.to_pylist()]
    yield from table(names, rows)
