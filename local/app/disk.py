"""Room on the disk: what a run needs, and what to free when it is full."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from tessera.errors import InvalidInput

FULL = "No space left on device"  # how jobs, functions and engines report it
FREE = (
    "free some space: earlier results and their .state folders, .cache/ of the project and the "
    "temporary folder are what Tessera fills. TMPDIR=DIR moves the temporary folder"
)
_COPIES = 2.5  # of the files: the embedded S3's, the job's, and what it makes of them
_BESIDES_BYTES = 100_000_000


def check_room(files_bytes: int, *, folder: Path | None = None) -> None:
    """Refuse files for which the temporary folder has no room.

    Raises
    ------
    InvalidInput
        It has too little. The message says how much is needed.
    """
    place = folder or Path(tempfile.gettempdir())
    needed = int(files_bytes * _COPIES) + _BESIDES_BYTES
    free = shutil.disk_usage(place).free
    if free < needed:
        raise InvalidInput(
            f"the run needs about {_gigabytes(needed)} in {place}, which has {_gigabytes(free)} "
            f"free: {FREE}"
        )


def size_of(source: Path) -> int:
    """Return the bytes of a file, or of a folder's files."""
    files = source.iterdir() if source.is_dir() else [source]
    return sum(path.stat().st_size for path in files if path.is_file())


def _gigabytes(size: int) -> str:
    return f"{size / 1e9:,.1f} GB"
