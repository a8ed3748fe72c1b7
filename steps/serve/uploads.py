"""Uploads of a tenant: the files that are there, and where to send another one."""

from __future__ import annotations

import dataclasses
import datetime as dt

from adapters.aws.objects import ListedObject
from adapters.aws.presigned_uploads import ONE_PIECE_BYTES
from steps.serve.once import Attempt
from steps.serve.services import Services
from tessera import naming
from tessera.api.documents.runs import (
    ListedUpload,
    UploadList,
    UploadPart,
    UploadRequest,
    UploadTarget,
)
from tessera.api.refusals import ProblemPart, wrong

_LISTED = 500
_SECONDS = 3600  # that an address works, where its signer's credentials work so long
_SECONDS_FOR_PARTS = 12 * 3600


def list_uploads(tenant: str, *, services: Services) -> UploadList:
    """Return the files in the tenant's folder of uploads, the newest first."""
    entries = [entry for entry in _entries(tenant, services) if entry.bytes]
    entries.sort(key=lambda entry: (entry.modified_at, entry.key), reverse=True)
    return UploadList(
        items=tuple(
            ListedUpload(key=entry.key, bytes=entry.bytes, uploaded_at=entry.modified_at)
            for entry in entries[:_LISTED]
        )
    )


def _entries(tenant: str, services: Services) -> list[ListedObject]:
    """Return a tenant's uploads. Those of the default tenant are beside the other folders."""
    data = services.data
    if tenant != naming.DEFAULT_TENANT:
        return data.entries(_folder(tenant))
    folders = (f"{naming.UPLOADS}{naming.ATTRIBUTES_FOLDER}/", f"{naming.UPLOADS}{tenant}/")
    below = [entry for folder in folders for entry in data.entries(folder)]
    return [*data.entries_beside(naming.UPLOADS), *below]


def is_there(key: str, *, services: Services) -> bool:
    """Return whether an upload is there.

    It is listed, not looked up: the right to look up an upload is the right to read it.
    """
    if key.removeprefix(naming.UPLOADS).count("/"):
        return key in services.data.keys(key)
    return any(key == entry.key for entry in services.data.entries_beside(naming.UPLOADS))


def create_upload(request: UploadRequest, attempt: Attempt, *, services: Services) -> UploadTarget:
    """Return where to send a file of this name and size. Its run starts once it is there.

    Raises
    ------
    RequestRefusal
        Attributes cannot be read from a file of this kind.
    """
    key = _key(request, attempt.tenant)
    in_parts = request.bytes > ONE_PIECE_BYTES
    seconds = services.uploads.lifetime(_SECONDS_FOR_PARTS if in_parts else _SECONDS)
    expires_at = attempt.now + dt.timedelta(seconds=seconds)
    if not in_parts:
        url = services.uploads.put(key, size=request.bytes, seconds=seconds)
        return UploadTarget(key=key, expires_at=expires_at, url=url)
    signed = services.uploads.parts(key, size=request.bytes, seconds=seconds)
    return UploadTarget(
        key=key,
        expires_at=expires_at,
        url=None,
        parts=tuple(UploadPart(**dataclasses.asdict(part)) for part in signed.parts),
        complete_url=signed.complete_url,
    )


def _folder(tenant: str) -> str:
    return naming.UPLOADS + ("" if tenant == naming.DEFAULT_TENANT else f"{tenant}/")


def _key(request: UploadRequest, tenant: str) -> str:
    if request.kind == "events":
        return _folder(tenant) + request.name
    if not request.name.endswith(naming.ATTRIBUTES_SUFFIXES):
        expected = " or ".join(naming.ATTRIBUTES_SUFFIXES)
        raise wrong(
            "Attributes of customers come as CSV.",
            ProblemPart(where="body.name", what=f"expected a name that ends in {expected}"),
        )
    return f"{_folder(tenant)}{naming.ATTRIBUTES_FOLDER}/{request.name}"
