"""The object versions that make an upload, and the checks on their first bytes."""

from __future__ import annotations

import dataclasses
import functools
import io
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import PurePosixPath
from typing import Any

from adapters.aws.object_file import ObjectFile
from adapters.aws.objects import Objects
from tessera.errors import InvalidInput
from tessera.naming import (
    AS_OF,
    ATTRIBUTES_FOLDER,
    ATTRIBUTES_SUFFIXES,
    FOLDER_COMPLETE,
    REWRITTEN,
    UPLOAD_SUFFIXES,
    WITHDRAW,
    holds_attributes,
    is_data,
    upload_folder,
)
from tessera.records.folder_end import ListedPart, is_withdrawal, read_folder_end
from tessera.records.runs.ticket import Part, Upload
from tessera.settings import RunSettings
from tessera.sources.attributes.header import check_header
from tessera.sources.sniff import START_BYTES, sniff
from tessera.sources.workbooks import check_workbook, is_workbook

MOST_ATTRIBUTES_BYTES = 1 << 28  # such a file is read into memory
_PARQUET = b"PAR1"
_AT_ONCE = 16  # parts checked in parallel


@dataclasses.dataclass(frozen=True, kw_only=True)
class Gathered:
    """An upload, with the unchecked ``as_of`` of the object's metadata."""

    upload: Upload
    as_of: str | None


def is_incomplete(key: str) -> bool:
    """Return whether a key alone starts no run.

    It is one part of a folder, the folder itself, or a file that begins with ``_`` or ``.``,
    which is no data.
    """
    name = PurePosixPath(key).name
    if key.endswith("/"):
        return True
    if upload_folder(key) is not None:
        return name != FOLDER_COMPLETE
    return not is_data(name)


def is_superseded(objects: Objects, key: str, *, version_id: str) -> bool:
    """Return whether a key has a newer version, which has its own event and its own run.

    Events may arrive out of order. An old version must not replace the events of a newer one.
    """
    if not version_id or key not in objects.keys(key):
        return False
    current = objects.head(key)
    pinned = objects.head(key, version_id=version_id)
    return bool(
        current.get("VersionId") != version_id and current["LastModified"] > pinned["LastModified"]
    )


def is_rewritten(objects: Objects, key: str, *, version_id: str) -> bool:
    """Return whether an erasure wrote this version, without the people that it had."""
    if not objects.exists(key):
        return False
    head = objects.head(key, version_id=version_id or None)
    return str(head.get("Metadata", {}).get(REWRITTEN, "")) == "yes"


def gather(
    objects: Objects, key: str, *, version_id: str, settings: RunSettings, max_bytes: int
) -> Gathered:
    """Return the upload that a key completes, after checking the first bytes of its parts.

    Raises
    ------
    InvalidInput
        An object is missing, empty, of an unknown type or too large, or its header is wrong.
    """
    if holds_attributes(key):
        return _attributes(objects, key, version_id=version_id, settings=settings)
    folder = upload_folder(key)
    head = objects.head(key, version_id=version_id or None)
    if _withdraws(objects, key, head):
        return _withdrawal(key, head, name=folder or key)
    listed = _listed(objects, key, version_id=version_id) if folder else None
    versions = {key: version_id} if folder is None else _parts(objects, folder, listed=listed)
    check_start = functools.partial(_check_start, objects, settings=settings)
    pin = functools.partial(_pin, objects, suffixes=UPLOAD_SUFFIXES)
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        parts = tuple(pool.map(pin, versions, versions.values()))
        if folder and listed:
            for part in parts:
                _check_listed(objects, part, listed=listed[part.key.removeprefix(folder)])
        _check_size(sum(part.bytes for part in parts), max_bytes, f"s3://{objects.bucket}/{key}")
        for _ in pool.map(check_start, parts):  # consuming it raises the first part's error
            pass
    upload = Upload.of(folder or key, parts=parts, closed_by=_version(head) if folder else "")
    return Gathered(upload=upload, as_of=_as_of(head))


def _attributes(objects: Objects, key: str, *, version_id: str, settings: RunSettings) -> Gathered:
    """Return a file of customer attributes, after checking its header."""
    where = f"s3://{objects.bucket}/{key}"
    if PurePosixPath(key).parent.name != ATTRIBUTES_FOLDER:
        raise InvalidInput(
            f"{where} is in a subfolder: put files of customer attributes directly into "
            f"{key[: key.index(f'/{ATTRIBUTES_FOLDER}/') + 1]}{ATTRIBUTES_FOLDER}/"
        )
    part = _pin(objects, key, version_id, suffixes=ATTRIBUTES_SUFFIXES)
    if part.bytes > MOST_ATTRIBUTES_BYTES:
        raise InvalidInput(
            f"{where} has {part.bytes / 1e6:,.0f} MB, more than the "
            f"{MOST_ATTRIBUTES_BYTES / 1e6:,.0f} MB of a file of attributes: compress it, or keep "
            "the columns that may predict cancellations"
        )
    start = objects.read_start(key, START_BYTES, version_id=part.version_id or None)
    check_header(start, name=where, customer_id=settings.columns.get("customer_id", ""))
    head = objects.head(key, version_id=version_id or None)
    if _withdraws(objects, key, head):
        raise InvalidInput(
            f"{where} has the metadata {WITHDRAW}=yes, but customer attributes cannot be "
            "withdrawn: put a file there that has only the customers and columns to keep"
        )
    return Gathered(upload=Upload.of(key, parts=(part,)), as_of=_as_of(head))


def _withdraws(objects: Objects, key: str, head: Mapping[str, Any]) -> bool:
    return is_withdrawal(head.get("Metadata", {}), document=f"s3://{objects.bucket}/{key}")


def _withdrawal(key: str, head: Mapping[str, Any], *, name: str) -> Gathered:
    """Return an upload whose events are to go. What its object has in it does not matter."""
    part = Part(
        key=key,
        version_id=str(head.get("VersionId") or ""),
        etag=str(head["ETag"]).strip('"'),
        bytes=head["ContentLength"],
    )
    return Gathered(upload=Upload.of(name, parts=(part,), withdrawn=True), as_of=_as_of(head))


def _as_of(head: Mapping[str, Any]) -> str | None:
    metadata: Mapping[str, str] = head.get("Metadata", {})
    return metadata.get(AS_OF)


def _version(head: Mapping[str, Any]) -> str:
    return str(head.get("VersionId") or head["ETag"].strip('"'))


def _listed(objects: Objects, end: str, *, version_id: str) -> dict[str, ListedPart] | None:
    """Return the parts that ``_SUCCESS`` lists by name. None where it has no list."""
    body = objects.read(end, version_id=version_id or None)
    read = read_folder_end(body, document=f"s3://{objects.bucket}/{end}")
    return {part.name: part for part in read.parts} if read else None


def _parts(
    objects: Objects, folder: str, *, listed: Mapping[str, ListedPart] | None
) -> dict[str, str]:
    """Return the parts that count. Files that begin with ``_`` or ``.`` are not data.

    Where ``_SUCCESS`` lists parts, these count and no others. Without a list all files do.
    """
    names = [(key, key.removeprefix(folder)) for key in objects.keys(folder)]
    parts = {key: "" for key, name in names if name and is_data(name)}
    if listed is not None:
        parts = {key: "" for key in parts if key.removeprefix(folder) in listed}
        gone = [name for name in listed if folder + name not in parts]
        if gone:
            raise InvalidInput(
                f"s3://{objects.bucket}/{folder} lists the part {gone[0]} in {FOLDER_COMPLETE}, "
                f"but it is gone ({len(gone)} of {len(listed)} parts): put it there again, then "
                f"write {FOLDER_COMPLETE} again"
            )
    if not parts:
        raise InvalidInput(
            f"s3://{objects.bucket}/{folder} has {FOLDER_COMPLETE} but no parts: "
            f"put its files there first, {FOLDER_COMPLETE} last"
        )
    return parts


def _pin(objects: Objects, key: str, version_id: str, *, suffixes: tuple[str, ...]) -> Part:
    where = f"s3://{objects.bucket}/{key}"
    if not key.lower().endswith(suffixes):
        raise InvalidInput(f"{where} has an unknown type: use {', '.join(suffixes)}")
    head = objects.head(key, version_id=version_id or None)
    if head["ContentLength"] == 0:
        raise InvalidInput(f"{where} is empty: upload it again, with a header and rows")
    return Part(
        key=key,
        version_id=str(head.get("VersionId") or version_id),
        etag=str(head["ETag"]).strip('"'),
        bytes=head["ContentLength"],
    )


def _check_listed(objects: Objects, part: Part, *, listed: ListedPart) -> None:
    if (part.bytes, part.etag) != (listed.bytes, listed.etag):
        raise InvalidInput(
            f"s3://{objects.bucket}/{part.key} has {part.bytes:,} bytes and the ETag {part.etag}, "
            f"but {FOLDER_COMPLETE} lists {listed.bytes:,} bytes and {listed.etag}: it was "
            f"written again after the folder was complete; write {FOLDER_COMPLETE} again"
        )


def _check_size(size: int, limit: int, where: str) -> None:
    if size > limit:
        raise InvalidInput(
            f"{where} has {size / 1e9:,.2f} GB, more than the {limit / 1e9:,.2f} GB that this "
            "deployment accepts at once: upload the history in several files, oldest first, or "
            "raise 'max_upload_gb' in cdk.json"
        )


def _check_start(objects: Objects, part: Part, *, settings: RunSettings) -> None:
    if is_workbook(part.key):
        file = ObjectFile(objects, part.key, size=part.bytes, version_id=part.version_id)
        with io.BufferedReader(file) as buffered:
            check_workbook(buffered, name=f"s3://{objects.bucket}/{part.key}")
        return
    start = objects.read_range(part.key, 0, START_BYTES, version_id=part.version_id or None)
    if not part.key.lower().endswith(".parquet"):
        sniff(start, name=part.key, settings=settings)
    elif not start.startswith(_PARQUET):
        raise InvalidInput(
            f"s3://{objects.bucket}/{part.key} is not Parquet although its name says so: "
            "it does not begin with PAR1"
        )
