"""Glue job runs that really run: the job's script in a Python process, with Glue's arguments."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from moto.glue.models import GlueBackend, glue_backends
from moto.moto_api import state_manager

from local.aws.jobs import spark, staging
from local.aws.jobs.scripts import JobRunner

_SHIMS = Path(__file__).with_name("shims")
_COMMANDS = ("glueetl", "pythonshell")
_EXTRA_FILES = "--extra-py-files"


class LocalGlueBackend(GlueBackend):
    """moto's backend, whose job runs run in our processes."""

    __module__ = GlueBackend.__module__  # moto finds the service's URLs by this name
    runner: JobRunner
    defaults: Mapping[str, str]

    def start_job_run(self, name: str, *args: Any, **kwargs: Any) -> Any:
        """Start a run of a job."""
        run_id = super().start_job_run(name, *args, **kwargs)
        job = self.get_job(name)
        run = next(run for run in job.job_runs if run.job_run_id == run_id)
        run.status = "RUNNING"
        run.completed_on = None
        one = _Run(self.runner, job, run, defaults=self.defaults)
        self.runner.start(one.run, failed=lambda reason: one.end("FAILED", reason))
        return run_id


def install(runner: JobRunner, *, defaults: Mapping[str, str]) -> None:
    """Make moto run Glue jobs in our backend. ``defaults`` are arguments of every run."""
    LocalGlueBackend.runner = runner
    LocalGlueBackend.defaults = defaults
    glue_backends.backend = LocalGlueBackend
    glue_backends.clear()
    state_manager.set_transition("glue::job_run", {"progression": "manual", "times": 10**9})


class _Run:
    def __init__(
        self, runner: JobRunner, job: Any, run: Any, *, defaults: Mapping[str, str]
    ) -> None:
        self._defaults = defaults
        self._runner = runner
        self._job = job
        self._run = run
        described = run.as_dict
        self._details: dict[str, Any] = {}
        run.as_dict = lambda: {**described(), **self._details}

    def run(self) -> None:
        """Fetch the script and what it imports, run it, say how it ended."""
        command = self._job.command
        if command["Name"] not in _COMMANDS:
            raise RuntimeError(f"Glue command {command['Name']!r} does not run on a laptop")
        folder = self._runner.work / "glue" / self._run.job_run_id[:16]
        folder.mkdir(parents=True)
        s3 = self._runner.client("s3")
        (script,) = staging.download(s3, command["ScriptLocation"], folder)
        given = {**self._defaults, **(self._run.arguments or {})}
        arguments = {name: str(value) for name, value in given.items()}
        extra = [uri for uri in arguments.get(_EXTRA_FILES, "").split(",") if uri]
        imported = [staging.download(s3, uri, folder / "python")[0] for uri in extra]
        words = [word for pair in arguments.items() for word in pair]
        identity = ["--JOB_NAME", self._job.name, "--JOB_RUN_ID", self._run.job_run_id]
        ending = self._runner.execute(
            self._run.job_run_id,
            ["python3", str(script), *identity, *words],
            kind="glue",
            env={
                "PYTHONPATH": ":".join(map(str, [*imported, _SHIMS])),
                **spark.environment(self._runner.work),
            },
            folder=folder,
            timeout_s=float(self._run.timeout or 2880) * 60,
            log_group="/aws-glue/jobs/output",
        )
        if ending.timed_out:
            self.end("TIMEOUT", "JobRun timed out")
        elif ending.code == 0:
            self.end("SUCCEEDED", "")
        else:
            self.end("FAILED", ending.last_line or f"exit code: {ending.code}")

    def end(self, status: str, message: str) -> None:
        """Say how the run ended."""
        self._run.completed_on = dt.datetime.now(dt.UTC).replace(tzinfo=None)
        took = self._run.completed_on - self._run.started_on
        self._details["ExecutionTime"] = max(1, round(took.total_seconds()))
        if message:
            self._details["ErrorMessage"] = message
        self._run.status = status
