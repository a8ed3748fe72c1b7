"""Libraries that are too large for a function's package, unpacked on its temporary disk.

The disk stays as long as the environment of the function, which handles one event at a time. So a
later event takes what an earlier one left.
"""

from __future__ import annotations

import hashlib
import shutil
import tempfile
import zipfile
from pathlib import Path

from adapters.aws.addresses import bucket_and_key
from adapters.aws.objects import Objects
from tessera.errors import Retryable

_MAKING = "libraries-making-"


def load_libraries(uri: str, *, sha256: str, disk: Path) -> Path:
    """Return a folder with what an archive in S3 has. It appears complete, or not at all.

    Parameters
    ----------
    uri
        The zip's address.
    sha256
        Of its bytes.
    disk
        Where the folder is made.

    Raises
    ------
    Retryable
        The bytes are others, or S3 was busy.
    InvalidInput, Refused
        There is no such archive, or the role may not read it.
    """
    target = disk / f"libraries-{sha256[:16]}"
    if target.is_dir():
        return target
    for left in disk.glob(f"{_MAKING}*"):  # by an event that was cut off
        shutil.rmtree(left)
    making = Path(tempfile.mkdtemp(dir=disk, prefix=_MAKING))
    try:
        bucket, key = bucket_and_key(uri)
        archive = Objects(bucket).download(key, making / "archive.zip")
        _check(archive, uri=uri, sha256=sha256)
        with zipfile.ZipFile(archive) as opened:
            opened.extractall(making / "unpacked")
        (making / "unpacked").rename(target)
    finally:
        shutil.rmtree(making)
    return target


def _check(archive: Path, *, uri: str, sha256: str) -> None:
    with archive.open("rb") as file:
        actual = hashlib.file_digest(file, "sha256").hexdigest()
    if actual != sha256:
        raise Retryable(f"{uri} has the SHA-256 {actual}, and {sha256} was deployed")
