"""How far the state machine is with a run, apart from the run's state."""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
from typing import Literal

MachineTask = Literal["plan", "send"]
_LONGEST_NAME = 80  # of an execution, at Step Functions


@dataclasses.dataclass(frozen=True, kw_only=True)
class RunProgress:
    """What executions of the state machine know about a run.

    Parameters
    ----------
    run_id
        The run.
    execution
        The name of the only execution that may work on it. An earlier one ends by itself.
    canary_id, canary_at
        The canary's message id and when it was sent. Empty and None before.
    round
        How often all chunks were opened again, for recipients that a person released.
    problem
        Why the run does not begin yet, although its time has come. Empty without a reason.
    """

    run_id: str
    execution: str = ""
    canary_id: str = ""
    canary_at: dt.datetime | None = None
    round: int = 0
    problem: str = ""


def execution_name(tenant: str, run_id: str, task: MachineTask, *, at: dt.datetime) -> str:
    """Return the name of an execution. The same moment gives the same name, which starts once.

    Parameters
    ----------
    tenant, run_id, task
        What the execution does.
    at
        When it was asked for. Milliseconds count.
    """
    number = int(1000 * at.timestamp())
    name = f"{tenant}--{run_id}--{task}-{number}"
    if len(name) <= _LONGEST_NAME:
        return name
    digest = hashlib.sha256(f"{tenant}/{run_id}".encode()).hexdigest()
    return f"{run_id[: _LONGEST_NAME - 45]}-{digest[:16]}--{task}-{number}"
