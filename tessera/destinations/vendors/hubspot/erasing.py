"""A person who is to be erased at HubSpot: permanent deletion, not the recycle bin.

Archiving a contact would keep it for 90 days. Permanent deletion removes the contact, and blocks
the address in the form of anonymised data: it cannot be added again by hand or by an import. So an
opt-out is not lost. A form, an e-mail or a request of another app can add it again.

Documented: the request and its status 204, one contact per request, up to 30 days for all data, and
the scope, which a run has anyway.
"""

from __future__ import annotations

from collections.abc import Sequence

from tessera.contracts.hubspot import KEY
from tessera.destinations.erasing import ErasureAnswer, ErasurePerson
from tessera.destinations.requests import Malformed, Request, Response, at
from tessera.destinations.vendors.hubspot.api import post
from tessera.destinations.vendors.hubspot.contacts import CONTACTS

GDPR_DELETE = f"{CONTACTS}/gdpr-delete"

_DONE = 204
_LATER = (
    "HubSpot purges the contact, its e-mails and activities within 30 days. It blocks the address "
    "by anonymised data, and keeps statistics without names"
)


def erase_request(person: ErasurePerson, responses: Sequence[Response]) -> Request | ErasureAnswer:
    """Read the contact with the customer's id, then delete it permanently."""
    if not responses:
        wanted = {"properties": [KEY], "propertiesWithHistory": []}
        inputs = [{"id": person.customer_id}]
        return post(f"{CONTACTS}/batch/read", {"idProperty": KEY, "inputs": inputs, **wanted})
    contacts = at(responses[0], "results", kind=list)
    if not contacts:
        return ErasureAnswer("absent")
    deleted = responses[1:]
    if any(response.status not in (_DONE, 404) for response in deleted):
        raise Malformed("a permanent deletion has another status")
    if len(deleted) < len(contacts):
        return post(GDPR_DELETE, {"objectId": str(contacts[len(deleted)]["id"])})
    return ErasureAnswer("requested", _LATER)
