"""What the errors of an AWS service mean to us."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from botocore.exceptions import ClientError, ConnectionError, HTTPClientError

from tessera.errors import InvalidInput, Refused, Retryable

_BUSY = frozenset({"RequestTimeout", "ThrottlingException", "TooManyRequestsException"})
_DENIED = frozenset(
    {
        "AccessDeniedException",
        "ExpiredTokenException",
        "ForbiddenException",
        "InvalidSignatureException",
        "UnrecognizedClientException",
    }
)
_MISSING = frozenset({"NotFoundException", "ResourceNotFoundException"})


@contextlib.contextmanager
def translated(
    title: str, *, missing: str, personal: bool = False, busy: frozenset[str] = frozenset()
) -> Iterator[None]:
    """Raise what a service's errors mean; whatever was asked for is as it was.

    Parameters
    ----------
    title
        What people call the service.
    missing
        What to say when something that should exist does not.
    personal
        Whether the call names customers: services quote what they are sent, so their words then
        stay out of the error.
    busy
        The service's own codes that mean that it is.

    Raises
    ------
    InvalidInput
        Something is missing.
    Refused
        The call is not allowed, or not taken.
    Retryable
        The service is busy or away.
    """
    try:
        yield
    except ClientError as error:
        code = code_of(error)
        if code in busy:
            raise Retryable(f"{title} was busy ({code})") from None
        raise _meaning(error, code, title=title, missing=missing, personal=personal) from None
    except (ConnectionError, HTTPClientError) as error:
        raise Retryable(f"{title} could not be reached ({type(error).__name__})") from None


def _meaning(
    error: ClientError, code: str, *, title: str, missing: str, personal: bool
) -> Exception:
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    if code in _MISSING:
        return InvalidInput(missing)
    if code in _DENIED:
        return Refused(f"{title} denied access ({code} to {error.operation_name})")
    if code in _BUSY or status == 429 or status >= 500:
        return Retryable(f"{title} was busy ({code})")
    words = "" if personal else f": {message_of(error)}"
    return Refused(f"{title} refused a call ({code} to {error.operation_name}){words}")


def code_of(error: ClientError) -> str:
    """Return the error's code in the service's words."""
    return str(error.response.get("Error", {}).get("Code", ""))


def message_of(error: ClientError) -> str:
    """Return what the service says about the error."""
    return str(error.response.get("Error", {}).get("Message", "no reason given"))[:500]
