"""A bucket in memory, whose writer may die between any two changes."""

from __future__ import annotations

import datetime as dt
import itertools
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from adapters.aws.objects import ListedObject, Objects

START = dt.datetime(2026, 11, 29, tzinfo=dt.UTC)


class WriterDied(Exception):  # noqa: N818 (no error: the process is gone)
    """The process ends here."""


class BucketInMemory(Objects):
    """Objects with ETags that differ with each write, as those of S3 do under a KMS key.

    Parameters
    ----------
    changes
        After how many further writes and deletions the writer dies. Negative for never.
    """

    def __init__(self, bucket: str = "data") -> None:
        self.bucket = bucket
        self.changes = -1
        self.bodies: dict[str, bytes] = {}
        self.listed: dict[str, ListedObject] = {}
        self.metadata: dict[str, Mapping[str, str]] = {}
        self._count = itertools.count(1)

    def read(self, key: str, **_: Any) -> bytes:
        return self.bodies[key]

    def head(self, key: str, **_: Any) -> dict[str, Any]:
        return {"Metadata": self.metadata[key], "ETag": self.listed[key].etag}

    def read_range(self, key: str, start: int, size: int, **_: Any) -> bytes:
        return self.bodies[key][start : start + size]

    def download(self, key: str, path: Path, **_: Any) -> Path:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(self.bodies[key])
        return path

    def exists(self, key: str) -> bool:
        return key in self.bodies

    def write(
        self, key: str, data: bytes, *, metadata: Mapping[str, str] | None = None, **_: Any
    ) -> None:
        self._change()
        number = next(self._count)
        self.bodies[key], self.metadata[key] = data, metadata or {}
        self.listed[key] = ListedObject(
            key=key,
            bytes=len(data),
            modified_at=START + dt.timedelta(seconds=number),
            etag=f"etag-{number}",
        )

    def create(self, key: str, data: bytes) -> bool:
        if key in self.bodies:
            return False
        self.write(key, data)
        return True

    def tagged_json(self, key: str) -> tuple[Any, str]:
        return self.read_json(key), self.listed[key].etag

    def replace_json(self, key: str, value: object, *, etag: str) -> bool:
        if self.listed[key].etag != etag:
            return False
        self.write_json(key, value)
        return True

    def create_json(self, key: str, value: object) -> bool:
        return self.create(key, json.dumps(value).encode())

    def folders(self, prefix: str) -> list[str]:
        below = (key.removeprefix(prefix) for key in self.bodies if key.startswith(prefix))
        return sorted({name.split("/")[0] for name in below if "/" in name})

    def upload(self, path: Path, key: str) -> None:
        self.write(key, path.read_bytes())

    def entries(self, prefix: str) -> list[ListedObject]:
        return [self.listed[key] for key in sorted(self.bodies) if key.startswith(prefix)]

    def delete(self, keys: Sequence[str]) -> None:
        for key in keys:
            self._change()
            self.bodies.pop(key, None)

    def _change(self) -> None:
        if self.changes == 0:
            raise WriterDied
        self.changes -= 1
