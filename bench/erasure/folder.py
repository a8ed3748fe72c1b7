"""A bucket that is a folder, with the calls of an erasure. Each write is atomic, as at S3."""

from __future__ import annotations

import datetime as dt
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from adapters.erasure.versions import FileVersion, VersionedObjects
from bench.folder_objects import FolderObjects

_LONG_AGO = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
_UNFINISHED = ".unfinished"
_EXISTS = "PreconditionFailed"


class FolderVersions(FolderObjects, VersionedObjects):
    """Objects without earlier versions."""

    def path(self, key: str) -> Path:
        """Return where an object's file is."""
        return self._folder / key

    def write(self, key: str, data: bytes, **_how: object) -> None:
        """Write an object, whole or not at all."""
        path = self._folder / key
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_name(path.name + _UNFINISHED)
        unfinished.write_bytes(data)
        unfinished.replace(path)

    def _create(self, key: str, data: bytes, **_how: object) -> str:
        path = self._folder / key
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_name(path.name + _UNFINISHED)
        unfinished.write_bytes(data)
        try:
            os.link(unfinished, path)
        except FileExistsError:
            return _EXISTS
        finally:
            unfinished.unlink()
        return ""

    def all_versions(self, prefix: str) -> Iterator[FileVersion]:
        """Yield every object below a prefix."""
        below = self._folder / prefix
        paths = sorted(path for path in below.rglob("*") if path.is_file())
        for path in paths:
            if path.name.endswith(_UNFINISHED):
                path.unlink()  # of a process that was killed
                continue
            status = path.stat()
            yield FileVersion(
                key=path.relative_to(self._folder).as_posix(),
                version_id="",
                is_current=True,
                bytes=status.st_size,
                etag=str(status.st_mtime_ns),
                modified_at=_LONG_AGO,
            )

    def replace(self, version: FileVersion, path: Path, *, was: Path) -> None:  # noqa: ARG002
        """Write a file over an object."""
        target = self._folder / version.key
        unfinished = target.with_name(target.name + _UNFINISHED)
        shutil.copyfile(path, unfinished)
        unfinished.replace(target)
