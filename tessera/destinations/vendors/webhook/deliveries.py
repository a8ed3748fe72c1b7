"""Customers as batches: what is posted, and what the receiver responds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tessera.destinations import content
from tessera.destinations.planning.ledger import CLEARED
from tessera.destinations.port import Item, Outcome
from tessera.destinations.requests import Malformed, Request, Response, at, sort_out
from tessera.destinations.vendors.webhook.posts import digest, post

_LONGEST_WORDS = 200  # the receiver's text is copied into our messages


def record(item: Item) -> dict[str, Any]:
    """Return one customer of a batch."""
    values = item.content
    identity = {name: value for name, value in values.items() if name in content.IDENTITY}
    attributes = {name: value for name, value in values.items() if name not in content.IDENTITY}
    return {**identity, "attributes": attributes, "left": item.digest == CLEARED}


def delivery(items: Sequence[Item]) -> str:
    """Return the id of a batch: the same as long as its customers are the same.

    It covers the contents and not only the digests. So a change that is undone later is not taken
    for a repetition.
    """
    return digest("".join(item.to_line() for item in items))


def next_request(items: Sequence[Item], responses: Sequence[Response]) -> Request | None:
    """Post the batch."""
    return None if responses else batch(items)


def outcome(items: Sequence[Item], responses: Sequence[Response]) -> Outcome:
    """Return the items' outcome. Success acknowledges all that the receiver does not refuse.

    A successful response has no body or a JSON object. Anything else is a proxy's page.
    """
    response = responses[-1]
    if response.status >= 400:
        return sort_out(items, _refused(items, response), again=words(response))
    if not response.empty:
        at(response, kind=Mapping)
    return sort_out(items, _refused(items, response))


def batch(items: Sequence[Item]) -> Request:
    """Return the request with a batch, which may be empty."""
    name = delivery(items)
    return post({"delivery": name, "customers": [record(item) for item in items]}, name)


def _refused(items: Sequence[Item], response: Response) -> dict[int, tuple[str, str]]:
    """Map an item's index to the code and message of its refusal."""
    by_id = {item.customer_id: index for index, item in enumerate(items)}
    refused: dict[int, tuple[str, str]] = {}
    for one in _listed(response):
        index = by_id.get(str(one.get("customer_id")))
        if index is None:
            raise Malformed("the response refuses a customer who was not sent")
        refused.setdefault(index, _code_and_message(one))
    return refused


def _listed(response: Response) -> Sequence[Mapping[str, Any]]:
    listed = response.body.get("refused", []) if isinstance(response.body, Mapping) else []
    if not isinstance(listed, list) or not all(isinstance(one, Mapping) for one in listed):
        raise Malformed("'refused' is no list of objects")
    return listed


def _code_and_message(error: Mapping[str, Any]) -> tuple[str, str]:
    return str(error.get("code") or "refused"), str(error.get("message") or "no reason given")


def words(response: Response) -> tuple[str, str]:
    """Return the code and message of the first refusal, or else of the response."""
    body = response.body if isinstance(response.body, Mapping) else {}
    listed = _listed(response)
    code, message = _code_and_message(listed[0] if listed else {"code": response.status, **body})
    return _plain(code), _plain(message)


def _plain(text: str) -> str:
    return "".join(letter for letter in text[:_LONGEST_WORDS] if letter.isprintable())
