"""Objects of the embedded S3 as files: read and written without a copy in memory.

An object that comes from a file is read from that file, whenever it is asked for.
"""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from moto.s3.models import FakeKey, s3_backends

from local.aws.objects.facts import ObjectFacts
from local.links import link_file
from local.loopback.place import ACCOUNT, REGION


class Current:
    """The current version of an object."""

    def __init__(self, kept: FakeKey) -> None:
        self._kept = kept
        self.facts = ObjectFacts(
            key=kept.name,
            version=kept.version_id,
            modified=kept.last_modified.isoformat(),
            bytes=int(kept.contentsize),
            etag=kept.etag.strip('"'),
            metadata=dict(kept.metadata),
        )

    @property
    def file(self) -> Path | None:
        """The file that it was put from, if it came from one."""
        buffer = self._kept._value_buffer
        return buffer.path if isinstance(buffer, FileBuffer) and not buffer.is_own else None

    def write(self, path: Path) -> None:
        """Write its bytes into a new file, or give the file that it is read from a second name."""
        buffer = self._kept._value_buffer
        with self._kept.lock:
            if isinstance(buffer, FileBuffer):
                link_file(buffer.path, path)
                return
            with path.open("xb") as file:
                buffer.seek(0)
                shutil.copyfileobj(buffer, file)


def current(bucket: str) -> Iterator[Current]:
    """Yield the current version of each object of a bucket, by key."""
    keys = _bucket(bucket).keys
    for name in sorted(keys):
        last = keys[name]
        if isinstance(last, FakeKey):  # and no mark of a deletion
            yield Current(last)


def put(bucket: str, facts: ObjectFacts, path: Path) -> None:
    """Put an object that is read from a file. Nobody is notified."""
    place = _bucket(bucket)
    made = FakeKey(
        name=facts.key, bucket_name=bucket, value=b"", account_id=ACCOUNT, region_name=REGION,
        etag=facts.etag, is_versioned=place.is_versioned, version_id=facts.version,
    )  # fmt: skip
    made._value_buffer.close()
    made._value_buffer = FileBuffer(path)
    made.contentsize = facts.bytes
    made.last_modified = dt.datetime.fromisoformat(facts.modified)
    made.set_metadata(dict(facts.metadata))
    place.keys.setlist(facts.key, [made])


def _bucket(name: str) -> Any:
    return s3_backends[ACCOUNT]["aws"].get_bucket(name)


class FileBuffer:
    """A file in place of an open one: thousands of objects would need as many descriptors.

    Parameters
    ----------
    path
        The file. It is never changed.
    is_own
        Whether it goes with the object.
    """

    def __init__(self, path: Path, *, is_own: bool = False) -> None:
        self.path = path
        self.is_own = is_own
        self._at = 0

    def seek(self, offset: int, whence: int = 0) -> int:
        """Move to a place, from the beginning or the end."""
        self._at = offset if whence == 0 else self.path.stat().st_size + offset
        return self._at

    def read(self, size: int = -1) -> bytes:
        """Read from the place on."""
        with self.path.open("rb") as file:
            file.seek(self._at)
            data = file.read(size)
        self._at += len(data)
        return data

    def close(self) -> None:
        """Let the file go, if it is its own. No file is open."""
        if self.is_own:
            self.path.unlink(missing_ok=True)
