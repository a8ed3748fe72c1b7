"""Step Functions: moto's interpreter of state machines, completed.

What stock moto gets wrong is repaired here, one function a fault. ``tests/local/test_battery*.py``
show whether a new version of moto still needs and still takes each repair.
"""

from __future__ import annotations

import datetime as dt
import json
import types
import uuid
from collections.abc import Callable
from typing import Any

import jsonata
import moto.stepfunctions.models as stepfunctions_models
from moto.core.exceptions import AWSError
from moto.stepfunctions.parser.api import (
    EvaluationFailedEventDetails,
    ExecutionStatus,
    HistoryEventType,
)
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
from moto.stepfunctions.parser.asl.component.common.string import string_expression
from moto.stepfunctions.parser.asl.component.state.exec.state_task import state_task_factory
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service import (
    state_task_service_aws_sdk,
    state_task_service_callback,
    state_task_service_glue,
    state_task_service_sfn,
)
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.resource import (
    ResourceCondition,
)
from moto.stepfunctions.parser.asl.eval.event.event_detail import EventDetails
from moto.stepfunctions.parser.asl.eval.program_state import ProgramEnded, ProgramError
from moto.stepfunctions.parser.asl.jsonata import jsonata as moto_jsonata
from moto.stepfunctions.parser.asl.utils import boto_client
from moto.stepfunctions.parser.asl.utils.encoding import to_json_str
from moto.stepfunctions.parser.backend.execution import BaseExecutionWorkerCommunication
from moto.stepfunctions.parser.models import (
    StepFunctionsParserBackend,
    stepfunctions_parser_backends,
)
from moto.stepfunctions.responses import StepFunctionResponse

from local.aws import lint
from local.aws.events.wakes import Wakes
from local.aws.states import history, news, parsing, tokens
from local.aws.states.sagemaker import StateTaskServiceSageMaker
from local.loopback.models import operation_model

_POLL_S = 2.0  # how often a .sync state looks at the latest: what it waits for wakes it
_SPELLINGS = {
    "athena": "Athena", "eventbridge": "EventBridge", "glue": "Glue", "lambda": "Lambda",
    "s3": "S3", "sagemaker": "SageMaker", "sns": "Sns", "sqs": "Sqs",
}  # fmt: skip


def install(client: Callable[[str], Any], *, moved: Wakes, ended: Wakes) -> None:
    """Repair moto's interpreter.

    Parameters
    ----------
    client
        Makes (and keeps) a boto3 client of a service.
    moved
        Woken by each event of an execution.
    ended
        Woken by each job that has ended, and here by each execution.
    """
    stepfunctions_parser_backends.backend = LocalStepFunctionsBackend
    stepfunctions_parser_backends.clear()
    # CloudFormation would create state machines in the backend that does not execute them.
    stepfunctions_models.stepfunctions_backends = stepfunctions_parser_backends
    # One client a service, made under our lock: boto3 makes clients neither fast nor thread-safe.
    boto_client.boto3 = types.SimpleNamespace(client=lambda service_name, **_: client(service_name))
    state_task_service_aws_sdk._SERVICE_ERROR_NAMES.update(_SPELLINGS)
    moto_jsonata._eval_jsonata = _evaluate
    parsing.install()
    tokens.install()
    news.install(moved, ended=ended)
    StepFunctionResponse.get_execution_history = history.answer
    _complete_expressions()
    _complete_waiting(ended.wait)
    _complete_services()
    _complete_casing()
    _complete_output()


class InvalidDefinition(AWSError):  # noqa: N818 (the service's name for it)
    """The service's refusal of a definition. Moto's own has no code that a client could read."""

    TYPE = "InvalidDefinition"
    STATUS = 400


class LocalStepFunctionsBackend(StepFunctionsParserBackend):
    """moto's backend, strict about definitions and generous about names."""

    __module__ = "moto.stepfunctions.models"  # moto finds the service's URLs by this name

    def start_execution(
        self,
        state_machine_arn: str,
        name: str | None = None,
        execution_input: str | None = None,
        trace_header: str | None = None,
    ) -> Any:
        """Start an execution. Moto gives all that come without a name the same one."""
        return super().start_execution(
            state_machine_arn, name or str(uuid.uuid4()), execution_input, trace_header
        )

    def create_state_machine(self, name: str, definition: str, *args: Any, **kwargs: Any) -> Any:
        """Create a state machine whose definition the service would accept."""
        problems = lint.problems(json.loads(definition))
        if problems:
            raise InvalidDefinition("SCHEMA_VALIDATION_FAILED: " + "; ".join(problems))
        return super().create_state_machine(name, definition, *args, **kwargs)


def _evaluate(expression: str) -> Any:
    """Evaluate JSONata, for which moto has a place and no evaluator (getmoto/moto#10105)."""
    try:
        return json.loads(json.dumps(jsonata.Jsonata(expression).evaluate(None)))
    except Exception as error:
        raise moto_jsonata.JSONataException("UNKNOWN", str(error)) from error


def _complete_expressions() -> None:
    """Name a wrong expression ``States.QueryEvaluationError``, which a Catch may name."""
    expression = string_expression.StringJSONata
    if hasattr(expression, "completed"):
        return
    original = expression._eval_body
    name = StatesErrorName(typ=StatesErrorNameType.StatesQueryEvaluationError)

    def evaluate(self: Any, env: Any) -> None:
        try:
            original(self, env)
        except moto_jsonata.JSONataException as error:
            cause = f"The JSONata expression '{self.literal_value}' threw an error. {error.args[1]}"
            details = EvaluationFailedEventDetails(error=name.error_name, cause=cause)
            event = FailureEvent(
                env=env,
                error_name=name,
                event_type=HistoryEventType.EvaluationFailed,
                event_details=EventDetails(evaluationFailedEventDetails=details),
            )
            raise FailureEventException(event) from error

    expression._eval_body, expression.completed = evaluate, True


def _complete_waiting(wait: Callable[[float], None]) -> None:
    """Let .sync states of Glue work at all, and notice at once that a job has ended."""
    state_task_service_callback._DELAY_SECONDS_SYNC_CONDITION_CHECK = _POLL_S
    state_task_service_callback.time = types.SimpleNamespace(sleep=wait)
    # Without the pattern, moto uses a callback endpoint that is None.
    patterns = state_task_service_glue._SUPPORTED_INTEGRATION_PATTERNS
    patterns.add(ResourceCondition.WaitForTaskToken)
    state_task_service_glue._JOB_RUN_STATE_ABNORMAL_TERMINAL_VALUE.add("STOPPED")


def _complete_services() -> None:
    """Add the SageMaker integration. Moto has no registry, so the factory is wrapped."""
    original = state_task_factory.state_task_service_for
    if getattr(original, "completed", False):
        return

    def service_for(service_name: str) -> Any:
        sagemaker = service_name == "sagemaker"
        return StateTaskServiceSageMaker() if sagemaker else original(service_name)

    service_for.completed = True  # type: ignore[attr-defined]
    state_task_factory.state_task_service_for = service_for


def _complete_casing() -> None:  # noqa: C901 (three small functions that share one)
    """Spell requests as boto3 does and responses as Step Functions does."""

    def operation(task: Any, service: str | None, action: str | None) -> Any:
        name = task._get_boto_service_name(service)
        return operation_model(name, task._get_boto_service_action(action))

    def parameters(
        self: Any, parameters: Any, boto_service_name: Any = None, service_action_name: Any = None
    ) -> None:
        model = operation(self, boto_service_name, service_action_name)
        if model is not None and model.input_shape is not None:
            self._to_boto_request(parameters, model.input_shape)

    def response(
        self: Any, response: Any, boto_service_name: Any = None, service_action_name: Any = None
    ) -> None:
        model = operation(self, boto_service_name, service_action_name)
        if model is not None and model.output_shape is not None:
            self._from_boto_response(response, model.output_shape)
        if isinstance(response, dict):
            response.pop("ResponseMetadata", None)

    sdk = state_task_service_aws_sdk.StateTaskServiceAwsSdk
    nested = state_task_service_sfn.StateTaskServiceSfn
    sdk._normalise_parameters, sdk._normalise_response = parameters, response
    if not hasattr(nested, "completed"):
        own = nested._normalise_parameters

        def nested_parameters(self: Any, values: Any, *names: Any) -> None:
            own(self, values, *names)
            parameters(self, values, *names)

        nested._normalise_parameters, nested._normalise_response = nested_parameters, response
        nested.completed = True


def _complete_output() -> None:
    """Say how an execution ended before saying that it has, and its output as JSON text.

    moto sets the status first, and gives datetimes and bare strings out raw.
    """
    original = BaseExecutionWorkerCommunication._reflect_execution_status
    if getattr(original, "completed", False):
        return

    def reflect(self: Any) -> None:
        execution = self.execution
        ended = execution.exec_worker.env.program_state()
        if isinstance(ended, ProgramEnded):
            execution.stop_date = dt.datetime.now(dt.UTC)
            execution.output = to_json_str(execution.exec_worker.env.states.get_input())
            execution.exec_status = ExecutionStatus.SUCCEEDED
            return
        if isinstance(ended, ProgramError):
            execution.error, execution.cause = ended.error.get("error"), ended.error.get("cause")
        original(self)

    reflect.completed = True  # type: ignore[attr-defined]
    BaseExecutionWorkerCommunication._reflect_execution_status = reflect
