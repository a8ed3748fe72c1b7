"""Jobs that run once. Ordered again for the same run, a stub leaves what the first one left."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from local.app.system import System
from local.aws.jobs.scripts import Ending
from local.aws.server import EmbeddedAws

_ATTEMPT = re.compile(r"-\d+-\d+$")  # at the end of the name of a SageMaker job
_BEGIN = 2  # the interpreter and the script of a Glue job, before its arguments


@dataclasses.dataclass(frozen=True)
class _Left:
    """What a job left: files in its folder, and objects by bucket and key."""

    files: Mapping[Path, bytes]
    objects: Mapping[tuple[str, str], bytes]


class StubJobs:
    """Stands in for ``execute`` of an embedded AWS's jobs.

    A job that fails is run again. One that succeeded is not: its outputs are put back, which a run
    that failed may have removed.
    """

    def __init__(self, aws: EmbeddedAws, system: System) -> None:
        self._run = aws.jobs.execute
        self._s3 = aws.client("s3")
        self._buckets = (system.data_bucket, system.identities_bucket)
        self._left: dict[str, _Left] = {}

    def execute(self, name: str, command: Sequence[str], *, folder: Path, **how: Any) -> Ending:
        """Run a job, or leave what it left before."""
        key = _ATTEMPT.sub("", name)
        if "--JOB_RUN_ID" in command:
            key = " ".join(word for word in command[_BEGIN:] if word != name)
        if key in self._left:
            self._put_back(self._left[key], folder)
            return Ending(0, "", timed_out=False)
        files, objects = _files(folder), self._objects()
        ending = self._run(name, command, folder=folder, **how)
        if ending.code == 0:
            self._left[key] = _Left(
                files={
                    path.relative_to(folder): path.read_bytes() for path in _files(folder) - files
                },
                objects={
                    (bucket, key): self._s3.get_object(Bucket=bucket, Key=key)["Body"].read()
                    for bucket, key, _ in self._objects() - objects
                },
            )
        return ending

    def _put_back(self, left: _Left, folder: Path) -> None:
        for path, content in left.files.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(content)
        for (bucket, key), content in left.objects.items():
            self._s3.put_object(Bucket=bucket, Key=key, Body=content)

    def _objects(self) -> set[tuple[str, str, str]]:
        pages = self._s3.get_paginator("list_objects_v2")
        return {
            (bucket, one["Key"], one["ETag"])
            for bucket in self._buckets
            for page in pages.paginate(Bucket=bucket, Prefix="tenants/")
            for one in page.get("Contents", [])
        }


def _files(folder: Path) -> set[Path]:
    return {path for path in folder.rglob("*") if path.is_file()}
