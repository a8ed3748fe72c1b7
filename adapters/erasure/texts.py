"""The text of any file, whatever packs it."""

from __future__ import annotations

import gzip
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO

GZIP = b"\x1f\x8b"
_BLOCK, _OVERLAP = 1 << 20, 1 << 10
_ENCRYPTED = 1  # the bit of a member of an archive that has a password


class UnreadError(Exception):
    """A file hides who is in it."""


# What a file raises that is damaged, or hides its text.
DAMAGED = (
    UnreadError, EOFError, zlib.error, gzip.BadGzipFile, tarfile.TarError, zipfile.BadZipFile,
)  # fmt: skip


def texts_of(path: Path) -> Iterator[str]:
    """Yield the text of any file in blocks that overlap, that of archives unpacked."""
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            for entry in archive.infolist():
                if entry.flag_bits & _ENCRYPTED:
                    raise UnreadError
                with archive.open(entry) as member:
                    yield from _blocks(member)
        return
    with path.open("rb") as file:
        packed = file.read(2) == GZIP
    if packed and path_is_tar(path):
        with tarfile.open(path, "r:gz") as archive:
            for each in archive:
                extracted = archive.extractfile(each)
                if extracted is not None:
                    yield from _blocks(extracted)
        return
    with path.open("rb") as plain:
        yield from _blocks(gzip.GzipFile(fileobj=plain) if packed else plain)


def path_is_tar(path: Path) -> bool:
    """Return whether a file is a tar archive, packed or not."""
    try:
        return tarfile.is_tarfile(path)
    except (OSError, EOFError):
        return False


def _blocks(stream: IO[bytes] | gzip.GzipFile) -> Iterator[str]:
    before = b""
    while block := stream.read(_BLOCK):
        yield (before + block).decode("utf-8", "replace")
        before = block[-_OVERLAP:]
