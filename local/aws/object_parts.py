"""Objects that come in parts, joined on the disk: moto joins them in memory, four times over.

Parts wait as files. A large object then is one file.
"""

from __future__ import annotations

import hashlib
import shutil
import uuid
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from moto.s3.exceptions import EntityTooSmall, InvalidPart
from moto.s3.models import S3_UPLOAD_PART_MIN_SIZE, FakeKey, FakeMultipart

from local.aws.object_files import FileBuffer

_LARGE_BYTES = 64 << 20  # what is smaller is joined by moto, which also keeps its checksum
_BLOCK_BYTES = 8 << 20
_set_part, _complete = FakeMultipart.set_part, FakeMultipart.complete
_set_value = FakeKey.value.fset


class _Joined:
    """The bytes of a large object, in a file."""

    def __init__(self, path: Path) -> None:
        self._path, self._size = path, path.stat().st_size

    def __len__(self) -> int:
        return self._size

    def become_value(self, key: FakeKey) -> None:
        """Let an object be read from the file, which goes with it."""
        key._value_buffer.close()
        key._value_buffer = FileBuffer(self._path, is_own=True)
        key.contentsize = self._size


def install(folder: Path) -> None:
    """Let moto keep parts, and large objects made of them, as files in a folder."""
    folder.mkdir(parents=True, exist_ok=True)

    def set_part(upload: FakeMultipart, part_id: int, value: bytes) -> FakeKey:
        part = _set_part(upload, part_id, b"")
        path = folder / uuid.uuid4().hex
        path.write_bytes(value)
        part._value_buffer.close()
        part._value_buffer = FileBuffer(path, is_own=True)
        part.contentsize = len(value)
        part._etag = hashlib.md5(value, usedforsecurity=False).hexdigest()
        return part

    def complete(upload: FakeMultipart, body: Iterable[tuple[int, str]]) -> Any:
        wanted = list(body)
        sizes = [int(part.contentsize) for part in upload.parts.values()]
        if sum(sizes) < _LARGE_BYTES:
            return _complete(upload, iter(wanted))
        parts = list(_checked(upload, wanted))
        digests = b"".join(bytes.fromhex(part.etag.strip('"')) for part in parts)
        etag = hashlib.md5(digests, usedforsecurity=False).hexdigest()
        return _Joined(_in_one_file(parts, folder)), f"{etag}-{len(parts)}", None

    def set_value(key: FakeKey, value: Any) -> None:
        if isinstance(value, _Joined):
            value.become_value(key)
        else:
            _set_value(key, value)

    FakeMultipart.set_part, FakeMultipart.complete = set_part, complete
    FakeKey.value = property(FakeKey.value.fget, set_value)


def _checked(upload: FakeMultipart, wanted: Iterable[tuple[int, str]]) -> Iterator[FakeKey]:
    """Yield the parts of an object, refused as S3 does."""
    last: FakeKey | None = None
    for number, etag in wanted:
        part = upload.parts.get(number)
        if part is None or part.etag.strip('"') != etag.strip('"'):
            raise InvalidPart
        if last is not None and last.contentsize < S3_UPLOAD_PART_MIN_SIZE:
            raise EntityTooSmall
        yield part
        last = part


def _in_one_file(parts: Iterable[FakeKey], folder: Path) -> Path:
    """Copy parts together. moto lets them go afterwards."""
    path = folder / uuid.uuid4().hex
    with path.open("xb") as target:
        for part in parts:
            with part._value_buffer.path.open("rb") as source:
                shutil.copyfileobj(source, target, _BLOCK_BYTES)
    return path
