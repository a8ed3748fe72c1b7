"""Buckets that are folders: the whole of Prepare runs, and no network is measured with it."""

from __future__ import annotations

import datetime as dt
import os
import shutil
from collections.abc import Sequence
from pathlib import Path

from adapters.aws.objects import ListedObject, Objects


class FolderObjects(Objects):
    """The part of ``Objects`` that Prepare and readers of profiles use, on files."""

    def __init__(self, folder: Path) -> None:
        self.bucket = folder.name
        self._folder = folder

    def read(self, key: str, *, version_id: str | None = None) -> bytes:  # noqa: ARG002
        """Return an object's bytes."""
        return (self._folder / key).read_bytes()

    def read_range(
        self,
        key: str,
        start: int,
        size: int,
        *,
        version_id: str | None = None,  # noqa: ARG002
    ) -> bytes:
        """Return ``size`` bytes of an object from ``start`` on, fewer at its end."""
        with (self._folder / key).open("rb") as file:
            file.seek(start)
            return file.read(size)

    def exists(self, key: str) -> bool:
        """Return whether there is an object."""
        return (self._folder / key).is_file()

    def write(self, key: str, data: bytes, **_how: object) -> None:
        """Write an object."""
        path = self._folder / key
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)

    def entries(self, prefix: str) -> list[ListedObject]:
        """Return every object below a prefix, by key."""
        files = (path for path in self._folder.rglob("*") if path.is_file())
        entries = [
            ListedObject(
                key=str(path.relative_to(self._folder)),
                bytes=path.stat().st_size,
                modified_at=dt.datetime.fromtimestamp(path.stat().st_mtime, dt.UTC),
            )
            for path in files
        ]
        matching = (entry for entry in entries if entry.key.startswith(prefix))
        return sorted(matching, key=lambda entry: entry.key)

    def download(self, key: str, path: Path, *, version_id: str | None = None) -> Path:  # noqa: ARG002
        """Link an object's file, so that its bytes are not copied."""
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)  # a download replaces what is there
        os.link((self._folder / key).resolve(), path)
        return path

    def upload(self, path: Path, key: str) -> None:
        """Copy a file to an object."""
        target = self._folder / key
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)

    def delete(self, keys: Sequence[str]) -> None:
        """Delete objects."""
        for key in keys:
            (self._folder / key).unlink(missing_ok=True)
