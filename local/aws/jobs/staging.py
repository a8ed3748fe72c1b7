"""Bring S3 objects to a job's folders and its results back, as SageMaker and Glue do."""

from __future__ import annotations

import tarfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

_SMALL_BYTES = 8 << 20


class MissingObjects(Exception):  # noqa: N818 (what happened)
    """An input names nothing that exists."""


def split(uri: str) -> tuple[str, str]:
    """Return the bucket and key (or prefix) of an ``s3://`` address."""
    parts = urlsplit(uri)
    return parts.netloc, parts.path.removeprefix("/")


def download(s3: Any, uri: str, folder: Path) -> list[Path]:
    """Copy the object at ``uri``, or every object below it, into ``folder``.

    Raises
    ------
    MissingObjects
        There is none, which fails a SageMaker job before its container starts.
    """
    bucket, prefix = split(uri)
    base = prefix if prefix.endswith("/") or not prefix else prefix.rpartition("/")[0] + "/"
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
    sizes = {item["Key"]: item["Size"] for page in pages for item in page.get("Contents", [])}
    keys = list(sizes)
    if prefix in keys:
        keys, base = [prefix], prefix.rpartition("/")[0] + "/"
    elif not prefix.endswith("/") and prefix:
        keys, base = [key for key in keys if key.startswith(prefix + "/")], prefix + "/"
    if not keys:
        raise MissingObjects(f"No S3 objects found under S3 URL {uri!r} given in input data source")
    base = base.removeprefix("/")
    wanted = [(key, folder / key.removeprefix(base)) for key in keys if not key.endswith("/")]
    for _, path in wanted:
        path.parent.mkdir(parents=True, exist_ok=True)
    _each(lambda pair: _fetch(s3, bucket, *pair, size=sizes[pair[0]]), wanted)
    return [path for _, path in wanted]


def _fetch(s3: Any, bucket: str, key: str, path: Path, *, size: int) -> None:
    """Write an object to a file. The SDK's own way asks for the size first, and starts threads."""
    if size > _SMALL_BYTES:
        s3.download_file(bucket, key, str(path))
    else:
        path.write_bytes(s3.get_object(Bucket=bucket, Key=key)["Body"].read())


def upload(s3: Any, folder: Path, uri: str) -> None:
    """Copy every file below ``folder`` to below ``uri``."""
    bucket, prefix = split(uri)
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    base = f"{prefix.rstrip('/')}/" if prefix.rstrip("/") else ""
    pairs = [(path, base + path.relative_to(folder).as_posix()) for path in files]
    _each(lambda pair: s3.upload_file(str(pair[0]), bucket, pair[1]), pairs)


def upload_archive(s3: Any, folder: Path, uri: str) -> None:
    """Pack a folder as tar.gz and store it at ``uri``."""
    bucket, key = split(uri)
    archive = folder.parent / f"{folder.name}.tar.gz"
    with tarfile.open(archive, "w:gz") as tar:
        for path in sorted(folder.iterdir()):
            tar.add(path, arcname=path.name)
    s3.upload_file(str(archive), bucket, key)


def _each(work: Any, items: list[Any]) -> None:
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, items))
