"""The exports in a user's folder: of an object, and of those that it looks up."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

from adapters.tables.export_files import SUFFIXES
from tessera import naming
from tessera.errors import InvalidInput

_UNDATED = "1970-01-01"  # the day of exports in no folder of a day


def lay_out(folder: Path, bucket: Path, *, names: Iterable[str], tenant: str) -> None:
    """Copy exports to where they are in a bucket.

    Of an object ``deals`` they are ``deals/<day>/*.csv``, ``deals/*.csv`` or ``deals.csv``. Those
    in no folder of a day are earlier than all others.

    Parameters
    ----------
    folder
        The user's.
    bucket
        The folder of the identities bucket.
    names
        The objects. The first is needed.
    """
    for place, name in enumerate(names):
        files = [*_files(folder, name)]
        if not files and place == 0:
            raise InvalidInput(
                f"{folder} has no export of {name}: expected {name}.csv, or files in {name}/ or "
                f"{name}/2026-11-29/, that end with {', '.join(SUFFIXES)}"
            )
        for path, day in files:
            target = bucket / naming.crm_exports_prefix(tenant, name) / day / path.name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(path, target)


def _files(folder: Path, name: str) -> Iterator[tuple[Path, str]]:
    for path in sorted([*folder.glob(f"{name}.*"), *folder.glob(f"{name}/*")]):
        if _is_export(path):
            yield path, _UNDATED
    for path in sorted(folder.glob(f"{name}/*/*")):
        if _is_export(path):
            yield path, path.parent.name


def _is_export(path: Path) -> bool:
    return path.is_file() and naming.is_data(path.name) and path.name.lower().endswith(SUFFIXES)
