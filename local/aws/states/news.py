"""Wake who follows executions when one moves, and who waits for one when it has ended."""

from __future__ import annotations

from typing import Any

from moto.stepfunctions.parser.asl.eval.environment import Environment
from moto.stepfunctions.parser.asl.eval.event.event_manager import EventManager
from moto.stepfunctions.parser.backend.execution import BaseExecutionWorkerCommunication

from local.aws.events.wakes import Wakes

_add_event = EventManager.add_event
_terminated = BaseExecutionWorkerCommunication.terminated
_set_stop = Environment.set_stop


def install(moved: Wakes, *, ended: Wakes) -> None:
    """Make moto wake them.

    Parameters
    ----------
    moved
        Woken by each event of an execution, and by its end.
    ended
        Woken by each execution that has ended, or is stopped.
    """

    def add_event(manager: EventManager, *event: Any, **details: Any) -> int:
        number = _add_event(manager, *event, **details)
        moved.add()
        return number

    def terminated(worker: BaseExecutionWorkerCommunication) -> None:
        _terminated(worker)
        moved.add()
        ended.add()

    def set_stop(environment: Environment, *why: Any, **details: Any) -> None:
        _set_stop(environment, *why, **details)
        ended.add()

    EventManager.add_event = add_event
    BaseExecutionWorkerCommunication.terminated = terminated
    Environment.set_stop = set_stop
