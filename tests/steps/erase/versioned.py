"""A bucket in memory that keeps versions, as S3 does, and whose writer may die."""

from __future__ import annotations

import copy
import itertools
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from adapters.aws.objects import ObjectVersion
from adapters.erasure.versions import FileVersion, VersionedObjects
from tessera.campaigns.planning.chunks import REWRITTEN_FROM, rewritten_from
from tessera.erasure.places import is_chunk
from tests.bucket_in_memory import BucketInMemory, WriterDied


class Deaths:
    """Lets the writer die after so many changes, of several buckets together."""

    def __init__(self) -> None:
        self.left = -1

    def change(self) -> None:
        if self.left == 0:
            raise WriterDied
        self.left -= 1


class VersionedInMemory(BucketInMemory, VersionedObjects):
    """Every write and deletion of a key keeps what was there as an earlier version."""

    def __init__(self, bucket: str, deaths: Deaths) -> None:
        super().__init__(bucket)
        self.deaths = deaths
        self.past: dict[tuple[str, str], bytes] = {}
        self.markers: set[str] = set()
        self.ids: dict[str, str] = {}
        self._versions = itertools.count(1)

    def copied(self, deaths: Deaths) -> VersionedInMemory:
        """Return the same bucket for another example."""
        other = VersionedInMemory(self.bucket, deaths)
        for name in ("bodies", "listed", "metadata", "past", "markers", "ids"):
            setattr(other, name, copy.copy(getattr(self, name)))
        other._versions = itertools.count(100_000)
        other._count = itertools.count(100_000)
        return other

    def _change(self) -> None:
        self.deaths.change()

    def write(self, key: str, data: bytes, **more: Any) -> None:
        before = self.bodies.get(key)
        super().write(key, data, **more)
        if before is not None:
            self.past[key, self.ids[key]] = before
        self.ids[key] = f"v{next(self._versions)}"
        self.markers.discard(key)

    def delete(self, keys: Sequence[str]) -> None:
        for key in keys:
            self._change()
            body = self.bodies.pop(key, None)
            if body is not None:
                self.past[key, self.ids[key]] = body
                self.markers.add(key)

    def all_versions(self, prefix: str) -> Iterator[FileVersion]:
        versions = []
        for key, body in self.bodies.items():
            versions.append(
                FileVersion(
                    key=key, version_id=self.ids[key], is_current=True, bytes=len(body),
                    etag=self.listed[key].etag, modified_at=self.listed[key].modified_at,
                )
            )  # fmt: skip
        versions += [
            FileVersion(key=key, version_id=name, is_current=False, bytes=len(body), etag=name)
            for (key, name), body in self.past.items()
        ]
        versions += [
            FileVersion(key=key, version_id="marker", is_current=True, is_marker=True)
            for key in self.markers
        ]
        matching = (each for each in versions if each.key.startswith(prefix))
        yield from sorted(matching, key=lambda each: (each.key, not each.is_current))

    def fetch(self, version: FileVersion, path: Path) -> Path:
        path.write_bytes(self._body(version))
        return path

    def _body(self, version: FileVersion) -> bytes:
        if self.ids.get(version.key) == version.version_id and version.key in self.bodies:
            return self.bodies[version.key]
        return self.past[version.key, version.version_id]

    def replace(self, version: FileVersion, path: Path, *, was: Path) -> None:
        assert self.listed[version.key].etag == version.etag
        metadata = dict(self.metadata[version.key])
        if is_chunk(version.key):
            earlier = metadata.get(REWRITTEN_FROM, "")
            metadata[REWRITTEN_FROM] = rewritten_from(was.read_bytes(), earlier=earlier)
        self.write(version.key, path.read_bytes(), metadata=metadata)

    def remove(self, version: FileVersion) -> None:
        self.delete_versions([ObjectVersion(key=version.key, version_id=version.version_id)])

    def delete_versions(self, versions: Sequence[ObjectVersion]) -> None:
        for one in versions:
            self._change()
            if one.version_id == "marker":
                self.markers.discard(one.key)
            elif self.ids.get(one.key) == one.version_id and one.key in self.bodies:
                del self.bodies[one.key]
            else:
                self.past.pop((one.key, one.version_id), None)

    def everything(self) -> dict[str, bytes]:
        """Return every version's bytes, and the keys themselves."""
        now = {f"{key} now": body for key, body in self.bodies.items()}
        return now | {f"{key} {name}": body for (key, name), body in self.past.items()}
