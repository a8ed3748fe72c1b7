"""Processes started ahead of what they will do, in the order in which a run will need them."""

from __future__ import annotations

import functools
import json
import queue
import re
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from local.aws.functions.lambdas import LambdaRuntime
from local.aws.jobs.scripts import JobRunner

_KINDS = {
    "sagemaker:createProcessingJob": "processing",
    "sagemaker:createTrainingJob": "training",
    "glue:startJobRun": "glue",
}
_RARE = ("-erasures", "-campaigns")
_NEEDED = re.compile("|".join([*_KINDS, r"arn:aws:lambda:[^\"]*:function:[\w-]+"]))


class Warmer:
    """Does things one after the other in the background, so that they take one core at most."""

    def __init__(self) -> None:
        self._queue: queue.SimpleQueue[Callable[[], object]] = queue.SimpleQueue()
        self._closed = False
        threading.Thread(target=self._run, daemon=True).start()

    def add(self, do: Callable[[], object]) -> None:
        """Do this after what was added before."""
        self._queue.put(do)

    def close(self) -> None:
        """Do nothing any more."""
        self._closed = True
        self._queue.put(lambda: None)

    def _run(self) -> None:
        while not self._closed:
            self._queue.get()()


class Warming:
    """Starts the processes that one run of each state machine will need.

    Parameters
    ----------
    warmer
        Starts them, one after the other.
    lambdas, jobs
        Whose processes they are.
    """

    def __init__(self, warmer: Warmer, *, lambdas: LambdaRuntime, jobs: JobRunner) -> None:
        self._warmer = warmer
        self._lambdas = lambdas
        self._jobs = jobs
        self._ahead: list[str] = []

    def begin(self, templates: Iterable[Mapping[str, Any]]) -> None:
        """Start the first job's process, while there are no functions yet."""
        for template in templates:
            for resource in template["Resources"].values():
                if resource["Type"] == "AWS::StepFunctions::StateMachine" and not self._ahead:
                    kinds = [name for name in _needed_kinds(resource) if not _is_function(name)]
                    self._ahead = kinds[:1]
        for kind in self._ahead:
            self._warmer.add(functools.partial(self._jobs.workers.expect_job, kind))

    def go_on(self, machine: str, definition: Mapping[str, Any], functions: Iterable[Any]) -> None:
        """Start the others that a state machine needs, the first one without its turn."""
        if is_rare(machine):
            return
        by_arn = {function.function_arn: function for function in functions}
        for position, name in enumerate(needs(definition)):
            if name in self._ahead:
                self._ahead.remove(name)
            elif not _is_function(name):
                self._warmer.add(functools.partial(self._jobs.workers.expect_job, name))
            elif name in by_arn:
                start = functools.partial(self._lambdas.warm, by_arn[name])
                self._warmer.add(start) if position else start(wait=False)


def is_rare(machine: str) -> bool:
    """Return whether most of what is done here never starts a machine of this name."""
    return machine.endswith(_RARE)


def needs(definition: Mapping[str, Any]) -> Iterator[str]:
    """Yield the kind of each job and the ARN of each function, as a run that goes well comes by.

    What a Map begins with comes twice, because its first items begin together.
    """
    for state in _in_order(definition):
        if state["Type"] == "Map":
            inside = list(needs(state["ItemProcessor"]))
            yield from inside[:1]
            yield from inside
        elif state["Type"] == "Parallel":
            for branch in state["Branches"]:
                yield from needs(branch)
        else:
            yield from _needed_kinds(state)


def _in_order(definition: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield the states that can be reached without a failure."""
    states = definition["States"]
    names = [definition["StartAt"]]
    for name in names:
        yield states[name]
        names += [
            target
            for target in _following(states[name])
            if target not in names and not _fails(states, target)
        ]


def _following(state: Mapping[str, Any]) -> list[str]:
    # What a choice does by default is the usual way, and wanted first.
    ways = [{"Next": state.get("Default")}, *state.get("Choices", []), state]
    return [way["Next"] for way in ways if way.get("Next")]


def _fails(states: Mapping[str, Any], name: str) -> bool:
    """Return whether a state leads to a failure and nowhere else."""
    while len(following := _following(states[name])) == 1:
        [name] = following
    return bool(states[name]["Type"] == "Fail")


def _needed_kinds(value: object) -> Iterator[str]:
    for name in _NEEDED.findall(json.dumps(value)):
        yield _KINDS.get(name, name)


def _is_function(name: str) -> bool:
    return name.startswith("arn:")
