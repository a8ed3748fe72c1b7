"""Addresses by which a browser puts one object of a known size, and nothing else."""

from __future__ import annotations

import contextlib
import dataclasses
import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from botocore.config import Config

from adapters.aws import clients
from adapters.aws.errors import translated

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

ONE_PIECE_BYTES = 5 * 1024**3  # the most that S3 takes with one PUT
_MOST_PARTS = 10_000


@dataclasses.dataclass(frozen=True, kw_only=True)
class PresignedPart:
    """One part of a large object: its place from 1, where it begins, its size, its address."""

    number: int
    offset: int
    bytes: int
    url: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class PresignedParts:
    """The parts of a large object, and where to complete it."""

    parts: Sequence[PresignedPart]
    complete_url: str


class PresignedUploads:
    """Signs uploads to one bucket with the credentials of this process.

    The signature holds the key and the size, so the address is good for nothing else.

    Parameters
    ----------
    bucket
        The bucket's name.
    client
        An S3 client that signs with version 4. By default one for the environment.
    smallest_part_bytes
        The size of a part, where a file does not need larger ones. S3 takes 5 MiB and more.
    """

    def __init__(
        self,
        bucket: str,
        *,
        client: S3Client | None = None,
        smallest_part_bytes: int = 512 * 1024**2,
    ) -> None:
        self._bucket, self._smallest_part_bytes = bucket, smallest_part_bytes
        self._given = client

    @property
    def _s3(self) -> S3Client:
        """The client, made when it is first needed: most requests sign nothing."""
        if self._given is None:
            self._given = clients.s3(config=signing())
        return self._given

    def lifetime(self, seconds: int) -> int:
        """Return for how many seconds an address that is signed now works, at most so many."""
        return seconds

    def put(self, key: str, *, size: int, seconds: int) -> str:
        """Return where to PUT an object of exactly this size."""
        with self._translated(key):
            return self._s3.generate_presigned_url(
                "put_object",
                Params={"Bucket": self._bucket, "Key": key, "ContentLength": size},
                ExpiresIn=seconds,
            )

    def parts(self, key: str, *, size: int, seconds: int) -> PresignedParts:
        """Return where to PUT the parts of a larger object, and where to complete it."""
        with self._translated(key):
            upload = self._s3.create_multipart_upload(Bucket=self._bucket, Key=key)["UploadId"]
        at = {"Bucket": self._bucket, "Key": key, "UploadId": upload}
        step = max(self._smallest_part_bytes, math.ceil(size / _MOST_PARTS))
        parts = []
        for number, offset in enumerate(range(0, size, step), start=1):
            length = min(step, size - offset)
            url = self._s3.generate_presigned_url(
                "upload_part",
                Params={**at, "PartNumber": number, "ContentLength": length},
                ExpiresIn=seconds,
            )
            parts.append(PresignedPart(number=number, offset=offset, bytes=length, url=url))
        complete = self._s3.generate_presigned_url(
            "complete_multipart_upload", Params=at, ExpiresIn=seconds
        )
        return PresignedParts(parts=parts, complete_url=complete)

    def _translated(self, key: str) -> contextlib.AbstractContextManager[None]:
        where = f"s3://{self._bucket}/{key}"
        return translated("S3", what=where, missing=f"there is no bucket {self._bucket!r}")


def signing() -> Config:
    """Return a configuration whose addresses name the host of the bucket's region.

    By default they name one that redirects there, which browsers do not follow with a PUT.
    """
    return Config(
        signature_version="s3v4",
        s3={"addressing_style": "virtual", "us_east_1_regional_endpoint": "regional"},
    )
