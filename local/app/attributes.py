"""Files of customer attributes that ``tessera run`` brings along with the events."""

from __future__ import annotations

from pathlib import Path

from local.app.system import System
from tessera import naming
from tessera.errors import InvalidInput


def attribute_files(source: Path | None) -> list[Path]:
    """Return a file, or a folder's files in name order. None without a source.

    Raises
    ------
    InvalidInput
        There is none, or one that no run could read.
    """
    if source is None:
        return []
    if not source.exists():
        raise InvalidInput(f"{source} does not exist: give a file or a folder of attributes")
    listed = sorted(source.iterdir()) if source.is_dir() else [source]
    files = [path for path in listed if _is_readable(path)]
    if not files:
        expected = ", ".join(naming.ATTRIBUTES_SUFFIXES)
        raise InvalidInput(f"{source} holds no attributes that can be read: expected {expected}")
    empty = next((path for path in files if path.stat().st_size == 0), None)
    if empty:
        raise InvalidInput(f"{empty} is empty")
    return files


def store_attributes(system: System, path: Path, *, tenant: str, as_of: str | None) -> str | None:
    """Upload a file and wait until it is stored. Return the execution when it was not.

    Without any event yet the file's own run fails as soon as it has stored the file, which the
    run of the events then counts.
    """
    prefix = naming.attributes_prefix(tenant)
    before = set(system.keys(system.data_bucket, prefix))
    execution = system.execution_of(system.upload_attributes(path, tenant=tenant, as_of=as_of))
    succeeded = system.wait(execution)["status"] == "SUCCEEDED"
    if succeeded or before != set(system.keys(system.data_bucket, prefix)):
        return None
    return execution


def _is_readable(path: Path) -> bool:
    return path.is_file() and path.name.lower().endswith(naming.ATTRIBUTES_SUFFIXES)
