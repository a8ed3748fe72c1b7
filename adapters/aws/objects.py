"""Objects in one S3 bucket, and what S3's errors mean to us."""

from __future__ import annotations

import contextlib
import dataclasses
import datetime as dt
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from botocore.exceptions import ClientError

from adapters.aws import clients
from adapters.aws.errors import code_of, error_for, translated
from tessera.errors import Retryable
from tessera.naming import EXPIRES, expiry_tag

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import ObjectIdentifierTypeDef


# What S3 answers a conditional write: there is one already, or another write is under way.
_EXISTS, _CONFLICT = "PreconditionFailed", "ConditionalRequestConflict"


@dataclasses.dataclass(frozen=True, kw_only=True)
class ListedObject:
    """An object, as a listing has it: its key, its size, when it was written, its ETag."""

    key: str
    bytes: int
    modified_at: dt.datetime
    etag: str = ""


@dataclasses.dataclass(frozen=True, kw_only=True)
class ObjectVersion:
    """One version of an object."""

    key: str
    version_id: str


class Objects:
    """The objects of one bucket.

    Parameters
    ----------
    bucket
        The bucket's name.
    client
        An S3 client. By default one for the environment's credentials and region.

    Raises
    ------
    InvalidInput
        An object or the bucket is missing. The message names it.
    Refused
        S3 denied the call.
    Retryable
        S3 was busy or could not be reached.
    """

    def __init__(self, bucket: str, *, client: S3Client | None = None) -> None:
        self.bucket = bucket
        self._s3 = client or clients.s3()

    @classmethod
    def shared(cls, bucket: str) -> Self:
        """Return a bucket behind the one client of this process, for many small pieces of work.

        Making a client takes longer than most of them.
        """
        return cls(bucket, client=clients.shared_s3())

    def read(self, key: str, *, version_id: str | None = None) -> bytes:
        """Return an object's bytes."""
        with self._translated(key):
            return bytes(self._s3.get_object(**self._at(key, version_id))["Body"].read())

    def read_start(self, key: str, size: int, *, version_id: str | None = None) -> bytes:
        """Return at most the first ``size`` bytes of an object."""
        with self._translated(key):
            at = self._at(key, version_id)
            if self._s3.head_object(**at)["ContentLength"] == 0:
                return b""
            return bytes(self._s3.get_object(**at, Range=f"bytes=0-{size - 1}")["Body"].read())

    def read_range(
        self, key: str, start: int, size: int, *, version_id: str | None = None
    ) -> bytes:
        """Return ``size`` bytes of an object from ``start`` on, fewer at its end."""
        with self._translated(key):
            within = f"bytes={start}-{start + size - 1}"
            answer = self._s3.get_object(**self._at(key, version_id), Range=within)
            return bytes(answer["Body"].read())

    def read_json(self, key: str) -> Any:  # noqa: ANN401 (a JSON value)
        """Return an object's JSON value."""
        return json.loads(self.read(key))

    def head(self, key: str, *, version_id: str | None = None) -> dict[str, Any]:
        """Return an object's size, version, ETag and metadata, as HeadObject does."""
        with self._translated(key):
            return dict(self._s3.head_object(**self._at(key, version_id)))

    def exists(self, key: str) -> bool:
        """Return whether there is an object.

        Lists instead of asking for its head: for a missing object S3 answers that with 403 unless
        the role may list the whole bucket, and ours may list their prefixes alone.
        """
        with self._translated(key):
            page = self._s3.list_objects_v2(Bucket=self.bucket, Prefix=key, MaxKeys=1)
        return any(item["Key"] == key for item in page.get("Contents", []))

    def write(
        self,
        key: str,
        data: bytes,
        *,
        content_type: str = "application/octet-stream",
        metadata: Mapping[str, str] | None = None,
    ) -> None:
        """Write an object."""
        more: Any = {**_tagging(key), **({"Metadata": metadata} if metadata else {})}
        with self._translated(key):
            self._s3.put_object(
                Bucket=self.bucket, Key=key, Body=data, ContentType=content_type, **more
            )

    def write_json(
        self, key: str, value: object, *, metadata: Mapping[str, str] | None = None
    ) -> None:
        """Write a JSON object whose bytes depend on the value alone."""
        self.write(key, _json(value), content_type="application/json", metadata=metadata)

    def create(self, key: str, data: bytes) -> bool:
        """Write an object where there is none. Return whether there was none.

        Raises
        ------
        Retryable
            Another write of the key is under way, and may fail.
        """
        code = self._create(key, data, content_type="application/octet-stream")
        if code == _CONFLICT:
            raise Retryable(f"s3://{self.bucket}/{key} is being written: try again")
        return not code

    def create_json(self, key: str, value: object) -> bool:
        """Write a JSON object where there is no object. Return whether there was none."""
        return not self._create(key, _json(value), content_type="application/json")

    def _create(self, key: str, data: bytes, *, content_type: str) -> str:
        """Write an object where there is none. Return the code of why not, empty if written."""
        with self._translated(key):
            try:
                self._s3.put_object(
                    Bucket=self.bucket,
                    Key=key,
                    Body=data,
                    ContentType=content_type,
                    IfNoneMatch="*",
                )
            except ClientError as error:
                code = code_of(error)
                if code not in {_EXISTS, _CONFLICT}:
                    raise
                return code
        return ""

    def keys(self, prefix: str) -> Iterator[str]:
        """Yield the keys below a prefix, sorted."""
        yield from self.sizes(prefix)

    def sizes(self, prefix: str) -> dict[str, int]:
        """Return the size in bytes of every object below a prefix, by key, sorted."""
        return {entry.key: entry.bytes for entry in self.entries(prefix)}

    def entries(self, prefix: str) -> list[ListedObject]:
        """Return every object below a prefix, by key."""
        return self._entries(prefix)

    def entries_beside(self, folder: str) -> list[ListedObject]:
        """Return the objects of a folder, by key, without those of the folders in it."""
        return self._entries(folder, Delimiter="/")

    def _entries(self, prefix: str, **only: Any) -> list[ListedObject]:  # noqa: ANN401 (boto's)
        with self._translated(prefix):
            pages = self._s3.get_paginator("list_objects_v2").paginate(
                Bucket=self.bucket, Prefix=prefix, **only
            )
            entries = [
                ListedObject(
                    key=item["Key"],
                    bytes=item["Size"],
                    modified_at=item["LastModified"],
                    etag=item.get("ETag", "").strip('"'),
                )
                for page in pages
                for item in page.get("Contents", [])
            ]
        return sorted(entries, key=lambda entry: entry.key)

    def download(self, key: str, path: Path, *, version_id: str | None = None) -> Path:
        """Write an object to a file, making its folder. Return the path."""
        path.parent.mkdir(parents=True, exist_ok=True)
        extra = {"VersionId": version_id} if version_id else None
        with self._translated(key):
            self._s3.download_file(self.bucket, key, str(path), ExtraArgs=extra)
        return path

    def upload(self, path: Path, key: str) -> None:
        """Write a file to an object."""
        with self._translated(key):
            self._s3.upload_file(str(path), self.bucket, key, ExtraArgs=_tagging(key))

    def tag_prefix(self, prefix: str) -> None:
        """Tag what a service wrote below a prefix, as our own writes are tagged."""
        for key in self.keys(prefix):
            with self._translated(key):
                self._s3.put_object_tagging(
                    Bucket=self.bucket,
                    Key=key,
                    Tagging={"TagSet": [{"Key": EXPIRES, "Value": expiry_tag(key)}]},
                )

    def delete_prefix(self, prefix: str) -> int:
        """Delete every object below a prefix. Return how many there were.

        Raises
        ------
        Refused, Retryable
            S3 kept an object. The message names the first.
        """
        keys = list(self.keys(prefix))
        self.delete(keys)
        return len(keys)

    def delete(self, keys: Sequence[str]) -> None:
        """Delete objects, a thousand with each request. A missing one is no error.

        Raises
        ------
        Refused, Retryable
            S3 kept an object. The message names the first.
        """
        self._delete([{"Key": key} for key in keys])

    def versions(self, prefix: str, *, markers: bool = False) -> list[ObjectVersion]:
        """Return every version of every object below a prefix, with markers of deletions or not."""
        return [one for page in self.version_pages(prefix, markers=markers) for one in page]

    def version_pages(self, prefix: str, *, markers: bool = False) -> Iterator[list[ObjectVersion]]:
        """Yield the same, at most a thousand at a time. They may be deleted meanwhile."""
        with self._translated(prefix):
            pages = self._s3.get_paginator("list_object_versions").paginate(
                Bucket=self.bucket, Prefix=prefix
            )
            for page in pages:
                gone = page.get("DeleteMarkers", []) if markers else []
                yield [
                    ObjectVersion(key=item["Key"], version_id=item["VersionId"])
                    for item in (*page.get("Versions", []), *gone)
                ]

    def delete_versions(self, versions: Sequence[ObjectVersion]) -> None:
        """Delete versions for good. Nothing is left of an object that has no others.

        Raises
        ------
        Refused, Retryable
            S3 kept one. The message names the first.
        """
        self._delete([{"Key": each.key, "VersionId": each.version_id} for each in versions])

    def _delete(self, objects: Sequence[ObjectIdentifierTypeDef]) -> None:
        for start in range(0, len(objects), 1000):
            batch = objects[start : start + 1000]
            with self._translated(batch[0]["Key"]):
                reply = self._s3.delete_objects(
                    Bucket=self.bucket, Delete={"Objects": batch, "Quiet": True}
                )
                for kept in reply.get("Errors", []):  # the call itself succeeds all the same
                    where = f"s3://{self.bucket}/{kept.get('Key')}"
                    raise error_for(
                        str(kept.get("Code")),
                        service="S3",
                        what=f"the deletion of {where}",
                        missing=_missing(where),
                        words=str(kept.get("Message", "")),
                    )

    def _at(self, key: str, version_id: str | None) -> dict[str, Any]:
        version = {"VersionId": version_id} if version_id else {}
        return {"Bucket": self.bucket, "Key": key, **version}

    def _translated(self, key: str) -> contextlib.AbstractContextManager[None]:
        where = f"s3://{self.bucket}/{key}"
        return translated("S3", what=where, missing=_missing(where))


def _json(value: object) -> bytes:
    text = json.dumps(value, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
    return text.encode()


def _tagging(key: str) -> dict[str, str]:
    """Return the tag by which the bucket's rules remove an object, where it has one."""
    value = expiry_tag(key)
    return {"Tagging": f"{EXPIRES}={value}"} if value else {}


def _missing(where: str) -> str:
    return f"{where} does not exist: check the bucket, key and version"
