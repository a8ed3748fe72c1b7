"""Files that a user gives for a run: which can be read, and why not."""

from __future__ import annotations

from pathlib import Path

from tessera import naming
from tessera.errors import InvalidInput


def parts(folder: Path) -> list[Path]:
    """Return the files of a folder that are an upload's parts.

    Files that begin with ``_`` or ``.`` are not data.

    Raises
    ------
    InvalidInput
        The folder has no parts, or a file that can't be read.
    """
    files = [
        path for path in sorted(folder.iterdir()) if path.is_file() and naming.is_data(path.name)
    ]
    for path in files:
        if not _is_upload(path):
            raise _unknown(path)
    if not files:
        raise InvalidInput(
            f"{folder} has no file that can be read: expected {', '.join(naming.UPLOAD_SUFFIXES)}"
        )
    return files


def _is_upload(path: Path) -> bool:
    """Return whether a file's name is of a type that can be read."""
    return path.is_file() and path.name.lower().endswith(naming.UPLOAD_SUFFIXES)


def check_source(source: Path) -> None:
    """Refuse a source that no run could read, before anything starts."""
    if not source.exists():
        raise InvalidInput(f"{source} does not exist: give a file or a folder of files")
    if source.is_dir():
        parts(source)
    elif not _is_upload(source):
        raise _unknown(source)
    elif source.stat().st_size == 0:
        raise InvalidInput(f"{source} is empty")


def _unknown(path: Path) -> InvalidInput:
    return InvalidInput(
        f"{path} has an unknown type: expected {', '.join(naming.UPLOAD_SUFFIXES)}. Rename the "
        "file to match its content, or move it elsewhere"
    )
