"""Go through every version of every object, and take people out of it."""

from __future__ import annotations

import dataclasses
import datetime as dt
import itertools
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from adapters.erasure.rewriting import Rewriter, Rewriting
from adapters.erasure.versions import FileVersion, VersionedObjects
from steps.erase.tools import ErasureTools
from tessera import naming
from tessera.erasure.people import Needles
from tessera.erasure.places import Bucket, is_searched, kind_of, prefixes

_WINDOW = 256  # versions that wait for a thread


@dataclasses.dataclass(frozen=True, kw_only=True)
class Swept:
    """How many versions were read, how many had people in them, and how many of these wait.

    An upload waits until its run has read it. By then Prepare ignores the people.

    Parameters
    ----------
    later
        When uploads were written that came after the people's marks and wait for their runs. Their
        runs ignore the people, and they expire.
    unread
        What the files are, one each, that a format or a damage hides.
    """

    versions: int = 0
    hits: int = 0
    waiting: int = 0
    later: tuple[dt.datetime, ...] = ()
    unread: tuple[str, ...] = ()

    def __add__(self, other: Swept) -> Swept:
        """Return both together."""
        return Swept(
            versions=self.versions + other.versions,
            hits=self.hits + other.hits,
            waiting=self.waiting + other.waiting,
            later=self.later + other.later,
            unread=self.unread + other.unread,
        )


@dataclasses.dataclass(frozen=True, kw_only=True)
class Since:
    """Two moments by which an upload that no run has read yet is judged.

    Parameters
    ----------
    turn
        When the erasure took the tenant's turn: no run has read what was uploaded since.
    marks
        When the people were marked: what was uploaded since comes too late to bring them back.
    """

    turn: dt.datetime
    marks: dt.datetime


def sweep(
    tools: ErasureTools, needles: Needles, *, since: Since, only_search: bool = False
) -> Swept:
    """Rewrite or delete each version with people in it. Return what there was.

    A current version is written again without them, then its predecessor goes for good. An earlier
    version goes as it is. What is done is noted before it is done, so a repetition counts nothing
    twice.

    Parameters
    ----------
    since
        By which uploads are left to their runs.
    only_search
        Change nothing.

    Raises
    ------
    Retryable
        Somebody else has written an object meanwhile.
    """
    rewriter = Rewriter(needles, headers=tools.columns.headers, settings=tools.settings)
    total = Swept()
    for name, bucket in tools.buckets:
        work = _Work(tools, rewriter, name, bucket, since, only_search)
        versions = _searched(tools, name, bucket)
        with ThreadPoolExecutor(tools.at_once) as pool:
            while window := list(itertools.islice(versions, _WINDOW)):
                total = sum(pool.map(work.handle, window), total)
        if not only_search:
            _remove_markers(tools, name, bucket)
    tools.decided("searched", versions=total.versions, hits=total.hits)
    return total


def _searched(tools: ErasureTools, name: Bucket, bucket: VersionedObjects) -> Iterator[FileVersion]:
    """Yield the versions that may have a customer in them."""
    for prefix in prefixes(name, tenant=tools.tenant):
        for version in bucket.all_versions(prefix):
            if version.bytes and is_searched(version.key, tenant=tools.tenant):
                yield version


@dataclasses.dataclass(frozen=True)
class _Work:
    """The search of one bucket."""

    tools: ErasureTools
    rewriter: Rewriter
    name: Bucket
    bucket: VersionedObjects
    since: Since
    only_search: bool

    def handle(self, version: FileVersion) -> Swept:
        """Search one version."""
        with (
            self.tools.disk.room_for(2 * version.bytes, what=version.key),
            tempfile.TemporaryDirectory(dir=self.tools.folder) as folder,
        ):
            return self._searched(version, Path(folder) / "source", Path(folder) / "target")

    def _searched(self, version: FileVersion, source: Path, target: Path) -> Swept:
        self.bucket.fetch(version, source)
        rewriting = self.rewriter.rewrite(version.key, source, target)
        if rewriting is None:
            return Swept(versions=1)
        if rewriting.action == "unread":
            self.tools.decided("a file cannot be searched", bucket=self.name, key=version.key)
            return Swept(versions=1, unread=(kind_of(self.name, version.key),))
        if self._waits(version):
            written = version.modified_at
            if written is not None and written > self.since.marks:
                return Swept(versions=1, later=(written,))
            return Swept(versions=1, hits=1, waiting=1)
        if not self.only_search:
            self._erase(version, rewriting, source, target)
        return Swept(versions=1, hits=1)

    def _waits(self, version: FileVersion) -> bool:
        if not version.key.startswith(naming.UPLOADS) or not version.is_current:
            return False
        name = naming.upload_folder(version.key) or version.key
        is_new = version.modified_at is not None and version.modified_at >= self.since.turn
        return is_new or name in self.tools.waiting

    def _erase(
        self, version: FileVersion, rewriting: Rewriting, source: Path, target: Path
    ) -> None:
        rewrites = version.is_current and rewriting.action == "rewritten"
        self.tools.files.touch(
            self.name,
            version,
            action=rewriting.action if version.is_current else "version deleted",
            rows=rewriting.rows if version.is_current else 0,
            bytes_=target.stat().st_size if rewrites else 0,
        )
        if rewrites:
            self.bucket.replace(version, target, was=source)
        elif version.is_current:  # first a marker, so that no earlier version takes its place
            self.bucket.delete([version.key])
        if version.version_id:
            self.bucket.remove(version)


def _remove_markers(tools: ErasureTools, name: Bucket, bucket: VersionedObjects) -> None:
    """Remove the markers of objects that have no other version left."""
    gone = {each.key for each in tools.files.touched() if each.bucket == name}
    for key in sorted(gone):
        kept = [each for each in bucket.all_versions(key) if each.key == key]
        if kept and all(each.is_marker for each in kept):
            for marker in kept:
                tools.files.touch(name, marker, action="marker deleted", rows=0, bytes_=0)
                bucket.remove(marker)
