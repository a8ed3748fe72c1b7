"""What the request of a job asks of the machine that runs it, whichever service it is for."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any, Literal

Kind = Literal["processing", "training", "glue"]

_ROOT = "/opt/ml/"
_CODE = "code"
_MODULES = "--extra-py-files"
_ISOLATED = "EnableNetworkIsolation"


@dataclasses.dataclass(frozen=True, kw_only=True)
class JobRequest:
    """A job as the machine sees it. Folders are relative to ``/opt/ml``.

    Parameters
    ----------
    module
        The package that runs.
    code
        The address of the zip that has it.
    arguments, environment
        Of the program.
    inputs, outputs
        Addresses by folder: what is there before the job, and what is uploaded after it.
    model
        The address of the archive of a training's model. Empty for other jobs.
    isolated
        Whether the program gets neither credentials nor endpoints.
    """

    module: str
    code: str
    arguments: tuple[str, ...]
    environment: Mapping[str, str] = dataclasses.field(default_factory=dict)
    inputs: Mapping[str, str] = dataclasses.field(default_factory=dict)
    outputs: Mapping[str, str] = dataclasses.field(default_factory=dict)
    model: str = ""
    isolated: bool = False

    @classmethod
    def parse(cls, kind: Kind, request: Mapping[str, Any]) -> JobRequest:
        """Read a request to SageMaker or Glue."""
        return {"processing": _processing, "training": _training, "glue": _glue}[kind](request)


def _processing(request: Mapping[str, Any]) -> JobRequest:
    inputs = {each["InputName"]: each["S3Input"] for each in request["ProcessingInputs"]}
    outputs = request.get("ProcessingOutputConfig", {}).get("Outputs", [])
    return JobRequest(
        module="sagemaker_jobs",
        code=inputs.pop(_CODE)["S3Uri"],
        arguments=tuple(request["AppSpecification"]["ContainerArguments"]),
        environment=request.get("Environment", {}),
        inputs={_inside(each["LocalPath"]): each["S3Uri"] for each in inputs.values()},
        outputs={
            _inside(each["S3Output"]["LocalPath"]): each["S3Output"]["S3Uri"] for each in outputs
        },
        isolated=request["NetworkConfig"][_ISOLATED],
    )


def _training(request: Mapping[str, Any]) -> JobRequest:
    inputs = {
        each["ChannelName"]: each["DataSource"]["S3DataSource"]["S3Uri"]
        for each in request["InputDataConfig"]
    }
    below = request["OutputDataConfig"]["S3OutputPath"].rstrip("/")
    return JobRequest(
        module="sagemaker_jobs",
        code=inputs.pop(_CODE),
        arguments=tuple(request["AlgorithmSpecification"]["ContainerArguments"]),
        inputs={f"input/data/{name}": uri for name, uri in inputs.items()},
        model=f"{below}/{request['TrainingJobName']}/output/model.tar.gz",
        isolated=request[_ISOLATED],
    )


def _glue(request: Mapping[str, Any]) -> JobRequest:
    arguments = dict(request["Arguments"])
    code = arguments.pop(_MODULES)
    return JobRequest(
        module="glue_jobs",
        code=code,
        arguments=tuple(word for pair in arguments.items() for word in pair),
    )


def _inside(path: str) -> str:
    return path.removeprefix(_ROOT)
