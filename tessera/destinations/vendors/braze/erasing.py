"""A person who is to be erased at Braze: the user with the customer's id is deleted.

Documented: up to 50 ids per request, the count of queued users, the permission ``users.delete``,
and that a user is anonymised within minutes. The count has no names. So one person is asked for at
a time: then the count shows whether Braze knew the person. The rate allows it.

An unsubscription is part of the user, so it goes too. Nothing that the key may call reads it. Users
that we created have no address and so no subscription. Bounces and complaints are kept by address.
"""

from __future__ import annotations

from collections.abc import Sequence

from tessera.destinations.erasing import ErasureAnswer, ErasurePerson
from tessera.destinations.requests import Request, Response, at

DELETE = "/users/delete"

_LATER = (
    "Braze anonymises the user within minutes, unsubscriptions included: let no other tool create "
    "the user again. Braze keeps counts, and bounces and complaints by address"
)


def erase_request(person: ErasurePerson, responses: Sequence[Response]) -> Request | ErasureAnswer:
    """Delete the user with the customer's id. The answer counts how many are queued."""
    if not responses:
        return Request(
            "POST",
            DELETE,
            {"external_ids": [person.customer_id]},
            {"Content-Type": "application/json"},
            needs="the permission users.delete",
        )
    queued = at(responses[0], "deleted", kind=int)
    return ErasureAnswer("requested", _LATER) if queued else ErasureAnswer("absent")
