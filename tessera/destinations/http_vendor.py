"""The protocols of a vendor with an HTTP interface, and of what only some of them have."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol, runtime_checkable

from tessera.destinations.capabilities import Capabilities
from tessera.destinations.port import Item, Loaded, Outcome
from tessera.destinations.requests import Request, Response
from tessera.records.loads.segment import Segment


class HttpApi(Protocol):
    """A vendor's HTTP interface: what the client needs to send any request.

    ``TITLE`` is for people. ``BASE_URL`` begins with https.
    """

    TITLE: str
    BASE_URL: str
    CAPABILITIES: Capabilities

    def auth(self, secret: Mapping[str, str]) -> Mapping[str, str]:
        """Return the headers that authorize a request."""
        ...


class HttpVendor(HttpApi, Loaded, Protocol):
    """A destination updated through API requests.

    ``SECRET_FIELDS`` are the required fields of its secret's JSON.
    """

    SECRET_FIELDS: tuple[str, ...]

    def next_request(self, items: Sequence[Item], responses: Sequence[Response]) -> Request | None:
        """Return the next request that upserts these items, None when the exchange has ended.

        All responses are successful, except that the last one may refuse what was sent (400, 409,
        413, 422). Then the exchange has ended.
        """
        ...

    def outcome(self, items: Sequence[Item], responses: Sequence[Response]) -> Outcome:
        """Return the outcome of an exchange for each item.

        If a batch was rejected without naming the offending items, all of them are to be sent
        again. The transport bisects the batch to isolate the offending ones.
        """
        ...

    def segment_request(self, segment: Segment, responses: Sequence[Response]) -> Request | str:
        """Return the next request that creates or updates a segment, or the action taken.

        The action is "created", "kept" or "recreated". The first request reads the existing
        segment. After an error the exchange starts again. Responses may have the status 404 or
        409.
        """
        ...

    def size_request(self, segment: Segment, responses: Sequence[Response]) -> Request | int | None:
        """Return the next request that counts a segment's members, or their number once known."""
        ...

    def check_request(self, responses: Sequence[Response]) -> Request | None:
        """Return the next request of the cheapest exchange that proves that the key works."""
        ...

    def words(self, response: Response) -> tuple[str, str]:
        """Return the code and message of an error response."""
        ...


@runtime_checkable
class Signing(Protocol):
    """A vendor whose requests are signed, with a header that depends on body and time."""

    def sign(self, secret: Mapping[str, str], body: bytes, unix_seconds: int) -> Mapping[str, str]:
        """Return the headers that sign a body and a time.

        Raises
        ------
        InvalidInput
            The secret has no valid signing key.
        """
        ...


@runtime_checkable
class Located(Protocol):
    """A vendor with a base URL per account, which its secret has."""

    def base_url(self, secret: Mapping[str, str]) -> str:
        """Return the base URL of the secret's account, which replaces ``BASE_URL``.

        Raises
        ------
        InvalidInput
            The secret has no URL that we may send requests to.
        """
        ...


@runtime_checkable
class Accounted(Protocol):
    """A vendor whose paths include the account, which its secret has."""

    def in_account(self, secret: Mapping[str, str], path: str) -> str:
        """Replace ``ACCOUNT`` in a path with the secret's account.

        Raises
        ------
        InvalidInput
            The secret has no valid account.
        """
        ...


@runtime_checkable
class Exchanging(Protocol):
    """A vendor whose secret is exchanged for an access token (RFC 6749).

    ``TOKEN_URL`` is the URL of the exchange, and begins with https. ``auth`` reads the token from
    the field ``EXCHANGED``.
    """

    TOKEN_URL: str

    def grant(self, secret: Mapping[str, str]) -> Mapping[str, str]:
        """Return the form fields that request a token."""
        ...


@runtime_checkable
class Coded(Protocol):
    """A vendor with its own error codes, which replace the HTTP status."""

    def status(self, response: Response) -> int:
        """Map a response to the HTTP status that it means."""
        ...


@runtime_checkable
class Retiring(Protocol):
    """A vendor whose segments can be deleted by a request."""

    def retire_request(self, segment: Segment, responses: Sequence[Response]) -> Request | None:
        """Return the next request that deletes a segment, None once it no longer exists.

        The first request reads the existing segment. Responses may have the status 404 or 409.
        """
        ...


@runtime_checkable
class Preparing(Protocol):
    """A vendor where our attributes or audiences must exist before customers are sent."""

    def prepare_request(
        self, segments: Sequence[Segment], responses: Sequence[Response]
    ) -> Request | None:
        """Return the next request that creates what these segments need, None once all exists.

        The first request reads what exists. Responses may have the status 404 or 409.
        """
        ...
