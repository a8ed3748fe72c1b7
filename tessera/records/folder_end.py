"""What ends an upload folder: ``_SUCCESS``, whose body may list the parts that count."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping

from tessera.errors import InvalidInput
from tessera.naming import WITHDRAW
from tessera.records.codec import decode

VERSION = 1
_ADVICE = "Write _SUCCESS again: empty, so that every part of the folder counts, or with its list"


@dataclasses.dataclass(frozen=True, kw_only=True)
class ListedPart:
    """A part that counts.

    Parameters
    ----------
    name
        Its name inside the folder.
    bytes, etag
        Its size, and what S3 calls this content of it.
    """

    name: str
    bytes: int
    etag: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class FolderEnd:
    """The list of a folder's parts. Other files in the folder do not count.

    Parameters
    ----------
    version
        The form of this document.
    parts
        The parts by name. None where the upload is withdrawn.
    rows
        How many rows they have together, where their writer counted. It says nothing of which
        parts count, so lists that differ in it alone are equal.
    """

    version: int
    parts: tuple[ListedPart, ...]
    rows: int | None = dataclasses.field(default=None, compare=False)


def read_folder_end(body: bytes, *, document: str) -> FolderEnd | None:
    """Return the list in a ``_SUCCESS``, None where it has none: then every part counts.

    Other programs write their own texts there. Only a JSON object with ``parts`` is a list.

    Raises
    ------
    InvalidInput
        It is a list, but not in our form.
    """
    try:
        value = json.loads(body)
    except ValueError:
        return None
    if not isinstance(value, dict) or "parts" not in value:
        return None
    end = decode(FolderEnd, value, document=document, tolerant=True, advice=_ADVICE)
    if end.version != VERSION:
        raise InvalidInput(f"{document} has version {end.version}, not {VERSION}. {_ADVICE}")
    return end


def is_withdrawal(metadata: Mapping[str, str], *, document: str) -> bool:
    """Return whether an upload's metadata say that its events are to go.

    Raises
    ------
    InvalidInput
        They say neither yes nor no.
    """
    wanted = metadata.get(WITHDRAW, "no").strip().lower()
    if wanted not in {"yes", "no"}:
        raise InvalidInput(
            f"{document} has the metadata withdraw={wanted!r}: write 'yes' to remove the "
            "upload's events, or omit it"
        )
    return wanted == "yes"
