"""Where a bucket is, beside where we are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from adapters.aws import clients
from adapters.aws.errors import translated

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

# S3 has no name for its first region, and an old one for its second.
_NAMES = {"": "us-east-1", "EU": "eu-west-1"}


def bucket_regions(bucket: str, *, client: S3Client | None = None) -> tuple[str, str]:
    """Return the region of a bucket, and our own.

    Raises
    ------
    InvalidInput
        There is no such bucket.
    Refused
        S3 denied the call.
    """
    s3 = client or clients.s3()
    where = f"s3://{bucket}"
    with translated("S3", what=where, missing=f"{where} does not exist: check the bucket's name"):
        answer = s3.get_bucket_location(Bucket=bucket)
    place = str(answer.get("LocationConstraint") or "")
    return _NAMES.get(place, place), str(s3.meta.region_name)
