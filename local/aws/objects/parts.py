"""Objects that come in parts, joined on the disk: moto joins them in memory, four times over.

Parts wait as files. A large object then is one file.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from moto.s3.exceptions import EntityTooSmall, InvalidPart
from moto.s3.models import S3_UPLOAD_PART_MIN_SIZE, FakeKey, FakeMultipart

from local.aws.objects.files import FileBuffer

_LARGE_BYTES = 64 << 20  # what is smaller is joined by moto, which also keeps its checksum
_BLOCK_BYTES = 8 << 20  # the SDK's size of a part
_MOST_PARTS = 10_000  # of more, the SDK makes larger ones
_given: dict[str, Path] = {}  # files in place of parts, by the id of the upload
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


class FilePutter:
    """Puts large files of this machine, which need not go through a connection.

    Parameters
    ----------
    folder
        Where they are copied to.
    client
        Makes a boto3 client of a service.
    """

    def __init__(self, folder: Path, *, client: Callable[[str], Any]) -> None:
        self._folder, self._client = folder, client

    def put(self, path: Path, *, bucket: str, key: str, metadata: Mapping[str, str]) -> None:
        """Put a file as an upload in parts of 8 MB would, with that ETag and event."""
        s3, at = self._client("s3"), {"Bucket": bucket, "Key": key}
        if not _LARGE_BYTES <= path.stat().st_size <= _MOST_PARTS * _BLOCK_BYTES:
            s3.upload_file(str(path), bucket, key, ExtraArgs={"Metadata": dict(metadata)})
            return
        upload = s3.create_multipart_upload(**at, Metadata=dict(metadata))["UploadId"]
        copy = self._folder / uuid.uuid4().hex
        shutil.copyfile(path, copy)
        _given[upload] = copy
        nothing = {"Parts": [{"PartNumber": 1, "ETag": "none"}]}
        s3.complete_multipart_upload(**at, UploadId=upload, MultipartUpload=nothing)


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
        given = _given.pop(upload.id, None)
        if given is not None:
            digests = _digests(given)
            return _Joined(given), _etag(digests), None
        sizes = [int(part.contentsize) for part in upload.parts.values()]
        if sum(sizes) < _LARGE_BYTES:
            return _complete(upload, iter(wanted))
        parts = list(_checked(upload, wanted))
        digests = [bytes.fromhex(part.etag.strip('"')) for part in parts]
        return _Joined(_in_one_file(parts, folder)), _etag(digests), None

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


def _digests(path: Path) -> list[bytes]:
    """Return the digest of each block of a file."""

    def digest(begin: int) -> bytes:
        with path.open("rb") as file:
            file.seek(begin)
            return hashlib.md5(file.read(_BLOCK_BYTES), usedforsecurity=False).digest()

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return list(pool.map(digest, range(0, path.stat().st_size, _BLOCK_BYTES)))


def _etag(digests: Sequence[bytes]) -> str:
    """Return the ETag of an object of parts."""
    return f"{hashlib.md5(b''.join(digests), usedforsecurity=False).hexdigest()}-{len(digests)}"
