"""Run a small job in this function. Called by the states whose names end in `InFunction`."""

from __future__ import annotations

import os
import tempfile
import time
from pathlib import Path
from typing import Any

from adapters.aws.function_logs import logged
from adapters.aws.job_host.host import JobHost
from adapters.aws.job_host.libraries import load_libraries
from adapters.aws.job_host.request import JobRequest
from tessera.environments.run_job import RunJobEnvironment

_ENDING_SECONDS = 15  # what uploading the outputs may take beyond the program's own time


@logged("RunJob", facts=("loading_seconds", "seconds"))
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:  # noqa: ANN401 (Lambda's own)
    """Reply with the seconds, and the address of the model. Errors pass through."""
    began = time.perf_counter()
    env = RunJobEnvironment.from_env(os.environ)
    disk = Path(tempfile.gettempdir())
    libraries = load_libraries(env.libraries, sha256=env.libraries_sha256, disk=disk)
    loaded = time.perf_counter()
    job = JobRequest.parse(event["kind"], event["request"])
    with tempfile.TemporaryDirectory(dir=disk, prefix="job-") as folder:
        host = JobHost(libraries=libraries, folder=Path(folder), environment=dict(os.environ))
        remaining = context.get_remaining_time_in_millis() / 1000
        host.run(job, timeout_seconds=remaining - _ENDING_SECONDS)
    return {
        "tenant": event["tenant"],
        "run_id": event["run_id"],
        "model": job.model,
        "loading_seconds": round(loaded - began, 3),
        "seconds": round(time.perf_counter() - began, 3),
    }
