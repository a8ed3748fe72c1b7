"""Understand a failed state: what went wrong, why, and what to do.

A state's error reaches us as a name and a cause. The cause may hold data, so only scrubbed text
leaves this module.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any, Self

from tessera.errors import ErrorKind
from tessera.insights.failure.cause import SHOWN, described_by, own_error, plain, texts_of
from tessera.insights.failure.kind import kind_of, ran_out_of_memory
from tessera.insights.scrub import scrub

_TO_DO: dict[ErrorKind, str] = {
    "InvalidInput": (
        "Correct what the message names, then upload the file again (or, for a setting, save it "
        "and upload again). Nothing was sent; the results of earlier runs stay in force."
    ),
    "Retryable": (
        "Nothing is wrong with the data: a service was busy for longer than the run waits. "
        "Start the same execution again; it goes on where nothing has been done yet."
    ),
    "Refused": (
        "A service refused the request. Check the permissions, quotas and plan that the message "
        "names, then start the same execution again. Retrying alone will not help."
    ),
    "NotApproved": (
        "Nothing was sent; the results of earlier runs stay in force. Correct what changed so many "
        "labels (the upload, the definition, a setting) and upload again. If the change is meant, "
        "start the same execution again and approve it when it waits."
    ),
    "Timeout": (
        "The step took longer than it may. Start the execution again; if it happens twice, give "
        "the step a larger instance or a longer limit in cdk.json, or split the upload."
    ),
    "Unexpected": (
        "This is not a fault of the data that Tessera knows. Open the execution at the named "
        "state, read that step's log, and report it with this file; a rerun is safe."
    ),
}
_MORE_MEMORY = (
    "The step ran out of memory. Give it a larger instance or more memory in cdk.json, or split "
    "the upload into parts, then start the execution again."
)


@dataclasses.dataclass(frozen=True, kw_only=True)
class RunFailure:
    """Why a run failed.

    Parameters
    ----------
    error
        The kind of recovery that it needs.
    message
        One or two sentences, scrubbed.
    what_to_do
        The next step for the people who run it.
    details
        The service's own words, by name, scrubbed.
    """

    error: ErrorKind
    message: str
    what_to_do: str
    details: Mapping[str, str]


@dataclasses.dataclass(frozen=True, kw_only=True)
class CaughtError:
    """What a Catch of the state machine has.

    Parameters
    ----------
    state
        The state that failed.
    error, cause
        ``Error`` and ``Cause`` as Step Functions hands them to a Catch. Either may be empty.
    """

    state: str
    error: str = ""
    cause: str = ""

    @classmethod
    def parse(cls, event: Mapping[str, Any]) -> Self:
        """Read ``state`` and ``error`` of an event."""
        error = event.get("error") or {}
        return cls(
            state=str(event["state"]),
            error=str(error.get("Error") or ""),
            cause=str(error.get("Cause") or ""),
        )


def understand(caught: CaughtError) -> RunFailure:
    """Return what an error's name and cause mean."""
    error, described = caught.error, described_by(caught.cause)
    details = {"error": error or "none given"}
    details |= {name: plain(text) for name, text in described.items() if name in SHOWN}
    own = own_error(error, described)
    if own is not None:
        kind, text = own
        return RunFailure(
            error=kind, message=scrub(text), what_to_do=_TO_DO[kind], details={"error": error}
        )
    evidence = [error, *described.values()]
    kind = kind_of(evidence)
    return RunFailure(
        error=kind,
        message=_message(kind, caught.state, described),
        what_to_do=_MORE_MEMORY if ran_out_of_memory(evidence) else _TO_DO[kind],
        details=details,
    )


def _message(kind: ErrorKind, state: str, described: Mapping[str, str]) -> str:
    reason = next((plain(text) for text in texts_of(described) if text.strip()), "")
    type_ = " at ".join(filter(None, (described.get("errorType"), described.get("place"))))
    reason = ": ".join(filter(None, (type_, reason)))
    opening = {
        "Timeout": f"{state} did not finish in time",
        "Refused": f"{state} was refused",
        "Retryable": f"{state} found a service busy, again and again",
    }.get(kind, f"{state} failed unexpectedly")
    return f"{opening}: {reason}" if reason else f"{opening}."
