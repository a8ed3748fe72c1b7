"""A line for each state of an execution, from its history."""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from local.app.approval import Approvals
from local.app.system import System
from local.terminal import Step, Terminal
from tessera import naming

_SHOWN = {"TaskStateEntered", "MapStateEntered", "ParallelStateEntered"}
_FAIL_RUN = "FailRun"


class Progress:
    """Turns an execution's events into steps on the terminal.

    Parameters
    ----------
    terminal
        Where they are shown.
    note
        Returns what there is to say at the end of a state, by its name.
    """

    def __init__(self, terminal: Terminal, *, note: Callable[[str], str] = lambda _: "") -> None:
        self._terminal = terminal
        self._note = note
        self._name = ""
        self._step: Step | None = None
        self._around = ""  # the Map or Parallel state that we are in
        self._counted = False  # a Map enters its states once for each item
        self._inside: Counter[str] = Counter()

    def see(self, event: dict[str, Any]) -> None:
        """Take one event of the history."""
        name = event.get("stateEnteredEventDetails", {}).get("name", "")
        if self._name and event.get("stateExitedEventDetails", {}).get("name") == self._name:
            self._say_note()
        if self._around and name != _FAIL_RUN:
            self._see_inside(event, name)
        elif event["type"] in _SHOWN:
            # A state's end shows as the start of the next: only that shows whether it failed.
            self.end(failed=name == _FAIL_RUN)
            self._step, self._name = self._terminal.step(name), name
            self._around = "" if event["type"] == "TaskStateEntered" else name
            self._counted = event["type"] == "MapStateEntered"
            self._inside.clear()

    def _say_note(self) -> None:
        note = self._note(self._name)
        if note and self._step is not None:
            self._step.note(note)

    def _see_inside(self, event: dict[str, Any], name: str) -> None:
        if event.get("stateExitedEventDetails", {}).get("name") == self._around:
            self._around = ""
        elif event["type"] == "TaskStateEntered" and self._step is not None:
            self._inside[name] += 1
            self._step.note(" · ".join(self._counts()))

    def _counts(self) -> Iterator[str]:
        for name, count in self._inside.items():
            yield f"{name} ×{count}" if self._counted else name

    def end(self, *, failed: bool, note: str = "") -> None:
        """End the step that is shown."""
        if self._step is not None:
            if note:
                self._step.note(note)
            self._step.done(failed=failed)
            self._step = None


def show(
    system: System, execution: str, terminal: Terminal, *, decide: Callable[[Approvals], None]
) -> None:
    """Print a line for each state of an execution, until it has ended.

    Parameters
    ----------
    decide
        Called when the run waits for an approval.
    """
    progress = Progress(terminal, note=functools.partial(_note, system, execution))
    for event in system.follow(execution):
        progress.see(event)
        if _asks(event) and system.approvals.waiting():
            progress.end(failed=False, note="waits for an approval")
            decide(system.approvals)
    # FailRun itself succeeds in a run that fails, so the last step's mark is its own.
    failed = system.describe(execution)["status"] != "SUCCEEDED"
    reported = system.error_of(execution) is not None if failed else True
    progress.end(failed=failed and not reported)


def _note(system: System, execution: str, state: str) -> str:
    """Return how much a state worked on, nothing where it does not say."""
    names = {"Prepare": naming.PREPARE_RECORD, "Score": naming.SCORE_RECORD}
    run = system.run_of(execution) if state in names else None
    if run is None:
        return ""
    key = naming.run_prefix(*run) + names[state]
    if key not in system.keys(system.data_bucket, key):  # the state failed before it wrote one
        return ""
    record = system.read_json(system.data_bucket, key)
    if state == "Score":
        return f"{record['customers']:,} customers"
    return f"{record['rows']['read']:,} rows"


def _asks(event: dict[str, Any]) -> bool:
    """Return whether a state has called its function and waits for an answer now."""
    resource = event.get("taskSubmittedEventDetails", {}).get("resource", "")
    return str(resource).lower().endswith("waitfortasktoken")
