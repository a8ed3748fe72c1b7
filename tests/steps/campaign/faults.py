"""Faults at each call that a step makes of a port: the same set for every step."""

from __future__ import annotations

import dataclasses
import inspect
from collections.abc import Callable
from typing import Any, Protocol

from tessera.errors import Retryable
from tests.campaigns.fakes import Died


@dataclasses.dataclass(frozen=True)
class Fault:
    """What goes wrong at a call, before it has an effect or afterwards."""

    name: str
    is_before: bool
    error: type[BaseException]

    def raised(self) -> BaseException:
        return self.error() if self.error is Died else self.error(self.name)


FAULTS = (
    Fault("crash before", is_before=True, error=Died),
    Fault("crash after", is_before=False, error=Died),
    Fault("throttle", is_before=True, error=Retryable),
    Fault("lost answer", is_before=False, error=Retryable),
)


class Calls:
    """Counts calls of ports, and lets one of them fail.

    Parameters
    ----------
    fail_at, fault
        Which call, from 0 on, and how. None fails.
    """

    def __init__(self, fail_at: int = -1, fault: Fault | None = None) -> None:
        self.fail_at, self.fault, self.made = fail_at, fault, []

    def of(self, port: object, *only: str) -> Any:
        """Return the port. Of ``only`` some methods calls are counted, by default of all."""
        return _Port(port, self, only)

    def through(self, name: str, call: Callable[[], Any]) -> Any:
        number = len(self.made)
        self.made.append(name)
        fault = self.fault if number == self.fail_at else None
        if fault is not None and fault.is_before:
            raise fault.raised()
        answer = call()
        if inspect.isgenerator(answer):
            answer = list(answer)
        if fault is not None:
            raise fault.raised()
        return answer


class _Port:
    def __init__(self, port: object, calls: Calls, only: tuple[str, ...]) -> None:
        self._port, self._calls, self._only = port, calls, only

    def __getattr__(self, name: str) -> Any:
        member = getattr(self._port, name)
        if not callable(member) or (self._only and name not in self._only):
            return member
        return lambda *a, **k: self._calls.through(name, lambda: member(*a, **k))


class StepWorld(Protocol):
    """A step with what it works on."""

    def do(self, calls: Calls) -> None:
        """Do the step once."""

    def outcome(self) -> object:
        """Return all that it left."""
