"""The inside of a SageMaker job: folders below ``/opt/ml``, inputs, the program, outputs, its end.

``/opt/ml`` becomes a folder of the job's own. Scripts learn it by ``ML_ROOT``.
"""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

from local.aws.jobs import staging
from local.aws.jobs.scripts import Ending, JobRunner

_DAY_S = 86_400
_ISOLATED = "EnableNetworkIsolation"
_HOSTS = {"current_host": "algo-1", "hosts": ["algo-1"]}


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC).replace(tzinfo=None)


class Processing:
    """One processing job: fetch inputs, run, store outputs, say how it ended."""

    def __init__(self, runner: JobRunner, request: dict[str, Any], job: Any) -> None:
        self._runner = runner
        self._request = request
        self._job = job
        self._name = request["ProcessingJobName"]
        self._root = runner.work / "processing" / self._name
        self._ml = self._root / "opt" / "ml"

    def run(self) -> None:
        """Run the job to its end."""
        s3 = self._runner.client("s3")
        for folder in ("config", "processing", "output"):
            (self._ml / folder).mkdir(parents=True)
        _write(self._ml / "config/processingjobconfig.json", self._request)
        _write(self._ml / "config/resourceconfig.json", _HOSTS)
        for item in self._request.get("ProcessingInputs", []):
            source = item["S3Input"]
            staging.download(s3, source["S3Uri"], Path(self._inside(source["LocalPath"])))
        outputs = self._request.get("ProcessingOutputConfig", {}).get("Outputs", [])
        for item in outputs:
            Path(self._inside(item["S3Output"]["LocalPath"])).mkdir(parents=True, exist_ok=True)
        ending = self._execute()
        message = self._ml / "output/message"
        if message.exists():
            self._job.exit_message = message.read_text()[:1024]
        if ending.code == 0:
            for item in outputs:
                made = Path(self._inside(item["S3Output"]["LocalPath"]))
                staging.upload(s3, made, item["S3Output"]["S3Uri"])
        self._end(ending)

    def _execute(self) -> Ending:
        app = self._request["AppSpecification"]
        command = [*app["ContainerEntrypoint"], *app.get("ContainerArguments", [])]
        return self._runner.execute(
            self._name,
            [self._inside(word) for word in command],
            kind="processing",
            env={**self._request.get("Environment", {}), "ML_ROOT": str(self._ml)},
            folder=self._root,
            timeout_s=self._request.get("StoppingCondition", {}).get("MaxRuntimeInSeconds", _DAY_S),
            log_group="/aws/sagemaker/ProcessingJobs",
            online=not self._request.get("NetworkConfig", {}).get(_ISOLATED, False),
        )

    def _end(self, ending: Ending) -> None:
        self._job.processing_end_time = _now()
        if self._runner.was_stopped(self._name) or ending.timed_out:
            if ending.timed_out:
                self._job.failure_reason = "MaxRuntimeExceeded: the job's time was up"
            self._job.processing_job_status = "Stopped"
        elif ending.code == 0:
            self._job.processing_job_status = "Completed"
        else:
            self.failed(f"AlgorithmError: See job logs for more information, {_code(ending)}")

    def failed(self, reason: str) -> None:
        """Say that the job failed, and why."""
        self._job.failure_reason = reason[:1024]
        self._job.processing_job_status = "Failed"

    def _inside(self, text: str) -> str:
        return text.replace("/opt/ml", str(self._ml))


class Training:
    """One training job in script mode, or with its own entry point."""

    def __init__(self, runner: JobRunner, request: dict[str, Any], job: Any) -> None:
        self._runner = runner
        self._request = request
        self._job = job
        self._name = request["TrainingJobName"]
        self._root = runner.work / "training" / self._name
        self._ml = self._root / "opt" / "ml"
        self._channels = {c["ChannelName"]: c for c in request.get("InputDataConfig", [])}

    def run(self) -> None:
        """Run the job to its end."""
        s3 = self._runner.client("s3")
        for folder in ("input/config", "input/data", "model", "output/data", "code"):
            (self._ml / folder).mkdir(parents=True)
        config = self._ml / "input/config"
        _write(config / "hyperparameters.json", self._request.get("HyperParameters", {}))
        _write(config / "inputdataconfig.json", self._channels)
        _write(config / "resourceconfig.json", _HOSTS)
        for name, channel in self._channels.items():
            uri = channel["DataSource"]["S3DataSource"]["S3Uri"]
            staging.download(s3, uri, self._ml / "input/data" / name)
        ending = self._execute()
        self._job.training_end_time = _now()
        if ending.code == 0:
            output = self._request["OutputDataConfig"]["S3OutputPath"].rstrip("/")
            artifacts = f"{output}/{self._name}/output/model.tar.gz"
            staging.upload_archive(s3, self._ml / "model", artifacts)
            self._job.model_artifacts = {"S3ModelArtifacts": artifacts}
        self._end(ending)

    def _execute(self) -> Ending:
        specification = self._request["AlgorithmSpecification"]
        if not specification.get("ContainerEntrypoint"):
            raise RuntimeError(
                f"image {specification.get('TrainingImage')} can't run on a laptop: only a "
                "training job with its own ContainerEntrypoint does"
            )
        words = [
            *specification["ContainerEntrypoint"],
            *specification.get("ContainerArguments", []),
        ]
        command = [word.replace("/opt/ml", str(self._ml)) for word in words]
        folders = {
            f"SM_CHANNEL_{n.upper()}": str(self._ml / "input/data" / n) for n in self._channels
        }
        return self._runner.execute(
            self._name,
            command,
            kind="training",
            env={
                **folders,
                "SM_MODEL_DIR": str(self._ml / "model"),
                **self._request.get("Environment", {}),
                "ML_ROOT": str(self._ml),
            },
            folder=self._root,
            timeout_s=self._request["StoppingCondition"].get("MaxRuntimeInSeconds", _DAY_S),
            log_group="/aws/sagemaker/TrainingJobs",
            online=not self._request.get(_ISOLATED, False),
        )

    def _end(self, ending: Ending) -> None:
        if self._runner.was_stopped(self._name) or ending.timed_out:
            self._job.secondary_status = "MaxRuntimeExceeded" if ending.timed_out else "Stopped"
            self._job.training_job_status = "Stopped"
        elif ending.code == 0:
            self._job.training_job_status = self._job.secondary_status = "Completed"
        else:
            file = self._ml / "output/failure"
            message = file.read_text() if file.exists() else ""
            self.failed(f"AlgorithmError: {message[:900]}, {_code(ending)}")

    def failed(self, reason: str) -> None:
        """Say that the job failed, and why."""
        self._job.failure_reason = reason[:1024]
        self._job.training_job_status = self._job.secondary_status = "Failed"


def _write(path: Path, value: object) -> None:
    path.write_text(json.dumps(value))


def _code(ending: Ending) -> str:
    return f"exit code: {ending.code}"
