"""The example in functions: equal to the bytes of jobs, its cold starts, its time and its cost.

The app runs twice in the embedded AWS, once with each way to compute. Then each event that the
functions got is answered again as by a new environment on AWS: by Lambda's own Python, from the
deployed package and the archive of libraries, with nothing else installed.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import os
import resource
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from bench.latency import EXAMPLE
from bench.report import Ratio, Section, table
from infra.kit import assets, bytecode
from infra.pipeline.settings import JobSettings
from local.app import assembly
from local.app.inputs.settings_file import stage_settings
from local.app.stand_ins import services
from local.app.system import GLUE_ARGUMENTS, System
from local.aws.server import EmbeddedAws
from tessera.environments.machines import IN_FUNCTION
from tessera.insights.cost.price_list import price_list

_TITLE = "The example in functions"
_SECRET = {"PseudonymSecret": "a secret of the benchmark, the same in both runs"}
_BUCKET = "libraries"
_WORKER = Path(__file__).with_name("function_event.py")
_NETWORK_MB = 75  # a second, which a function gets from S3: not measured here
_INIT_SECONDS = 0.5  # starting the interpreter and importing the package, billed too
_MOST_SECONDS, _MOST_USD = 60, 0.002
_TRAININGS = ("TrainKMeans", "TrainForecasts", "TrainChurn")  # side by side
# Tables of a run. Files for destinations have instants, and two jobs order the stored events of one
# customer differently.
_COMPARED = (
    "/profiles/", "/transitions/", "/model_cards/", "/identities/", "/customers/", "/features/",
    "/behaviour_days/", "/details/",
)  # fmt: skip


@dataclasses.dataclass(frozen=True)
class Answered:
    """An event's time: of all, of the loading in it, and of the processors."""

    state: str
    seconds: float
    loading_seconds: float
    cpu_seconds: float


def measure(*, say: Callable[[str], None]) -> Section:
    """Run the example in jobs and in functions, and its events again in new environments."""
    python = bytecode.compiler(assets.LIBRARIES.python)
    if python is None:
        return Section(_TITLE, (f"Omitted without a Python {assets.LIBRARIES.python}.",), ())
    say("the libraries of functions")
    built = assets.libraries()
    say("the example in jobs")
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as alone:  # moto keeps its state
        jobs = alone.submit(_in_jobs).result()
    say("the example in functions, and in new environments")
    with _finished("functions") as (system, events):
        functions = dict(_tables(system))
        system.client("s3").create_bucket(Bucket=_BUCKET)
        system.client("s3").upload_file(str(built.path), _BUCKET, built.path.name)
        answered = [
            _answer(state, event, python=python, built=built, endpoint=system.endpoint)
            for state, event in events.items()
        ]
        again = dict(_tables(system))
    return _section(built, answered, differing=_differing(jobs, functions, again))


def _in_jobs() -> dict[str, str]:
    with _finished("jobs") as (system, _):
        return dict(_tables(system))


class _finished:  # noqa: N801 (used as a with statement)
    """The example, finished in an embedded AWS, and the events that functions got for it."""

    def __init__(self, compute: str) -> None:
        self._aws = EmbeddedAws(services=services(stage_settings()), glue_arguments=GLUE_ARGUMENTS)
        self._compute = compute

    def __enter__(self) -> tuple[System, Mapping[str, Any]]:
        aws = self._aws.__enter__()
        deployed = aws.deploy(assembly.cached(compute=self._compute), secrets=_SECRET)
        system = System(aws, deployed, pause=aws.pause)
        execution = system.execution_of(system.upload(EXAMPLE, tenant="default"))
        status = system.wait(execution)["status"]
        if status != "SUCCEEDED":
            raise RuntimeError(
                f"the run in {self._compute} is {status}: {system.error_of(execution)}"
            )
        return system, dict(_events(system.history(execution)))

    def __exit__(self, *error: object) -> None:
        self._aws.stop()


def _events(history: list[dict[str, Any]]) -> Iterator[tuple[str, Any]]:
    """Yield the event of each function that worked in place of a job, by the job's state."""
    by_id = {event["id"]: event for event in history}
    for event in history:
        details = event.get("taskScheduledEventDetails", {})
        payload = json.loads(details.get("parameters") or "{}").get("Payload", {})
        if "request" in payload:
            entered = by_id[event["previousEventId"]]["stateEnteredEventDetails"]
            yield entered["name"].removesuffix(IN_FUNCTION), payload


def _tables(system: System) -> Iterator[tuple[str, str]]:
    """Yield each file's hash by its key. A run's id is that of its upload's version, so it goes."""
    [execution] = system.executions()
    _, run_id = system.run_of(execution) or ("", "")
    for bucket in (system.data_bucket, system.identities_bucket):
        for key in system.keys(bucket):
            if any(part in key for part in _COMPARED):
                yield (
                    key.replace(run_id, "RUN"),
                    hashlib.sha256(system.read(bucket, key)).hexdigest(),
                )


def _differing(*runs: Mapping[str, str]) -> list[str]:
    names = sorted({key for run in runs for key in run})
    return [key for key in names if len({run.get(key) for run in runs}) > 1]


def _answer(
    state: str, event: Mapping[str, Any], *, python: str, built: assets.Built, endpoint: str
) -> Answered:
    with tempfile.TemporaryDirectory() as folder:
        given, reply = Path(folder, "event.json"), Path(folder, "reply.json")
        given.write_text(json.dumps(event), encoding="utf-8")
        env = {
            "PATH": os.environ["PATH"], "TMPDIR": folder, "AWS_ENDPOINT_URL": endpoint,
            "AWS_ACCESS_KEY_ID": "local", "AWS_SECRET_ACCESS_KEY": "local",
            "AWS_DEFAULT_REGION": "us-east-1", "LIBRARIES_SHA256": built.digest,
            "LIBRARIES": f"s3://{_BUCKET}/{built.path.name}",
        }  # fmt: skip
        words = [str(assets.lambda_code().path), str(given), str(reply)]
        began, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([python, "-S", str(_WORKER), *words], env=env, cwd=folder, check=True)
        seconds, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
        answer = json.loads(reply.read_text(encoding="utf-8"))
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Answered(state, seconds, answer["loading_seconds"], used)


def _section(built: assets.Built, answered: list[Answered], *, differing: list[str]) -> Section:
    megabytes = built.path.stat().st_size / 1e6
    network = megabytes / _NETWORK_MB
    gb, prices = JobSettings().function_memory_mb / 1024, price_list("us-east-1")
    assert prices is not None  # noqa: S101 (the file ships with the product)
    # As if one processor did it all, so that other work on this machine does not count.
    billed = {each.state: each.cpu_seconds + network + _INIT_SECONDS for each in answered}
    usd = sum(billed.values()) * gb * prices.functions["gb_hour"] / 3600
    beside = max((billed.pop(name, 0) for name in _TRAININGS), default=0)
    total = sum(billed.values()) + beside
    rows = [
        [
            each.state,
            f"{each.seconds:.1f}",
            f"{each.loading_seconds:.1f}",
            f"{each.cpu_seconds:.1f}",
        ]
        for each in answered
    ]
    lines = (
        *table(["function", "seconds", "of these loading", "processor s"], rows),
        "",
        f"The archive has {megabytes:.0f} MB{', with bytecode' if built.bytecode else ''}.",
        f"On AWS: {network:.1f} s more for each download at {_NETWORK_MB} MB a second, and "
        f"{_INIT_SECONDS} s to start: {total:.0f} s in all, ${usd:.4f} at {gb:.2f} GB.",
        f"Files of tables that differ between jobs and functions: {len(differing)}. "
        + ", ".join(differing),
    )
    return Section(
        _TITLE,
        lines,
        (
            Ratio("functions: the example, computed seconds on AWS", total, _MOST_SECONDS),
            Ratio("functions: the example, computed cents", 100 * usd, 100 * _MOST_USD),
            Ratio("functions: files that differ from those of jobs", len(differing), 0),
        ),
    )
