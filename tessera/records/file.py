"""A file that a step read or wrote, as every record lists it."""

from __future__ import annotations

import dataclasses


@dataclasses.dataclass(frozen=True, kw_only=True)
class File:
    """A file, by its key.

    Parameters
    ----------
    key
        Its key in the bucket.
    bytes
        Its size as stored.
    sha256
        The hash of its content, in hexadecimal.
    """

    key: str
    bytes: int
    sha256: str
