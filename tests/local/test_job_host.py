"""A function and a job of the same request leave the same bytes."""

from __future__ import annotations

import csv
import io
import json
import os
import tarfile
from pathlib import Path
from typing import Any

import pytest

from adapters.aws.job_host.host import JobHost
from adapters.aws.job_host.request import JobRequest
from local.app.system import System
from local.aws.server import EmbeddedAws

pytestmark = pytest.mark.slow

JOBS = {"TrainKMeans": "training", "Score": "processing"}


@pytest.fixture(scope="module")
def requests(
    system: System, sample: list[dict[str, str]], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Any]:
    """The requests of a run in jobs, by their state."""
    path = tmp_path_factory.mktemp("upload") / "small.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        lines = csv.DictWriter(file, sample[0], lineterminator="\n")
        lines.writeheader()
        lines.writerows(sample[:300])
    execution = system.execution_of(system.upload(path, tenant="functions"))
    assert system.wait(execution)["status"] == "SUCCEEDED"
    history = system.history(execution)
    names = {
        event["id"]: event["stateEnteredEventDetails"]["name"]
        for event in history
        if "stateEnteredEventDetails" in event
    }
    return {
        names[event["previousEventId"]]: json.loads(details["parameters"])
        for event in history
        if (details := event.get("taskScheduledEventDetails")) and event["previousEventId"] in names
    }


@pytest.fixture
def reached(aws: EmbeddedAws, shared_clients: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Clients of this process reach the embedded AWS, as those of a function do."""
    for name, value in aws.variables().items():
        monkeypatch.setenv(name, value)


@pytest.mark.parametrize("state", JOBS)
def test_the_outputs_are_equal(
    state: str, requests: dict[str, Any], system: System, tmp_path: Path, reached: None
) -> None:
    job = JobRequest.parse(JOBS[state], requests[state])  # type: ignore[arg-type]
    written = [*job.outputs.values(), *filter(None, [job.model])]
    before = contents(system, written)
    assert before
    for key in before:
        system.client("s3").delete_object(Bucket=system.data_bucket, Key=key)
    folder, libraries = tmp_path / "job", tmp_path / "libraries"
    folder.mkdir()
    host = JobHost(libraries=libraries, folder=folder, environment=dict(os.environ))
    host.run(job, timeout_seconds=120)
    assert contents(system, written) == before


def contents(system: System, addresses: list[str]) -> dict[str, object]:
    """Return what is at addresses: bytes, of a model its files, of a record all but its times."""
    match: dict[str, object] = {}
    for uri in addresses:
        prefix = uri.partition(f"{system.data_bucket}/")[2]
        for key in system.keys(system.data_bucket, prefix):
            match[key] = content = system.read(system.data_bucket, key)
            if key.endswith(".tar.gz"):
                with tarfile.open(fileobj=io.BytesIO(content)) as tar:
                    files = (tar.extractfile(each) for each in tar.getmembers())
                    match[key] = [file.read() for file in files if file]
            elif key.endswith(".json"):
                match[key] = {**json.loads(content), "timings": None}
    return match
