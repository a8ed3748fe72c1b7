"""Versions of one thing, a file each, with who saved it and when. None is ever overwritten."""

from __future__ import annotations

import dataclasses
from typing import Generic, TypeVar

from adapters.aws.objects import Objects
from adapters.stores.records import read_record
from tessera.api.documents.settings import Revision
from tessera.api.refusals import conflict
from tessera.records.codec import encode

Saved = TypeVar("Saved", bound=Revision)


@dataclasses.dataclass(frozen=True, kw_only=True)
class SavedVersions(Generic[Saved]):
    """The versions below a prefix.

    Parameters
    ----------
    data
        The data bucket.
    prefix
        Where they are.
    kind
        What each of them is.
    """

    data: Objects
    prefix: str
    kind: type[Saved]

    def last(self) -> int:
        """Return the number of the last version, 0 without any."""
        keys = list(self.data.keys(self.prefix))
        return version_number(keys[-1]) if keys else 0

    def read(self, number: int) -> Saved:
        """Return a version."""
        return read_record(self.kind, self.data, self._key(number), tolerant=True)

    def add(self, version: Saved, *, these: str) -> None:
        """Save a version.

        Parameters
        ----------
        version
            Its number is that of the version that it is based on, and 1.
        these
            What it is, for the refusal, such as ``These settings are``.

        Raises
        ------
        RequestRefusal
            It is based on an older version.
        """
        based_on = version.version - 1
        if self.last() != based_on or not self.data.create_json(
            self._key(version.version), encode(version)
        ):
            raise conflict(
                f"{these} based on version {based_on}, and version {self.last()} is in use: read "
                "it, and change that one."
            )

    def _key(self, number: int) -> str:
        return f"{self.prefix}{number:06d}.json"


def version_number(name: str) -> int:
    """Return the number of a version from its file's name or key."""
    return int(name.rpartition("/")[2].removesuffix(".json"))
