"""Exports of a CRM or ERP, as they were put into a bucket, to change files: the copy to raw."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePosixPath

from adapters.aws.objects import ListedObject, Objects
from adapters.tables.export_files import SUFFIXES, Stamp, write_change_file
from tessera.errors import InvalidInput
from tessera.naming import is_data
from tessera.sources import changes
from tessera.sources.tables.mapping import Export

_DAY = re.compile(r"(?:^|/)(\d{4})[-/](\d\d)[-/](\d\d)(?:$|/)")


@dataclasses.dataclass(frozen=True, kw_only=True)
class CopiedExports:
    """What a copy came to: the files that were new, their rows, and raw files that were removed."""

    files: int
    rows: int
    removed: int


def copy_exports(
    exports: Objects, identities: Objects, *, source: str, raw: str, export: Export
) -> CopiedExports:
    """Copy the exports of an object that are not copied yet.

    Exports are in folders by day, such as ``2026-11-29/deals.csv`` or ``2026/11/29/``. All files of
    a folder are one export. Of full exports the latest day counts alone, and what was copied of
    earlier ones goes.

    Parameters
    ----------
    exports, source
        The bucket and the folder of the object's exports.
    identities, raw
        The bucket and the folder of its change files.
    export
        Whether an export has all rows, or those that changed.

    Raises
    ------
    InvalidInput
        A file is in no folder of a day, or cannot be read.
    """
    days = _by_day(exports, source)
    if export == "full" and days:
        latest = max(days)
        days = {latest: days[latest]}
    there = {*identities.keys(raw)}
    wanted = {
        raw + _name(entry, day=day, export=export): (day, entry)
        for day, entries in days.items()
        for entry in entries
    }
    rows = 0
    new = [key for key in wanted if key not in there]
    for key in new:
        day, entry = wanted[key]
        stamp = _stamp(entry, day=day, export=export)
        rows += _copied(exports, entry, identities, key, stamp=stamp)
    outdated = sorted(there - {*wanted}) if export == "full" and wanted else []
    identities.delete(outdated)
    return CopiedExports(files=len(new), rows=rows, removed=len(outdated))


def _by_day(exports: Objects, source: str) -> Mapping[dt.date, Sequence[ListedObject]]:
    days: dict[dt.date, list[ListedObject]] = {}
    for entry in exports.entries(source):
        path = PurePosixPath(entry.key.removeprefix(source))
        if entry.bytes and is_data(path.name) and not entry.key.endswith("/"):
            days.setdefault(_day(path, entry.key), []).append(entry)
    return days


def _day(path: PurePosixPath, key: str) -> dt.date:
    if not path.name.lower().endswith(SUFFIXES):
        raise InvalidInput(f"{key}: expected a file that ends with {', '.join(SUFFIXES)}")
    folders = "/".join(path.parts[:-1])
    match = _DAY.search(folders)  # AppFlow's folders are the flow's name, then 2026/11/29
    try:
        return dt.date(*map(int, match.groups())) if match else dt.date.fromisoformat(folders)
    except ValueError:
        raise InvalidInput(
            f"{key}: expected the export in a folder of its day, such as "
            f"{key.removesuffix(str(path))}2026-11-29/{path.name}: files of one day are one export"
        ) from None


def _name(entry: ListedObject, *, day: dt.date, export: Export) -> str:
    """Return the change file's name: another one for each content, so that none is copied twice."""
    kind = changes.LOAD_FILES + "-" if export == "full" else ""
    modified = f"{entry.modified_at:%Y%m%dT%H%M%S}"
    stem = "".join(c if c.isalnum() else "-" for c in PurePosixPath(entry.key).name)
    mark = entry.etag.strip('"')[:16]
    return f"{kind}{day.isoformat()}-{stem}-{modified}-{mark}.parquet"


def _stamp(entry: ListedObject, *, day: dt.date, export: Export) -> Stamp:
    instant = dt.datetime.combine(day, dt.time()).strftime(changes.COMMIT_FORM)
    if export == "full":
        return Stamp(operation=changes.INSERT, committed_at=instant, sequence="")
    modified = int(entry.modified_at.timestamp())
    return Stamp(operation=changes.UPDATE, committed_at=instant, sequence=f"{modified:016d}")


def _copied(
    exports: Objects, entry: ListedObject, identities: Objects, key: str, *, stamp: Stamp
) -> int:
    with tempfile.TemporaryDirectory() as folder:
        source = exports.download(entry.key, Path(folder) / "source")
        target = Path(folder) / "changes.parquet"
        rows = write_change_file(source, target, stamp=stamp, name=entry.key)
        identities.upload(target, key)
    return rows
