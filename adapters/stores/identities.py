"""Who an upload's customers are, and what its orders are called: replaced with the upload."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from adapters.aws.objects import Objects
from tessera.naming import identities_prefix


class IdentityStore:
    """A tenant's identities, their search index or its readable order ids, by upload.

    Parameters
    ----------
    objects, tenant
        The identities bucket, and whose identities.
    prefix_of
        Where they are, of ``naming``.

    Notes
    -----
    Content of an upload that counts and content that a run is storing stand side by side.
    ``adapters.stores.upload_history`` decides which of them a run reads.
    """

    def __init__(
        self,
        objects: Objects,
        *,
        tenant: str,
        prefix_of: Callable[[str, str], str] = identities_prefix,
    ) -> None:
        self._objects = objects
        self._tenant = tenant
        self._prefix_of = prefix_of

    def write(self, upload_id: str, file: Path, *, content: str, part: int = 0) -> None:
        """Store a file of an upload's identities beside what it had."""
        self._objects.upload(file, self._key(upload_id, content, part))

    def keys(self, upload_id: str = "") -> list[str]:
        """Return the keys of all stored files, or of one upload's."""
        return list(self._objects.keys(self._prefix_of(self._tenant, upload_id)))

    def clear(self, upload_id: str, *, content: str) -> None:
        """Remove an upload's content, which does not count."""
        self._objects.delete_prefix(self.folder(upload_id, content=content))

    def delete_others(self, upload_id: str, *, content: str) -> None:
        """Remove what an upload had before. Call it when its new events count."""
        kept = self.folder(upload_id, content=content)
        self._objects.delete([key for key in self.keys(upload_id) if not key.startswith(kept)])

    def folder(self, upload_id: str, *, content: str) -> str:
        """Return where the identities of an upload's content are."""
        return f"{self._prefix_of(self._tenant, upload_id)}content={content}/"

    def _key(self, upload_id: str, content: str, part: int) -> str:
        return self.folder(upload_id, content=content) + f"part-{part:05d}.parquet"
