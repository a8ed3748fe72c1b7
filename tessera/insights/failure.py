"""Understand a failed state: what went wrong, why, and what to do.

A state's error reaches us as a name and a cause. The cause is a Lambda's JSON, a SageMaker or Glue
job's description, or plain text; it may hold data, so only scrubbed text leaves this module.
"""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from tessera.errors import ErrorKind
from tessera.insights.scrub import scrub, scrub_unknown
from tessera.records.error import ErrorRecord

_OURS: tuple[ErrorKind, ...] = ("InvalidInput", "Retryable", "Refused", "NotApproved")
_NAMED = re.compile(r"(?:^|[\s.:])(InvalidInput|Retryable|Refused):\s*(.+)", re.DOTALL)
_JSON = re.compile(
    r'\{\s*"error"\s*:\s*"(?P<error>\w+)"\s*,\s*(?:"place"\s*:\s*"(?P<place>[^"\\]*)"\s*,\s*)?'
    r'"message"\s*:\s*"(?P<message>(?:[^"\\]|\\.)*)'
)
_FRAME = re.compile(r'File "(?:[^"\n]*/)?([^"/\n]+)", line (\d+), in (\w+)')
_TAIL = re.compile(r",?\s*exit code: -?\d+\s*$")
# What the services call it when they are busy, or when they refuse.
_BUSY = re.compile(
    r"Throttl|TooManyRequests|ServiceException|ServiceUnavailable|InternalFailure|InternalError"
    r"|InternalServerError|ConcurrentRunsExceeded|CapacityError|SdkClientException|SlowDown"
)
_DENIED = re.compile(
    r"AccessDenied|not authorized|UnrecognizedClient|ResourceLimitExceeded|service limit"
    r"|ResourceNumberLimitExceeded|OptInRequired|KMSDisabled|KMSAccessDenied|ExpiredToken"
    r"|InvalidAccessKeyId|InvalidClientTokenId|InvalidSignature|SignatureDoesNotMatch"
)
_TIMEOUT = re.compile(
    r"^States\.(Heartbeat)?Timeout$|Sandbox\.Timedout|Task timed out after|MaxRuntimeExceeded"
    r"|^TIMEOUT$"
)
_MEMORY = re.compile(r"Runtime\.ExitError|signal: killed|OutOfMemory|MemoryError|exit code: 137")

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
class Failure:
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


def understand(*, state: str, error: str, cause: str) -> Failure:
    """Return what an error's name and cause mean.

    Parameters
    ----------
    state
        The state that failed, for the message.
    error, cause
        ``Error`` and ``Cause`` as Step Functions hands them to a Catch; either may be empty.
    """
    described = _described(cause)
    details = {"error": error or "none given"}
    details |= {k: _plain(v) for k, v in described.items() if k in _SHOWN}
    own = _own_error(error, described)
    if own is not None:
        kind, text = own
        return Failure(
            error=kind, message=scrub(text), what_to_do=_TO_DO[kind], details={"error": error}
        )
    evidence = [error, *described.values()]
    kind = _kind(evidence)
    return Failure(
        error=kind,
        message=_message(kind, state, described),
        what_to_do=_MORE_MEMORY if _any(_MEMORY, evidence) else _TO_DO[kind],
        details=details,
    )


def understand_caught(caught: Mapping[str, Any]) -> Failure:
    """Return what a Catch means: its ``state``, and its ``error`` with Error and Cause."""
    error = caught.get("error") or {}
    return understand(
        state=str(caught["state"]),
        error=str(error.get("Error") or ""),
        cause=str(error.get("Cause") or ""),
    )


# ---- reading a cause ---------------------------------------------------------------------------

# Where the services put their messages, the most specific first.
_TEXTS = (
    "ExitMessage",
    "errorMessage",
    "FailureReason",
    "ErrorMessage",
    "StatusMessage",
    "Message",
)
_STATUSES = ("errorType", "JobRunState", "ProcessingJobStatus", "TrainingJobStatus", "Status")
_NAMES = ("ProcessingJobName", "TrainingJobName", "JobName", "Id")
_SHOWN = frozenset({*_TEXTS, *_STATUSES, *_NAMES, "place", "text"})


def _described(cause: str) -> dict[str, str]:
    """Return the cause's informative fields; text that is no JSON object is under ``text``."""
    value = _json(cause)
    if value is None:
        return {"text": cause} if cause.strip() else {}
    fields = (*_TEXTS, *_STATUSES, *_NAMES, "error", "message")
    described = {name: str(value[name]) for name in fields if value.get(name)}
    frames = _FRAME.findall(str(value.get("stackTrace") or "").replace("\\n", "\n"))
    if frames:
        described["place"] = "{}:{} {}".format(*frames[-1])
    return described


def _json(text: str) -> dict[str, Any] | None:
    try:
        value = json.loads(text)
    except ValueError:
        return None
    return value if isinstance(value, dict) else None


def _own_error(error: str, described: Mapping[str, str]) -> tuple[ErrorKind, str] | None:
    """Return our own error: by name, as JSON in a text, or as a prefix."""
    kind = _ours(described.get("errorType", "")) or _ours(described.get("error", ""))
    kind = kind or _ours(error)
    first = next(_texts(described), "")
    if kind and first:
        return kind, first
    candidates = (_embedded(each) or _prefixed(each) for each in _texts(described))
    return next(filter(None, candidates), None)


def _texts(described: Mapping[str, str]) -> Iterator[str]:
    yield from (described[name] for name in (*_TEXTS, "message", "text") if name in described)


def _ours(name: str) -> ErrorKind | None:
    last = name.rpartition(".")[2]
    return next((kind for kind in _OURS if kind == last), None)


def _embedded(text: str) -> tuple[ErrorKind, str] | None:
    """Find ``{"error": …, "message": …}`` in a text, which may have been cut off in the middle."""
    match = _JSON.search(text)
    kind = _ours(match["error"]) if match else None
    if match is None or kind is None:
        return None
    return kind, str(json.loads(f'"{match["message"]}"', strict=False))


def _prefixed(text: str) -> tuple[ErrorKind, str] | None:
    match = _NAMED.search(text)
    kind = _ours(match[1]) if match else None
    return (kind, _TAIL.sub("", match[2]).strip()) if match and kind else None


# ---- judging what is not ours ------------------------------------------------------------------


def _kind(evidence: list[str]) -> ErrorKind:
    rules: tuple[tuple[Callable[[str], object], ErrorKind], ...] = (
        (_TIMEOUT.search, "Timeout"),
        (_MEMORY.search, "Unexpected"),
        (_DENIED.search, "Refused"),
        (_BUSY.search, "Retryable"),
    )
    return next(
        (kind for test, kind in rules if any(test(text) for text in evidence)), "Unexpected"
    )


def _any(pattern: re.Pattern[str], texts: list[str]) -> bool:
    return any(pattern.search(text) for text in texts)


def _message(kind: ErrorKind, state: str, described: Mapping[str, str]) -> str:
    reason = next((_plain(text) for text in _texts(described) if text.strip()), "")
    type_ = " at ".join(filter(None, (described.get("errorType"), described.get("place"))))
    reason = ": ".join(filter(None, (type_, reason)))
    opening = {
        "Timeout": f"{state} did not finish in time",
        "Refused": f"{state} was refused",
        "Retryable": f"{state} found a service busy, again and again",
    }.get(kind, f"{state} failed unexpectedly")
    return f"{opening}: {reason}" if reason else f"{opening}."


def _plain(text: str) -> str:
    """Return a service's words without what they quote; a job's own JSON as ``Error: message``."""
    match = _JSON.search(text)
    if match is None:
        return scrub_unknown(text)
    message = json.loads(f'"{match["message"]}"', strict=False)
    place = f" at {scrub_unknown(match['place'])}" if match["place"] else ""
    return f"{match['error']}{place}: {scrub_unknown(message)}"


# ---- for people --------------------------------------------------------------------------------


def notification(record: ErrorRecord, *, where: str) -> tuple[str, str]:
    """Return the subject and text of a failed run's notification; ``where`` is error.json."""
    subject = f"Tessera: a run failed at {record.state} ({record.tenant})"
    lines = [
        f"Tenant {record.tenant}, run {record.run_id}, state {record.state}: {record.error}.",
        record.message,
        f"What to do: {record.what_to_do}",
        f"Details: {where}",
    ]
    return subject, "\n".join(lines) + "\n"
