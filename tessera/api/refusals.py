"""Why a request is refused, as a problem of RFC 9457."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from types import MappingProxyType

MEDIA_TYPE = "application/problem+json"
ADDRESS = "address like this"  # what is missing where there is no route


@dataclasses.dataclass(frozen=True, kw_only=True)
class ProblemPart:
    """One part of a request that is wrong.

    Parameters
    ----------
    where, what
        Which part, such as ``query.run``, and what is wrong with it.
    """

    where: str
    what: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class ProblemDetails:
    """Why a request was refused (RFC 9457).

    Parameters
    ----------
    type
        ``about:blank``: the status says what kind of problem it is.
    title, status
        The HTTP status, in words and as a number.
    detail
        What was wrong with this request, and what to do.
    errors
        The wrong parts, where there are several.
    """

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    errors: tuple[ProblemPart, ...] = ()


class RequestRefusal(Exception):  # noqa: N818 (an answer, not a fault of ours)
    """A request that gets a problem for an answer.

    Parameters
    ----------
    status
        The HTTP status.
    detail
        What was wrong, and what to do.
    errors
        The wrong parts.
    headers
        What the answer's header says too.
    """

    def __init__(
        self,
        status: HTTPStatus,
        detail: str,
        *,
        errors: tuple[ProblemPart, ...] = (),
        headers: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        super().__init__(detail)
        self.status, self.detail, self.errors = status, detail, errors
        self.headers = headers

    @property
    def problem(self) -> ProblemDetails:
        """What the answer says."""
        return ProblemDetails(
            title=self.status.phrase,
            status=self.status.value,
            detail=self.detail,
            errors=self.errors,
        )


def unauthenticated() -> RequestRefusal:
    """Return the refusal of a request without a valid credential. It never says what was wrong."""
    return RequestRefusal(
        HTTPStatus.UNAUTHORIZED,
        "A valid access token or API key is needed.",
        headers={"WWW-Authenticate": "Bearer"},
    )


def missing(what: str) -> RequestRefusal:
    """Return the refusal for a thing that is not there. Another tenant's thing is the same."""
    return RequestRefusal(HTTPStatus.NOT_FOUND, f"There is no {what} here.")


def not_yet(detail: str) -> RequestRefusal:
    """Return the refusal for a thing that will be there, with when."""
    return RequestRefusal(HTTPStatus.NOT_FOUND, detail)


def wrong_method(methods: Iterable[str]) -> RequestRefusal:
    """Return the refusal of a method that an address does not have, with those that it has."""
    allowed = ", ".join(sorted(methods))
    return RequestRefusal(
        HTTPStatus.METHOD_NOT_ALLOWED,
        f"This address takes {allowed}.",
        headers={"Allow": allowed},
    )


def conflict(detail: str, *errors: ProblemPart) -> RequestRefusal:
    """Return the refusal of a request that does not fit the present state."""
    return RequestRefusal(HTTPStatus.CONFLICT, detail, errors=errors)


def wrong(detail: str, *errors: ProblemPart) -> RequestRefusal:
    """Return the refusal of a request that cannot be understood."""
    return RequestRefusal(HTTPStatus.UNPROCESSABLE_ENTITY, detail, errors=errors)
