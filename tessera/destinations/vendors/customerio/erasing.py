"""A person who is to be erased at Customer.io: the person is deleted and the id suppressed.

Deleting alone would lose the unsubscription with the person, and any later request with the id
would create the person again. Suppressing deletes all the same, and refuses the identifiers from
then on. It is what Customer.io recommends for a request to be forgotten. People can lift it in the
workspace.

Documented: the action, and that the e-mail address is suppressed too where both identify people. A
success means that the form was right. It is the same for an id that Customer.io does not know.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tessera.destinations.erasing import ErasureAnswer, ErasurePerson
from tessera.destinations.requests import Request, Response, at, errors_of
from tessera.errors import Refused

ENTITY = "/api/v2/batch"
LONGEST_ID_BYTES = 150  # Customer.io has no longer ones

_LATER = (
    "Customer.io deletes the person, and keeps the id and address suppressed until people lift "
    "that in the workspace"
)


def erase_request(person: ErasurePerson, responses: Sequence[Response]) -> Request | ErasureAnswer:
    """Suppress the customer's id, which deletes the person.

    Raises
    ------
    Refused
        Customer.io did not accept the operation.
    """
    name = person.customer_id
    if not 0 < len(name.encode()) <= LONGEST_ID_BYTES:
        return ErasureAnswer("absent")
    if not responses:
        operation = {"type": "person", "identifiers": {"id": name}, "action": "suppress"}
        return Request("POST", ENTITY, {"batch": [operation]}, {"Content-Type": "application/json"})
    at(responses[0], kind=Mapping)
    if errors_of(responses[0]):
        raise Refused(
            "Customer.io did not accept the deletion of a person: suppress the person there, by "
            "the id, and report this with the version in use"
        )
    return ErasureAnswer("requested", _LATER)
