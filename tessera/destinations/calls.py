"""What a vendor with an HTTP interface is: calls as data, and what its answers mean.

The vendor's module is pure. It says the next call of an exchange from the answers so far, so that
one call, several, and waiting for a job are written the same way.
``adapters.destinations.http_transport`` carries the calls out, with the key, the rate, the retries
and the time limits that all vendors share.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence, Set
from typing import Any, Protocol, runtime_checkable

from tessera.destinations.port import Item, Loaded, Outcome, Refusal, Segment
from tessera.errors import InvalidInput

ACCOUNT = "{account}"  # in a path: where the account stands that the secret names
EXCHANGED = "access_token"  # beside a secret's fields: what it was exchanged for
ENDPOINT = "endpoint"  # the field that any secret may have: at which of a vendor's hosts it is good


@dataclasses.dataclass(frozen=True, slots=True)
class Call:
    """One request. Only method and path are printed: the rest may name customers.

    Parameters
    ----------
    method, path
        The path begins with a slash, below the vendor's base URL, and has the query in it; it is
        empty for that URL itself.
    body
        Sent as JSON; None sends nothing.
    headers
        Beside the key's and the content's.
    wait_seconds
        How long to wait first, while a job is at work.
    per_minute
        How many calls of this method a minute the vendor takes where that is fewer than its
        ``requests_per_minute``; 0 where it is not.
    """

    method: str
    path: str
    body: Any = dataclasses.field(default=None, repr=False)
    headers: Mapping[str, str] = dataclasses.field(default_factory=dict, repr=False)
    wait_seconds: float = 0
    per_minute: int = 0


@dataclasses.dataclass(frozen=True, slots=True)
class Answer:
    """One response; ``body`` is its JSON value, None when it has none that can be read.

    ``empty`` tells an answer without a body from one that is no JSON.
    """

    status: int
    body: Any = dataclasses.field(default=None, repr=False)
    headers: Mapping[str, str] = dataclasses.field(default_factory=dict, repr=False)
    empty: bool = False


class Malformed(Exception):  # noqa: N818 (what the answer is)
    """An answer that says it went well has not what the interface promises."""


def at(answer: Answer, *path: str, kind: type = str) -> Any:  # noqa: ANN401 (of that kind)
    """Return what lies at a path of an answer's JSON.

    Raises
    ------
    Malformed
        Nothing lies there, or something of another kind.
    """
    value = answer.body
    for step in path:
        value = value.get(step) if isinstance(value, Mapping) else None
    if not isinstance(value, kind):
        raise Malformed(f"an answer {answer.status} has no {'.'.join(path)}")
    return value


def sort_out(
    items: Sequence[Item],
    refused: Mapping[int, tuple[str, str]],
    *,
    again: tuple[str, str] | None = None,
    taken: Set[int] = frozenset(),
) -> Outcome:
    """Return an outcome from what was refused, as code and message by the item's index.

    The others are acknowledged, or to be sent again where ``again`` says why, all but those whose
    index is among ``taken``.
    """

    def why(index: int, said: tuple[str, str]) -> Refusal:
        return Refusal(items[index].key, items[index].customer_id, said[0], said[1][:500])

    rest = [index for index in range(len(items)) if index not in refused]
    refusals = tuple(why(index, refused[index]) for index in sorted(refused))
    kept = [index for index in rest if again is None or index in taken]
    return Outcome(
        acknowledged=tuple(items[index] for index in kept),
        again=tuple(
            (items[index], why(index, again)) for index in rest if again and index not in taken
        ),
        refused=refusals,
    )


def hosted(secret: Mapping[str, str], hosts: Sequence[str], *, what: str) -> str:
    """Return the host that a secret names, the first one where it names none.

    Parameters
    ----------
    hosts
        All that the vendor has: a key goes to no other.
    what
        What they are to the vendor, for people.

    Raises
    ------
    InvalidInput
        The secret names none of them.
    """
    named = secret.get(ENDPOINT, "").rstrip("/") or hosts[0]
    if named in hosts:
        return named
    raise InvalidInput(f"its field '{ENDPOINT}' is no {what}: expected {' or '.join(hosts)}")


class HttpVendor(Loaded, Protocol):
    """A vendor that is told by HTTP requests.

    ``BASE_URL`` begins with https, ``SECRET_FIELDS`` are what the JSON of its secret has to have.
    """

    BASE_URL: str
    SECRET_FIELDS: tuple[str, ...]

    def auth(self, secret: Mapping[str, str]) -> Mapping[str, str]:
        """Return the headers that prove who is calling."""
        ...

    def next_call(self, items: Sequence[Item], answers: Sequence[Answer]) -> Call | None:
        """Return the next call that upserts these items, None when the exchange has ended.

        Answers are successes, or the last one says that what was sent is wrong (400, 409, 413,
        422): then the exchange has ended.
        """
        ...

    def outcome(self, items: Sequence[Item], answers: Sequence[Answer]) -> Outcome:
        """Return what the exchange came to for each item.

        Where everything was refused and it is not said for whose sake, all are to be sent again:
        the transport halves the batch until it knows.
        """
        ...

    def segment_call(self, segment: Segment, answers: Sequence[Answer]) -> Call | str:
        """Return the next call that makes a segment right, or created, kept or recreated.

        The first call asks what is there; after trouble the exchange begins anew. Answers may
        have the status 404 or 409.
        """
        ...

    def size_call(self, segment: Segment, answers: Sequence[Answer]) -> Call | int | None:
        """Return the next call that counts a segment's members, or their number if it is known."""
        ...

    def check_call(self, answers: Sequence[Answer]) -> Call | None:
        """Return the next of the cheapest calls that prove that the key works."""
        ...

    def words(self, answer: Answer) -> tuple[str, str]:
        """Return the code and the message of an answer that is an error."""
        ...


@runtime_checkable
class Signing(Protocol):
    """What a vendor has too whose calls are signed: a header that depends on body and time."""

    def sign(self, secret: Mapping[str, str], body: bytes, unix_seconds: int) -> Mapping[str, str]:
        """Return the headers that prove who wrote this body, and when.

        Raises
        ------
        InvalidInput
            The secret has no key that is good for that.
        """
        ...


@runtime_checkable
class Located(Protocol):
    """What a vendor has too that every account finds elsewhere: its secret says where."""

    def base_url(self, secret: Mapping[str, str]) -> str:
        """Return the URL that calls go to, in place of ``BASE_URL``.

        Raises
        ------
        InvalidInput
            The secret has none that we may call.
        """
        ...


@runtime_checkable
class Accounted(Protocol):
    """What a vendor has too whose paths name the account: its secret says which it is."""

    def in_account(self, secret: Mapping[str, str], path: str) -> str:
        """Return a path with the account in the place of ``ACCOUNT``.

        Raises
        ------
        InvalidInput
            The secret names none.
        """
        ...


@runtime_checkable
class Exchanging(Protocol):
    """What a vendor has too whose secret is exchanged for an access token (RFC 6749).

    ``TOKEN_URL`` is where, and begins with https. ``auth`` finds the token as ``EXCHANGED``.
    """

    TOKEN_URL: str

    def grant(self, secret: Mapping[str, str]) -> Mapping[str, str]:
        """Return the fields of the form that asks for a token."""
        ...


@runtime_checkable
class Coded(Protocol):
    """What a vendor has too that says by codes of its own what others say by the status."""

    def status(self, answer: Answer) -> int:
        """Return the status that an answer means."""
        ...


@runtime_checkable
class Retiring(Protocol):
    """What a vendor has too whose segments can be deleted by a call."""

    def retire_call(self, segment: Segment, answers: Sequence[Answer]) -> Call | None:
        """Return the next call that deletes a segment, None when it is there no more.

        The first call asks what is there; answers may have the status 404 or 409.
        """
        ...


@runtime_checkable
class Preparing(Protocol):
    """What a vendor has too that must know our attributes before customers have them."""

    def prepare_call(self, segments: Sequence[Segment], answers: Sequence[Answer]) -> Call | None:
        """Return the next call that makes room for what these segments ask for.

        The first call asks what is there; answers may have the status 404 or 409.
        """
        ...
