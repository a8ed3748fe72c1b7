"""The port of HTTP vendors: requests as data, and what their responses mean.

A vendor's module is pure. From the responses so far it returns the next request of an exchange. So
one request, several requests, and polling a job are written the same way.
``adapters.destinations.http_transport`` sends the requests. It adds the credentials, the rate
limit, the retries and the time limits that all vendors share.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence, Set
from typing import Any

from tessera.destinations.port import Item, Outcome
from tessera.errors import InvalidInput
from tessera.records.loads.load import Refusal

ACCOUNT = "{account}"  # the place of the secret's account in a path
EXCHANGED = "access_token"  # the field for the token that a secret was exchanged for
ENDPOINT = "endpoint"  # an optional field of any secret: which of the vendor's hosts to call


@dataclasses.dataclass(frozen=True, slots=True)
class Request:
    """One request. Its repr only has method and path: the rest may name customers.

    Parameters
    ----------
    method, path
        The path is relative to the vendor's base URL, begins with a slash and includes the query.
        It is empty for the base URL itself.
    body
        Sent as JSON, None for no body.
    headers
        Sent in addition to the vendor's authorization.
    wait_seconds
        How long to wait before sending, while a job is running.
    per_minute
        The vendor's limit for requests of this method, if it is lower than its
        ``requests_per_minute``. 0 if there is none.
    answers
        Error statuses that are answers to this request, beside those of its kind of exchange.
    needs
        The permission that only this request needs. It is for the message when the key lacks it.
    """

    method: str
    path: str
    body: Any = dataclasses.field(default=None, repr=False)
    headers: Mapping[str, str] = dataclasses.field(default_factory=dict, repr=False)
    wait_seconds: float = 0
    per_minute: int = 0
    answers: tuple[int, ...] = ()
    needs: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class Response:
    """One response. ``body`` is its JSON value, None without a body or with invalid JSON.

    ``empty`` distinguishes a response without a body from one with invalid JSON.
    """

    status: int
    body: Any = dataclasses.field(default=None, repr=False)
    headers: Mapping[str, str] = dataclasses.field(default_factory=dict, repr=False)
    empty: bool = False


class Malformed(Exception):  # noqa: N818 (what the response is)
    """A successful response lacks what the vendor's API promises."""


def at(response: Response, *path: str, kind: type = str) -> Any:  # noqa: ANN401 (of that kind)
    """Return the value at a path of a response's JSON.

    Raises
    ------
    Malformed
        There is no value, or its type is not ``kind``.
    """
    value = response.body
    for step in path:
        value = value.get(step) if isinstance(value, Mapping) else None
    if not isinstance(value, kind):
        raise Malformed(f"a response {response.status} has no {'.'.join(path)}")
    return value


def errors_of(response: Response, *, text: str = "message") -> list[Mapping[str, Any]]:
    """Return the errors that a response lists. A bare text becomes an error's member ``text``."""
    listed = response.body.get("errors") if isinstance(response.body, Mapping) else None
    errors = listed if isinstance(listed, list) else []
    return [one if isinstance(one, Mapping) else {text: one} for one in errors]


def sort_out(
    items: Sequence[Item],
    refused: Mapping[int, tuple[str, str]],
    *,
    again: tuple[str, str] | None = None,
    taken: Set[int] = frozenset(),
) -> Outcome:
    """Sort the items of an exchange into acknowledged, to be sent again, and refused.

    Parameters
    ----------
    items
        The items of the exchange.
    refused
        The code and message of each refused item, by its index.
    again
        The code and message for the items to send again: all that are neither refused nor taken.
        If it is None, these items are acknowledged.
    taken
        The indexes of the items that are acknowledged in any case.
    """

    def why(index: int, reason: tuple[str, str]) -> Refusal:
        code, message = reason
        return Refusal(items[index].key, items[index].customer_id, code, message[:500])

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
    """Return the base URL in a secret, or the vendor's first one if the secret has none.

    Parameters
    ----------
    secret
        Its fields.
    hosts
        All base URLs of the vendor. A key is sent to no other host.
    what
        What the vendor calls them, for the error message.

    Raises
    ------
    InvalidInput
        The secret's endpoint is not one of them.
    """
    named = secret.get(ENDPOINT, "").rstrip("/") or hosts[0]
    if named in hosts:
        return named
    raise InvalidInput(f"its field '{ENDPOINT}' is no {what}: expected {' or '.join(hosts)}")
