"""A person who is to be erased at Iterable: forgotten by the customer's id, then deleted.

Forgetting deletes a user, keeps a hash of the id, and refuses data and messages of that id from
then on. So it also keeps what an unsubscription was for. A project that identifies users by e-mail
address forgets by address only. An address may belong to another customer too, so we forget by id
and accept a refusal. Deleting by id works in every kind of project, and is what our answer is
about.

Documented: both requests, the kinds of projects, ten minutes for forgetting. Assumed: 400 for an id
that the project does not forget by, 404 for an unknown user, and the response's code ``Success``.
"""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote

from tessera.destinations.erasing import ErasureAnswer, ErasurePerson
from tessera.destinations.requests import Malformed, Request, Response, at

FORGET = "/api/users/forget"
BY_ID = "/api/users/byUserId"
LONGEST_ID = 52  # Iterable has no longer ones

_WRONG, _UNKNOWN = 400, 404
_NEEDS = "the right to forget and delete users: a server-side API key"
_LATER = "Iterable deletes the user, subscriptions included, within ten minutes"
_REFUSES = f"{_LATER}. It keeps a hash of the id, to refuse data and messages of it"
_ACCEPTS = (
    f"{_LATER}. The project does not forget by id, so it accepts the person from another tool"
)


def erase_request(person: ErasurePerson, responses: Sequence[Response]) -> Request | ErasureAnswer:
    """Forget the customer's id, then delete the user who has it."""
    name = person.customer_id
    if len(name) > LONGEST_ID or not name.strip():
        return ErasureAnswer("absent")
    if not responses:
        form = {"Content-Type": "application/json"}
        return Request("POST", FORGET, {"userId": name}, form, answers=(_WRONG,), needs=_NEEDS)
    if len(responses) == 1:
        return Request("DELETE", f"{BY_ID}/{quote(name, safe='')}", needs=_NEEDS)
    forgotten, deleted = (_succeeded(one) for one in responses)
    if not forgotten and not deleted:
        return ErasureAnswer("absent")
    return ErasureAnswer("requested", _REFUSES if forgotten else _ACCEPTS)


def _succeeded(response: Response) -> bool:
    """Return whether the project did it. False if it knows no such user."""
    if response.status in (_WRONG, _UNKNOWN):
        return False
    if at(response, "code") != "Success":
        raise Malformed("a success has another code")
    return True
