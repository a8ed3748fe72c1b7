"""How long each state of an execution took, and how it ended, from the execution's history."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

_FAILED = ("Failed", "TimedOut", "Aborted")
_SHOWN = ("TaskState", "MapState", "ParallelState")


@dataclasses.dataclass(frozen=True, kw_only=True)
class StateTime:
    """One state that has ended."""

    name: str
    seconds: float
    failed: bool


def state_times(history: Iterable[Mapping[str, Any]]) -> Iterator[StateTime]:
    """Yield each state that does work, in the order in which they end.

    Parameters
    ----------
    history
        The execution's events in order, as GetExecutionHistory returns them. It may be a stream
        that is still growing.
    """
    events: dict[int, Mapping[str, Any]] = {}
    for event in history:
        events[event["id"]] = event
        kind = str(event["type"])
        if kind.startswith(_SHOWN) and kind.endswith("Exited"):
            name = event["stateExitedEventDetails"]["name"]
            yield StateTime(
                name=name,
                seconds=_seconds(_entry(events, event, name=name), event),
                failed=_ended_badly(events, event),
            )


def _entry(
    events: Mapping[int, Mapping[str, Any]], event: Mapping[str, Any], *, name: str
) -> Mapping[str, Any]:
    """Walk back to where the state was entered. Events of other branches are not on that way."""
    while event.get("stateEnteredEventDetails", {}).get("name") != name:
        before = events.get(event.get("previousEventId", 0))
        if before is None:
            return event
        event = before
    return event


def _ended_badly(events: Mapping[int, Mapping[str, Any]], exit_: Mapping[str, Any]) -> bool:
    before = events.get(exit_.get("previousEventId", 0), {})
    return str(before.get("type", "")).endswith(_FAILED)


def _seconds(entered: Mapping[str, Any], left: Mapping[str, Any]) -> float:
    began, ended = entered["timestamp"], left["timestamp"]
    assert isinstance(began, dt.datetime)  # noqa: S101 (boto3 parses timestamps)
    return float((ended - began).total_seconds())
