"""Run one job as its service would: inputs from S3, the program, outputs to S3, its error."""

from __future__ import annotations

import dataclasses
import errno
import json
import subprocess
import sys
import tarfile
from collections.abc import Mapping
from pathlib import Path

from adapters.aws import clients
from adapters.aws.addresses import bucket_and_key
from adapters.aws.errors import translated
from adapters.aws.job_host.request import JobRequest
from adapters.aws.objects import Objects
from tessera.errors import InvalidInput, Refused, Retryable, TooLarge

_PROGRAM = Path(__file__).with_name("program.py")
_OURS = {error.__name__: error for error in (InvalidInput, Refused, Retryable)}
_REASONS = ("message", "failure", "reason")  # where a program leaves its error
_MEMORY = {"MemoryError", "OutOfMemoryException"}
_NO_SPACE = "No space left on device"
_CLOUD = ("AWS_", "TESSERA_ENDPOINT_")  # credentials and endpoints


class JobFailed(Exception):  # noqa: N818 (what happened)
    """A program failed by an error that is not ours. The message has it as JSON."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class JobHost:
    """A machine for one small job at a time.

    Parameters
    ----------
    libraries
        The folder of what the job's container would have installed.
    folder
        An empty folder for the job's files.
    environment
        The function's own variables.
    """

    libraries: Path
    folder: Path
    environment: Mapping[str, str]

    @property
    def _root(self) -> Path:
        return self.folder / "opt" / "ml"

    def run(self, job: JobRequest, *, timeout_seconds: float) -> None:
        """Run a job to its end.

        Raises
        ------
        TooLarge
            Memory, disk or time were not enough.
        InvalidInput, Refused, Retryable
            The program's own error.
        JobFailed
            Another error of the program.
        """
        try:
            [code] = _download(job.code, self.folder / "code")
            for name, uri in job.inputs.items():
                _download(uri, self._root / name)
            for name in ("model", "output", *job.outputs):
                (self._root / name).mkdir(parents=True, exist_ok=True)
            self._run(job, code, timeout_seconds=timeout_seconds)
            for name, uri in job.outputs.items():
                _upload(self._root / name, uri)
            if job.model:
                self._upload_model(job.model)
        except OSError as error:
            if error.errno == errno.ENOSPC:
                raise TooLarge(f"the disk was full: {_NO_SPACE}") from error
            raise

    def _run(self, job: JobRequest, code: Path, *, timeout_seconds: float) -> None:
        words = [str(self.libraries), str(code), job.module, *job.arguments]
        try:
            ended = subprocess.run(
                [sys.executable, str(_PROGRAM), *words],
                env=self._variables(job),
                cwd=self.folder,
                timeout=timeout_seconds,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise TooLarge(f"the job had not ended after {timeout_seconds:.0f} s") from error
        if ended.returncode:
            self._fail(ended.returncode)

    def _variables(self, job: JobRequest) -> dict[str, str]:
        scratch = self.folder / "tmp"
        scratch.mkdir()
        hidden = _CLOUD if job.isolated else ()
        own = {name: v for name, v in self.environment.items() if not name.startswith(hidden)}
        places = {"HOME": self.folder, "TMPDIR": scratch, "ML_ROOT": self._root}
        return {**own, **job.environment, **{name: str(path) for name, path in places.items()}}

    def _fail(self, code: int) -> None:
        files = [self._root / "output" / name for name in _REASONS]
        text = next((file.read_text(encoding="utf-8") for file in files if file.exists()), "")
        if not text:
            if code < 0:  # by a signal: the system takes a program's memory back so
                raise TooLarge(f"the job was killed: signal {-code}")
            raise JobFailed(f"exit code: {code}")
        reason = json.loads(text)
        if reason["error"] in _MEMORY or _NO_SPACE in reason["message"]:
            raise TooLarge(f"{reason['error']}: the function's memory or disk was not enough")
        if reason["error"] in _OURS:
            raise _OURS[reason["error"]](reason["message"])
        raise JobFailed(text)

    def _upload_model(self, uri: str) -> None:
        archive = self.folder / "model.tar.gz"
        with tarfile.open(archive, "w:gz") as tar:
            for path in sorted((self._root / "model").iterdir()):
                tar.add(path, arcname=path.name)
        _put(archive, *bucket_and_key(uri))


def _download(uri: str, folder: Path) -> list[Path]:
    """Copy the object at ``uri``, or those below it, into a folder. Return the files."""
    bucket, prefix = bucket_and_key(uri)
    objects = Objects.shared(bucket)
    keys = list(objects.keys(prefix))
    base = prefix.rpartition("/")[0] + "/"
    if prefix in keys:
        keys = [prefix]
    if not keys:
        raise InvalidInput(f"there is nothing at {uri}: the step before this one writes it")
    return [objects.download(key, folder / key.removeprefix(base)) for key in keys]


def _upload(folder: Path, uri: str) -> None:
    bucket, prefix = bucket_and_key(uri)
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            _put(path, bucket, f"{prefix.rstrip('/')}/{path.relative_to(folder).as_posix()}")


def _put(path: Path, bucket: str, key: str) -> None:
    """Upload a file without the tags of a run's files: FinishRun adds them for any service."""
    with translated("S3", what=f"s3://{bucket}/{key}", missing=f"there is no bucket {bucket}"):
        clients.shared_s3().upload_file(str(path), bucket, key)
