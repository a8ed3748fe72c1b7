"""Judge an error that is not ours by the words of the services."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from tessera.errors import ErrorKind

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


def kind_of(evidence: Sequence[str]) -> ErrorKind:
    """Return the kind of recovery that an error needs, by its name and texts."""
    rules: tuple[tuple[Callable[[str], object], ErrorKind], ...] = (
        (_TIMEOUT.search, "Timeout"),
        (_MEMORY.search, "Unexpected"),
        (_DENIED.search, "Refused"),
        (_BUSY.search, "Retryable"),
    )
    return next(
        (kind for test, kind in rules if any(test(text) for text in evidence)), "Unexpected"
    )


def ran_out_of_memory(evidence: Sequence[str]) -> bool:
    """Return whether the step was ended because it needed more memory."""
    return any(_MEMORY.search(text) for text in evidence)
