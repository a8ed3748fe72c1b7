"""SageMaker processing and training jobs that really run, laid out as in their containers.

moto answers that a job is done at once, and forgets parts of the request. The response class below
sees the whole request and hands it to ``containers``.
"""

from __future__ import annotations

import json
import re
from typing import Any

from botocore.validate import ParamValidator
from moto.core.responses import EmptyResult
from moto.sagemaker import urls
from moto.sagemaker.exceptions import AWSValidationException, ResourceInUseException
from moto.sagemaker.responses import SageMakerResponse

from local.aws.jobs.containers import Processing, Training
from local.aws.jobs.scripts import JobRunner
from local.loopback.models import input_shape

_NAME = re.compile(r"[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}")


class LocalSageMakerResponse(SageMakerResponse):
    """moto's SageMaker API, whose jobs run in our processes."""

    runner: JobRunner

    def create_processing_job(self) -> Any:
        """Start a processing job."""
        request = self._checked("CreateProcessingJob", self.sagemaker_backend.processing_jobs)
        answer = super().create_processing_job()
        job = self.sagemaker_backend.processing_jobs[request["ProcessingJobName"]]
        job.processing_job_status = "InProgress"
        job.processing_end_time = None
        job.environment = request.get("Environment")
        job.processing_resources = request["ProcessingResources"]
        run = Processing(self.runner, request, job)
        self.runner.start(run.run, failed=run.failed)
        return answer

    def create_training_job(self) -> Any:
        """Start a training job."""
        request = self._checked("CreateTrainingJob", self.sagemaker_backend.training_jobs)
        answer = super().create_training_job()
        job = self.sagemaker_backend.training_jobs[request["TrainingJobName"]]
        job.training_job_status = job.secondary_status = "InProgress"
        job.training_end_time = job.final_metric_data_list = None
        job.environment = request.get("Environment")
        run = Training(self.runner, request, job)
        self.runner.start(run.run, failed=run.failed)
        return answer

    def stop_processing_job(self) -> Any:
        """Stop a processing job."""
        self.runner.stop(self._get_param("ProcessingJobName"))
        return super().stop_processing_job()

    def stop_training_job(self) -> Any:
        """Stop a training job, which moto can't."""
        self.runner.stop(self._get_param("TrainingJobName"))
        return EmptyResult()

    def _checked(self, operation: str, known: dict[str, Any]) -> dict[str, Any]:
        """Return the request after the checks that the service makes."""
        request: dict[str, Any] = json.loads(self.body)
        problems = ParamValidator().validate(request, input_shape("sagemaker", operation))
        if problems.has_errors():
            raise AWSValidationException(problems.generate_report())
        name = request.get("ProcessingJobName") or request["TrainingJobName"]
        if _NAME.fullmatch(name) is None:
            raise AWSValidationException(
                f"Value '{name}' at the job's name failed to satisfy constraint: Member must "
                f"satisfy regular expression pattern: {_NAME.pattern}"
            )
        if name in known:
            raise ResourceInUseException(f"Job name must be unique within an account: {name}")
        return request


def install(runner: JobRunner) -> None:
    """Make moto answer SageMaker's API with our class."""
    LocalSageMakerResponse.runner = runner
    urls.url_paths["{0}/$"] = LocalSageMakerResponse.dispatch
