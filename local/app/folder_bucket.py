"""A bucket that is a folder: what a pull keeps on a laptop outlives the embedded AWS."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from adapters.aws.objects import ListedObject, Objects

_METADATA = ".metadata.json"  # beside an object that has any
_HIDDEN = ".unfinished"


class FolderBucket(Objects):
    """The part of ``Objects`` that pulls, the fold and upload folders use, on files.

    A file appears whole or not at all. Only its owner may read it.
    """

    def __init__(self, folder: Path) -> None:
        self.bucket = folder.name
        self.folder = folder
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def read(self, key: str, *, version_id: str | None = None) -> bytes:  # noqa: ARG002
        """Return an object's bytes."""
        return (self.folder / key).read_bytes()

    def read_range(
        self, key: str, start: int, size: int, *, version_id: str | None = None  # noqa: ARG002
    ) -> bytes:  # fmt: skip
        """Return ``size`` bytes of an object from ``start`` on, fewer at its end."""
        with (self.folder / key).open("rb") as file:
            file.seek(start)
            return file.read(size)

    def exists(self, key: str) -> bool:
        """Return whether there is an object."""
        return (self.folder / key).is_file()

    def head(self, key: str, *, version_id: str | None = None) -> dict[str, Any]:  # noqa: ARG002
        """Return an object's size, ETag and metadata."""
        path = self.folder / key
        beside = path.with_name(path.name + _METADATA)
        metadata = json.loads(beside.read_text("utf-8")) if beside.exists() else {}
        size = path.stat().st_size
        return {"ContentLength": size, "ETag": _etag(path), "Metadata": metadata}

    def write(
        self,
        key: str,
        data: bytes,
        *,
        content_type: str = "",  # noqa: ARG002
        metadata: Mapping[str, str] | None = None,
    ) -> None:
        """Write an object."""
        path = self._path(key)
        beside = path.with_name(path.name + _METADATA)
        beside.unlink(missing_ok=True)
        if metadata:
            beside.write_text(json.dumps(dict(metadata)), "utf-8")
        unfinished = path.with_name(path.name + _HIDDEN)
        with unfinished.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)

    def upload(self, path: Path, key: str) -> None:
        """Copy a file to an object."""
        target = self._path(key)
        unfinished = target.with_name(target.name + _HIDDEN)
        shutil.copyfile(path, unfinished)
        unfinished.replace(target)

    def download(self, key: str, path: Path, *, version_id: str | None = None) -> Path:  # noqa: ARG002
        """Write an object to a file."""
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(self.folder / key, path)
        return path

    def entries(self, prefix: str) -> list[ListedObject]:
        """Return every object below a prefix, by key."""
        files = (path for path in self.folder.rglob("*") if path.is_file())
        named = {path.relative_to(self.folder).as_posix(): path for path in files}
        return [
            ListedObject(
                key=key,
                bytes=path.stat().st_size,
                modified_at=dt.datetime.fromtimestamp(path.stat().st_mtime, dt.UTC),
                etag=_etag(path),
            )
            for key, path in sorted(named.items())
            if key.startswith(prefix) and not key.endswith((_METADATA, _HIDDEN))
        ]

    def delete(self, keys: Sequence[str]) -> None:
        """Delete objects. A missing one is no error."""
        for key in keys:
            path = self.folder / key
            path.unlink(missing_ok=True)
            path.with_name(path.name + _METADATA).unlink(missing_ok=True)

    def _path(self, key: str) -> Path:
        path = self.folder / key
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        return path


def _etag(path: Path) -> str:
    """Return a mark of a file's content, by its size and the moment of its writing."""
    status = path.stat()
    return hashlib.sha256(f"{status.st_size} {status.st_mtime_ns}".encode()).hexdigest()[:32]
