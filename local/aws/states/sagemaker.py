"""``sagemaker:create…Job.sync``: start a job, wait for it, fail with its description."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Mapping
from typing import Any

from botocore.exceptions import ClientError
from moto.stepfunctions.parser.api import HistoryEventType, TaskFailedEventDetails
from moto.stepfunctions.parser.asl.component.common.error_name.custom_error_name import (
    CustomErrorName,
)
from moto.stepfunctions.parser.asl.component.common.error_name.error_name import ErrorName
from moto.stepfunctions.parser.asl.component.common.error_name.failure_event import (
    FailureEvent,
    FailureEventException,
)
from moto.stepfunctions.parser.asl.component.common.error_name.states_error_name import (
    StatesErrorName,
)
from moto.stepfunctions.parser.asl.component.common.error_name.states_error_name_type import (
    StatesErrorNameType,
)
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.resource import (
    ResourceCondition,
)
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.state_task_service_callback import (  # noqa: E501
    StateTaskServiceCallback,
)
from moto.stepfunctions.parser.asl.eval.callback.callback import CallbackOutcomeTimedOut
from moto.stepfunctions.parser.asl.eval.event.event_detail import EventDetails
from moto.stepfunctions.parser.asl.utils.boto_client import boto_client_for
from moto.stepfunctions.parser.asl.utils.encoding import to_json_str

_KINDS = {"create_processing_job": "processing", "create_training_job": "training"}
_UNFINISHED = {"InProgress", "Stopping", "Starting"}


class _Resolver:
    """Asks whether one job has ended. Can stop it."""

    def __init__(self, client: Any, kind: str, name: str) -> None:
        self._client = client
        self._kind = kind
        self._name = {f"{kind.title()}JobName": name}
        self.failed: Callable[[dict[str, Any]], Exception] | None = None

    def __call__(self) -> dict[str, Any] | None:
        described = getattr(self._client, f"describe_{self._kind}_job")(**self._name)
        described.pop("ResponseMetadata", None)
        status = described[f"{self._kind.title()}JobStatus"]
        if status in _UNFINISHED:
            return None
        job: dict[str, Any] = json.loads(to_json_str(_timed(described)))
        if status == "Completed":
            return job
        assert self.failed is not None  # noqa: S101 (set where it is made)
        raise self.failed(job)

    def stop(self) -> None:
        getattr(self._client, f"stop_{self._kind}_job")(**self._name)


class StateTaskServiceSageMaker(StateTaskServiceCallback):
    """The service integration that moto lacks."""

    def __init__(self) -> None:
        # Nobody waits for a token here, but without the pattern moto uses an endpoint that is None.
        super().__init__({ResourceCondition.Sync, ResourceCondition.WaitForTaskToken})

    def _validate_service_integration_is_supported(self) -> None:
        sync = self.resource.condition in {None, ResourceCondition.Sync}
        if not sync or self._get_boto_service_action() not in _KINDS:
            raise ValueError(f"unsupported SageMaker integration {self.resource.resource_arn}")

    def _eval_service_task(
        self,
        env: Any,
        resource_runtime_part: Any,
        normalised_parameters: Any,
        state_credentials: Any,
    ) -> None:
        client = self._client(resource_runtime_part, state_credentials)
        parameters = dict(normalised_parameters)
        variables = parameters.get("Environment")
        if variables:
            parameters["Environment"] = {k: _as_text(v) for k, v in variables.items()}
        answer = getattr(client, self._get_boto_service_action())(**parameters)
        answer.pop("ResponseMetadata", None)
        env.stack.append(answer)

    def _build_sync_resolver(
        self,
        env: Any,
        resource_runtime_part: Any,
        normalised_parameters: Any,
        state_credentials: Any,
    ) -> _Resolver:
        env.stack.pop()
        kind = _KINDS[self._get_boto_service_action()]
        name = normalised_parameters[f"{kind.title()}JobName"]
        resolver = _Resolver(self._client(resource_runtime_part, state_credentials), kind, name)
        task_failed = StatesErrorName(typ=StatesErrorNameType.StatesTaskFailed)
        resolver.failed = lambda job: FailureEventException(
            self._failure(env, task_failed, to_json_str(job))
        )
        return resolver

    def _eval_sync(self, env: Any, sync_resolver: Any, **kwargs: Any) -> Any:
        outcome = super()._eval_sync(env=env, sync_resolver=sync_resolver, **kwargs)
        if outcome is None or isinstance(outcome, CallbackOutcomeTimedOut):
            sync_resolver.stop()  # the state timed out or the execution was stopped
        return outcome

    def _from_error(self, env: Any, ex: Exception) -> Any:
        if isinstance(ex, ClientError):
            name = CustomErrorName("SageMaker.AmazonSageMakerException")
            return self._failure(env, name, ex.response["Error"]["Message"])
        return super()._from_error(env=env, ex=ex)

    def _failure(self, env: Any, name: ErrorName, cause: str) -> Any:
        details = TaskFailedEventDetails(
            resource=self._get_sfn_resource(),
            resourceType=self._get_sfn_resource_type(),
            error=name.error_name,
            cause=cause,
        )
        return FailureEvent(
            env=env,
            error_name=name,
            event_type=HistoryEventType.TaskFailed,
            event_details=EventDetails(taskFailedEventDetails=details),
        )

    @staticmethod
    def _client(part: Any, credentials: Any) -> Any:
        return boto_client_for(
            service="sagemaker", region=part.region, state_credentials=credentials
        )


def _timed(described: Mapping[str, Any]) -> dict[str, Any]:
    """Return a job as a state has it: instants in milliseconds, and what moto omits of them."""
    job = {
        name: int(1000 * value.timestamp()) if isinstance(value, dt.datetime) else value
        for name, value in described.items()
    }
    if "ProcessingEndTime" in job:
        return {"ProcessingStartTime": job["CreationTime"], **job}
    if "TrainingEndTime" in job:
        seconds = (job["TrainingEndTime"] - job["TrainingStartTime"]) / 1000
        return {**job, "BillableTimeInSeconds": max(1, round(seconds))}
    return job


def _as_text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)
