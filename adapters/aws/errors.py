"""What an AWS error means: one table of codes, used for every service that we call."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Iterator, Mapping

import boto3.exceptions
from botocore import exceptions as sdk
from botocore.exceptions import ClientError

from tessera.errors import InvalidInput, Refused, Retryable


@dataclasses.dataclass(frozen=True)
class Meaning:
    """The error to raise for a code, and what its reader can do."""

    error: type[InvalidInput] | type[Refused] | type[Retryable]
    to_do: str = ""
    verb: str = "refused"


BUSY = Meaning(Retryable, verb="was busy for")
MISSING = Meaning(InvalidInput)  # each call has its own advice
DENIED = Meaning(Refused, "check the policies of the role and of the key", "denied access to")
EXPIRED = Meaning(
    Refused, "the credentials are no longer valid: sign in again, then start the same run again"
)
KEY = Meaning(Refused, "see in KMS that the key is enabled and that the role may use it")
QUOTA = Meaning(Refused, "raise the quota in Service Quotas, then start the same run again")
REFUSED = Meaning(Refused)

# The table. Services spell one code differently, as in AccessDenied and AccessDeniedException, or
# KMS.DisabledException and KMSDisabled: here each has one spelling, and `_spelling` finds it.
_TABLE: Mapping[Meaning, str] = {
    BUSY: """
        BandwidthLimitExceeded ConcurrentModification DependencyTimeout FederationSourceRetryable
        InternalError InternalException InternalFailure InternalServer InternalServerError
        InternalService InternalServiceError KMSInternal KMSThrottling KeyUnavailable
        OperationAborted OperationTimeout PriorRequestNotComplete ProvisionedThroughputExceeded
        ReplicatedWriteConflict RequestLimitExceeded RequestThrottled RequestTimeout
        ResourceNotReady ServiceException ServiceUnavailable SlowDown Throttled Throttling
        TooManyRequests TransactionInProgress
    """,
    DENIED: """
        AccessDenied AuthorizationError Forbidden KMSAccessDenied NotAuthorized
        NotAuthorizedForSource OptInRequired UnauthorizedOperation
    """,
    EXPIRED: """
        ExpiredToken IncompleteSignature InvalidAccessKeyId InvalidClientTokenId InvalidSignature
        MissingAuthenticationToken RequestExpired RequestTimeTooSkewed SignatureDoesNotMatch
        TokenRefreshRequired UnrecognizedClient
    """,
    KEY: """
        DecryptionFailure EncryptionFailure GlueEncryption KMSDisabled KMSInvalidKeyUsage
        KMSInvalidState KMSKMSInvalidState KMSNotFound KMSOptInRequired
    """,
    QUOTA: """
        ExecutionLimitExceeded LimitExceeded ResourceLimitExceeded ResourceNumberLimitExceeded
        ServiceQuotaExceeded
    """,
    MISSING: """
        EntityNotFound NoSuchBucket NoSuchKey NoSuchVersion NotFound ResourceNotFound
        StateMachineDoesNotExist
    """,
}

# Where one service means something else by a code.
EXCEPTIONS: Mapping[tuple[str, str], Meaning] = {
    # A role that may not list the bucket gets the same answer for an object that is not there.
    ("S3", "AccessDenied"): Meaning(
        Refused,
        "check the policies of the role and of the key, and that the object exists: S3 answers "
        "the same for a missing one",
        "denied access to",
    ),
    # HeadObject has no body, so an expired token arrives as a bare 400.
    ("S3", "400"): Meaning(Refused, "check that the credentials are valid and the region is right"),
    # It is the only state of a secret that GetSecretValue calls an invalid request.
    ("Secrets Manager", "InvalidRequestException"): Meaning(
        InvalidInput,
        "the secret is marked for deletion or has no value: restore it with `aws secretsmanager "
        "restore-secret`, or store its value again",
    ),
    # As many imports run at once as an account may have. It passes when one ends.
    ("SES", "LimitExceededException"): BUSY,
}


def _spelling(code: str) -> str:
    return code.replace("KMS.", "KMS").removesuffix("Exception").casefold()


CODES: Mapping[str, Meaning] = {
    _spelling(code): meaning for meaning, codes in _TABLE.items() for code in codes.split()
}
_EXCEPTIONS = {(service, _spelling(code)): one for (service, code), one in EXCEPTIONS.items()}
_STATUSES: Mapping[int, Meaning] = {
    401: EXPIRED,
    403: DENIED,
    404: MISSING,
    **dict.fromkeys((408, 429, 500, 502, 503, 504, 509), BUSY),
}

_AWAY = (
    sdk.ConnectionError,
    sdk.HTTPClientError,
    sdk.IncompleteReadError,
    boto3.exceptions.RetriesExceededError,
)
_SIGNED_OUT = (
    sdk.CredentialRetrievalError,
    sdk.NoAuthTokenError,
    sdk.NoCredentialsError,
    sdk.PartialCredentialsError,
    sdk.SSOError,
    sdk.TokenRetrievalError,
)


def meaning_of(code: str, *, service: str, status: int = 0) -> Meaning:
    """Return what a code means. One that the table lacks is judged by its HTTP status.

    Parameters
    ----------
    code
        As the service wrote it. For a response without a body botocore puts the status there.
    service
        Its title, as in ``EXCEPTIONS``.
    status
        The response's HTTP status, 0 when there is none.
    """
    spelled = _spelling(code)
    status = int(code) if code.isdecimal() else status
    fallback = _STATUSES.get(status, REFUSED)
    return _EXCEPTIONS.get((service, spelled)) or CODES.get(spelled, fallback)


def error_for(
    code: str, *, service: str, what: str, missing: str, status: int = 0, words: str = ""
) -> InvalidInput | Refused | Retryable:
    """Return the error to raise for a code.

    Parameters
    ----------
    code, service, status
        As for ``meaning_of``.
    what
        What the call was about, such as ``s3://bucket/key``.
    missing
        The message where that does not exist: what was expected, and what to do.
    words
        The service's own message, for a refusal that the table has no advice for.
    """
    meaning = meaning_of(code, service=service, status=status)
    if meaning is MISSING:
        return InvalidInput(missing)
    advice = meaning.to_do or ("" if meaning is BUSY else words)
    text = f"{service} {meaning.verb} {what} ({code})"
    return meaning.error(f"{text}: {advice}" if advice else text)


@contextlib.contextmanager
def translated(
    service: str, *, what: str = "", missing: str, personal: bool = False
) -> Iterator[None]:
    """Raise what the errors of a service's calls mean.

    Parameters
    ----------
    service
        Its title, as people know it.
    what
        What the calls are about. By default the operation's name.
    missing
        The message where something that should exist does not.
    personal
        Whether the calls hold customers' data. Services quote their input, so their own words and
        the original error then stay out of what is raised.

    Raises
    ------
    InvalidInput
        Something is missing.
    Refused
        The call is not allowed, or its input was not accepted.
    Retryable
        The service is busy or away.
    """
    try:
        yield
    except (ClientError, boto3.exceptions.S3UploadFailedError) as error:
        cause = _client_error(error)
        raise error_for(
            code_of(cause),
            service=service,
            what=what or f"the call {cause.operation_name}",
            missing=missing,
            status=cause.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0),
            words="" if personal else message_of(cause),
        ) from (None if personal else error)
    except _AWAY as error:
        about = f" for {what}" if what else ""
        raise Retryable(f"{service} could not be reached{about} ({type(error).__name__})") from (
            None if personal else error
        )
    except _SIGNED_OUT as error:
        raise Refused(
            f"could not call {service} ({type(error).__name__}): {EXPIRED.to_do}"
        ) from None


def code_of(error: ClientError) -> str:
    """Return the error's code in the service's words."""
    return str(error.response.get("Error", {}).get("Code", ""))


def message_of(error: ClientError) -> str:
    """Return what the service says about the error."""
    return str(error.response.get("Error", {}).get("Message", "no reason given"))[:500]


def _client_error(error: Exception) -> ClientError:
    """Return the service's answer, which boto3 wraps when a managed upload fails."""
    cause = error if isinstance(error, ClientError) else error.__context__
    if not isinstance(cause, ClientError):
        raise error
    return cause
