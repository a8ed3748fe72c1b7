"""Executions of the state machine: started by name, so that starting one again changes nothing."""

from __future__ import annotations

import contextlib
import datetime as dt
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from adapters.aws import clients
from adapters.aws.errors import code_of, translated

if TYPE_CHECKING:
    from mypy_boto3_stepfunctions import SFNClient
    from mypy_boto3_stepfunctions.type_defs import HistoryEventTypeDef

_ABSENT = {"ExecutionDoesNotExist", "InvalidArn"}
_ATTEMPTS = 8  # a thousand starts in a row meet the limit of requests a second


class Executions:
    """The executions of one state machine.

    Parameters
    ----------
    machine_arn
        The state machine, or its alias.
    states
        A client. By default for the environment's credentials and region.

    Raises
    ------
    InvalidInput
        There is no such state machine.
    Refused
        Step Functions denied the call.
    Retryable
        Step Functions was busy or could not be reached.
    """

    def __init__(self, machine_arn: str, *, states: SFNClient | None = None) -> None:
        self.machine_arn = machine_arn
        self._states = states or clients.step_functions(attempts=_ATTEMPTS)

    def start(self, name: str, event: Mapping[str, Any]) -> None:
        """Start an execution, once: a name that is taken already is not used again."""
        with self._translated(f"execution {name}"):
            try:
                self._states.start_execution(
                    stateMachineArn=self.machine_arn,
                    name=name,
                    input=json.dumps(event, sort_keys=True),
                )
            except ClientError as error:
                if code_of(error) != "ExecutionAlreadyExists":
                    raise

    def is_running(self, name: str) -> bool:
        """Return whether an execution of this name is under way."""
        machine = self.machine_arn.replace(":stateMachine:", ":execution:").removesuffix(":live")
        with self._translated(f"execution {name}"):
            try:
                answer = self._states.describe_execution(executionArn=f"{machine}:{name}")
            except ClientError as error:
                if code_of(error) not in _ABSENT:
                    raise
                return False
        return answer["status"] == "RUNNING"

    def running_arns(self) -> list[str]:
        """Return the ARNs of the executions that are under way."""
        with self._translated("its executions"):
            pages = self._states.get_paginator("list_executions").paginate(
                stateMachineArn=self.machine_arn, statusFilter="RUNNING"
            )
            return [one["executionArn"] for page in pages for one in page["executions"]]

    def states(self, execution_arn: str) -> list[tuple[str, dt.datetime, dt.datetime | None]]:
        """Return the states that an execution has entered, in order: when each began and ended.

        A state that several branches have entered is one, from its first entry to its last end.
        Empty without such an execution: Step Functions forgets them after 90 days.
        """
        entered: dict[str, dt.datetime] = {}
        exited: dict[str, dt.datetime] = {}
        for event in self._history(execution_arn) if execution_arn else ():
            if "stateEnteredEventDetails" in event:
                entered.setdefault(event["stateEnteredEventDetails"]["name"], event["timestamp"])
            if "stateExitedEventDetails" in event:
                exited[event["stateExitedEventDetails"]["name"]] = event["timestamp"]
        return [(name, at, exited.get(name)) for name, at in entered.items()]

    def _history(self, execution_arn: str) -> list[HistoryEventTypeDef]:
        with self._translated(f"execution {execution_arn}"):
            try:
                pages = self._states.get_paginator("get_execution_history").paginate(
                    executionArn=execution_arn, includeExecutionData=False
                )
                return [event for page in pages for event in page["events"]]
            except ClientError as error:
                if code_of(error) not in _ABSENT:
                    raise
                return []

    def running(self) -> list[dt.datetime]:
        """Return when each execution under way began."""
        with self._translated("executions under way"):
            pages = self._states.get_paginator("list_executions").paginate(
                stateMachineArn=self.machine_arn, statusFilter="RUNNING"
            )
            return [one["startDate"] for page in pages for one in page["executions"]]

    def last_success(self) -> dt.datetime | None:
        """Return when the latest execution that succeeded ended, None without one."""
        with self._translated("the last execution"):
            listed = self._states.list_executions(
                stateMachineArn=self.machine_arn, statusFilter="SUCCEEDED", maxResults=1
            )["executions"]
        return listed[0]["stopDate"] if listed else None

    def _translated(self, what: str) -> contextlib.AbstractContextManager[None]:
        missing = f"there is no state machine {self.machine_arn!r}: deploy again"
        return translated("Step Functions", what=what, missing=missing)
