"""What names a file's content."""

from __future__ import annotations

import hashlib
from pathlib import Path

from tessera.records.file import File

_BLOCK = 1 << 20


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file, in hex, reading it in blocks."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def file_record(path: Path, key: str) -> File:
    """Return what records say of a local file that is stored under a key."""
    return File(key=key, bytes=path.stat().st_size, sha256=sha256_of(path))
