"""What S3 knows of an object besides its bytes."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping


@dataclasses.dataclass(frozen=True, kw_only=True)
class ObjectFacts:
    """The facts. ``modified`` is ISO 8601 in UTC."""

    key: str
    version: str
    modified: str
    bytes: int
    etag: str
    metadata: Mapping[str, str]
