"""The objects of a state as a bucket that is read, without an embedded AWS."""

from __future__ import annotations

import datetime as dt

from adapters.aws.objects import ListedObject, Objects
from local.app.state.files import StateFiles


class StateObjects(Objects):
    """One bucket of a state.

    Parameters
    ----------
    files
        The state.
    bucket
        ``DATA`` or ``IDENTITIES``.
    """

    def __init__(self, files: StateFiles, bucket: str) -> None:
        self.bucket, self._files = bucket, files

    def read(self, key: str, *, version_id: str | None = None) -> bytes:  # noqa: ARG002
        """Return an object's bytes."""
        return self._files.read(self.bucket, key)

    def read_range(
        self, key: str, start: int, size: int, *, version_id: str | None = None  # noqa: ARG002
    ) -> bytes:  # fmt: skip
        """Return ``size`` bytes of an object from ``start`` on, fewer at its end."""
        with self._files.file(self.bucket, key).open("rb") as file:
            file.seek(start)
            return file.read(size)

    def exists(self, key: str) -> bool:
        """Return whether there is an object."""
        return key in self._files.keys(self.bucket, key)

    def entries(self, prefix: str) -> list[ListedObject]:
        """Return every object below a prefix, by key."""
        return [
            ListedObject(
                key=key,
                bytes=self._files.file(self.bucket, key).stat().st_size,
                modified_at=dt.datetime.fromtimestamp(0, dt.UTC),
            )
            for key in self._files.keys(self.bucket, prefix)
        ]
