"""The files of a run: its frozen audience in chunks, and the manifest that lists them.

They hold addresses, so they are in the identities bucket.
"""

from __future__ import annotations

from adapters.aws.objects import Objects
from adapters.stores.records import read_record, write_record
from tessera.campaigns.planning.chunks import REWRITTEN_FROM, ChunkEntry, RecipientChunk, read_chunk
from tessera.campaigns.planning.manifest import RunManifest
from tessera.naming import MANIFEST, campaign_run_prefix


class CampaignFiles:
    """The files of one run.

    Parameters
    ----------
    objects
        The identities bucket.
    tenant, run_id
        Which run.
    """

    def __init__(self, objects: Objects, *, tenant: str, run_id: str) -> None:
        self._objects = objects
        self._prefix = campaign_run_prefix(tenant, run_id)
        self._manifest: RunManifest | None = None

    def write(self, name: str, content: bytes) -> None:
        """Write a chunk."""
        self._objects.write(self._prefix + name, content)

    def write_manifest(self, manifest: RunManifest) -> None:
        """Write what was planned. It comes last: chunks that it does not list do not count."""
        self._manifest = None
        write_record(manifest, self._objects, self._prefix + MANIFEST)

    def is_planned(self) -> bool:
        """Return whether there is a manifest."""
        return self._objects.exists(self._prefix + MANIFEST)

    def manifest(self) -> RunManifest:
        """Return what was planned, read once: it is frozen. Raises InvalidInput before that."""
        if self._manifest is None:
            self._manifest = read_record(RunManifest, self._objects, self._prefix + MANIFEST)
        return self._manifest

    def chunk(self, entry: ChunkEntry) -> RecipientChunk:
        """Return a chunk as it was frozen, but for who was erased since.

        Raises InvalidInput if its file was changed in any other way.
        """
        key = self._prefix + entry.name

        def was() -> str:
            return str(self._objects.head(key).get("Metadata", {}).get(REWRITTEN_FROM, ""))

        return read_chunk(self._objects.read(key), entry=entry, was=was)
