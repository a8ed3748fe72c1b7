"""A bucket with all versions of its objects: read, replaced and deleted for good."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from adapters.aws.errors import code_of
from adapters.aws.objects import Objects, ObjectVersion
from tessera.campaigns.planning.chunks import REWRITTEN_FROM, rewritten_from
from tessera.erasure.places import is_chunk
from tessera.errors import Retryable
from tessera.naming import EXPIRES, REWRITTEN, UPLOADS, expiry_tag

_CHANGED = {"PreconditionFailed", "ConditionalRequestConflict"}
_SMALL_BYTES = 8 << 20
_KEPT = ("ContentType", "ContentEncoding", "ContentDisposition", "CacheControl", "Metadata")


@dataclasses.dataclass(frozen=True, kw_only=True)
class FileVersion:
    """One version of an object, or a delete marker.

    Parameters
    ----------
    key, version_id
        Which. ``version_id`` is empty in a bucket without versions.
    is_current
        Whether a read of the key gets it.
    is_marker
        Whether it says that the object is deleted.
    bytes, etag
        Its size and ETag, nothing for a marker.
    modified_at
        When it was written. None for a marker.
    """

    key: str
    version_id: str
    is_current: bool
    is_marker: bool = False
    bytes: int = 0
    etag: str = ""
    modified_at: dt.datetime | None = None


class VersionedObjects(Objects):
    """The objects of a bucket, with their versions."""

    one_put_bytes = 5 << 30  # S3's limit of one request. What an upload in parts left, rules remove
    part_bytes = 64 << 20  # 10,000 of them are S3's limit: 640 GB

    def all_versions(self, prefix: str) -> Iterator[FileVersion]:
        """Yield every version and delete marker below a prefix, by key."""
        with self._translated(prefix):
            pages = self._s3.get_paginator("list_object_versions").paginate(
                Bucket=self.bucket, Prefix=prefix
            )
            for page in pages:
                yield from (_version(item) for item in page.get("Versions", []))
                for item in page.get("DeleteMarkers", []):
                    yield FileVersion(
                        key=item["Key"],
                        version_id=item["VersionId"],
                        is_current=item["IsLatest"],
                        is_marker=True,
                    )

    def folders(self, prefix: str) -> list[str]:
        """Return the names of the folders right below a prefix, sorted, without their slash."""
        with self._translated(prefix):
            pages = self._s3.get_paginator("list_objects_v2").paginate(
                Bucket=self.bucket, Prefix=prefix, Delimiter="/"
            )
            names = [item["Prefix"] for page in pages for item in page.get("CommonPrefixes", [])]
        return sorted(each.removeprefix(prefix).rstrip("/") for each in names)

    def fetch(self, version: FileVersion, path: Path) -> Path:
        """Write a version to a file. A small one costs one request, and no look at it before."""
        if version.bytes > _SMALL_BYTES:
            return self.download(version.key, path, version_id=_named(version))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(self.read(version.key, version_id=_named(version)))
        return path

    def tagged_json(self, key: str) -> tuple[Any, str]:
        """Return a small document and its ETag."""
        with self._translated(key):
            answer = self._s3.get_object(Bucket=self.bucket, Key=key)
            return json.loads(answer["Body"].read()), answer["ETag"]

    def replace_json(self, key: str, value: object, *, etag: str) -> bool:
        """Write a document over the one with an ETag. Return whether it was still that one."""
        with self._translated(key):
            try:
                self._s3.put_object(
                    Bucket=self.bucket,
                    Key=key,
                    Body=f"{json.dumps(value, indent=1, sort_keys=True)}\n".encode(),
                    ContentType="application/json",
                    IfMatch=etag,
                )
            except ClientError as error:
                if code_of(error) not in _CHANGED:
                    raise
                return False
        return True

    def replace(self, version: FileVersion, path: Path, *, was: Path) -> None:
        """Write a file over a current version, with its metadata.

        An upload gets the metadata ``REWRITTEN``, so that it starts no run. A chunk of a campaign
        gets the digest of what it was, so that its run goes on with it.

        Parameters
        ----------
        was
            The file of the version.

        Raises
        ------
        Retryable
            Somebody else has written the object since it was read.
        """
        head = self.head(version.key, version_id=_named(version))
        kept: dict[str, Any] = {name: head[name] for name in _KEPT if head.get(name)}
        if version.key.startswith(UPLOADS):
            kept["Metadata"] = {**kept.get("Metadata", {}), REWRITTEN: "yes"}
        if is_chunk(version.key):
            before = kept.get("Metadata", {})
            digests = rewritten_from(was.read_bytes(), earlier=before.get(REWRITTEN_FROM, ""))
            kept["Metadata"] = {**before, REWRITTEN_FROM: digests}
        tag = expiry_tag(version.key)
        if tag:
            kept["Tagging"] = f"{EXPIRES}={tag}"
        with self._translated(version.key):
            try:
                self._put(version, path, kept)
            except ClientError as error:
                if code_of(error) not in _CHANGED:
                    raise
                raise Retryable(
                    f"s3://{self.bucket}/{version.key} was written meanwhile: try again"
                ) from error

    def _put(self, version: FileVersion, path: Path, kept: dict[str, Any]) -> None:
        """Write a file over the version that was read, a large one in parts."""
        at: dict[str, Any] = {"Bucket": self.bucket, "Key": version.key}
        with path.open("rb") as body:
            if path.stat().st_size <= self.one_put_bytes:
                self._s3.put_object(**at, Body=body, IfMatch=version.etag, **kept)
                return
            upload = self._s3.create_multipart_upload(**at, **kept)["UploadId"]
            parts: list[Any] = []
            while part := body.read(self.part_bytes):
                number = len(parts) + 1
                made = self._s3.upload_part(**at, UploadId=upload, PartNumber=number, Body=part)
                parts.append({"PartNumber": number, "ETag": made["ETag"]})
        self._s3.complete_multipart_upload(
            **at, UploadId=upload, MultipartUpload={"Parts": parts}, IfMatch=version.etag
        )

    def remove(self, version: FileVersion) -> None:
        """Delete a version for good. A missing one is no error."""
        if version.version_id:
            self.delete_versions([ObjectVersion(key=version.key, version_id=version.version_id)])
        else:
            self.delete([version.key])

    def forget(self, prefix: str) -> None:
        """Delete every version and marker below a prefix for good."""
        for version in list(self.all_versions(prefix)):
            self.remove(version)


def _version(item: Any) -> FileVersion:  # noqa: ANN401 (as boto3 has it)
    return FileVersion(
        key=item["Key"],
        version_id=item["VersionId"],
        is_current=item["IsLatest"],
        bytes=item["Size"],
        etag=item["ETag"],
        modified_at=item["LastModified"],
    )


def _named(version: FileVersion) -> str | None:
    return version.version_id or None
