"""What stand-ins read from the embedded S3, as the services do that they stand in for."""

from __future__ import annotations

from urllib.parse import urlsplit

from botocore.exceptions import ClientError

from local.services.frame.embedded_aws import embedded_client


def read_object(url: str) -> str | None:
    """Return the text of an object, by its ``s3://`` address. None when there is none."""
    place, client = urlsplit(url), embedded_client("s3")
    if client is None:
        raise RuntimeError("no embedded AWS runs: set AWS_ENDPOINT_URL to its address")
    try:
        answer = client.get_object(Bucket=place.netloc, Key=place.path.lstrip("/"))
    except ClientError:
        return None
    return bytes(answer["Body"].read()).decode()
