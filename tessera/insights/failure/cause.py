"""Read a failed state's cause: a Lambda's JSON, a job's description, or plain text.

It may hold data, so only scrubbed text may leave this room.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from tessera.errors import ErrorKind
from tessera.insights.scrub import scrub_unknown

_OURS: tuple[ErrorKind, ...] = ("InvalidInput", "Retryable", "Refused", "NotApproved")
_NAMED = re.compile(r"(?:^|[\s.:])(InvalidInput|Retryable|Refused):\s*(.+)", re.DOTALL)
_JSON = re.compile(
    r'\{\s*"error"\s*:\s*"(?P<error>\w+)"\s*,\s*(?:"place"\s*:\s*"(?P<place>[^"\\]*)"\s*,\s*)?'
    r'"message"\s*:\s*"(?P<message>(?:[^"\\]|\\.)*)'
)
_FRAME = re.compile(r'File "(?:[^"\n]*/)?([^"/\n]+)", line (\d+), in (\w+)')
_TAIL = re.compile(r",?\s*exit code: -?\d+\s*$")

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
SHOWN = frozenset({*_TEXTS, *_STATUSES, *_NAMES, "place", "text"})


def described_by(cause: str) -> dict[str, str]:
    """Return the cause's informative fields. Text that is no JSON object is under ``text``."""
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


def own_error(error: str, described: Mapping[str, str]) -> tuple[ErrorKind, str] | None:
    """Return our own error: by name, as JSON in a text, or as a prefix."""
    kind = _ours(described.get("errorType", "")) or _ours(described.get("error", ""))
    kind = kind or _ours(error)
    first = next(texts_of(described), "")
    if kind and first:
        return kind, first
    candidates = (_embedded(each) or _prefixed(each) for each in texts_of(described))
    return next(filter(None, candidates), None)


def texts_of(described: Mapping[str, str]) -> Iterator[str]:
    """Yield a cause's texts, the most specific first."""
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


def plain(text: str) -> str:
    """Return a service's words without what they quote, or a job's JSON as ``Error: message``."""
    match = _JSON.search(text)
    if match is None:
        return scrub_unknown(text)
    message = json.loads(f'"{match["message"]}"', strict=False)
    place = f" at {scrub_unknown(match['place'])}" if match["place"] else ""
    return f"{match['error']}{place}: {scrub_unknown(message)}"
