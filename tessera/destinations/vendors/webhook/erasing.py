"""A person who is to be erased: what is posted, and what the receiver responds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tessera.destinations.erasing import ErasureAnswer, ErasurePerson
from tessera.destinations.requests import Request, Response, at
from tessera.destinations.vendors.webhook.posts import digest, post

_UNKNOWN = (404, 409)


def erase_request(person: ErasurePerson, responses: Sequence[Response]) -> Request | ErasureAnswer:
    """Post who is to be erased. Any success means that the receiver has deleted the person."""
    if not responses:
        name = digest(f"erase {person.customer_key} {person.customer_id}\n")
        erased = {"customer_id": person.customer_id, "customer_key": person.customer_key}
        return post({"delivery": name, "erased": erased}, name)
    if responses[-1].status in _UNKNOWN:
        return ErasureAnswer("absent")
    if not responses[-1].empty:
        at(responses[-1], kind=Mapping)
    return ErasureAnswer("deleted", "the receiver has accepted the request to delete")
