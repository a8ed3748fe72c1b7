"""Functions that do the work of a run's jobs where the run is small, with the jobs' own rights."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_s3_assets as s3_assets
from constructs import Construct

from infra.foundation.functions import FunctionMaker
from infra.kit import assets
from infra.kit.function import PythonFunction
from infra.kit.grants import allow, allow_asset
from infra.pipeline.constructs.jobs import PipelineJobs
from infra.pipeline.settings import JobSettings
from infra.pipeline.steps import RUN, SmallJob
from tessera.environments.run_job import RunJobEnvironment

_MOST_MINUTES = 15  # of any function
_STORAGE_GB = 6  # the libraries, and an upload with its spill files


class JobFunctions(Construct):
    """A function per job, all of the same code. They get the requests that the jobs would get."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        maker: FunctionMaker,
        jobs: PipelineJobs,
        settings: JobSettings,
    ) -> None:
        super().__init__(scope, id_)
        self._maker, self._jobs, self._memory_mb = maker, jobs, settings.function_memory_mb
        built = assets.libraries()
        self._libraries = s3_assets.Asset(
            self, "Libraries", path=str(built.path), asset_hash=built.digest
        )
        self._environment = RunJobEnvironment(
            libraries=self._libraries.s3_object_url, libraries_sha256=built.digest
        )
        allowed = jobs.grants.by_state()
        self.by_state = {state: self._function(state) for state in allowed}
        for state, function in self.by_state.items():
            allowed[state](function.role)

    def _function(self, state: str) -> PythonFunction:
        function = self._maker.make(
            self,
            state,
            folder="run_job",
            environment=self._environment,
            minutes=_MOST_MINUTES,
            memory_mb=self._memory_mb,
            storage_gb=_STORAGE_GB,
            architecture=lambda_.Architecture.X86_64,  # as the jobs and the libraries
        )
        for asset in (self._libraries, self._jobs.code):
            allow_asset(function.role, asset)
        return function

    def small(self) -> Mapping[str, SmallJob]:
        """Return what the states call, by the job's state."""
        requests = self._jobs.small_requests(memory_mb=self._memory_mb)
        return {
            state: SmallJob(function=function.called, event={**RUN, **_event(requests[state])})
            for state, function in self.by_state.items()
        }

    def allow_call(self, role: iam.Role) -> None:
        """Let the state machine call the functions."""
        arns = (function.arn for function in self.by_state.values())
        allow(role, ["lambda:InvokeFunction"], *arns)


def _event(request: dict[str, Any]) -> dict[str, Any]:
    kinds = {"ProcessingJobName": "processing", "TrainingJobName": "training", "JobName": "glue"}
    [kind] = [kind for name, kind in kinds.items() if name in request]
    return {"kind": kind, "request": request}
