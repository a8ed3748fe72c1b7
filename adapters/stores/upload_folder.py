"""The folder of parts by which a source hands over an upload. ``_SUCCESS`` lists what counts."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

from adapters.aws.objects import ListedObject, Objects
from tessera.errors import InvalidInput
from tessera.naming import FOLDER_COMPLETE, UPLOAD_SUFFIXES, WITHDRAW, is_data, source_folder
from tessera.records.codec import encode
from tessera.records.folder_end import (
    VERSION,
    FolderEnd,
    ListedPart,
    is_withdrawal,
    read_folder_end,
)

_NO_LIST = FolderEnd(version=VERSION, parts=())


@dataclasses.dataclass(frozen=True, kw_only=True)
class _Last:
    """What the folder's ``_SUCCESS`` says. ``end`` is None where it lists nothing."""

    end: FolderEnd | None = None
    withdrawn: bool = False


@dataclasses.dataclass(frozen=True, kw_only=True)
class FolderContents:
    """What a folder has now.

    Parameters
    ----------
    bytes
        The size of each part, by its name.
    listed
        The parts that ``_SUCCESS`` lists, none without it. None where it lists nothing, so that
        every part counts.
    withdrawn
        Whether the upload is withdrawn.
    """

    bytes: Mapping[str, int]
    listed: frozenset[str] | None
    withdrawn: bool


class UploadFolder:
    """One source's folder of a tenant, in the data bucket.

    A process may end between any two writes: then the folder counts as before, or as it is to be.
    Parts that ``_SUCCESS`` does not list never count.

    Parameters
    ----------
    data
        The data bucket.
    tenant, name
        Whose folder, and what it is called.
    """

    def __init__(self, data: Objects, *, tenant: str, name: str) -> None:
        self._objects = data
        self.key = source_folder(tenant, name)
        self._end_key = self.key + FOLDER_COMPLETE

    @property
    def is_known(self) -> bool:
        """Whether the folder was closed or withdrawn before."""
        return self._objects.exists(self._end_key)

    def put(self, part: str, body: bytes | Path) -> None:
        """Write a part, which counts once the folder is closed. An equal name is replaced."""
        if not is_data(part) or not part.lower().endswith(UPLOAD_SUFFIXES):
            raise InvalidInput(
                f"{self.key}{part} cannot be a part: end it with {', '.join(UPLOAD_SUFFIXES)}"
            )
        if isinstance(body, Path):
            self._objects.upload(body, self.key + part)
        else:
            self._objects.write(self.key + part, body)

    def contents(self) -> FolderContents:
        """Return what the folder has now."""
        last = self._last()
        listed = frozenset(part.name for part in last.end.parts) if last.end else None
        return FolderContents(
            bytes={self._name(each): each.bytes for each in self._parts()},
            listed=listed if last.end or self.is_known else frozenset(),
            withdrawn=last.withdrawn,
        )

    def close(self, *, without: Collection[str] = ()) -> bool:
        """Let all parts of the folder count, and no others.

        A withdrawal took the parts that were there before it: they are removed first.

        Parameters
        ----------
        without
            Names of parts whose rows others have. They are removed once those count.

        Returns
        -------
        bool
            Whether ``_SUCCESS`` was written. False where it has this list already, or where all
            that the folder had is withdrawn.

        Raises
        ------
        InvalidInput
            The folder has no parts.
        """
        last, parts = self._last(), self._parts()
        if last.withdrawn:
            parts = self._without_withdrawn(parts)
        elif not parts:
            raise InvalidInput(f"{self.key} has no parts to close: put its parts there first")
        counted = [each for each in parts if self._name(each) not in without]
        is_new = bool(counted) and self._finish(counted, last=last)
        self._drop(each for each in parts if self._name(each) in without)
        return is_new

    def keep(self, begin: str) -> bool:
        """Let the parts whose names begin so count, and remove the others then.

        Another program wrote them, beside those that count until now. Without any, the upload is
        withdrawn.

        Returns
        -------
        bool
            Whether ``_SUCCESS`` was written.
        """
        parts = self._parts()
        kept = [each for each in parts if self._name(each).startswith(begin)]
        if not kept:
            return self.withdraw()
        written = self._finish(kept, last=self._last())
        self._drop(each for each in parts if each not in kept)
        return written

    def replace(self, parts: Mapping[str, Path | bytes], *, rows: int | None = None) -> bool:
        """Let exactly these parts be the folder.

        A part is stored under its name and a mark of its content, so that the parts that count
        now stay as they are until the new ones do.

        Parameters
        ----------
        parts
            Their contents by name.
        rows
            How many rows they have together. None if nobody counted.

        Returns
        -------
        bool
            Whether anything changed.
        """
        if not parts:
            raise InvalidInput(f"{self.key} cannot be replaced by nothing: withdraw it")
        named = {marked_name(name, body): body for name, body in parts.items()}
        last = self._last()
        kept = self._kept(last)
        if {*kept} == {*named} and not last.withdrawn:
            self._drop(each for each in self._parts() if self._name(each) not in named)
            return False
        for name in [each for each in named if each not in kept]:
            self.put(name, named[name])
        there = self._parts()
        mine = [each for each in there if self._name(each) in named]
        self._finish(mine, last=_Last(), rows=rows)
        self._drop(each for each in there if self._name(each) not in named)
        return True

    def withdraw(self) -> bool:
        """Let the upload's events go, and remove its parts.

        Returns
        -------
        bool
            Whether ``_SUCCESS`` was written. False where the upload is withdrawn already.
        """
        is_new = not self._last().withdrawn
        if is_new:
            self._write(_NO_LIST, metadata={WITHDRAW: "yes"})
        self._drop(self._parts())
        return is_new

    def _last(self) -> _Last:
        if not self._objects.exists(self._end_key):
            return _Last()
        metadata = self._objects.head(self._end_key).get("Metadata", {})
        where = f"s3://{self._objects.bucket}/{self._end_key}"
        return _Last(
            end=read_folder_end(self._objects.read(self._end_key), document=where),
            withdrawn=is_withdrawal(metadata, document=where),
        )

    def _parts(self) -> list[ListedObject]:
        entries = self._objects.entries(self.key)
        return [each for each in entries if self._name(each) and is_data(self._name(each))]

    def _without_withdrawn(self, parts: list[ListedObject]) -> list[ListedObject]:
        """Remove the parts that are older than the withdrawal. Return the others."""
        [end] = self._objects.entries(self._end_key)
        self._drop(each for each in parts if each.modified_at < end.modified_at)
        return [each for each in parts if each.modified_at >= end.modified_at]

    def _kept(self, last: _Last) -> set[str]:
        """Return the names of the parts that count and are as they were listed."""
        listed = {*last.end.parts} if last.end else set()
        return {part.name for part in map(self._listed, self._parts()) if part in listed}

    def _finish(
        self, parts: Iterable[ListedObject], *, last: _Last, rows: int | None = None
    ) -> bool:
        listed = tuple(self._listed(each) for each in parts)
        end = FolderEnd(version=VERSION, parts=listed, rows=rows)
        if end == last.end and not last.withdrawn:
            return False
        self._write(end)
        return True

    def _write(self, end: FolderEnd, *, metadata: Mapping[str, str] | None = None) -> None:
        self._objects.write_json(self._end_key, encode(end), metadata=metadata)

    def _drop(self, parts: Iterable[ListedObject]) -> None:
        self._objects.delete([each.key for each in parts])

    def _name(self, part: ListedObject) -> str:
        return part.key.removeprefix(self.key)

    def _listed(self, part: ListedObject) -> ListedPart:
        return ListedPart(name=self._name(part), bytes=part.bytes, etag=part.etag)


def marked_name(name: str, body: bytes | Path) -> str:
    """Return a part's name with a mark of its content before the suffix."""
    if isinstance(body, Path):
        with body.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    else:
        digest = hashlib.sha256(body).hexdigest()
    endings = sorted(UPLOAD_SUFFIXES, key=len, reverse=True)
    suffix = next((each for each in endings if name.lower().endswith(each)), "")
    return f"{name[: len(name) - len(suffix)]}-{digest[:16]}{name[len(name) - len(suffix) :]}"
